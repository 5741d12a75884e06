//! Something is wrong with a field: reported from the field itself, and answered by the office.

use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::EntryId;
use liaison_shared::documents::schema::{Collection, Field, NATURES_ANOMALIE};
use liaison_shared::documents::schema::{journal as jou, relation as rel};
use liaison_shared::documents::{Record, RecordEdit};
use liaison_shared::planning::anomalie;
use liaison_shared::time::french_day;
use liaison_shared::validate::calendar_date;

use crate::features::dossier::{Records, Shown};
use crate::platform::{clock, random};
use crate::ui::sheet::{Act, Block, Form, Row, changing, draw};
use crate::ui::{ButtonKind, Tone};

/// Where an anomaly of a field stands: beside what its reporter may read.
fn collection_of(field: &Field) -> &'static Collection {
    match field.document {
        DocumentKind::Administratif | DocumentKind::Relation => &rel::ANOMALIES,
        _ => &jou::ANOMALIES,
    }
}

/// Under the history of a field: what may be wrong with it, one tap each.
pub fn signaler_champ() -> AnyView {
    let (records, shown) = (Records::of_dossier(), expect_context::<Shown>());
    let form = Form::default();
    changing(move || {
        let Some((_, field)) = shown.get() else { return ().into_any() };
        let collection = collection_of(field);
        if !records.workspace.writes(collection.document) || !records.dossier.is_a_clients() {
            return ().into_any();
        }
        let natures = NATURES_ANOMALIE.iter().map(|nature| {
            let report = move || {
                report(records, field, nature);
                shown.set(None);
            };
            Act::new(ButtonKind::Secondary, *nature, report).about(field.label)
        });
        let blocks = vec![Block::Text("Quelque chose ne va pas ?".to_owned()), Block::Acts(natures.collect())];
        draw(form, blocks)
    })
}

fn report(records: Records, field: &'static Field, nature: &'static str) {
    let (collection, id) = (collection_of(field), EntryId(random::sixteen_bytes()));
    let values =
        [(&jou::ANOMALIE_CHAMP, field.key), (&jou::ANOMALIE_NATURE, nature), (&jou::ANOMALIE_STATUT, "Signalée")];
    let values: Vec<_> =
        values.into_iter().filter_map(|(field, value)| Some((collection.own(field)?, value))).collect();
    match records.dossier.edit(&[RecordEdit::new(collection, id, &values)]) {
        Ok(()) => {
            let said = format!("« {} » signalé au bureau : {}.", field.label, nature.to_lowercase());
            records.toasts.offer(Tone::Done, said, "Annuler", move || {
                let edit = RecordEdit { retire: Some(true), ..RecordEdit::new(collection, id, &[]) };
                if let Err(error) = records.dossier.edit(&[edit]) {
                    records.toasts.say(Tone::Danger, format!("Cela n’a pas pu être enregistré : {error}"));
                }
            });
        }
        Err(error) => records.toasts.say(Tone::Danger, format!("Cela n’a pas pu être enregistré : {error}")),
    }
}

/// What was reported in this dossier, and what the office answered.
pub fn reported(records: Records) -> Option<Block> {
    let rows: Vec<Row> = records.dossier.view.with(|view| {
        let both = view.records.of(&jou::ANOMALIES).chain(view.records.of(&rel::ANOMALIES));
        both.map(|record| row(records, record)).collect()
    });
    (!rows.is_empty()).then(|| Block::Card("Anomalies signalées".to_owned(), rows, None))
}

fn row(records: Records, record: &Record) -> Row {
    let mut row = Row::new(anomalie(record));
    let delay = calendar_date(record.value(&jou::ANOMALIE_DELAI))
        .map(|day| format!("réponse prévue le {}", french_day(day, clock::now())));
    row.texts.extend(
        [record.value(&jou::ANOMALIE_NOTE), record.value(&jou::ANOMALIE_REPONSE)]
            .into_iter()
            .filter(|it| !it.is_empty())
            .map(str::to_owned),
    );
    let by = &record.signature;
    let told = [Some(format!("{}, {}", records.workspace.who(by), by.at.french(clock::now()))), delay];
    row.details.extend(told.into_iter().flatten());
    let (tone, words) = match record.value(&jou::ANOMALIE_STATUT) {
        "Corrigée" => (Tone::Done, "corrigée"),
        "Prise en compte" => (Tone::Information, "prise en compte"),
        "Sans suite" => (Tone::Neutral, "sans suite"),
        _ => (Tone::Warning, "signalée"),
    };
    row.badge = Some((tone, words.to_owned()));
    let (dossier, changes) = (records.dossier, record.changes());
    row.receipt = Some(Signal::derive(move || dossier.least_safe(changes.iter().copied())));
    row
}
