//! One notice, all its consequences [S1]: what a change of situation asks of the planning, the contract, the invoices, the
//! people and the funder, proposed in one list; what was decided is applied together, kept, and can be taken back.

mod accuse;
mod effets;
mod propositions;
mod resultat;

use chrono::NaiveDate;

use crate::documents::Record;
use crate::documents::schema::journal as jou;
use crate::ids::EntryId;
use crate::planning::Planifiee;
use crate::validate::calendar_date;

pub use accuse::accuse;
pub use effets::{Applied, Back, Fait, apply, faits, take_back};
pub use propositions::propositions;
pub use resultat::{Kept, apart, kept};

/// A notice, as its consequences are drawn from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avis {
    /// Which.
    pub id: EntryId,
    /// One of [`jou::NATURES`].
    pub nature: String,
    /// From this day.
    pub du: NaiveDate,
    /// To this day; `None` when nobody knows.
    pub au: Option<NaiveDate>,
    /// What was said of it.
    pub details: String,
}

impl Avis {
    /// Reads a record; without a first day it is from `today`.
    #[must_use]
    pub fn read(record: &Record, today: NaiveDate) -> Self {
        let au = calendar_date(record.value(&jou::AVIS_AU));
        let du = calendar_date(record.value(&jou::AVIS_DU)).or(au.map(|au| au.min(today))).unwrap_or(today);
        Self {
            id: record.id,
            nature: record.value(&jou::AVIS_NATURE).to_owned(),
            du,
            // An end before the beginning is no end: what is wrong with it is shown where it was typed.
            au: au.filter(|au| *au >= du),
            details: record.value(&jou::AVIS_DETAILS).to_owned(),
        }
    }

    /// Whether it is for good: nobody comes back from it.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.nature == jou::DECES
    }
}

/// Something that follows from a notice, for somebody to accept, change or refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposition {
    /// Stable: what was decided is kept under it.
    pub regle: &'static str,
    /// What it is about, for the heading: planning, contract, invoices, people.
    pub groupe: &'static str,
    /// What is proposed, in words.
    pub texte: String,
    /// What is done when it is accepted.
    pub effet: Effet,
}

/// What is done when a proposition is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effet {
    /// These visits do not take place.
    Annuler(Vec<Planifiee>),
    /// What recurs has its last day then.
    Arreter(Vec<EntryId>, NaiveDate),
    /// These papers end then.
    Terminer(Vec<EntryId>, NaiveDate),
    /// The dossier enters a stage (by its name) then.
    Etape(&'static str, NaiveDate),
    /// Somebody has something to do.
    Tache(Tache),
}

/// A task to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tache {
    /// What.
    pub titre: String,
    /// One of the categories.
    pub categorie: &'static str,
    /// Which service.
    pub service: &'static str,
    /// By when.
    pub echeance: NaiveDate,
    /// Whom it is about, what to say.
    pub description: String,
}

/// What somebody decided about a proposition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// As proposed.
    Acceptee,
    /// Otherwise: visits to be left out, another day, another wording.
    Modifiee(Modification),
    /// Not at all, and why.
    Refusee(String),
}

/// How a proposition is changed before it is applied; what is empty is as proposed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Modification {
    /// These visits are kept.
    pub garder: Vec<EntryId>,
    /// Another day.
    pub date: Option<NaiveDate>,
    /// Another wording of the task.
    pub texte: String,
    /// Why.
    pub motif: String,
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
