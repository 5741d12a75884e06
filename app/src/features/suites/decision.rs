//! What is being decided about each proposition, before it is applied.

use std::collections::{BTreeMap, BTreeSet};

use liaison_shared::EntryId;
use liaison_shared::rules::consequences::{Decision, Modification, Proposition};
use liaison_shared::validate::calendar_date;

/// What becomes of a proposition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// As proposed.
    #[default]
    Accept,
    /// Otherwise.
    Change,
    /// Not at all.
    Refuse,
}

impl Verdict {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Accept, Self::Change, Self::Refuse];

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Accept => "Accepter",
            Self::Change => "Modifier",
            Self::Refuse => "Refuser",
        }
    }
}

/// What was chosen and typed about one proposition. What is empty is as proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What becomes of it.
    pub verdict: Verdict,
    /// Visits that are kept all the same.
    pub kept: BTreeSet<EntryId>,
    /// Another day.
    pub date: String,
    /// Another wording.
    pub wording: String,
    /// Why.
    pub reason: String,
}

/// What was chosen, by rule.
pub type Choices = BTreeMap<&'static str, Choice>;

impl Choice {
    /// The decision; `None` while a refusal has no reason, or a day is none.
    pub fn decision(&self) -> Option<Decision> {
        let reason = self.reason.trim().to_owned();
        match self.verdict {
            Verdict::Accept => Some(Decision::Acceptee),
            Verdict::Refuse => (!reason.is_empty()).then_some(Decision::Refusee(reason)),
            Verdict::Change => {
                let date = calendar_date(self.date.trim());
                if date.is_none() && !self.date.trim().is_empty() {
                    return None;
                }
                let garder = self.kept.iter().copied().collect();
                let how = Modification { garder, date, texte: self.wording.trim().to_owned(), motif: reason };
                Some(if how == Modification::default() { Decision::Acceptee } else { Decision::Modifiee(how) })
            }
        }
    }
}

/// Every decision, in the order of the propositions; the first rule without one when something is missing.
pub fn decided(propositions: &[Proposition], choices: &Choices) -> Result<Vec<(Proposition, Decision)>, &'static str> {
    let one = |proposition: &Proposition| {
        let decision = choices.get(proposition.regle).map_or(Some(Decision::Acceptee), Choice::decision);
        decision.map(|decision| (proposition.clone(), decision)).ok_or(proposition.regle)
    };
    propositions.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_needs_a_reason_and_a_change_that_changes_nothing_is_as_proposed() {
        let refused = Choice { verdict: Verdict::Refuse, reason: " ".to_owned(), ..Choice::default() };
        assert_eq!(refused.decision(), None);
        let refused = Choice { reason: "Forfait".to_owned(), ..refused };
        assert_eq!(refused.decision(), Some(Decision::Refusee("Forfait".to_owned())));
        let changed = Choice { verdict: Verdict::Change, ..Choice::default() };
        assert_eq!(changed.decision(), Some(Decision::Acceptee));
        let later = Choice { date: "2026-12-01".to_owned(), ..changed.clone() };
        assert!(matches!(later.decision(), Some(Decision::Modifiee(how)) if how.date.is_some()));
        assert_eq!(Choice { date: "bientôt".to_owned(), ..changed }.decision(), None);
    }
}
