//! What decisions have done, as lines that read: who, what, with which result; and what two people decided apart.

use std::collections::BTreeSet;

use liaison_shared::UserId;
use liaison_shared::documents::Record;
use liaison_shared::documents::schema::journal as jou;
use liaison_shared::documents::schema::relation as rel;
use liaison_shared::dossier::Dossier;
use liaison_shared::rules::consequences::{Fait, faits};

/// A decision that was kept.
#[derive(Clone)]
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
    pub fn is_back(&self) -> bool {
        self.record.value(&rel::CONSEQUENCE_ANNULEE) == "Oui"
    }

    /// Whether what it has done is its own record, and not one that the other decision wrote too.
    pub fn is_its_own(&self) -> bool {
        !self.faits.is_empty() && self.faits.iter().all(Fait::is_its_own)
    }
}

/// The decisions about a notice, those of one rule together, in the order in which the rules were first decided.
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

/// Those who handled a notice, when they were several: each wrote an answer or a decision that stands.
pub fn several(avis: &Record, kept: &[Kept]) -> Vec<UserId> {
    let answers = avis.register(&jou::AVIS_ACCUSE_LE).candidates;
    let of_answers = answers.iter().filter_map(|it| it.signature.author);
    let of_decisions = kept.iter().filter(|it| it.twice).filter_map(|it| it.record.signature.author);
    let people: BTreeSet<UserId> = of_answers.chain(of_decisions).collect();
    if people.len() > 1 { people.into_iter().collect() } else { Vec::new() }
}
