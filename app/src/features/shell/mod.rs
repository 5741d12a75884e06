//! The frame around every page: navigation, the line that says what is saved where, and what went wrong.

mod later;
mod reach;
mod status;
mod troubles;

use leptos::prelude::*;
use liaison_shared::DocumentKind;

use crate::features::settings::nav_item;
use crate::platform::page;
use crate::routes::home;
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
    let item = |href: &'static str, label: &str, icon: IconName, count: Signal<usize>| NavItem {
        href: href.to_owned(),
        label: label.to_owned(),
        icon,
        active: Signal::derive(move || path.with(|path| path.starts_with(href))),
        count,
        place: NavPlace::Everywhere,
    };
    let none = Signal::stored(0);
    let refusals = Signal::derive(move || refused.with(Vec::len));
    let office = workspace.reads(DocumentKind::Relation);
    let waiting = Signal::derive(move || {
        workspace.summaries.with(|summaries| summaries.values().map(|summary| summary.agenda.avis.len()).sum())
    });
    let mut items = if office {
        vec![
            item("/tableau", "Tableau de bord", IconName::Dashboard, none),
            item("/dossiers", "Dossiers", IconName::Folder, none),
            item("/planning", "Planning", IconName::Calendar, none),
            item("/avis", "Avis", IconName::Inbox, waiting),
            // On a phone the line that says what is saved where leads there.
            NavItem { place: NavPlace::Office, ..item("/appareil", "Cet appareil", IconName::Device, refusals) },
        ]
    } else {
        vec![
            item("/aujourdhui", "Aujourd’hui", IconName::Home, none),
            item("/dossiers", "Dossiers", IconName::Folder, none),
            item("/planning", "Planning", IconName::Calendar, none),
            item("/appareil", "Moi", IconName::Person, refusals),
        ]
    };
    items.extend(nav_item(workspace, path));
    shortcuts(place);
    view! {
        <AppShell
            brand=workspace.session.with_value(|session| session.agency.clone())
            home=home(workspace)
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
