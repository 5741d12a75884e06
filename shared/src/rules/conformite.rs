//! How far a dossier is from conforming: each line of its checklist, the percentage, and what blocks next.

use chrono::NaiveDate;

use super::pack::{Check, Item, Pack};
use crate::documents::Signature;
use crate::documents::schema::Field;
use crate::dossier::Dossier;

/// One line of a checklist, looked at.
#[derive(Debug, Clone)]
pub struct Line {
    /// What is to be done.
    pub item: &'static Item,
    /// Whether it is.
    pub done: bool,
    /// Who says so, when; `None` when the dossier shows it by itself.
    pub ticked: Option<Signature>,
}

impl Line {
    /// Whether a person may tick it.
    #[must_use]
    pub fn can_be_ticked(&self) -> bool {
        matches!(self.item.check, Check::Tick | Check::FieldsOrTick(_))
    }
}

/// A checklist, looked at.
#[derive(Debug, Clone, Default)]
pub struct Conformite {
    /// The lines that concern this dossier, in the order in which they are done.
    pub lines: Vec<Line>,
}

impl Conformite {
    /// How much is done, from 0 to 100; 100 only when everything is.
    #[must_use]
    pub fn percent(&self) -> u32 {
        let done = self.lines.iter().filter(|line| line.done).count();
        u32::try_from(done * 100 / self.lines.len().max(1)).unwrap_or(100)
    }

    /// What blocks next.
    #[must_use]
    pub fn next(&self) -> Option<&'static Item> {
        self.lines.iter().find(|line| !line.done).map(|line| line.item)
    }
}

/// Looks at a checklist as of today.
#[must_use]
pub fn evaluate(pack: &Pack, dossier: &Dossier, today: NaiveDate) -> Conformite {
    let concerned = pack.items.iter().filter(|item| item.when.holds(dossier));
    let line = |item: &'static Item| {
        let ticked = dossier.ticks.get(item.id).cloned();
        let right = |field: &&'static Field| is_right(dossier, field, today);
        let (done, ticked) = match item.check {
            Check::Fields(fields) => (fields.iter().all(right), None),
            Check::FieldsOrTick(fields) if fields.iter().all(right) => (true, None),
            Check::Computed(shows) => (shows(dossier, today), None),
            Check::Tick | Check::FieldsOrTick(_) => (ticked.is_some(), ticked),
        };
        Line { item, done, ticked }
    };
    Conformite { lines: concerned.map(line).collect() }
}

/// Whether a field is filled, by one value, with nothing wrong about it.
fn is_right(dossier: &Dossier, field: &'static Field, today: NaiveDate) -> bool {
    let register = dossier.fields.register(field);
    !register.is_contested() && !register.value().trim().is_empty() && field.check(register.value(), today).is_none()
}

#[cfg(test)]
#[path = "conformite_tests.rs"]
mod tests;
