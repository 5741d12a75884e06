//! The sitemap.

use leptos::prelude::*;

use crate::features::device::DevicePage;
use crate::features::dossier::{ClientVolet, DemandesVolet, DossierPage, PrestationVolet, TransmissionsVolet};
use crate::features::dossiers::{DossiersPage, NoDossierChosen};
use crate::features::new_dossier::NewDossierPage;
use crate::features::settings::SettingsPage;
use crate::features::shell::Frame;
use crate::state::Place;
use crate::ui::sheet::changing;
use crate::ui::{EmptyState, IconName};

/// Every page of somebody who is signed in.
#[component]
pub fn Pages() -> impl IntoView {
    let place = Place::open();
    provide_context(place);
    let first = place.part(0);
    let page = move || match first.get().as_str() {
        "dossiers" => view! { <DossiersPage detail=move || dossiers(place)/> }.into_any(),
        "appareil" => view! { <DevicePage/> }.into_any(),
        // Its parts are a table: features/settings.
        "reglages" => view! { <SettingsPage/> }.into_any(),
        _ => not_found(),
    };
    view! { <Frame>{changing(page)}</Frame> }
}

/// Beside the list: `/dossiers`, `/dossiers/nouveau`, `/dossiers/<id>/<volet>`.
fn dossiers(place: Place) -> AnyView {
    let second = place.part(1);
    // Another dossier is another page of the same kind.
    let kind = Memo::new(move |_| {
        second.with(|second| match second.as_str() {
            page @ ("" | "nouveau") => page.to_owned(),
            _ => "dossier".to_owned(),
        })
    });
    changing(move || match kind.get().as_str() {
        "" => view! { <NoDossierChosen/> }.into_any(),
        "nouveau" => view! { <NewDossierPage/> }.into_any(),
        _ => view! { <DossierPage id=second volet=move || volets(place)/> }.into_any(),
    })
}

/// The volets of a dossier.
fn volets(place: Place) -> AnyView {
    let third = place.part(2);
    changing(move || match third.get().as_str() {
        "" => view! { <ClientVolet/> }.into_any(),
        "transmissions" => view! { <TransmissionsVolet/> }.into_any(),
        "demandes" => view! { <DemandesVolet/> }.into_any(),
        "prestation" => view! { <PrestationVolet/> }.into_any(),
        _ => not_found(),
    })
}

fn not_found() -> AnyView {
    view! {
        <EmptyState
            icon=IconName::Search
            title="Cette page n’existe pas"
            text="L’adresse est peut-être incomplète. Les dossiers sont dans le menu."
            tall=true
        />
    }
    .into_any()
}
