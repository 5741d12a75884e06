//! A file row by row: what each would become, and what is wrong with it.
//!
//! Two things only keep a row from becoming a dossier: cells that cannot be trusted (LIGNE-1) and no name (OUVRIR-1).
//! Everything else is said, and written as it is.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use liaison_shared::documents::client;
use liaison_shared::documents::schema::{Field, administratif as adm, prestation};
use liaison_shared::rules::{Manque, what_is_missing};
use liaison_shared::validate::{Finding, dates_in_order, nir_coherence};

use super::error::ImportRefusal;
use super::names::{self, Names};
use super::table::{Row, Table};
use super::values::{self, Value};
use super::{Mapping, Order};

/// Something that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomaly {
    /// Which row, as the file numbers them.
    pub row: usize,
    /// Which column; none when there is none for it, or it is the whole row.
    pub column: Option<usize>,
    /// Which field; none when it is the whole row.
    pub field: Option<&'static Field>,
    /// Stable name of the rule.
    pub rule: &'static str,
    /// What is wrong, as people read it.
    pub what: String,
    /// Whether the row cannot become a dossier.
    pub blocking: bool,
}

/// What a row would become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the file.
    pub row: usize,
    /// What would be written, in the order of the columns: nothing empty.
    pub values: Vec<(&'static Field, String)>,
    /// What is wrong with it.
    pub anomalies: Vec<Anomaly>,
}

impl Entry {
    /// What would be written in a field.
    #[must_use]
    pub fn value(&self, field: &Field) -> &str {
        self.values.iter().find(|(other, _)| other.key == field.key).map_or("", |(_, value)| value.as_str())
    }

    /// Whether it cannot become a dossier.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.anomalies.iter().any(|anomaly| anomaly.blocking)
    }
}

/// A file, looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examined {
    /// How many rows it has.
    pub rows: usize,
    /// Those that are not left out.
    pub entries: Vec<Entry>,
}

impl Examined {
    /// How many can become a dossier.
    #[must_use]
    pub fn ready(&self) -> usize {
        self.entries.iter().filter(|entry| !entry.is_blocked()).count()
    }
}

/// Looks at every row that is not left out.
pub(super) fn examine(table: &Table, order: &Order, today: NaiveDate) -> Result<Examined, ImportRefusal> {
    let columns: BTreeSet<usize> = order.mapping.iter().map(|(column, _)| *column).collect();
    let keys: BTreeSet<&str> = order.mapping.iter().map(|(_, field)| field.key).collect();
    let within = columns.iter().all(|column| *column < table.columns.len());
    if !within || columns.len() != order.mapping.len() || keys.len() != order.mapping.len() {
        return Err(ImportRefusal::WrongMapping);
    }
    let skip: BTreeSet<usize> = order.skip.iter().copied().collect();
    let left = table.rows.iter().filter(|row| !skip.contains(&row.number));
    let mut entries: Vec<Entry> = left.map(|row| entry(row, order, today)).collect();
    let trusted = entries.iter().filter(|entry| !entry.is_blocked());
    let names = Names::count(trusted.map(|entry| (entry.value(&client::NOM), entry.value(&client::PRENOM))));
    for entry in &mut entries {
        if !entry.is_blocked() && names.exchanged(entry.value(&client::NOM), entry.value(&client::PRENOM)) {
            let what = "Le nom et le prénom ont peut-être été échangés.".to_owned();
            entry.anomalies.push(anomaly(entry.row, &order.mapping, &client::NOM, names::RULE, what));
        }
    }
    Ok(Examined { rows: table.rows.len(), entries })
}

fn anomaly(row: usize, mapping: &Mapping, field: &'static Field, rule: &'static str, what: String) -> Anomaly {
    let column = mapping.iter().find(|(_, other)| other.key == field.key).map(|(column, _)| *column);
    Anomaly { row, column, field: Some(field), rule, what, blocking: rule == Manque::Nom.rule() }
}

fn entry(row: &Row, order: &Order, today: NaiveDate) -> Entry {
    let mut entry = Entry { row: row.number, values: Vec::new(), anomalies: Vec::new() };
    if let Some(fault) = row.fault {
        let (what, rule) = (fault.to_owned(), "LIGNE-1");
        entry.anomalies.push(Anomaly { row: row.number, column: None, field: None, rule, what, blocking: true });
        return entry;
    }
    for (column, field) in &order.mapping {
        let cell = row.cells.get(*column).map_or("", String::as_str);
        let Value { text, remark } = values::value(field, cell, today, &order.people);
        if let Some(remark) = remark {
            entry.anomalies.push(anomaly(row.number, &order.mapping, field, remark.rule, remark.what));
        }
        if !text.is_empty() {
            entry.values.push((field, text));
        }
    }
    // What is asked for is nothing that a file of clients has: they are clients already.
    let missing: Vec<Manque> =
        what_is_missing(|field| entry.value(field)).into_iter().filter(|it| *it != Manque::Demande).collect();
    for manque in missing {
        let (field, what) = (manque.fields()[0], format!("Il manque {}.", manque.words()));
        entry.anomalies.push(anomaly(row.number, &order.mapping, field, manque.rule(), what));
    }
    for (field, finding) in incoherences(&entry) {
        entry.anomalies.push(anomaly(row.number, &order.mapping, field, finding.rule, finding.what));
    }
    entry
}

/// What does not fit together in one row.
fn incoherences(entry: &Entry) -> Vec<(&'static Field, Finding)> {
    let value = |field| entry.value(field);
    let nir = nir_coherence(value(&adm::NIR), value(&client::CIVILITE), value(&client::NAISSANCE));
    let dates = dates_in_order(value(&prestation::PREMIERE_VISITE), value(&prestation::FIN_MISSION));
    let nir = nir.map(|finding| (&adm::NIR, finding));
    nir.into_iter().chain(dates.map(|finding| (&prestation::FIN_MISSION, finding))).collect()
}
