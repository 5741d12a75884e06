//! Finding dossiers: the order of their names and what is searched of each, prepared once, and again when one changes.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::dossier::{Query, Score, Searchable, Summary};
use liaison_shared::order;

use super::workspace::{Summaries, Workspace};
use crate::platform::clock::{self, Turns};

/// Dossiers prepared before the clock is looked at.
const SOME: usize = 32;
/// How long the page is left alone before that, in milliseconds.
const SOON: u32 = 300;

/// One dossier.
struct Entry {
    summary: Arc<Summary>,
    /// What it is sorted by.
    name: (String, String),
    searched: OnceCell<Searchable>,
}

impl Entry {
    fn of(summary: &Arc<Summary>) -> Self {
        let name = (summary.nom.to_lowercase(), summary.prenom.to_lowercase());
        Self { summary: Arc::clone(summary), name, searched: OnceCell::new() }
    }

    fn searched(&self) -> &Searchable {
        self.searched.get_or_init(|| self.summary.with_known(Searchable::of))
    }
}

/// Every dossier, ready to be found.
#[derive(Default)]
pub struct SearchIndex {
    /// In the order of their ids.
    entries: Vec<Entry>,
    /// Places in `entries`, in the order of their names.
    by_name: Vec<usize>,
}

impl SearchIndex {
    /// Takes up what has changed since the last time.
    fn follow(&mut self, summaries: &Summaries) {
        let same = |(entry, summary): (&Entry, &Arc<Summary>)| Arc::ptr_eq(&entry.summary, summary);
        if self.entries.len() == summaries.len() && self.entries.iter().zip(summaries.values()).all(same) {
            return;
        }
        let mut before = std::mem::take(&mut self.entries).into_iter().peekable();
        for summary in summaries.values() {
            while before.next_if(|entry| entry.summary.dossier < summary.dossier).is_some() {}
            let known = before.next_if(|entry| Arc::ptr_eq(&entry.summary, summary));
            self.entries.push(known.unwrap_or_else(|| Entry::of(summary)));
        }
        // What is nearly in order is sorted in no time: where only names have changed, the order of before is the beginning.
        if self.by_name.len() != self.entries.len() {
            self.by_name = (0..self.entries.len()).collect();
        }
        let entries = &self.entries;
        order::sort(&mut self.by_name, &|one, other| entries[one].name.cmp(&entries[other].name));
    }

    /// The dossiers to show that answer: the best first; alike, by name. Without a query all do, alike.
    fn find(&self, query: &str, shown: impl Fn(&Summary) -> bool) -> Vec<Arc<Summary>> {
        let query = Query::of(query);
        let entries = self.by_name.iter().filter_map(|place| self.entries.get(*place));
        if query.is_empty() {
            return entries.map(|entry| &entry.summary).filter(|summary| shown(summary)).cloned().collect();
        }
        let answer = |entry: &Entry| Some((query.score(entry.searched())?, Arc::clone(&entry.summary)));
        let found: Vec<(Score, Arc<Summary>)> =
            entries.filter_map(answer).filter(|(_, summary)| shown(summary)).collect();
        let order = order::places(found.len(), &|one, other| found[one].0.cmp(&found[other].0));
        order.into_iter().map(|place| Arc::clone(&found[place].1)).collect()
    }

    /// Prepares some; false when there are no more.
    fn prepare(&self, places: Range<usize>) -> bool {
        let some = self.entries.iter().skip(places.start).take(places.len());
        some.map(Entry::searched).count() > 0
    }
}

impl Workspace {
    /// The dossiers to show that answer a query, the best first. Tracks the list.
    #[must_use]
    pub fn find(&self, query: &str, shown: impl Fn(&Summary) -> bool) -> Vec<Arc<Summary>> {
        self.summaries.with(|summaries| {
            let found = self.index.try_update_value(|index| {
                index.follow(summaries);
                index.find(query, shown)
            });
            found.unwrap_or_default()
        })
    }

    /// Prepares the search while nobody waits for it, once the page stands.
    pub(super) async fn prepare_search(self) {
        clock::sleep(SOON).await;
        let mut turns = Turns::begin();
        let follow = |summaries: &Summaries| self.index.try_update_value(|index| index.follow(summaries));
        let _gone = self.summaries.try_with_untracked(follow);
        for start in (0..).step_by(SOME) {
            if self.index.try_with_value(|index| index.prepare(start..start + SOME)) != Some(true) {
                return;
            }
            turns.go_on().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liaison_shared::DossierId;

    fn list(names: &[(u8, &str)]) -> Summaries {
        let summary = |(number, nom): &(u8, &str)| {
            let id = DossierId([*number; 16]);
            (id, Arc::new(Summary { nom: (*nom).to_owned(), ..Summary::empty(id) }))
        };
        names.iter().map(summary).collect()
    }

    fn names(index: &mut SearchIndex, query: &str, all: &Summaries) -> Vec<String> {
        index.follow(all);
        index.find(query, |summary| summary.nom != "Caché").iter().map(|summary| summary.nom.clone()).collect()
    }

    #[test]
    fn a_dossier_is_found_by_what_it_says_now() {
        let mut index = SearchIndex::default();
        let before = list(&[(1, "Petit"), (2, "Haddad"), (3, "Caché")]);
        assert_eq!(names(&mut index, "peti", &before), ["Petit"]);
        assert_eq!(names(&mut index, "hadad", &before), ["Haddad"], "one slip is forgiven");
        let after = list(&[(1, "Grand"), (2, "Haddad")]);
        assert!(names(&mut index, "peti", &after).is_empty());
        assert_eq!(names(&mut index, "", &after), ["Grand", "Haddad"]);
    }

    #[test]
    fn what_stays_is_kept_prepared_and_what_comes_and_goes_is_in_its_place() {
        let mut index = SearchIndex::default();
        let mut all = list(&[(2, "Zola"), (5, "Aubert"), (7, "Martin")]);
        assert_eq!(names(&mut index, "", &all), ["Aubert", "Martin", "Zola"]);
        assert!(index.prepare(0..2) && !index.prepare(3..5));
        all.remove(&DossierId([2; 16]));
        all.extend(list(&[(1, "Noir"), (6, "Blanc"), (7, "Abel")]));
        assert_eq!(names(&mut index, "", &all), ["Abel", "Aubert", "Blanc", "Noir"]);
        let prepared: Vec<bool> = index.entries.iter().map(|entry| entry.searched.get().is_some()).collect();
        assert_eq!(prepared, [false, true, false, false], "only what has not changed");
    }
}
