//! Where one is: the address as a signal, and links followed without loading the page anew.
//!
//! Our own instead of a router crate: the sitemap is small, and this is a small part of what it would weigh.

use leptos::prelude::*;

use crate::platform::address;

/// The place, as a context.
#[derive(Clone, Copy)]
pub struct Place {
    /// The path of the address, without a slash at its end.
    pub path: Memo<String>,
    address: RwSignal<String>,
    home: StoredValue<&'static str>,
}

impl Place {
    /// Where the page was opened; `/` leads to `home`. Follows its links, and the browser's back and forward, until the page is left.
    #[must_use]
    pub fn open(home: &'static str) -> Self {
        let address = RwSignal::new(String::new());
        let place = Self { path: Memo::new(move |_| address.get()), address, home: StoredValue::new(home) };
        place.arrive();
        address::on_move(move || place.arrive());
        address::on_link(move |path| place.follow(path));
        place
    }

    /// Goes elsewhere.
    pub fn go(self, path: &str) {
        self.follow(path);
    }

    /// Goes elsewhere; false when the pages are gone.
    fn follow(self, path: &str) -> bool {
        let elsewhere = self.address.try_with_untracked(|here| here != path);
        if elsewhere == Some(true) {
            address::put(path, false);
            self.arrive();
        }
        elsewhere.is_some()
    }

    /// Takes over what the address bar says.
    fn arrive(self) {
        if address::path() == "/" {
            address::put(self.home.get_value(), true);
        }
        let _gone = self.address.try_set(address::path().trim_end_matches('/').to_owned());
    }

    /// One part of the path, counted from 0; empty when there are fewer.
    #[must_use]
    pub fn part(self, number: usize) -> Memo<String> {
        Memo::new(move |_| self.path.with(|path| path.split('/').nth(number + 1).unwrap_or_default().to_owned()))
    }
}
