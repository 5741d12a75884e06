//! The frame around every page: navigation, the line that says what is saved where, and what went wrong.

mod later;
mod reach;
mod status;
mod troubles;

use leptos::prelude::*;

use crate::features::settings::nav_item;
use crate::platform::page;
use crate::state::{Place, Toasts, Workspace};
use crate::ui::{AppShell, IconName, NavItem, NavPlace, Toaster};

pub use later::{Page, later};
pub use status::{StatusOfWork, status_words};
pub use troubles::{NoStoragePage, Troubles};

/// The frame. Its children are the page.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let toasts = expect_context::<Toasts>();
    let place = expect_context::<Place>();
    let path = place.path;
    let refused = workspace.refusals;
    let mut items = vec![
        NavItem {
            href: "/dossiers".to_owned(),
            label: "Dossiers".to_owned(),
            icon: IconName::Folder,
            active: Signal::derive(move || path.with(|path| path.starts_with("/dossiers"))),
            count: Signal::derive(|| 0),
            place: NavPlace::Everywhere,
        },
        NavItem {
            href: "/appareil".to_owned(),
            label: "Cet appareil".to_owned(),
            icon: IconName::Device,
            active: Signal::derive(move || path.with(|path| path.starts_with("/appareil"))),
            count: Signal::derive(move || refused.with(Vec::len)),
            place: NavPlace::Everywhere,
        },
    ];
    items.extend(nav_item(workspace, path));
    shortcuts(place);
    view! {
        <AppShell
            brand=workspace.session.with_value(|session| session.agency.clone())
            home="/dossiers"
            items=items
            nav_label="Navigation principale"
            skip_label="Aller au contenu"
            status=move || view! { <StatusOfWork/> }
        >
            {children()}
        </AppShell>
        <Troubles/>
        <Toaster
            toasts=toasts.shown
            on_action=move |id| toasts.act(id)
            on_dismiss=move |id| toasts.dismiss(id)
            dismiss_label="Fermer ce message"
        />
    }
}

/// `/` searches, `n` begins a dossier.
fn shortcuts(place: Place) {
    page::on_shortcut(move |key| match key {
        "/" => page::focus("recherche"),
        "n" => {
            place.go("/dossiers/nouveau");
            true
        }
        _ => false,
    });
}
