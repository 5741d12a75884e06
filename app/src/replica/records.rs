//! Where summaries are kept: many in one record, so that a start reads and opens few; those made since each in a row of its
//! own, which counts instead of what its record says. What one gathers of the other is one transaction: stopped at any
//! point, the same is read. Never opens a document.
//!
//! A record's key is the beginning that the ids of its dossiers share, a row's the whole id: one range has both. What an
//! earlier version of the application kept are rows only; they are gathered like any others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use liaison_shared::dossier::{SUMMARIES_VERSION, Summary};
use liaison_shared::{DocumentId, DossierId};
use minicbor::bytes::ByteSlice;
use minicbor::{Decode, Encode};

use super::marks::{Marks, mark};
use super::store::{CHANGES, META, STALE, SUMMARIES, Store, encoded};
use crate::platform::clock::{self, Turns};
use crate::platform::indexed_db::{Batch, Durability, StorageError};

/// Signs of an id that name its record: sixteen records, of some 600 summaries and 180 KB when there are ten thousand.
const BEGINNING: usize = 1;
/// Rows of their own before they are gathered.
const ROWS: usize = 200;
/// Where it is noted how the list was made.
pub(super) const LIST: &str = "summaries";
/// How it is made now. The second number is that of a repair: versions before it could lose a record of the list.
pub(super) const LIST_IS: &[u8] = &[SUMMARIES_VERSION, 1];

/// One summary in a record. It is not taken apart to be kept again.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Kept<'b> {
    #[n(0)]
    dossier: DossierId,
    #[b(1)]
    summary: &'b ByteSlice,
}

/// What rows say of each dossier, in the order of their keys: a record before the rows that count instead.
fn said(rows: &[(String, Vec<u8>)]) -> BTreeMap<DossierId, &ByteSlice> {
    let mut said = BTreeMap::new();
    for (key, value) in rows {
        if let Ok(dossier) = key.parse() {
            said.insert(dossier, value.as_slice().into());
        } else if let Ok(record) = minicbor::decode::<Vec<Kept<'_>>>(value) {
            said.extend(record.into_iter().map(|kept| (kept.dossier, kept.summary)));
        }
    }
    said
}

/// The record that says the same as these rows, without some dossiers; none when nothing is left.
fn gathered(rows: &[(String, Vec<u8>)], without: &[DossierId]) -> Option<Vec<u8>> {
    let left = said(rows).into_iter().filter(|(dossier, _)| !without.contains(dossier));
    let kept: Vec<Kept<'_>> = left.map(|(dossier, summary)| Kept { dossier, summary }).collect();
    (!kept.is_empty()).then(|| encoded(&kept))
}

/// Puts the record with this key in the place of its rows.
fn gather(key: &str, rows: &[(String, Vec<u8>)], without: &[DossierId]) -> Batch {
    let mut batch = Batch::default();
    for (key, _) in rows {
        batch.delete(SUMMARIES, key.clone());
    }
    if let Some(record) = gathered(rows, without) {
        batch.put(SUMMARIES, key, record);
    }
    batch
}

/// The key of the record that a row belongs to; none for a record's own.
fn record_of(key: &str) -> Option<String> {
    key.get(..BEGINNING).filter(|beginning| *beginning != key).map(str::to_owned)
}

impl Store {
    /// Every summary.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn summaries(&self) -> Result<Vec<Arc<Summary>>, StorageError> {
        let rows = self.database.prefixed_large(SUMMARIES, "").await?;
        let (mut all, mut turns) = (Vec::new(), Turns::begin());
        // In the order of keys, what is of one record is together.
        for some in rows.chunk_by(|(one, _), (other, _)| one.get(..BEGINNING) == other.get(..BEGINNING)) {
            let read = |bytes: &ByteSlice| minicbor::decode(bytes).map(Arc::new).ok();
            all.extend(said(some).into_values().filter_map(read));
            turns.go_on().await;
        }
        Ok(all)
    }

    /// Marks what an earlier version of the application has made or lost, so that it is made again: every summary of before,
    /// and every dossier that is here and not in the list.
    ///
    /// # Errors
    /// When the device cannot read or store.
    pub async fn outdate_summaries(&self) -> Result<(), StorageError> {
        let before = self.database.get(META, LIST).await?.unwrap_or_default();
        if before == LIST_IS {
            return Ok(());
        }
        let listed: BTreeSet<DossierId> =
            said(&self.database.prefixed_large(SUMMARIES, "").await?).into_keys().collect();
        let mut outdated = self.held().await?;
        if before.first() == LIST_IS.first() {
            outdated.retain(|dossier| !listed.contains(dossier));
        } else {
            outdated.extend(listed);
        }
        let mut batch = Batch::default();
        mark(&mut batch, outdated);
        batch.put(META, LIST, LIST_IS.to_vec());
        self.database.write(&batch, Durability::Strict).await
    }

    /// The dossiers that something is stored of.
    async fn held(&self) -> Result<BTreeSet<DossierId>, StorageError> {
        let mut held = BTreeSet::new();
        for beginning in "0123456789abcdef".chars() {
            let keys = self.database.keys(CHANGES, beginning.encode_utf8(&mut [0; 4])).await?;
            let mut documents: Vec<&str> = keys.iter().filter_map(|key| Some(key.split_once('#')?.0)).collect();
            documents.dedup();
            held.extend(documents.into_iter().filter_map(|id| id.parse::<DocumentId>().ok()?.dossier()));
            clock::breathe().await;
        }
        Ok(held)
    }

    /// Keeps summaries, and takes away the marks that were on their dossiers before these were read: those of what was
    /// written since stay. False: a dossier has left this device meanwhile, with its marks, and nothing was kept.
    ///
    /// # Errors
    /// When the device cannot store; the summaries stay marked as out of date.
    pub(super) async fn keep_summaries(&self, summaries: &[Summary], before: &Marks) -> Result<bool, StorageError> {
        let mut batch = Batch::default();
        for summary in summaries {
            batch.put(SUMMARIES, summary.dossier.to_string(), encoded(summary));
        }
        let answered = before.on(|dossier| summaries.iter().any(|summary| summary.dossier == dossier));
        for mark in &answered {
            batch.delete(STALE, mark.as_str());
        }
        // Keys come in their order.
        let all_there =
            |keys: &[Vec<String>]| keys.iter().all(|keys| answered.iter().all(|mark| keys.binary_search(mark).is_ok()));
        self.database.write_while(&batch, &[(STALE, &before.beginning)], all_there, Durability::Relaxed).await
    }

    /// Keeps a list that was made elsewhere, of dossiers that nothing is kept of. Rows that are there count instead.
    ///
    /// # Errors
    /// When the device cannot store; some may be kept then.
    pub async fn put_summaries(&self, list: &[Arc<Summary>]) -> Result<(), StorageError> {
        let (mut records, mut turns) = (BTreeMap::<String, Vec<(DossierId, Vec<u8>)>>::new(), Turns::begin());
        for summary in list {
            let Some(record) = record_of(&summary.dossier.to_string()) else { continue };
            records.entry(record).or_default().push((summary.dossier, encoded(&**summary)));
            turns.go_on().await;
        }
        for (key, summaries) in records {
            let kept = summaries.iter().map(|(dossier, it)| Kept { dossier: *dossier, summary: it.as_slice().into() });
            let mut batch = Batch::default();
            batch.put(SUMMARIES, key, encoded(&kept.collect::<Vec<_>>()));
            self.database.write(&batch, Durability::Relaxed).await?;
            turns.go_on().await;
        }
        Ok(())
    }

    /// Takes the rows that have come beside the records into them, once there are many.
    ///
    /// # Errors
    /// When the device cannot read or store; what was not gathered stays as it was.
    pub async fn gather_summaries(&self) -> Result<(), StorageError> {
        let keys = self.database.keys(SUMMARIES, "").await?;
        let mut records: Vec<String> = keys.iter().filter_map(|key| record_of(key)).collect();
        if records.len() < ROWS {
            return Ok(());
        }
        // Keys come in their order.
        records.dedup();
        for record in records {
            self.database.rewrite(SUMMARIES, &record, |rows| gather(&record, &rows, &[])).await?;
            clock::breathe().await;
        }
        Ok(())
    }

    /// Deletes the summaries of some dossiers.
    ///
    /// # Errors
    /// When the device cannot read or store; some may be deleted then.
    pub async fn forget_summaries(&self, dossiers: &[DossierId]) -> Result<(), StorageError> {
        for record in dossiers.iter().filter_map(|it| record_of(&it.to_string())) {
            self.database.rewrite(SUMMARIES, &record, |rows| gather(&record, &rows, dossiers)).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rows = Vec<(String, Vec<u8>)>;

    fn dossier(number: u8) -> DossierId {
        let mut id = [number; 16];
        id[0] = 0x7f;
        DossierId(id)
    }

    fn row(number: u8, nom: &str) -> (String, Vec<u8>) {
        let id = dossier(number);
        (id.to_string(), encoded(&Summary { nom: nom.to_owned(), ..Summary::empty(id) }))
    }

    /// What is read of these rows, whatever they are.
    fn names(rows: &Rows) -> Vec<String> {
        let read = |bytes: &ByteSlice| minicbor::decode::<Summary>(bytes).unwrap().nom;
        said(rows).into_values().map(read).collect()
    }

    /// As the database is after the transaction.
    fn after(rows: &Rows, without: &[DossierId]) -> Rows {
        gathered(rows, without).into_iter().map(|record| ("7".to_owned(), record)).collect()
    }

    #[test]
    fn rows_of_before_there_were_records_read_the_same_before_and_after_they_are_gathered() {
        let rows = vec![row(1, "Petit"), row(2, "Haddad")];
        assert_eq!(names(&rows), ["Petit", "Haddad"]);
        let rows = after(&rows, &[]);
        assert_eq!((rows.len(), names(&rows)), (1, vec!["Petit".to_owned(), "Haddad".to_owned()]));
    }

    #[test]
    fn a_row_counts_instead_of_what_its_record_says_until_and_after_it_is_gathered() {
        let mut rows = after(&vec![row(1, "Petit"), row(2, "Haddad")], &[]);
        rows.extend([row(2, "Benali"), row(3, "Roche")]);
        assert_eq!(names(&rows), ["Petit", "Benali", "Roche"]);
        assert_eq!(names(&after(&rows, &[])), ["Petit", "Benali", "Roche"]);
    }

    #[test]
    fn what_is_forgotten_is_in_the_record_no_more() {
        let mut rows = after(&vec![row(1, "Petit"), row(2, "Haddad")], &[]);
        rows.push(row(3, "Roche"));
        let rows = after(&rows, &[dossier(1), dossier(3)]);
        assert_eq!(names(&rows), ["Haddad"]);
        assert!(!rows[0].1.windows(5).any(|part| part == b"Petit"));
        assert!(after(&rows, &[dossier(2)]).is_empty(), "an empty record is none");
    }

    #[test]
    fn a_record_is_in_the_range_of_its_rows_and_before_them() {
        let (key, _) = row(1, "");
        assert_eq!(record_of(&key).as_deref(), Some("7"));
        assert!(key.starts_with("7") && *"7" < *key);
        assert_eq!(record_of("7"), None);
    }
}
