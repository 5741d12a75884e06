//! The tasks of a dossier: who has to do what by when, made when the mission is filled, one by one until they are done.

use chrono::NaiveDate;
use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::EntryId;
use liaison_shared::documents::Record;
use liaison_shared::documents::schema::prestation::POURVUE;
use liaison_shared::documents::schema::relation::{
    FAIT, TACHE_ECHEANCE, TACHE_MODELE, TACHE_SERVICE, TACHE_STATUT, TACHES,
};
use liaison_shared::dossier::Dossier;
use liaison_shared::rules::taches;
use liaison_shared::time::french_day;
use liaison_shared::validate::calendar_date;

use super::record::write;
use super::records::{Records, card};
use crate::platform::clock;
use crate::ui::sheet::{Act, Block, Row};
use crate::ui::{ButtonKind, IconName, Tone};

/// The tasks: those to do, and the button that makes those that follow from a filled mission.
pub fn tasks(records: Records, today: NaiveDate) -> Vec<Block> {
    let writes = records.workspace.writes(DocumentKind::Relation);
    let mut blocks = Vec::new();
    let (missing, filled) =
        records.dossier.view.with(|view| (missing(records, view, today), view.fields.value(&POURVUE) == "Pourvue"));
    if writes && filled && !missing.is_empty() {
        let make = move || make_tasks(records, today);
        let words = format!("Créer les {} tâches de prise en charge", missing.len());
        blocks.push(Block::Act(Act::new(ButtonKind::Secondary, words, make)));
    }
    let why = "La mission pourvue, ses tâches passent d’un service à l’autre.";
    blocks.extend(card(records, &TACHES, IconName::Check, why).into_iter().map(|block| match block {
        Block::Card(title, rows, nothing) => Block::Card(title, with_done(records, rows), nothing),
        other => other,
    }));
    blocks
}

fn missing(records: Records, view: &Dossier, today: NaiveDate) -> Vec<taches::NewTache> {
    let name = |user| records.workspace.name_of(user);
    records.workspace.agence.with(|agence| taches::missing(records.dossier.id, view, &agence.records, &name, today))
}

fn make_tasks(records: Records, today: NaiveDate) {
    let tasks = records.dossier.view.with_untracked(|view| missing(records, view, today));
    for task in tasks {
        if let Err(error) = records.dossier.add_as(&TACHES, task.id, &task.values) {
            records.toasts.say(Tone::Danger, format!("Les tâches n’ont pas toutes été créées : {error}"));
            return;
        }
    }
    records.toasts.say(Tone::Done, "Les tâches sont créées.");
}

/// The rows of tasks, with the button that ends each.
fn with_done(records: Records, rows: Vec<Row>) -> Vec<Row> {
    let tasks: Vec<Record> = records.dossier.view.with(|view| view.records.of(&TACHES).cloned().collect());
    let writes = records.workspace.writes(DocumentKind::Relation);
    rows.into_iter()
        .map(|mut row| {
            let Some(task) = tasks.iter().find(|task| records.href(task.id) == row.href) else { return row };
            let details = [task.value(&TACHE_SERVICE).to_owned(), due(task)];
            row.texts = details.into_iter().filter(|text| !text.is_empty()).collect();
            row.details.clear();
            if writes && !taches::is_over(task) {
                let id = task.id;
                let done = move || end(records, id);
                row.acts.push(Act::new(ButtonKind::Secondary, "Fait", done).about(&task.title()));
            }
            row
        })
        .collect()
}

fn due(task: &Record) -> String {
    let now = clock::now();
    match calendar_date(task.value(&TACHE_ECHEANCE)) {
        Some(day) if day < now.date() && !taches::is_over(task) => format!("en retard : {}", french_day(day, now)),
        Some(day) => format!("pour le {}", french_day(day, now)),
        None => String::new(),
    }
}

/// Ends a task; one that comes again is made for its next time.
fn end(records: Records, id: EntryId) {
    write(records, (&TACHES, id), &TACHE_STATUT, FAIT.to_owned());
    let (all, model) = records.dossier.view.with_untracked(|view| {
        let model = view.records.get(id).map(|task| task.value(&TACHE_MODELE).to_owned()).unwrap_or_default();
        (missing(records, view, clock::now().date()), model)
    });
    // Only what follows from the one that was ended, not tasks that nobody has asked for yet.
    let follows = |task: &taches::NewTache| {
        task.values.iter().any(|set| set.field.key == TACHE_MODELE.key && set.value == model && !model.is_empty())
    };
    for task in all.into_iter().filter(follows) {
        if let Err(error) = records.dossier.add_as(&TACHES, task.id, &task.values) {
            records.toasts.say(Tone::Danger, format!("La tâche suivante n’a pas été créée : {error}"));
        }
    }
}
