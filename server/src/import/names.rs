//! NOMS-1: a first name where the family name should be, and the other way round.
//!
//! Judged by the file itself: what is a first name in most of its rows is one in this row too. Said, never changed.

use std::collections::HashMap;

use liaison_shared::dossier::folded;

/// Stable name of the rule.
pub(super) const RULE: &str = "NOMS-1";

/// How much likelier the names have to be the other way round.
const RATIO: f64 = 20.0;

/// How often a word is a family name, and a first name.
#[derive(Debug, Clone, Copy, Default)]
struct Uses {
    family: f64,
    first: f64,
}

/// The names of a file, counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(HashMap<String, Uses>);

impl Names {
    /// Counts pairs of family name and first name.
    pub fn count<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut names: HashMap<String, Uses> = HashMap::new();
        for (family, first) in pairs {
            names.entry(folded(family)).or_default().family += 1.0;
            names.entry(folded(first)).or_default().first += 1.0;
        }
        names.remove("");
        Self(names)
    }

    /// Whether the names of a row, which was counted, have probably been exchanged.
    pub fn exchanged(&self, family: &str, first: &str) -> bool {
        let (family, first) = (folded(family), folded(first));
        if family.is_empty() || first.is_empty() || family == first {
            return false;
        }
        let uses = |name: &str| self.0.get(name).copied().unwrap_or_default();
        let (one, other) = (uses(&family), uses(&first));
        // Both have to be known from other rows: a name that stands here alone says nothing.
        if one.first < 2.0 || other.family < 1.0 {
            return false;
        }
        // As they stand (this row itself does not count), and the other way round.
        let stands = (one.family - 0.5) * (other.first - 0.5);
        let exchanged = (one.first + 0.5) * (other.family + 0.5);
        exchanged >= RATIO * stands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noms_1_the_file_itself_says_what_a_first_name_is() {
        let mut pairs = Vec::new();
        for family in ["Petit", "Roux", "Martin", "Thomas"] {
            pairs.extend(["Jeanne", "Paul", "Odette"].map(|first| (family, first)));
        }
        pairs.extend([("Jeanne", "PETIT"), ("Martin", "Thomas"), ("Zélie", "Vermeulen"), ("Jeanne", "Zweig")]);
        let names = Names::count(pairs.iter().copied());
        let found: Vec<_> = pairs.iter().filter(|(family, first)| names.exchanged(family, first)).collect();
        assert_eq!(found, [&("Jeanne", "PETIT")]);
    }
}
