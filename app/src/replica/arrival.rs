//! What of the agency has not come to this device yet, while everything is being brought; told to the page and to the
//! other tabs. Never takes a dossier that has not come for one in which nothing is written.

use std::collections::BTreeSet;

use liaison_shared::access::Role;
use liaison_shared::protocol::Cursor;
use liaison_shared::sync::ReceivedChunk;
use liaison_shared::{DossierId, Epoch, order};
use minicbor::{Decode, Encode};

use super::marks::{dossier_of, mark};
use super::records::{LIST, LIST_IS};
use super::store::{META, OUTBOX, Store, encoded, put_chunks};
use super::tabs::TabMessage;
use super::{Notice, Replica};
use crate::platform::clock;
use crate::platform::indexed_db::{Batch, Durability, StorageError};

/// Kept as long as something is missing.
const BOOTSTRAP: &str = "bootstrap";
/// Dossiers that came before their turn: `early:<dossier>`.
pub(super) const EARLY: &str = "early:";

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Progress {
    /// The life of the log that it comes from.
    #[n(0)]
    pub epoch: Epoch,
    /// Every dossier up to this one is here.
    #[n(1)]
    pub after: Option<DossierId>,
    /// How many those are.
    #[n(2)]
    pub count: u32,
    /// How many there are.
    #[n(3)]
    pub dossiers: u32,
}

/// What is missing.
#[derive(Debug, Clone)]
pub(super) struct Arriving {
    pub progress: Progress,
    /// What came before its turn (`early.rs`).
    pub early: BTreeSet<DossierId>,
}

impl Arriving {
    fn lacks(&self, dossier: DossierId) -> bool {
        self.progress.after.is_none_or(|after| dossier > after) && !self.early.contains(&dossier)
    }
}

/// What is stored before anything of a dossier is.
pub(super) struct Beginning {
    pub progress: Progress,
    pub cursor: Cursor,
    pub role: Role,
    /// Dossiers whose summary is to be made again, once they are here.
    pub outdated: Vec<DossierId>,
    /// Those of which the relay has a summary.
    pub listed: BTreeSet<DossierId>,
}

/// The dossiers that were begun here, by the keys of what is owed: on a device that held nothing, all but those that
/// the relay lists.
fn begun(owed: &[String], listed: &BTreeSet<DossierId>) -> BTreeSet<DossierId> {
    let dossiers = owed.iter().filter_map(|key| dossier_of(key));
    order::set(dossiers.filter(|dossier| !listed.contains(dossier)))
}

impl Store {
    /// What is missing, while something is.
    ///
    /// # Errors
    /// When the device cannot read.
    pub(super) async fn arriving(&self) -> Result<Option<Arriving>, StorageError> {
        let Some(progress) = self.database.get(META, BOOTSTRAP).await? else { return Ok(None) };
        let Ok(progress) = minicbor::decode(&progress) else { return Ok(None) };
        let keys = self.database.keys(META, EARLY).await?;
        let mut early = BTreeSet::new();
        early.extend(keys.iter().filter_map(|key| key.strip_prefix(EARLY)?.parse::<DossierId>().ok()));
        Ok(Some(Arriving { progress, early }))
    }

    /// Keeps where the relay's log stood, and with it that everything before is missing, but for what was begun here.
    ///
    /// # Errors
    /// When the device cannot read or store: nothing has begun then.
    pub(super) async fn begin_arrival(&self, beginning: &Beginning) -> Result<Arriving, StorageError> {
        loop {
            let owed = self.database.keys(OUTBOX, "").await?;
            let early = begun(&owed, &beginning.listed);
            let mut batch = Batch::default();
            mark(&mut batch, beginning.outdated.iter().copied());
            batch.put(META, LIST, LIST_IS.to_vec());
            batch.put(META, "cursor", encoded(&beginning.cursor));
            batch.put(META, "role", encoded(&beginning.role));
            batch.put(META, BOOTSTRAP, encoded(&beginning.progress));
            for dossier in &early {
                batch.put(META, format!("{EARLY}{dossier}"), Vec::new());
            }
            // A dossier may have been begun while this was made.
            let unchanged = |keys: &[Vec<String>]| *keys == [owed.clone()];
            if self.database.write_while(&batch, &[(OUTBOX, "")], unchanged, Durability::Strict).await? {
                return Ok(Arriving { progress: beginning.progress, early });
            }
        }
    }

    /// Keeps what has come, with how far that is. False: nothing is awaited any more, and nothing was kept.
    ///
    /// # Errors
    /// When the device cannot store: nothing of it is stored then.
    pub(super) async fn arrive(
        &self,
        chunks: &[ReceivedChunk],
        progress: &Progress,
        outdated: &[DossierId],
    ) -> Result<bool, StorageError> {
        let mut batch = Batch::default();
        put_chunks(&mut batch, chunks);
        mark(&mut batch, outdated.iter().copied());
        batch.put(META, BOOTSTRAP, encoded(progress));
        self.write_awaited(&batch).await
    }

    pub(super) async fn write_awaited(&self, batch: &Batch) -> Result<bool, StorageError> {
        let awaited = |keys: &[Vec<String>]| keys.iter().all(|keys| !keys.is_empty());
        self.database.write_while(batch, &[(META, BOOTSTRAP)], awaited, Durability::Relaxed).await
    }

    pub(super) async fn end_arrival(&self) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        batch.delete(META, BOOTSTRAP);
        for key in self.database.keys(META, EARLY).await? {
            batch.delete(META, key);
        }
        self.database.write(&batch, Durability::Strict).await
    }
}

impl Replica {
    /// How many dossiers of how many are here, while they are being brought.
    #[must_use]
    pub fn arrived(&self) -> Option<(u32, u32)> {
        self.inner.arriving.borrow().as_ref().map(|it| (it.progress.count, it.progress.dossiers))
    }

    /// Whether a dossier has not come yet.
    #[must_use]
    pub fn lacks(&self, dossier: DossierId) -> bool {
        self.inner.arriving.borrow().as_ref().is_some_and(|arriving| arriving.lacks(dossier))
    }

    /// How far it is, as long as something is missing.
    pub(super) fn progress(&self) -> Option<Progress> {
        self.inner.arriving.borrow().as_ref().map(|arriving| arriving.progress)
    }

    /// Reads from the store what is missing.
    pub(super) async fn read_arriving(&self) -> Result<(), StorageError> {
        let mut arriving = loop {
            let before = self.progress();
            let read = self.inner.store.arriving().await?;
            // What was heard while reading may be newer than what was read.
            if self.progress() == before {
                break read;
            }
        };
        let known = self.inner.arriving.take();
        if let (Some(arriving), Some(known)) = (&mut arriving, known) {
            // What has just come early may not have been stored when it was read.
            arriving.early.extend(known.early);
        }
        *self.inner.arriving.borrow_mut() = arriving;
        self.notify(Notice::Arriving(self.arrived()));
        Ok(())
    }

    /// The same where nobody else will say it: whoever stored it may have ended before telling. Shows the list when
    /// this page did not know that there is one.
    pub(super) async fn learn_arriving(&self) -> Result<(), StorageError> {
        let knew = self.progress().is_some();
        self.read_arriving().await?;
        if !knew && self.progress().is_some() {
            self.show_list().await;
        }
        Ok(())
    }

    async fn show_list(&self) {
        if let Ok(list) = self.inner.store.summaries().await {
            self.notify(Notice::Summaries(list));
        }
    }

    /// More is here, or everything; the other tabs hear it too.
    pub(super) fn has_arrived(&self, progress: Option<Progress>) {
        self.hear_arrived(progress);
        self.tell_tabs(&TabMessage::Arriving(progress));
        self.refresh_summaries();
    }

    /// Nothing is awaited any more: everything is here, or the rest comes otherwise.
    ///
    /// # Errors
    /// When the device cannot read or store.
    pub(super) async fn end_arrival(&self) -> Result<(), StorageError> {
        self.inner.store.end_arrival().await?;
        self.has_arrived(None);
        Ok(())
    }

    /// Another tab says how far it is; at the beginning, that there is a list.
    pub(super) fn hear_arriving(&self, progress: Option<Progress>) {
        let begins = progress.is_some() && self.progress().is_none();
        self.hear_arrived(progress);
        if begins {
            let replica = self.clone();
            clock::spawn(async move {
                // What was begun here is not missing; not read now, it is read when somebody opens it.
                let _read = replica.read_arriving().await.is_ok();
                replica.show_list().await;
            });
        }
    }

    /// Everything but this is missing from now on.
    pub(super) fn begins_arriving(&self, arriving: Arriving) {
        let progress = arriving.progress;
        *self.inner.arriving.borrow_mut() = Some(arriving);
        self.has_arrived(Some(progress));
    }

    fn hear_arrived(&self, progress: Option<Progress>) {
        let before = self.inner.arriving.take();
        let early = before.map(|before| before.early).unwrap_or_default();
        *self.inner.arriving.borrow_mut() = progress.map(|progress| Arriving { progress, early });
        self.notify(Notice::Arriving(self.arrived()));
    }
}

/// The chunks of one document; none when one of them is neither a change nor a snapshot.
pub(super) fn chunks_of(document: &str, chunks: Vec<minicbor::bytes::ByteVec>) -> Option<Vec<ReceivedChunk>> {
    chunks.into_iter().map(|chunk| ReceivedChunk::read(document.to_owned(), chunk)).collect()
}

#[cfg(test)]
mod tests {
    use liaison_shared::{ChangeHash, DocumentId};

    use super::*;

    fn dossier(number: u8) -> DossierId {
        DossierId([number; 16])
    }

    #[test]
    fn what_is_behind_the_last_that_came_is_missing_unless_it_came_early() {
        let progress = Progress { epoch: Epoch([1; 16]), after: None, count: 0, dossiers: 3 };
        let none = Arriving { progress, early: BTreeSet::new() };
        assert!(none.lacks(dossier(1)));
        let some = Progress { after: Some(dossier(2)), count: 2, ..progress };
        let some = Arriving { progress: some, early: BTreeSet::from([dossier(4)]) };
        assert_eq!([1, 2, 3, 4].map(|it| some.lacks(dossier(it))), [false, false, true, false]);
    }

    #[test]
    fn what_is_owed_was_begun_here_unless_the_relay_lists_it() {
        let key = |id: DocumentId| format!("{id}#{}", ChangeHash([7; 32]));
        let ids = [1, 1, 2].map(|number| DocumentId::relation(dossier(number)));
        let mut owed: Vec<String> = ids.into_iter().map(key).collect();
        owed.push(key(DocumentId::Annuaire));
        assert_eq!(begun(&owed, &BTreeSet::from([dossier(2), dossier(3)])), BTreeSet::from([dossier(1)]));
    }
}
