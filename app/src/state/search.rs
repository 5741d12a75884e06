//! Finding dossiers: what is searched of each, prepared once and again when it changes.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use liaison_shared::DossierId;
use liaison_shared::dossier::{Query, Score, Searchable, Summary};

/// What is searched of each dossier, with the mark of the summary it was made from.
#[derive(Default)]
pub struct SearchIndex {
    known: HashMap<DossierId, (u64, Searchable)>,
}

impl SearchIndex {
    /// How well each dossier answers; nothing for those that do not. Without a query all do, alike.
    pub fn find<'a>(
        &mut self,
        query: &str,
        summaries: &'a BTreeMap<DossierId, Summary>,
    ) -> Vec<(Option<Score>, &'a Summary)> {
        let query = Query::of(query);
        if query.is_empty() {
            return summaries.values().map(|summary| (None, summary)).collect();
        }
        let mut found = Vec::new();
        for summary in summaries.values() {
            if let Some(score) = query.score(self.prepared(summary)) {
                found.push((Some(score), summary));
            }
        }
        found
    }

    fn prepared(&mut self, summary: &Summary) -> &Searchable {
        let mut hasher = DefaultHasher::new();
        summary.hash(&mut hasher);
        let mark = hasher.finish();
        let make = || (mark, summary.with_known(Searchable::of));
        let entry = self.known.entry(summary.dossier).or_insert_with(make);
        if entry.0 != mark {
            *entry = make();
        }
        &entry.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[(u8, &str)]) -> BTreeMap<DossierId, Summary> {
        let summary = |(number, nom): &(u8, &str)| {
            let id = DossierId([*number; 16]);
            (id, Summary { nom: (*nom).to_owned(), ..Summary::empty(id) })
        };
        names.iter().map(summary).collect()
    }

    #[test]
    fn a_dossier_is_found_by_what_it_says_now() {
        let mut index = SearchIndex::default();
        let names = |index: &mut SearchIndex, query: &str, all: &BTreeMap<DossierId, Summary>| {
            index.find(query, all).into_iter().map(|(_, summary)| summary.nom.clone()).collect::<Vec<_>>()
        };
        let before = list(&[(1, "Petit"), (2, "Haddad")]);
        assert_eq!(names(&mut index, "peti", &before), ["Petit"]);
        assert_eq!(names(&mut index, "hadad", &before), ["Haddad"], "one slip is forgiven");
        let after = list(&[(1, "Grand"), (2, "Haddad")]);
        assert!(names(&mut index, "peti", &after).is_empty());
        assert_eq!(names(&mut index, "", &after).len(), 2);
    }
}
