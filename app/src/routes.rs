//! The sitemap.

use leptos::prelude::*;
use liaison_shared::DocumentKind;

use crate::chunks;
use crate::features::dossier::{
    DemandesVolet, DossierPage, PrestationVolet, TransmissionsVolet, administratif_volet, client_volet, fiche,
    historique, imprimer, suivi,
};
use crate::features::dossiers::{DossiersPage, NoDossierChosen};
use crate::features::shell::{Frame, later};
use crate::features::signaler::avis;
use crate::features::visites::visite;
use crate::state::{Place, Workspace};
use crate::ui::sheet::changing;
use crate::ui::{EmptyState, IconName};

/// Every page of somebody who is signed in.
#[component]
pub fn Pages() -> impl IntoView {
    let place = Place::open(home(expect_context()));
    provide_context(place);
    let first = place.part(0);
    let page = move || match first.get().as_str() {
        "dossiers" => view! { <DossiersPage detail=move || dossiers(place)/> }.into_any(),
        "aujourdhui" => later(chunks::aujourdhui),
        "planning" if expect_context::<Workspace>().reads(DocumentKind::Relation) => later(chunks::planning),
        "planning" => later(chunks::mon_planning),
        "tableau" => later(chunks::tableau),
        "avis" => later(chunks::suites),
        "appareil" => later(chunks::appareil),
        // Its parts are a table: features/settings.
        "reglages" => later(chunks::settings),
        _ => not_found(),
    };
    view! { <Frame>{changing(page)}</Frame> }
}

/// Where one begins: intervenants with their day, the office with its dossiers.
#[must_use]
pub fn home(workspace: Workspace) -> &'static str {
    if workspace.reads(DocumentKind::Relation) { "/dossiers" } else { "/aujourdhui" }
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
        "nouveau" => later(chunks::nouveau),
        _ => later(chunks::dossier),
    })
}

/// One dossier: a part of the chunk, with everything that it names.
pub fn dossier() -> AnyView {
    let place = expect_context::<Place>();
    view! { <DossierPage id=place.part(1) volet=move || volets(place)/> }.into_any()
}

/// The volets of a dossier.
fn volets(place: Place) -> AnyView {
    let third = place.part(2);
    changing(move || match third.get().as_str() {
        "" | "client" => client_volet(),
        "administratif" => administratif_volet(),
        "suivi" => suivi(),
        "historique" => historique(),
        "fiche" => fiche(),
        "imprimer" => imprimer(),
        "transmissions" => view! { <TransmissionsVolet/> }.into_any(),
        "demandes" => view! { <DemandesVolet/> }.into_any(),
        "avis" => avis(),
        "visite" => visite(),
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
