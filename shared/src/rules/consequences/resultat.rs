//! What decisions have done, as lines that read: who, what, with which result; and what two people decided apart.

use std::collections::BTreeSet;

use super::{Fait, faits};
use crate::documents::Record;
use crate::documents::schema::journal as jou;
use crate::documents::schema::relation as rel;
use crate::dossier::Dossier;
use crate::ids::UserId;

/// A decision that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// As it was written.
    pub record: Record,
    /// What it has done.
    pub faits: Vec<Fait>,
    /// Another decision of the same rule stands: two people decided apart.
    pub twice: bool,
}

impl Kept {
    /// Whether it was taken back.
    #[must_use]
    pub fn is_back(&self) -> bool {
        self.record.value(&rel::CONSEQUENCE_ANNULEE) == "Oui"
    }

    /// Whether what it has done is its own record, and not one that the other decision wrote too.
    #[must_use]
    pub fn is_its_own(&self) -> bool {
        !self.faits.is_empty() && self.faits.iter().all(Fait::is_its_own)
    }
}

/// The decisions about a notice, those of one rule together, in the order in which the rules were first decided.
#[must_use]
pub fn kept(view: &Dossier, avis: &Record) -> Vec<Kept> {
    let id = avis.id.to_string();
    let all: Vec<&Record> =
        view.records.of(&rel::CONSEQUENCES).filter(|it| it.value(&rel::CONSEQUENCE_AVIS) == id).collect();
    let regle = |record: &Record| record.value(&rel::CONSEQUENCE_REGLE).to_owned();
    let stands = |record: &Record| record.value(&rel::CONSEQUENCE_ANNULEE) != "Oui";
    let mut rules: Vec<String> = Vec::new();
    for record in &all {
        if !rules.contains(&regle(record)) {
            rules.push(regle(record));
        }
    }
    let of_rule = |rule: &String| {
        let same: Vec<&Record> = all.iter().copied().filter(|it| regle(it) == *rule).collect();
        let standing = same.iter().filter(|it| stands(it)).count();
        let kept = move |record: &Record| Kept {
            faits: faits(record),
            twice: standing > 1 && stands(record),
            record: record.clone(),
        };
        same.into_iter().map(kept).collect::<Vec<_>>()
    };
    rules.iter().flat_map(of_rule).collect()
}

/// Those who handled a notice apart, each without having seen the other's answer; nobody when it was handled once.
#[must_use]
pub fn apart(avis: &Record, kept: &[Kept]) -> Vec<UserId> {
    let answers = avis.register(&jou::AVIS_ACCUSE_LE);
    let twice = kept.iter().filter(|it| it.twice);
    if !answers.is_contested() && twice.clone().next().is_none() {
        return Vec::new();
    }
    let of_answers = answers.candidates.iter().filter_map(|it| it.signature.author);
    let of_decisions = twice.filter_map(|it| it.record.signature.author);
    of_answers.chain(of_decisions).collect::<BTreeSet<UserId>>().into_iter().collect()
}
