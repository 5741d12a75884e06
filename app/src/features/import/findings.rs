//! What would become of each row: what stops it, what would be kept and flagged, who may be there already.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;

use super::Page;
use crate::state::Record;
use crate::ui::sheet::{Act, Block, Nothing, Row};
use crate::ui::{ButtonKind, IconName, Tone};

/// Findings of a kind that are shown at once.
const SHOWN: usize = 200;

/// What was found, and the button that writes.
pub fn blocks(page: Page) -> Vec<Block> {
    let checked = page.checked.get();
    let checked = Record(&checked);
    let skipped = page.skipped.get();
    let rows = checked.number("rows").unwrap_or_default();
    let anomalies: Vec<Record> = checked.list("anomalies").collect();
    let stopped: BTreeSet<i64> =
        anomalies.iter().filter(|it| it.flag("blocking")).filter_map(|it| it.number("row")).collect();
    let stopping: BTreeSet<i64> = stopped.difference(&skipped).copied().collect();
    let taken = rows - i64::try_from(skipped.len()).unwrap_or(rows);
    let mut blocks = Vec::new();
    if !stopping.is_empty() {
        let (title, words) = match stopping.len() {
            1 => ("Une ligne ne peut pas être importée".to_owned(), "Laisser cette ligne de côté".to_owned()),
            count => {
                (format!("{count} lignes ne peuvent pas être importées"), format!("Laisser ces {count} lignes de côté"))
            }
        };
        let text = "Corrigez le fichier, ou laissez de côté ce qui manque : le reste pourra être importé.".to_owned();
        blocks.push(Block::Notice(Tone::Warning, title, text));
        let all = stopping.clone();
        let leave = move || page.skipped.update(|skipped| skipped.extend(all.iter().copied()));
        blocks.push(Block::Act(Act::new(ButtonKind::Secondary, words, leave)));
    }
    blocks.extend(card(
        page,
        "À corriger avant d’importer",
        anomalies.iter().filter(|it| it.flag("blocking")),
        &skipped,
    ));
    blocks.extend(twins(page, checked, &skipped));
    blocks.extend(card(
        page,
        "Gardé tel quel et signalé dans le dossier",
        anomalies.iter().filter(|it| !it.flag("blocking")),
        &skipped,
    ));
    if anomalies.is_empty() {
        let nothing = Nothing::new(IconName::Check, "Aucune anomalie", "Chaque ligne se lit sans question.");
        blocks.push(Block::Card("Anomalies".to_owned(), Vec::new(), Some(nothing)));
    }
    blocks.push(Block::Problem("Rien n’a été importé"));
    if stopping.is_empty() && taken > 0 {
        blocks.push(Block::Act(Act::new(ButtonKind::Primary, create_words(taken), move || page.commit())));
    }
    let back = move || page.checked.set(Arc::default());
    blocks.push(Block::Act(Act::new(ButtonKind::Secondary, "Revoir les colonnes", back)));
    blocks
}

fn create_words(taken: i64) -> String {
    if taken == 1 { "Créer le dossier".to_owned() } else { format!("Créer {taken} dossiers") }
}

fn card<'a>(
    page: Page,
    title: &str,
    found: impl Iterator<Item = &'a Record<'a>>,
    skipped: &BTreeSet<i64>,
) -> Option<Block> {
    let found: Vec<&Record> = found.collect();
    let row = |it: &&Record| {
        let number = it.number("row").unwrap_or_default();
        let mut row = Row::new(format!("Ligne {number}"));
        row.texts.push(it.text("what").to_owned());
        row.details.push(it.text("rule").to_owned());
        leave_out(page, row, number, skipped)
    };
    let rows: Vec<Row> = found.iter().take(SHOWN).map(row).collect();
    let count = found.len();
    let title = if count > SHOWN { format!("{title} · {SHOWN} sur {count}") } else { format!("{title} · {count}") };
    (count > 0).then(|| Block::Card(title, rows, None))
}

/// Rows that seem to be somebody who is there already, in the file or in the dossiers.
fn twins(page: Page, checked: Record, skipped: &BTreeSet<i64>) -> Option<Block> {
    let found: Vec<Record> = checked.list("duplicates").collect();
    let row = |it: &Record| {
        let number = it.number("row").unwrap_or_default();
        let of = Record(&it.0["of"]);
        let other = match of.number("row") {
            Some(other) => format!("la ligne {other}"),
            None => of.text("name").to_owned(),
        };
        let mut row = Row::new(format!("Ligne {number} et {other}"));
        row.texts.push(it.text("what").to_owned());
        if of.number("row").is_none() {
            row.href = format!("/dossiers/{}", of.text("dossier"));
        }
        leave_out(page, row, number, skipped)
    };
    let rows: Vec<Row> = found.iter().take(SHOWN).map(row).collect();
    (!rows.is_empty()).then(|| Block::Card(format!("Peut-être déjà là · {}", found.len()), rows, None))
}

/// The same row, with the button that leaves it out or takes it in again.
fn leave_out(page: Page, mut row: Row, number: i64, skipped: &BTreeSet<i64>) -> Row {
    let out = skipped.contains(&number);
    let words = if out { "L’importer" } else { "La laisser de côté" };
    if out {
        row.badge = Some((Tone::Neutral, "de côté".to_owned()));
    }
    let turn = move || {
        page.skipped.update(|skipped| {
            if !skipped.remove(&number) {
                skipped.insert(number);
            }
        });
    };
    row.acts.push(Act::new(ButtonKind::Quiet, words, turn).about(&format!("ligne {number}")));
    row
}
