//! The day of the office as it goes: visits, on-call rota, contracts.

mod astreinte;
mod contrats;
mod jour;
mod ligne;
mod maintenant;
mod tour;
mod visite;

use leptos::prelude::*;
use liaison_shared::DocumentKind;

use crate::state::{Place, Workspace};
use crate::ui::sheet::changing;
use crate::ui::{EmptyState, IconName, PageHeader, Tab, Tabs};

/// The page.
pub fn tableau() -> AnyView {
    let (place, workspace) = (expect_context::<Place>(), expect_context::<Workspace>());
    if !workspace.reads(DocumentKind::Relation) {
        return view! {
            <EmptyState icon=IconName::Dashboard title="Cette page est celle du bureau"
                text="Votre journée est sous « Aujourd’hui »." tall=true/>
        }
        .into_any();
    }
    let part = place.part(1);
    let tab = |href: &'static str, label: &str| Tab {
        href: Signal::stored(href.to_owned()),
        label: label.to_owned(),
        active: Signal::derive(move || place.path.with(|path| path == href)),
        count: Signal::stored(0),
    };
    let tabs = vec![
        tab("/tableau", "La journée"),
        tab("/tableau/astreinte", "Astreinte"),
        tab("/tableau/contrats", "Contrats"),
    ];
    view! {
        <PageHeader title="Tableau de bord">
            <Tabs label="Parties du tableau de bord" tabs=tabs/>
        </PageHeader>
        {changing(move || match part.get().as_str() {
            "astreinte" => astreinte::astreinte(),
            "contrats" => contrats::contrats(),
            _ => jour::jour(),
        })}
    }
    .into_any()
}
