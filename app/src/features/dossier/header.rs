//! What stays above a dossier's volets: where it stands, what waits for a choice, and the way to each volet.

use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::documents::schema::fields_of;
use liaison_shared::dossier::{Etape, Summary};

use crate::platform::clock;
use crate::state::{OpenDossier, Place, Workspace};
use crate::ui::{Badge, IconName, Tab, Tabs, Tone};

/// The stage, wherever one is in the dossier.
#[component]
pub fn Stage(summary: Memo<Summary>) -> impl IntoView {
    move || {
        let etape = summary.with(Summary::etape);
        let tone = match etape {
            Etape::Actif => Tone::Done,
            Etape::Suspendu => Tone::Warning,
            Etape::Termine | Etape::Archive => Tone::Neutral,
            _ => Tone::Information,
        };
        view! { <Badge tone=tone>{etape.label()}</Badge> }
    }
}

/// Says, wherever one is in the dossier, that a field waits for somebody's choice.
#[component]
pub fn ToChoose(summary: Memo<Summary>) -> impl IntoView {
    move || {
        (summary.with(|summary| summary.contested) > 0).then(|| {
            view! { <Badge tone=Tone::Warning icon=IconName::Warning>"Valeurs à choisir"</Badge> }
        })
    }
}

/// Age and town.
pub fn under_the_name(summary: &Summary) -> String {
    let age = summary.age(clock::now()).map(|years| format!("{years} ans"));
    let town = (!summary.ville.is_empty()).then(|| summary.ville.clone());
    age.into_iter().chain(town).collect::<Vec<_>>().join(" · ")
}

/// The volets as tabs that are links.
#[component]
pub fn Volets(dossier: OpenDossier, office: bool) -> impl IntoView {
    let path = expect_context::<Place>().path;
    let base = format!("/dossiers/{}", dossier.id);
    let tab = |label: &str, end: &'static str, count: Signal<usize>| {
        let href = format!("{base}{end}");
        // A link to a field names the volet of the client, which has no name otherwise.
        let there = if end.is_empty() { format!("{base}/client") } else { href.clone() };
        let plain = href.clone();
        Tab {
            href: Signal::derive(move || href.clone()),
            label: label.to_owned(),
            active: Signal::derive(move || {
                path.with(|path| *path == plain || path.split("/champ/").next() == Some(there.as_str()))
            }),
            count,
        }
    };
    let contested_in = move |kind: DocumentKind| {
        Signal::derive(move || {
            dossier.view.with(|view| fields_of(kind).filter(|field| view.fields.register(field).is_contested()).count())
        })
    };
    let workspace = expect_context::<Workspace>();
    let none = Signal::stored(0);
    let mut tabs =
        vec![tab("Le client", "", contested_in(DocumentKind::Client)), tab("Transmissions", "/transmissions", none)];
    if office {
        tabs.push(tab("Demandes", "/demandes", none));
    }
    if workspace.reads(DocumentKind::Prestation) {
        tabs.push(tab("Prestation", "/prestation", contested_in(DocumentKind::Prestation)));
    }
    if workspace.reads(DocumentKind::Administratif) {
        tabs.push(tab("Administratif", "/administratif", contested_in(DocumentKind::Administratif)));
        tabs.push(tab("Suivi", "/suivi", none));
    }
    tabs.push(tab("Historique", "/historique", none));
    view! { <Tabs label="Volets du dossier" tabs=tabs count_label="à choisir"/> }
}
