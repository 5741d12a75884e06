//! DOUBLON-1: two dossiers that are perhaps one person's (domain.md §4: spelling variants, swapped names).
//!
//! Names are compared as written, as they sound and with one slip; a likeness of names alone counts little, a shared
//! birth date or telephone much. People of one household (couples, twins, father and son) are what it must not take
//! for one person: first names decide. Nothing is ever merged here: somebody looks at both.

mod block;
mod weigh;

use chrono::NaiveDate;

use super::known::{folded, phone_digits};
use super::phonetics::sound;
use super::{Known, typos};
use crate::validate::calendar_date;

pub use block::pairs;

/// How sure one may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Worth a look when somebody has time.
    Possible,
    /// Worth a question before a dossier is opened.
    Probable,
    /// Every sign says one person.
    Certain,
}

impl Certainty {
    /// The word for it, in French and in JSON: `probable`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Probable => "probable",
            Self::Certain => "certain",
        }
    }
}

/// That two dossiers are perhaps one person's, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// How sure.
    pub certainty: Certainty,
    /// What they have in common, in French, to be read one after the other: `même téléphone`.
    pub reasons: Vec<&'static str>,
}

impl Likeness {
    /// Stable name of the rule.
    pub const RULE: &'static str = "DOUBLON-1";

    /// All of it, as people read it: `Doublon probable : même nom, même téléphone.`
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("Doublon {}\u{a0}: {}.", self.certainty.name(), self.reasons.join(", "))
    }
}

/// A name in the forms it is compared in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    /// Folded, words apart.
    words: String,
    /// Folded, as one word.
    letters: String,
    /// How it sounds.
    sound: String,
}

impl Name {
    fn of(text: &str) -> Self {
        let words = folded(text);
        let letters = words.replace(' ', "");
        Self { sound: sound(&letters), letters, words }
    }
}

/// What is compared of one person, made ready once. Made again when the dossier changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portrait {
    /// In use, then at birth.
    families: [Name; 2],
    first: Name,
    phones: Vec<String>,
    born: Option<NaiveDate>,
    town: String,
}

impl Portrait {
    /// From what is known of a person.
    #[must_use]
    pub fn of(known: &Known<'_>) -> Self {
        // Fewer digits are a number that is still being typed.
        let phones = known.telephones.iter().map(|text| phone_digits(text)).filter(|digits| digits.len() > 8);
        Self {
            families: [Name::of(known.nom), Name::of(known.nom_naissance)],
            first: Name::of(known.prenom),
            phones: phones.collect(),
            born: calendar_date(known.naissance.trim()),
            town: folded(known.ville),
        }
    }

    /// What they have in common with somebody else; `None` when nothing says that they are one person.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        weigh::weigh(self, other)
    }
}

/// What two people have in common. For more than two, prepare each once: [`Portrait`].
#[must_use]
pub fn likeness(one: &Known<'_>, other: &Known<'_>) -> Option<Likeness> {
    Portrait::of(one).likeness(&Portrait::of(other))
}

/// Whom somebody resembles, for the moment a dossier is opened: places in `all`, the surest first.
#[must_use]
pub fn alike(one: &Portrait, all: &[Portrait]) -> Vec<(usize, Likeness)> {
    let mut found: Vec<(usize, Likeness)> =
        all.iter().enumerate().filter_map(|(place, other)| Some((place, one.likeness(other)?))).collect();
    found.sort_by_key(|(place, likeness)| (std::cmp::Reverse(likeness.certainty), *place));
    found
}

#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod tests;
