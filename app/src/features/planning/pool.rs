//! The pool: people outside of the agency who may be called on, and when they are.

use chrono::Days;
use leptos::prelude::*;
use liaison_shared::documents::schema::agence as age;
use liaison_shared::documents::{Record, RecordEdit, SetField, set_field};
use liaison_shared::planning::decouvertes;
use liaison_shared::validate::phone_display;
use liaison_shared::{DocumentId, DocumentKind, EntryId};

use super::desk::Desk;
use super::edits::{self, Lot};
use super::visit::span;
use super::vue::{Onglet, Ouvert, Vue};
use crate::platform::{clock, random};
use crate::ui::sheet::{Act, Block, Field, Nothing, Row};
use crate::ui::{ButtonKind, IconName, SelectOption, TextKind, Tone};

/// Uncovered visits shown.
const SHOWN: usize = 30;

/// The page.
pub fn page(desk: Desk) -> Vec<Block> {
    desk.turn.track();
    let vue = desk.fond.get();
    let writes = desk.workspace.writes(DocumentKind::Agence);
    let now = clock::now();
    let soon = desk.planned(now.date(), now.date() + Days::new(7));
    let open = decouvertes(&soon, now, 7);
    let threshold = super::threshold(desk);
    let mut blocks = Vec::new();
    let (tone, title) = match open.len() {
        0 => (Tone::Done, "Toutes les visites des sept jours ont quelqu’un".to_owned()),
        1 => (Tone::Information, "1 visite sans intervenant dans les sept jours".to_owned()),
        many => (Tone::Information, format!("{many} visites sans intervenant dans les sept jours")),
    };
    let reached = open.len() >= threshold.max(1);
    let text = if reached {
        format!("Le seuil de {threshold} est atteint : c’est le moment d’appeler le vivier.")
    } else {
        format!("Le vivier est appelé à partir de {threshold}.")
    };
    blocks.push(Block::Notice(if reached { Tone::Warning } else { tone }, title, text));
    let visits = open.iter().take(SHOWN).map(|it| {
        let mut row = Row::new(format!("{} · {}", desk.client(it.visite.dossier), span(desk, it)));
        let there = Vue { onglet: Onglet::Vivier, ..vue.clone() };
        row.href = there.avec(Ouvert::Remplacer(it.visite.dossier, it.visite.id)).href();
        row.details.extend(desk.summary(it.visite.dossier, |it| format!("{} · {}", it.ville, it.secteur)));
        row
    });
    blocks.push(Block::Card("Sans intervenant".to_owned(), visits.collect(), None));
    let people: Vec<Row> = desk
        .workspace
        .agence
        .with(|agence| agence.records.of(&age::VIVIER).map(|it| person(desk, it, writes)).collect());
    let nothing =
        "Les personnes d’autres structures, les candidats et les anciens, qu’on appelle quand il manque du monde.";
    blocks.push(Block::Card(
        "Vivier".to_owned(),
        people,
        Some(Nothing::new(IconName::Team, "Le vivier est vide", nothing)),
    ));
    if writes {
        blocks.extend(form(desk, threshold));
    }
    blocks
}

fn person(desk: Desk, record: &Record, writes: bool) -> Row {
    let value = |field| record.value(field).trim().to_owned();
    let mut row = Row::new(value(&age::VIVIER_NOM));
    row.badge = Some(value(&age::VIVIER_ORIGINE)).filter(|it| !it.is_empty()).map(|it| (Tone::Neutral, it));
    let parts = [phone_display(&value(&age::VIVIER_TELEPHONE)), value(&age::VIVIER_SECTEUR)];
    row.details.push(parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" · "));
    row.texts.extend(Some(value(&age::VIVIER_COMPETENCES)).filter(|it| !it.is_empty()));
    if writes {
        let id = record.id;
        let away = Act::new(ButtonKind::Secondary, "Retirer du vivier", move || {
            let edit = RecordEdit { retire: Some(true), ..RecordEdit::new(&age::VIVIER, id, &[]) };
            keep(desk, edit, "Personne retirée du vivier.");
        });
        row.acts.push(away.about(&row.title));
    }
    row
}

fn form(desk: Desk, threshold: usize) -> Vec<Block> {
    let origins = SelectOption::words(age::VIVIER_ORIGINE.choices());
    let add = move || {
        let read = |key: &str, initial: &str| desk.feuille.read(key, initial);
        let (nom, phone, sector, skills) =
            (read("vivier-nom", ""), read("telephone", ""), read("vivier-secteur", ""), read("competences", ""));
        if nom.is_empty() {
            return desk.feuille.problem.set("Donnez au moins un nom.".to_owned());
        }
        let origin = read("origine", "Autre structure");
        let values = [
            (&age::VIVIER_NOM, nom.as_str()),
            (&age::VIVIER_ORIGINE, origin.as_str()),
            (&age::VIVIER_TELEPHONE, phone.as_str()),
            (&age::VIVIER_SECTEUR, sector.as_str()),
            (&age::VIVIER_COMPETENCES, skills.as_str()),
        ];
        let edit = RecordEdit::new(&age::VIVIER, EntryId(random::sixteen_bytes()), &values);
        desk.feuille.clear();
        keep(desk, edit, "Personne ajoutée au vivier.");
    };
    vec![
        Block::Field(Field::new("vivier-nom", "Nom", "")),
        Block::Select("origine", "D’où", "Autre structure".to_owned(), origins),
        Block::Field(Field::new("telephone", "Téléphone", "").kind(TextKind::Tel)),
        Block::Field(Field::new("vivier-secteur", "Secteur d’intervention", "")),
        Block::Field(Field::new("competences", "Compétences", "")),
        Block::Problem("Personne n’est ajouté"),
        Block::Act(Act::new(ButtonKind::Primary, "Ajouter au vivier", add)),
        Block::Field(
            Field::new("seuil", "Faire appel au vivier à partir de", threshold.to_string())
                .kind(TextKind::Number)
                .hint(age::SEUIL_VIVIER.hint),
        ),
        Block::Acts(vec![Act::new(ButtonKind::Secondary, "Enregistrer le seuil", move || set_threshold(desk))]),
    ]
}

fn keep(desk: Desk, edit: RecordEdit, said: &str) {
    edits::keep(desk, Lot::in_document(DocumentId::Agence, vec![edit], said));
}

fn set_threshold(desk: Desk) {
    let (workspace, toasts) = (desk.workspace, desk.toasts);
    let value = desk.feuille.read("seuil", "");
    if !value.is_empty() && value.parse::<usize>().is_err() {
        return toasts.say(Tone::Warning, "Le seuil est un nombre de visites.");
    }
    clock::spawn(async move {
        let edit = SetField { field: &age::SEUIL_VIVIER, value };
        let done = workspace.edit_document(DocumentId::Agence, |document, pen, now| {
            let base = document.heads();
            set_field(document, pen, &base, now, &edit)
        });
        match done.await {
            Ok(()) => toasts.say(Tone::Done, "Le seuil est enregistré."),
            Err(error) => toasts.say(Tone::Danger, format!("Le seuil n’a pas changé : {error}")),
        }
    });
}
