//! One anomaly: what somebody found wrong, the way to the field, and the answer that they will read.

use chrono::Days;
use leptos::prelude::*;
use liaison_shared::documents::schema::Field;
use liaison_shared::documents::schema::journal::{
    ANOMALIE_CHAMP, ANOMALIE_DELAI, ANOMALIE_NOTE, ANOMALIE_REPONSE, ANOMALIE_STATUT,
};
use liaison_shared::documents::{Record, RecordEdit};
use liaison_shared::planning::anomalie;
use liaison_shared::time::french_day;
use liaison_shared::validate::calendar_date;

use super::case::Case;
use crate::features::dossier::{address_of, shown_value};
use crate::platform::clock;
use crate::ui::sheet::{Act, Block, Field as Line, Form, Row, changing, draw};
use crate::ui::{ButtonKind, ButtonLink, IconName, PageHeader, TextKind, Tone};

const DELAI: &str = "anomalie-delai";
const REPONSE: &str = "anomalie-reponse";
/// When the office answers, unless it says otherwise, in days.
const DAYS: u64 = 7;

/// The page.
pub fn page(case: Case) -> AnyView {
    let form = Form::default();
    let title = move || case.record().map(|record| anomalie(&record)).unwrap_or_default();
    let dossier = case.href("");
    view! {
        <PageHeader title=Signal::derive(title) subtitle=Signal::derive(move || case.name())
            back_href="/avis/anomalies" back_label="Anomalies"/>
        <div class="page page--narrow stack stack--loose">
            <div class="sheet__acts">
                <ButtonLink href="/avis/anomalies" kind=ButtonKind::Quiet icon=IconName::ArrowLeft>
                    "Toutes les anomalies"
                </ButtonLink>
                <ButtonLink href=dossier kind=ButtonKind::Quiet icon=IconName::Folder>"Le dossier"</ButtonLink>
            </div>
            {changing(move || draw(form, blocks(case, form)))}
        </div>
    }
    .into_any()
}

fn blocks(case: Case, form: Form) -> Vec<Block> {
    let Some(record) = case.record() else { return Vec::new() };
    let mut blocks = vec![Block::Card("Ce qui est signalé".to_owned(), reported(case, &record), None)];
    let statut = record.value(&ANOMALIE_STATUT).to_owned();
    let over = matches!(statut.as_str(), "Corrigée" | "Sans suite");
    if !case.workspace.writes(record.collection.document) {
        return blocks;
    }
    if over {
        let again = move || answer(case, &[(&ANOMALIE_STATUT, "Prise en compte")], "Rouverte.");
        blocks.push(Block::Act(Act::new(ButtonKind::Secondary, "Rouvrir", again)));
        return blocks;
    }
    if statut != "Prise en compte" {
        let due = (clock::now().date() + Days::new(DAYS)).to_string();
        let initial = due.clone();
        let take = move || {
            let day = form.read(DELAI, &initial);
            if calendar_date(&day).is_none() {
                form.problem.set("Indiquez pour quand vous répondez.".to_owned());
                return;
            }
            answer(case, &[(&ANOMALIE_STATUT, "Prise en compte"), (&ANOMALIE_DELAI, &day)], "Prise en compte.");
        };
        let hint = "La personne qui l’a signalée le lira.";
        blocks.push(Block::Field(Line::new(DELAI, "Réponse prévue le", due).kind(TextKind::Date).hint(hint)));
        blocks.push(Block::Act(Act::new(ButtonKind::Primary, "Prendre en compte", take)));
    }
    let hint = "Lue par la personne qui l’a signalée. Obligatoire sans suite.";
    blocks.push(Block::Field(Line::new(REPONSE, "Réponse", record.value(&ANOMALIE_REPONSE)).hint(hint)));
    blocks.push(Block::Problem("Rien n’a changé"));
    let fixed = move || end(case, form, "Corrigée");
    let dropped = move || end(case, form, "Sans suite");
    let kind = if statut == "Prise en compte" { ButtonKind::Primary } else { ButtonKind::Secondary };
    blocks.push(Block::Acts(vec![
        Act::new(kind, "C’est corrigé", fixed),
        Act::new(ButtonKind::Secondary, "Sans suite", dropped),
    ]));
    blocks
}

/// What is wrong, what stands there now, and who said so.
fn reported(case: Case, record: &Record) -> Vec<Row> {
    let mut row = Row::new(anomalie(record));
    let statut = record.value(&ANOMALIE_STATUT);
    let (tone, word) = match statut {
        "" | "Signalée" => (Tone::Warning, "Signalée"),
        "Prise en compte" => (Tone::Information, statut),
        "Corrigée" => (Tone::Done, statut),
        _ => (Tone::Neutral, statut),
    };
    row.badge = Some((tone, word.to_owned()));
    let note = record.value(&ANOMALIE_NOTE).trim();
    row.texts.extend((!note.is_empty()).then(|| note.to_owned()));
    let reply = record.value(&ANOMALIE_REPONSE).trim();
    row.texts.extend((!reply.is_empty()).then(|| format!("Réponse : {reply}")));
    row.details.push(format!("Signalé par {}", case.signed(&record.signature)));
    if let Some(day) = calendar_date(record.value(&ANOMALIE_DELAI)) {
        row.details.push(format!("Réponse prévue le {}", french_day(day, clock::now())));
    }
    if let Some(by) = record.register(&ANOMALIE_STATUT).candidates.pop().filter(|it| it.signature != record.signature) {
        row.details.push(format!("{} : {}", by.value, case.signed(&by.signature)));
    }
    let mut rows = vec![row];
    if let Some(field) = Field::by_key(record.value(&ANOMALIE_CHAMP)) {
        let value = case.dossier.view.with(|view| view.fields.value(field).to_owned());
        let mut there = Row::new(format!("Corriger : {}", field.label));
        there.href = address_of(&case.href(""), field);
        let shown = shown_value(case.workspace, field, &value);
        there.texts.push(if shown.is_empty() { "Rien n’y est écrit".to_owned() } else { shown });
        rows.push(there);
    }
    rows
}

fn end(case: Case, form: Form, statut: &'static str) {
    let standing = untrack(|| case.record()).map(|it| it.value(&ANOMALIE_REPONSE).to_owned()).unwrap_or_default();
    let reply = form.read(REPONSE, &standing);
    if reply.is_empty() && statut == "Sans suite" {
        form.problem.set("Dites pourquoi : la personne qui l’a signalée le lira.".to_owned());
        return;
    }
    let said = if statut == "Corrigée" {
        "Corrigée : la personne qui l’a signalée le verra."
    } else {
        "Classée sans suite."
    };
    answer(case, &[(&ANOMALIE_STATUT, statut), (&ANOMALIE_REPONSE, &reply)], said);
}

/// Writes the office's answer where the anomaly is: in the journal, or in the relation with the client.
fn answer(case: Case, values: &[(&'static Field, &str)], said: &str) {
    let Some(record) = untrack(|| case.record()) else { return };
    // The fields of both have the same keys, and a record is written with its own.
    let own = |(field, value): &(&'static Field, &'_ str)| {
        let own = record.collection.own(field).unwrap_or(field);
        liaison_shared::documents::SetField { field: own, value: (*value).to_owned() }
    };
    let values = values.iter().map(own).collect();
    if case.edit(&[RecordEdit { collection: record.collection, id: case.id, values, retire: None }]) {
        case.toasts.say(Tone::Done, said);
    }
}
