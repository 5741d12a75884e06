//! The discreet line: what is on this device only, and when the relay was last heard.

use leptos::prelude::*;
use liaison_shared::Timestamp;
use liaison_shared::sync::{Link, SyncStatus};

use crate::platform::{clock, page};
use crate::state::{Place, Workspace};
use crate::ui::{StatusKind, StatusLine};

/// The line itself; a tap leads to the list of what has not left the device.
#[component]
pub fn StatusOfWork() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let place = expect_context::<Place>();
    let now = RwSignal::new(clock::now());
    clock::spawn(async move {
        // Until the frame goes: the age of the last contact grows by itself.
        while now.try_set(clock::now()).is_none() {
            clock::sleep(5_000).await;
        }
    });
    let state = Memo::new(move |_| {
        let arriving = workspace.arriving.get();
        let (kind, words) =
            status_words(workspace.status.get(), arriving, workspace.owed(), now.get(), page::is_phone());
        (kind, words)
    });
    view! {
        <StatusLine
            kind=Signal::derive(move || state.get().0)
            label=Signal::derive(move || state.get().1)
            on_click=move || place.go("/appareil")
        />
    }
}

/// The shape and the words of the line; `arriving`: how many dossiers of how many are here; the pair after it: what is on this
/// device only, and refused by the relay.
#[must_use]
pub fn status_words(
    status: Option<SyncStatus>,
    arriving: Option<(u32, u32)>,
    (pending, refused): (usize, usize),
    now: Timestamp,
    on_phone: bool,
) -> (StatusKind, String) {
    let here = if on_phone { "sur ce téléphone" } else { "sur cet ordinateur" };
    let things = match pending {
        0 => String::new(),
        1 => format!("1 élément {here} seulement"),
        n => format!("{n} éléments {here} seulement"),
    };
    let rest = if pending == 0 { String::new() } else { format!(" · {things}") };
    if refused > 0 {
        let words =
            if refused == 1 { "1 élément refusé".to_owned() } else { format!("{refused} éléments refusés") };
        return (StatusKind::Attention, format!("{words}{rest}"));
    }
    if let Some((here, all)) = arriving {
        let online = matches!(status, Some(SyncStatus { link: Link::Online, .. }));
        let kind = if online { StatusKind::Pending(pending) } else { StatusKind::Offline };
        let words = if online { "Réception des dossiers" } else { "Hors ligne · dossiers reçus" };
        return (kind, format!("{words} · {here} sur {all}{rest}"));
    }
    let Some(status) = status else {
        let words = if pending == 0 { "Ouverture…".to_owned() } else { things };
        return (StatusKind::Offline, words);
    };
    match status.link {
        Link::Refused(_) if pending == 0 => (StatusKind::Attention, "À reconnecter".to_owned()),
        Link::Refused(_) => (StatusKind::Attention, format!("À reconnecter · {things}")),
        Link::Online => match (status.behind, pending) {
            (Some((done, all)), _) if all.0 > done.0 + 50 => {
                (StatusKind::Pending(pending), format!("Réception des dossiers · {} sur {}", done.0, all.0))
            }
            (_, 0) => (StatusKind::AllSafe, format!("Tout est au relais{}", age(status.last_contact, now))),
            (_, n) => (StatusKind::Pending(n), format!("Envoi en cours · {things}")),
        },
        Link::Offline { .. } | Link::Connecting if pending == 0 => {
            (StatusKind::Offline, format!("Hors ligne · tout est au relais{}", age(status.last_contact, now)))
        }
        Link::Offline { .. } | Link::Connecting => (StatusKind::Offline, format!("Hors ligne · {things}")),
    }
}

fn age(contact: Option<Timestamp>, now: Timestamp) -> String {
    let Some(contact) = contact else { return String::new() };
    match (now - contact).0 / 1000 {
        ..10 => " · à l’instant".to_owned(),
        seconds @ 10..60 => format!(" · il y a {seconds}\u{a0}s"),
        seconds @ 60..3600 => format!(" · il y a {}\u{a0}min", seconds / 60),
        seconds => format!(" · il y a {}\u{a0}h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(link: Link) -> Option<SyncStatus> {
        let last_contact = Some(Timestamp(0));
        Some(SyncStatus { link, pending: 0, last_contact, drift: None, behind: None, role: None })
    }

    #[test]
    fn all_is_at_the_relay_only_when_nothing_is_owed_and_nothing_was_refused() {
        let words = |link, owed| status_words(status(link), None, owed, Timestamp(12_000), true).1;
        let offline = Link::Offline { retry_at: Timestamp(0) };
        assert_eq!(words(Link::Online, (0, 0)), "Tout est au relais · il y a 12\u{a0}s");
        assert_eq!(words(offline, (0, 0)), "Hors ligne · tout est au relais · il y a 12\u{a0}s");
        for link in [Link::Online, offline, Link::Connecting] {
            for owed in [(1, 0), (0, 1), (2, 2)] {
                assert!(!words(link, owed).to_lowercase().contains("tout est au relais"), "{link:?} {owed:?}");
            }
        }
        let arriving = |link, owed| status_words(status(link), Some((64, 300)), owed, Timestamp(0), false).1;
        assert_eq!(arriving(Link::Online, (0, 0)), "Réception des dossiers · 64 sur 300");
        assert_eq!(
            arriving(offline, (1, 0)),
            "Hors ligne · dossiers reçus · 64 sur 300 · 1 élément sur cet ordinateur seulement"
        );
        assert_eq!(words(offline, (3, 0)), "Hors ligne · 3 éléments sur ce téléphone seulement");
    }
}
