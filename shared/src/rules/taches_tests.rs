//! Stories of the tasks that follow from a new client.

use super::*;
use crate::documents::{Document, Pen, add_record, set_fields, set_record};
use crate::ids::DocumentId;

const PEN: Pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
const ID: DossierId = DossierId([1; 16]);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn set(field: &'static crate::documents::schema::Field, value: &str) -> SetField {
    SetField { field, value: value.to_owned() }
}

/// A client in mandataire mode who is visited from Monday 23 November 2026 on.
fn mission() -> Document {
    let mut document = Document::new(DocumentId::prestation(ID));
    let base = document.heads();
    let values = [set(&MODE, MANDATAIRE), set(&PREMIERE_VISITE, "2026-11-23"), set(&HEURES, "24")];
    set_fields(&mut document, &PEN, &base, Timestamp(0), &values).unwrap();
    document
}

fn look(documents: &[&Document]) -> Vec<NewTache> {
    let dossier = Dossier::read(documents.iter().copied());
    missing(ID, &dossier, &Records::default(), &|_| "Sonia Haddad".to_owned(), day("2026-11-20"))
}

fn add(document: &mut Document, tasks: &[NewTache]) {
    for task in tasks {
        add_record(document, &PEN, Timestamp(0), (&rel::TACHES, task.id), &task.values).unwrap();
    }
}

fn value<'a>(task: &'a NewTache, field: &crate::documents::schema::Field) -> &'a str {
    task.values.iter().find(|set| set.field.key == field.key).map_or("", |set| set.value.as_str())
}

#[test]
fn a_filled_mission_makes_its_tasks_once_on_any_device() {
    let mission = mission();
    let tasks = look(&[&mission]);
    assert_eq!(tasks, look(&[&mission]), "another device makes the same");
    let titles: Vec<&str> = tasks.iter().map(|task| value(task, &rel::TACHE_TITRE)).collect();
    assert!(titles.contains(&"Nouveau client") && titles.contains(&"Contrat de mandat à réaliser"), "{titles:?}");
    assert!(value(&tasks[0], &rel::TACHE_DESCRIPTION).contains("Heures par mois : 24"));
    assert_eq!(value(&tasks[0], &rel::TACHE_PRIORITE), "Ne peut pas être reportée");
    let mut relation = Document::new(DocumentId::relation(ID));
    add(&mut relation, &tasks);
    assert!(look(&[&mission, &relation]).is_empty());
}

#[test]
fn urssaf_comes_each_friday_after_the_first_visit_once_the_one_before_is_done() {
    let (mission, mut relation) = (mission(), Document::new(DocumentId::relation(ID)));
    for friday in ["2026-11-27", "2026-12-04", "2026-12-11"] {
        let tasks = look(&[&mission, &relation]);
        let urssaf: Vec<&NewTache> = tasks.iter().filter(|task| value(task, &rel::TACHE_MODELE) == "urssaf").collect();
        assert_eq!(urssaf.iter().map(|task| value(task, &rel::TACHE_ECHEANCE)).collect::<Vec<_>>(), [friday]);
        let id = urssaf[0].id;
        add(&mut relation, &tasks);
        assert!(look(&[&mission, &relation]).is_empty(), "not before it is done");
        let base = relation.heads();
        let done = [set(&rel::TACHE_STATUT, rel::FAIT)];
        set_record(&mut relation, &PEN, &base, Timestamp(0), (&rel::TACHES, id), &done).unwrap();
    }
}

#[test]
fn a_first_visit_on_a_friday_is_followed_by_the_next_one() {
    let mut document = Document::new(DocumentId::prestation(ID));
    let base = document.heads();
    set_fields(
        &mut document,
        &PEN,
        &base,
        Timestamp(0),
        &[set(&MODE, MANDATAIRE), set(&PREMIERE_VISITE, "2026-11-27")],
    )
    .unwrap();
    let tasks = look(&[&document]);
    let urssaf = tasks.iter().find(|task| value(task, &rel::TACHE_MODELE) == "urssaf").unwrap();
    assert_eq!(value(urssaf, &rel::TACHE_ECHEANCE), "2026-12-04");
}

#[test]
fn the_trial_period_of_each_contract_is_followed() {
    let (mission, mut administratif) = (mission(), Document::new(DocumentId::administratif(ID)));
    for (id, end) in [(1, "2026-12-31"), (2, "2027-01-15")] {
        let contract = [set(&adm::PIECE_TYPE, adm::CONTRAT_TRAVAIL), set(&adm::PIECE_ESSAI_FIN, end)];
        add_record(&mut administratif, &PEN, Timestamp(0), (&adm::PIECES, EntryId([id; 16])), &contract).unwrap();
    }
    let tasks = look(&[&mission, &administratif]);
    let due: Vec<&str> = tasks
        .iter()
        .filter(|task| value(task, &rel::TACHE_MODELE) == "essai")
        .map(|task| value(task, &rel::TACHE_ECHEANCE))
        .collect();
    assert_eq!(due, ["2026-12-24", "2027-01-08"]);
}

#[test]
fn the_agency_s_own_words_replace_the_model_s() {
    let mut agence = Document::new(DocumentId::Agence);
    let own = [set(&MODELE_DE, "suivi"), set(&MODELE_TITRE, "Appeler après un mois")];
    add_record(&mut agence, &PEN, Timestamp(0), (&TACHES_MODELES, EntryId([1; 16])), &own).unwrap();
    let dossier = Dossier::read([&mission()]);
    let tasks = missing(ID, &dossier, &Records::read(&agence), &|_| String::new(), day("2026-11-20"));
    assert!(tasks.iter().any(|task| value(task, &rel::TACHE_TITRE) == "Appeler après un mois"));
}
