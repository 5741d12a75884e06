//! « Signaler »: one tap opens it, one tap says what has changed and sends it; the rest may be said afterwards.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::schema::journal as jou;
use liaison_shared::documents::{Record, RecordEdit};
use liaison_shared::time::french_day;
use liaison_shared::validate::{calendar_date, phone_display};

use super::anomalie;
use crate::features::dossier::Records;
use crate::platform::{clock, random};
use crate::ui::sheet::{Act, Block, Field, Form, Row, SheetDialog, changing, draw};
use crate::ui::{ButtonKind, SelectOption, TextKind, Tone};

const DU: &str = "avis-du";
const AU: &str = "avis-au";
const URGENT: &str = "avis-urgent";
const DE: &str = "avis-de";
const DETAILS: &str = "avis-details";

/// The page.
pub fn avis() -> AnyView {
    let records = Records::of_dossier();
    let (form, asked) = (Form::default(), RwSignal::new(None::<EntryId>));
    let dialog = Form::default();
    view! {
        <div class="page page--narrow stack stack--loose">
            {changing(move || draw(form, page(records, asked, dialog)))}
        </div>
        <SheetDialog form=dialog asked=std::sync::Arc::new(move || details(records, dialog, asked))
            on_close=move || asked.set(None)/>
    }
    .into_any()
}

fn page(records: Records, asked: RwSignal<Option<EntryId>>, dialog: Form) -> Vec<Block> {
    let mut blocks = Vec::new();
    blocks.extend(on_call(records));
    if records.workspace.writes(jou::AVIS.document) {
        blocks
            .push(Block::Text("Qu’est-ce qui change ? Un appui l’envoie au bureau, vous précisez ensuite.".to_owned()));
        let natures = jou::NATURES
            .iter()
            .map(|nature| Act::new(ButtonKind::Secondary, *nature, move || send(records, nature, asked, dialog)));
        blocks.push(Block::Acts(natures.collect()));
    }
    let rows = records.dossier.view.with(|view| {
        view.records.of(&jou::AVIS).rev().map(|record| row(records, record, asked, dialog)).collect::<Vec<Row>>()
    });
    if !rows.is_empty() {
        blocks.push(Block::Card("Avis envoyés".to_owned(), rows, None));
    }
    blocks.extend(anomalie::reported(records));
    blocks
}

/// Whom to call when it cannot wait.
fn on_call(records: Records) -> Option<Block> {
    let number = records.workspace.on_call();
    let shown = phone_display(&number);
    let mut row = Row::new(format!("Urgent ? Appeler l’astreinte : {shown}"));
    row.href = format!("tel:{}", number.replace([' ', '.', '-'], ""));
    (!number.is_empty()).then(|| Block::Card(String::new(), vec![row], None))
}

/// The notice is on this device, and on its way, after one tap; it can be taken back.
fn send(records: Records, nature: &'static str, asked: RwSignal<Option<EntryId>>, dialog: Form) {
    let id = EntryId(random::sixteen_bytes());
    let today = clock::now().date().to_string();
    let values = [(&jou::AVIS_NATURE, nature), (&jou::AVIS_DU, today.as_str()), (&jou::AVIS_STATUT, jou::ENVOYE)];
    match records.dossier.edit(&[RecordEdit::new(&jou::AVIS, id, &values)]) {
        Ok(()) => {
            let back = move || {
                let edit = RecordEdit { retire: Some(true), ..RecordEdit::new(&jou::AVIS, id, &[]) };
                if records.dossier.edit(&[edit]).is_ok() {
                    asked.set(None);
                }
            };
            records.toasts.offer(Tone::Done, format!("Avis « {nature} » enregistré pour le bureau."), "Annuler", back);
            dialog.clear();
            asked.set(Some(id));
        }
        Err(error) => records.toasts.say(Tone::Danger, format!("L’avis n’a pas pu être enregistré : {error}")),
    }
}

fn row(records: Records, record: &Record, asked: RwSignal<Option<EntryId>>, dialog: Form) -> Row {
    let now = clock::now();
    let day = |field| calendar_date(record.value(field)).map(|day| french_day(day, now));
    let mut row = Row::new(record.title());
    let dates = match (day(&jou::AVIS_DU), day(&jou::AVIS_AU)) {
        (Some(du), Some(au)) => Some(format!("du {du} au {au}")),
        (Some(du), None) => Some(format!("à partir du {du}")),
        _ => None,
    };
    row.texts.extend(dates);
    let details = record.value(&jou::AVIS_DETAILS);
    row.texts.extend((!details.is_empty()).then(|| details.to_owned()));
    let accuse = record.value(&jou::AVIS_ACCUSE);
    if !accuse.is_empty() {
        let when = record.value(&jou::AVIS_ACCUSE_LE).parse().map(liaison_shared::Timestamp).ok();
        let when = when.map(|at| format!(" ({})", at.french(now))).unwrap_or_default();
        row.texts.push(format!("Réponse du bureau{when} :\n{accuse}"));
    }
    let urgent = if record.value(&jou::AVIS_URGENT) == "Oui" { "urgent · " } else { "" };
    let (tone, words) = match record.value(&jou::AVIS_STATUT) {
        jou::TRAITE => (Tone::Done, "traité par le bureau"),
        jou::SANS_SUITE => (Tone::Neutral, "sans suite"),
        _ => (Tone::Information, "attend le bureau"),
    };
    row.badge = Some((tone, format!("{urgent}{words}")));
    let by = &record.signature;
    row.details.push(format!("{}, {}", records.workspace.who(by), by.at.french(now)));
    let (dossier, changes) = (records.dossier, record.changes());
    row.receipt = Some(Signal::derive(move || dossier.least_safe(changes.iter().copied())));
    let open = matches!(record.value(&jou::AVIS_STATUT), "" | jou::ENVOYE);
    if open && records.workspace.writes(jou::AVIS.document) {
        let id = record.id;
        let act = Act::new(ButtonKind::Secondary, "Préciser", move || {
            dialog.clear();
            asked.set(Some(id));
        });
        row.acts.push(act.about(&record.title()));
    }
    row
}

/// Dates, urgency, from whom, and words: all of it may be left.
fn details(records: Records, form: Form, asked: RwSignal<Option<EntryId>>) -> Option<(String, Vec<Block>)> {
    let id = asked.get()?;
    let record = records.dossier.view.with(|view| view.records.get(id).cloned())?;
    let value = |field| record.value(field).to_owned();
    let fields = [
        (DU, &jou::AVIS_DU, value(&jou::AVIS_DU)),
        (AU, &jou::AVIS_AU, value(&jou::AVIS_AU)),
        (URGENT, &jou::AVIS_URGENT, value(&jou::AVIS_URGENT)),
        (DE, &jou::AVIS_DE, value(&jou::AVIS_DE)),
        (DETAILS, &jou::AVIS_DETAILS, value(&jou::AVIS_DETAILS)),
    ];
    let before = fields.clone();
    let keep = move || {
        let values = before.clone().map(|(key, field, initial)| (field, form.read(key, &initial)));
        let (du, au) = (calendar_date(&values[0].1), calendar_date(&values[1].1));
        if du.is_none() {
            form.problem.set("Indiquez à partir de quel jour.".to_owned());
            return;
        }
        if au.is_some_and(|au| Some(au) < du) {
            form.problem.set("La fin est avant le début : corrigez l’une des deux dates.".to_owned());
            return;
        }
        let values: Vec<_> = values.iter().map(|(field, value)| (*field, value.as_str())).collect();
        match records.dossier.edit(&[RecordEdit::new(&jou::AVIS, id, &values)]) {
            Ok(()) => asked.set(None),
            Err(error) => form.problem.set(error.to_string()),
        }
    };
    let [(_, _, du), (_, _, au), (_, _, urgent), (_, _, de), (_, _, texte)] = fields;
    let unsaid = |words| SelectOption::words_or("Non précisé", words);
    let mut blocks = vec![
        Block::Field(Field::new(DU, jou::AVIS_DU.label, du).kind(TextKind::Date)),
        Block::Field(Field::new(AU, jou::AVIS_AU.label, au).kind(TextKind::Date).hint("Vide : on ne sait pas.")),
        Block::Select(URGENT, jou::AVIS_URGENT.label, urgent, unsaid(jou::AVIS_URGENT.choices())),
        Block::Select(DE, jou::AVIS_DE.label, de, unsaid(jou::AVIS_DE.choices())),
        Block::Field(Field::new(DETAILS, jou::AVIS_DETAILS.label, texte)),
        Block::Problem("Pas encore enregistré"),
        Block::Act(Act::new(ButtonKind::Primary, "Enregistrer les précisions", keep)),
    ];
    if form.value(URGENT, record.value(&jou::AVIS_URGENT)) == "Oui" {
        blocks.insert(
            3,
            on_call(records).unwrap_or_else(|| {
                Block::Text("L’agence n’a pas indiqué de ligne d’astreinte : appelez votre responsable.".to_owned())
            }),
        );
    }
    Some((format!("Avis : {}", record.title()), blocks))
}
