//! DOUBLON-1 over a file: whom it has twice, and who has a dossier already.

use liaison_shared::DossierId;
use liaison_shared::documents::schema::Field;
use liaison_shared::documents::{Document, FieldsView, client};
use liaison_shared::dossier::{Known, Likeness, Portrait, pairs};

use super::examine::{Entry, Examined};
use crate::log::Stored;

/// Whom a row resembles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Twin {
    /// An earlier row.
    Row(usize),
    /// A dossier that is there.
    Dossier(DossierId, String),
}

/// A row that is perhaps of somebody who is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// Which row.
    pub row: usize,
    /// Whom it resembles.
    pub of: Twin,
    /// How sure one may be, and why.
    pub likeness: Likeness,
}

/// Every row that resembles another or a dossier, the surest first.
pub(super) fn find(examined: &Examined, existing: &[Stored]) -> Vec<Duplicate> {
    let mut people: Vec<(Twin, Portrait)> = existing.iter().filter_map(dossier).collect();
    let before = people.len();
    let entries = examined.entries.iter().filter(|entry| !entry.is_blocked());
    people.extend(entries.map(|entry| (Twin::Row(entry.row), portrait(|field| entry.value(field)))));
    let portraits: Vec<Portrait> = people.iter().map(|(_, portrait)| portrait.clone()).collect();
    let mut found = Vec::new();
    for (one, other, likeness) in pairs(&portraits).into_iter().filter(|(_, other, _)| *other >= before) {
        if let Twin::Row(row) = people[other].0 {
            found.push(Duplicate { row, of: people[one].0.clone(), likeness });
        }
    }
    found
}

fn portrait<'a>(value: impl Fn(&Field) -> &'a str) -> Portrait {
    Portrait::of(&Known {
        nom: value(&client::NOM),
        nom_naissance: value(&client::NOM_NAISSANCE),
        prenom: value(&client::PRENOM),
        ville: value(&client::VILLE),
        numero: "",
        telephones: &[value(&client::TELEPHONE), value(&client::TELEPHONE_2)],
        naissance: value(&client::NAISSANCE),
    })
}

fn dossier(stored: &Stored) -> Option<(Twin, Portrait)> {
    let (document, _unreadable) = Document::load(stored.id, stored.chunks.iter().map(|chunk| &chunk.bytes[..]));
    let fields = FieldsView::read(&document);
    let value = |field: &Field| fields.value(field);
    Some((Twin::Dossier(stored.id.dossier()?, name(value)), portrait(value)))
}

/// As lists show it: `PETIT Jeanne`.
pub(super) fn name<'a>(value: impl Fn(&Field) -> &'a str) -> String {
    format!("{} {}", value(&client::NOM).to_uppercase(), value(&client::PRENOM)).trim().to_owned()
}

impl Entry {
    /// As lists show it: `PETIT Jeanne`.
    #[must_use]
    pub fn name(&self) -> String {
        name(|field| self.value(field))
    }
}
