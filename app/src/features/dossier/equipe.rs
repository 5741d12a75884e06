//! The volet « Prestation »: the sector and the team, which decide who else holds the dossier.

mod asked;
mod edits;

use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::access::Power;
use liaison_shared::documents::Register;
use liaison_shared::documents::prestation::Membre;
use liaison_shared::time::french_day;
use liaison_shared::{ChangeHash, DocumentKind, Timestamp};
use serde_json::Value;

use crate::platform::clock;
use crate::state::{OpenDossier, Toasts, Workspace};
use crate::ui::sheet::{Act, Block, Form, Nothing, Row, SheetDialog, changing, draw};
use crate::ui::{ButtonKind, IconName, Receipt, Tone};

/// What the volet has at hand. Copies are the same volet.
#[derive(Clone, Copy)]
struct Volet {
    workspace: Workspace,
    dossier: OpenDossier,
    toasts: Toasts,
    form: Form,
    /// What the dialog asks, and about whom: `fin/<entry>`; empty while it is closed.
    asking: RwSignal<String>,
    /// The people of the agency, for the names of sectors; `null` without the network or the power to see them.
    people: RwSignal<Arc<Value>>,
}

impl Volet {
    /// A button that opens the dialog.
    fn ask(self, kind: ButtonKind, words: &str, what: String) -> Act {
        Act::new(kind, words, move || {
            self.form.clear();
            self.asking.set(what.clone());
        })
    }

    /// Where changes are together.
    fn receipt(self, changes: Vec<ChangeHash>) -> Signal<Option<Receipt>> {
        Signal::derive(move || self.dossier.least_safe(changes.iter().copied()))
    }

    fn writes(self) -> bool {
        self.workspace.writes(DocumentKind::Prestation)
    }

    fn name_of(self, membre: &Membre) -> String {
        membre.personne.map_or_else(|| "une personne inconnue".to_owned(), |user| self.workspace.name_of(user))
    }
}

/// The page of the volet.
#[component]
pub fn PrestationVolet() -> impl IntoView {
    let volet = Volet {
        workspace: expect_context(),
        dossier: expect_context(),
        toasts: expect_context(),
        form: Form::default(),
        asking: RwSignal::new(String::new()),
        people: RwSignal::new(Arc::default()),
    };
    if volet.writes() && volet.workspace.may(Power::SeePeople) {
        clock::spawn(async move {
            // Without the network one types the sector's name.
            if let Ok(people) = volet.workspace.ask("GET", "/api/people", None).await {
                let _gone = volet.people.try_set(Arc::new(people));
            }
        });
    }
    view! {
        <div class="page page--narrow">
            {changing(move || draw(volet.form, page(volet)))}
            {super::etiquette::etiquette()}
        </div>
        {super::mission()}
        <SheetDialog form=volet.form asked=Arc::new(move || asked::dialog(volet))
            on_close=move || volet.asking.set(String::new())/>
    }
}

fn page(volet: Volet) -> Vec<Block> {
    let now = clock::now();
    let mut blocks = Vec::new();
    volet.dossier.view.with(|view| {
        let prestation = &view.prestation;
        if prestation.secteur.is_contested() {
            let text = "Gardez le bon : il décide de qui suit le dossier.".to_owned();
            blocks.push(Block::Notice(Tone::Warning, "Deux secteurs ont été écrits séparément".to_owned(), text));
        }
        blocks.push(Block::Card("Secteur".to_owned(), sectors(volet, &prestation.secteur), None));
        // Those who come now, then those to come; within each, in the order in which they were put there.
        let team = Stage::ALL.into_iter().flat_map(|stage| {
            let of_stage = prestation.equipe.iter().filter(move |membre| Stage::of(membre, now) == stage);
            of_stage.map(move |membre| row(volet, membre, stage))
        });
        let nothing = Nothing::new(
            IconName::Team,
            "Personne dans l’équipe",
            "Les intervenants qu’on y met reçoivent le dossier sur leur téléphone, autour de leurs visites.",
        );
        blocks.push(Block::Card("Équipe".to_owned(), team.collect(), Some(nothing)));
    });
    if volet.writes() {
        blocks.push(Block::Act(volet.ask(ButtonKind::Primary, "Ajouter à l’équipe", "ajout/".to_owned())));
    }
    blocks
}

/// The sector, or every one that was written apart.
fn sectors(volet: Volet, secteur: &Register) -> Vec<Row> {
    let (writes, contested) = (volet.writes(), secteur.is_contested());
    let named = |value: &str| Row::new(if value.is_empty() { "Aucun secteur" } else { value });
    let mut rows: Vec<Row> = Vec::new();
    for candidate in &secteur.candidates {
        let mut row = named(&candidate.value);
        if contested {
            let when = candidate.signature.at.french(clock::now());
            row.details.push(format!("{}, {when}", volet.workspace.who(&candidate.signature)));
        }
        if contested && writes {
            let value = candidate.value.clone();
            let keep = Act::new(ButtonKind::Secondary, "Garder celui-ci", move || edits::set_sector(volet, &value));
            row.acts.push(keep.about(&candidate.value));
        }
        rows.push(row);
    }
    if rows.is_empty() {
        rows.push(named(""));
    }
    if let (Some(row), true) = (rows.last_mut(), writes) {
        let changes = secteur.candidates.iter().map(|candidate| candidate.signature.change).collect();
        row.receipt = Some(volet.receipt(changes));
        row.acts.push(volet.ask(ButtonKind::Secondary, "Changer le secteur", "secteur/".to_owned()));
    }
    rows
}

/// One person of the team, from their first visit to their last.
fn row(volet: Volet, membre: &Membre, stage: Stage) -> Row {
    let name = volet.name_of(membre);
    let ask =
        |words: &str, what: &str| volet.ask(ButtonKind::Secondary, words, format!("{what}/{}", membre.id)).about(&name);
    let mut row = Row::new(&name);
    row.texts.push(span(membre));
    row.details.push(format!("ajout : {}", volet.workspace.who(&membre.signature)));
    row.badge = Some(stage.words());
    if volet.writes() {
        // What one only reads is not on this device alone.
        row.receipt = Some(volet.receipt(membre.changes.clone()));
        if stage != Stage::Withdrawn {
            row.acts.push(ask("Changer la dernière visite", "fin"));
            row.acts.push(ask("Retirer de l’équipe", "retrait"));
        }
    }
    row
}

/// Where somebody's time on the team stands, in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Between the first visit and the last.
    Now,
    /// Before the first visit.
    Coming,
    /// After the last visit.
    Over,
    /// Taken off the team.
    Withdrawn,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Now, Self::Coming, Self::Over, Self::Withdrawn];

    /// At that moment, by the calendar of Europe/Paris.
    fn of(membre: &Membre, now: Timestamp) -> Self {
        let today = now.date();
        match membre.debut {
            _ if membre.retire => Self::Withdrawn,
            Some(debut) if membre.fin.is_some_and(|fin| fin < debut.max(today)) => Self::Over,
            Some(debut) if debut > today => Self::Coming,
            Some(_) => Self::Now,
            None => Self::Over,
        }
    }

    fn words(self) -> (Tone, String) {
        let (tone, words) = match self {
            Self::Now => (Tone::Done, "en cours"),
            Self::Coming => (Tone::Information, "à venir"),
            Self::Over => (Tone::Neutral, "terminé"),
            Self::Withdrawn => (Tone::Neutral, "retiré"),
        };
        (tone, words.to_owned())
    }
}

/// From the first visit to the last, in words.
fn span(membre: &Membre) -> String {
    let now = clock::now();
    let Some(debut) = membre.debut else { return "sans date de première visite".to_owned() };
    let first = french_day(debut, now);
    match membre.fin {
        Some(fin) => format!("du {first} au {}", french_day(fin, now)),
        None if debut > now.date() => format!("à partir du {first}, sans date de fin"),
        None => format!("depuis le {first}, sans date de fin"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liaison_shared::EntryId;
    use liaison_shared::documents::Signature;

    fn membre(debut: &str, fin: Option<&str>) -> Membre {
        Membre {
            id: EntryId([1; 16]),
            personne: None,
            debut: debut.parse().ok(),
            fin: fin.and_then(|fin| fin.parse().ok()),
            retire: false,
            signature: Signature { author: None, at: Timestamp(0), change: ChangeHash([0; 32]) },
            changes: Vec::new(),
        }
    }

    #[test]
    fn the_last_day_is_still_on_the_team() {
        let now = Timestamp::from_seconds(1_795_419_000); // 2026-11-23
        let stage = |debut, fin| Stage::of(&membre(debut, fin), now);
        assert_eq!(stage("2026-11-24", None), Stage::Coming);
        assert_eq!(stage("2026-11-23", Some("2026-11-23")), Stage::Now);
        assert_eq!(stage("2026-11-01", Some("2026-11-22")), Stage::Over);
        assert_eq!(Stage::of(&Membre { retire: true, ..membre("2026-11-23", None) }, now), Stage::Withdrawn);
    }
}
