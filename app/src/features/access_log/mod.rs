//! The access log, in words: who opened what, when, and what was refused. For the data protection officer.

mod words;

use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::dossier::{Summary, matches};
use serde_json::{Value, json};

use crate::features::settings::{Desk, dossier_words};
use crate::state::{Record, in_order};
use crate::ui::sheet::{Act, Block, Field, Nothing, Row};
use crate::ui::{ButtonKind, IconName, SelectOption};

/// Entries asked for at a time.
const PAGE: usize = 50;
/// Clients offered while one types a name.
const OFFERED: usize = 5;

/// What is typed to find a client.
const QUERY: &str = "journal-recherche";
/// The dossier chosen, and the person.
const DOSSIER: &str = "journal-dossier";
const USER: &str = "journal-personne";

/// The address of the entries that are wanted.
fn path(dossier: &str, user: &str) -> String {
    let mut path = format!("/api/audit?limit={PAGE}");
    for (name, value) in [("dossier", dossier), ("user", user)] {
        if !value.is_empty() {
            path.push_str(&format!("&{name}={value}"));
        }
    }
    path
}

/// Asks for the entries, anew whenever another client or person is chosen; and for the people to choose from.
pub fn open(desk: Desk) {
    let wanted = Memo::new(move |_| path(&desk.form.value(DOSSIER, ""), &desk.form.value(USER, "")));
    Effect::new(move || desk.load("acces", wanted.get()));
    desk.load("personnes", "/api/people".to_owned());
}

/// The filters, then the entries.
#[must_use]
pub fn page(desk: Desk) -> Vec<Block> {
    let (log, people) = (desk.get("acces"), desk.get("personnes"));
    let mut options = vec![SelectOption::new("", "Toutes")];
    let people = in_order(Record(&people).all(), |person| person.text("name").to_lowercase());
    options.extend(people.into_iter().map(|person| SelectOption::new(person.text("id"), person.text("name"))));
    let entries = Record(&log).list("entries").map(|entry| {
        let mut row = Row::new("");
        row.texts.push(words::sentence(desk.workspace, entry));
        row.details.push(words::detail(entry));
        row
    });
    let nothing =
        Nothing::new(IconName::History, "Aucun accès", "Personne n’a ouvert cela depuis que le journal est tenu.");
    let mut blocks = vec![
        Block::Live(Arc::new(move || of_client(desk))),
        Block::Select(USER, "Personne", String::new(), options),
        Block::Card("Accès, du plus récent au plus ancien".to_owned(), entries.collect(), Some(nothing)),
        Block::Problem("La suite n’est pas arrivée"),
    ];
    if Record(&log).flag("more") {
        blocks
            .push(Block::Act(Act::new(ButtonKind::Secondary, "Afficher les accès plus anciens", move || more(desk))));
    }
    blocks
}

/// Chooses a client among the dossiers of this device.
fn of_client(desk: Desk) -> Vec<Block> {
    let chosen = desk.form.value(DOSSIER, "");
    if !chosen.is_empty() {
        let name = dossier_words(desk.workspace, &chosen);
        let all = Act::new(ButtonKind::Secondary, "Revenir à tous les clients", move || {
            desk.form.put(DOSSIER, String::new());
        });
        return vec![Block::Text(format!("Client : {name}")), Block::Acts(vec![all])];
    }
    let query = desk.form.value(QUERY, "");
    let field = Field::new(QUERY, "Client", "").hint("Tous ; écrivez le début d’un nom pour n’en voir qu’un.");
    let offer = |summary: &Arc<Summary>| {
        let id = summary.dossier.to_string();
        Act::new(ButtonKind::Secondary, summary.name(), move || {
            desk.form.put(QUERY, String::new());
            desk.form.put(DOSSIER, id.clone());
        })
    };
    let enough = query.trim().chars().count() > 1;
    let offers = desk.workspace.summaries.with(|all| {
        let found = all.values().filter(|summary| enough && matches(summary, &query));
        found.take(OFFERED).map(offer).collect::<Vec<_>>()
    });
    vec![Block::Field(field), Block::Acts(offers)]
}

/// Asks for the entries before those there are.
fn more(desk: Desk) {
    let log = untrack(|| desk.get("acces"));
    let Some(last) = Record(&log).list("entries").last().and_then(|entry| entry.number("id")) else { return };
    let wanted = path(&desk.form.read(DOSSIER, ""), &desk.form.read(USER, ""));
    desk.send("GET", format!("{wanted}&before={last}"), None, move |older| {
        // Something else may have been chosen since: then these are not its older ones.
        if Arc::ptr_eq(&log, &untrack(|| desk.get("acces"))) {
            let mut entries = log["entries"].as_array().cloned().unwrap_or_default();
            entries.extend(older["entries"].as_array().cloned().unwrap_or_default());
            desk.put("acces", json!({ "entries": Value::Array(entries), "more": older["more"] }));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_chosen_is_asked_for() {
        assert_eq!(path("", ""), "/api/audit?limit=50");
        assert_eq!(path("ab", "cd"), "/api/audit?limit=50&dossier=ab&user=cd");
    }
}
