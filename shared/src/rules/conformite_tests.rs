//! Stories of the checklist.

use super::*;
use crate::documents::schema::administratif as adm;
use crate::documents::schema::prestation as mission;
use crate::documents::{Document, Pen, SetField, client, set_fields, set_tick};
use crate::ids::{DocumentId, DocumentKind, DossierId, UserId};
use crate::rules::pack_of;
use crate::time::Timestamp;

const PEN: Pen = Pen { user: UserId([1; 16]), actor: [2; 16] };

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

struct Three {
    client: Document,
    administratif: Document,
    prestation: Document,
}

impl Three {
    fn new() -> Self {
        let dossier = DossierId([1; 16]);
        Self {
            client: Document::new(DocumentId::client(dossier)),
            administratif: Document::new(DocumentId::administratif(dossier)),
            prestation: Document::new(DocumentId::prestation(dossier)),
        }
    }

    fn set(&mut self, field: &'static Field, value: &str) {
        let document = match field.document {
            DocumentKind::Client => &mut self.client,
            DocumentKind::Administratif => &mut self.administratif,
            _ => &mut self.prestation,
        };
        let base = document.heads();
        set_fields(document, &PEN, &base, Timestamp(0), &[SetField { field, value: value.to_owned() }]).unwrap();
    }

    fn look(&self) -> Conformite {
        let dossier = Dossier::read([&self.client, &self.administratif, &self.prestation]);
        evaluate(pack_of(DocumentKind::Client, today()), &dossier, today())
    }

    fn done(&self, id: &str) -> Option<bool> {
        self.look().lines.iter().find(|line| line.item.id == id).map(|line| line.done)
    }
}

#[test]
fn the_checklist_names_the_next_thing_that_blocks_and_a_field_ticks_itself() {
    let mut dossier = Three::new();
    assert_eq!(dossier.look().next().unwrap().id, "conversion.mission");
    assert_eq!(dossier.look().percent(), 0);
    dossier.set(&mission::POURVUE, "Pourvue");
    assert_eq!(dossier.look().next().unwrap().id, "conversion.mode");
    dossier.set(&mission::MODE, mission::PRESTATAIRE);
    dossier.set(&mission::PUBLIC, "Tout public");
    assert_eq!(dossier.look().next().unwrap().id, "fiche.client");
    assert!(dossier.look().percent() > 0);
}

#[test]
fn a_field_that_is_filled_but_wrong_does_not_count() {
    let mut dossier = Three::new();
    dossier.set(&client::EMAIL, "jeanne.petit");
    assert_eq!(dossier.done("fiche.email"), Some(false));
    dossier.set(&client::EMAIL, "jeanne.petit@exemple.fr");
    assert_eq!(dossier.done("fiche.email"), Some(true));
}

#[test]
fn mode_and_public_choose_what_is_asked() {
    let mut dossier = Three::new();
    dossier.set(&mission::MODE, mission::PRESTATAIRE);
    dossier.set(&mission::PUBLIC, "Tout public");
    assert_eq!(dossier.done("fiche.nir"), None, "needed in mandataire mode only");
    assert_eq!(dossier.done("fiche.evaluation"), None);
    assert_eq!(dossier.done("fiche.enfants"), None);
    dossier.set(&mission::MODE, mission::MANDATAIRE);
    dossier.set(&mission::PUBLIC, "Enfants de moins de 3 ans");
    assert_eq!((dossier.done("fiche.nir"), dossier.done("fiche.enfants")), (Some(false), Some(false)));
    assert_eq!(dossier.done("contrat.signe"), None);
}

#[test]
fn cooptation_asks_for_a_parrain() {
    let mut dossier = Three::new();
    dossier.set(&adm::ORIGINE, "Internet");
    assert_eq!(dossier.done("fiche.parrain"), None);
    dossier.set(&adm::ORIGINE, "Cooptation");
    assert_eq!(dossier.done("fiche.parrain"), Some(false));
    dossier.set(&adm::PARRAIN, "RTU");
    assert_eq!(dossier.done("fiche.parrain"), Some(true));
}

#[test]
fn a_person_ticks_what_the_dossier_cannot_show_and_is_named() {
    let mut dossier = Three::new();
    let base = dossier.administratif.heads();
    set_tick(&mut dossier.administratif, &PEN, &base, Timestamp(5000), "appel.presentation", true).unwrap();
    // Ticking does not make a field right.
    set_tick(&mut dossier.administratif, &PEN, &base, Timestamp(5000), "fiche.email", true).unwrap();
    let look = dossier.look();
    let line = look.lines.iter().find(|line| line.item.id == "appel.presentation").unwrap();
    assert!(line.done && line.can_be_ticked());
    assert_eq!(line.ticked.as_ref().map(|by| (by.author, by.at)), Some((Some(PEN.user), Timestamp(5000))));
    assert_eq!(dossier.done("fiche.email"), Some(false));
}

#[test]
fn a_year_is_planned_or_the_whole_of_a_shorter_mission() {
    let mut dossier = Three::new();
    dossier.set(&mission::PREMIERE_VISITE, "2026-12-01");
    dossier.set(&mission::PLANNING_JUSQU_AU, "2027-11-29");
    assert_eq!(dossier.done("planning.annee"), Some(false));
    dossier.set(&mission::PLANNING_JUSQU_AU, "2027-11-30");
    assert_eq!(dossier.done("planning.annee"), Some(true));
    dossier.set(&mission::PLANNING_JUSQU_AU, "2027-01-31");
    dossier.set(&mission::FIN_MISSION, "2027-01-31");
    assert_eq!(dossier.done("planning.annee"), Some(true));
}

#[test]
fn ids_are_unique_and_the_list_reads_as_it_did() {
    for kind in [DocumentKind::Client, DocumentKind::Personnel] {
        let items = pack_of(kind, today()).items;
        for item in items {
            assert_eq!(items.iter().filter(|other| other.id == item.id).count(), 1, "{}", item.id);
        }
    }
    let lines = Three::new().look().lines;
    let lines: Vec<String> =
        lines.iter().map(|line| format!("{} | {} | {}", line.item.service, line.item.id, line.item.label)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}
