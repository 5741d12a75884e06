//! Notices at the office: those that wait, all consequences of one on one screen, and what was found wrong in dossiers.

mod anomalie;
mod case;
mod decider;
mod decision;
mod fait;
mod liste;
mod une;

use leptos::prelude::*;
use liaison_shared::{DocumentKind, DossierId, EntryId};

use crate::state::{Place, Workspace};
use crate::ui::sheet::changing;
use crate::ui::{EmptyState, IconName, PageHeader, Tab, Tabs};

/// What the address names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Avis,
    Anomalies,
    OneAvis(DossierId, EntryId),
    OneAnomalie(DossierId, EntryId),
    Nothing,
}

impl Shown {
    /// `/avis`, `/avis/<dossier>/<avis>`, `/avis/anomalies`, `/avis/anomalies/<dossier>/<anomalie>`.
    fn of(parts: [&str; 3]) -> Self {
        let both = |dossier: &str, id: &str| dossier.parse().ok().zip(id.parse().ok());
        let found = match parts {
            ["", ..] => Some(Self::Avis),
            ["anomalies", "", _] => Some(Self::Anomalies),
            ["anomalies", dossier, id] => both(dossier, id).map(|(dossier, id)| Self::OneAnomalie(dossier, id)),
            [dossier, id, _] => both(dossier, id).map(|(dossier, id)| Self::OneAvis(dossier, id)),
        };
        found.unwrap_or(Self::Nothing)
    }
}

/// The page.
pub fn suites() -> AnyView {
    let place = expect_context::<Place>();
    if !expect_context::<Workspace>().reads(DocumentKind::Relation) {
        return view! {
            <EmptyState icon=IconName::Inbox title="Cette page est celle du bureau"
                text="Pour signaler un changement, ouvrez le dossier de la personne." tall=true/>
        }
        .into_any();
    }
    let parts = [place.part(1), place.part(2), place.part(3)];
    let shown = Memo::new(move |_| {
        let [one, two, three] = parts.map(|part| part.get());
        Shown::of([&one, &two, &three])
    });
    changing(move || match shown.get() {
        Shown::Avis => listed(liste::avis()),
        Shown::Anomalies => listed(liste::anomalies()),
        Shown::OneAvis(dossier, id) => case::opened(dossier, id, une::page),
        Shown::OneAnomalie(dossier, id) => case::opened(dossier, id, anomalie::page),
        Shown::Nothing => case::missing(),
    })
}

/// A list under the head of both.
fn listed(list: AnyView) -> AnyView {
    let (place, workspace) = (expect_context::<Place>(), expect_context::<Workspace>());
    let tab = |href: &'static str, label: &str, count: Signal<usize>| Tab {
        href: Signal::stored(href.to_owned()),
        label: label.to_owned(),
        active: Signal::derive(move || place.path.with(|path| path == href)),
        count,
    };
    let waiting = move |of: fn(&liaison_shared::planning::Agenda) -> usize| {
        Signal::derive(move || workspace.summaries.with(|all| all.values().map(|it| of(&it.agenda)).sum::<usize>()))
    };
    let tabs = vec![
        tab("/avis", "Changements", waiting(|agenda| agenda.avis.len())),
        tab("/avis/anomalies", "Anomalies", waiting(|agenda| agenda.signalees.len())),
    ];
    view! {
        <PageHeader title="Avis" subtitle="Ce qui change chez les clients, et ce qui ne va pas dans les dossiers">
            <Tabs label="Avis et anomalies" tabs=tabs count_label="à traiter"/>
        </PageHeader>
        <div class="page page--narrow">{list}</div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_list_or_one_of_its_lines() {
        let (dossier, id) = (DossierId([1; 16]), EntryId([2; 16]));
        let (one, two) = (dossier.to_string(), id.to_string());
        assert!(Shown::of(["", "", ""]) == Shown::Avis);
        assert!(Shown::of(["anomalies", "", ""]) == Shown::Anomalies);
        assert!(Shown::of([&one, &two, ""]) == Shown::OneAvis(dossier, id));
        assert!(Shown::of(["anomalies", &one, &two]) == Shown::OneAnomalie(dossier, id));
        assert!(Shown::of([&one, "x", ""]) == Shown::Nothing);
    }
}
