//! What of the agency has not come to this device yet, while everything is being brought: told to the page, fetched by
//! itself when somebody waits for it. Never takes a dossier that has not come for one in which nothing is written.

use std::collections::BTreeSet;

use liaison_shared::access::Role;
use liaison_shared::protocol::{BootstrapItem, Cursor, ItemReader};
use liaison_shared::sync::ReceivedChunk;
use liaison_shared::{DocumentId, DossierId, Epoch};
use minicbor::{Decode, Encode};

use super::records::{LIST, LIST_IS};
use super::store::{META, STALE, Store, encoded, put_chunks};
use super::tabs::TabMessage;
use super::{Notice, Replica};
use crate::platform::indexed_db::{Batch, Durability, StorageError};
use crate::platform::{clock, http};

/// Kept as long as something is missing.
const BOOTSTRAP: &str = "bootstrap";
/// Dossiers that came before their turn: `early:<dossier>`.
const EARLY: &str = "early:";
/// Longest wait for a dossier that somebody opens, in milliseconds.
const PATIENCE: u32 = 15_000;

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
    early: BTreeSet<DossierId>,
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
}

fn outdate(batch: &mut Batch, dossiers: &[DossierId]) {
    for dossier in dossiers {
        batch.put(STALE, DocumentId::client(*dossier).to_string(), Vec::new());
    }
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

    /// Keeps where the relay's log stood, and with it that everything before is missing.
    ///
    /// # Errors
    /// When the device cannot store: nothing has begun then.
    pub(super) async fn begin_arrival(&self, beginning: &Beginning) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        outdate(&mut batch, &beginning.outdated);
        batch.put(META, LIST, LIST_IS.to_vec());
        batch.put(META, "cursor", encoded(&beginning.cursor));
        batch.put(META, "role", encoded(&beginning.role));
        batch.put(META, BOOTSTRAP, encoded(&beginning.progress));
        self.database.write(&batch, Durability::Strict).await
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
        outdate(&mut batch, outdated);
        batch.put(META, BOOTSTRAP, encoded(progress));
        self.write_awaited(&batch).await
    }

    /// Keeps a dossier that came before its turn.
    async fn arrive_early(&self, dossier: DossierId, chunks: &[ReceivedChunk]) -> Result<bool, StorageError> {
        let mut batch = Batch::default();
        put_chunks(&mut batch, chunks);
        batch.put(META, format!("{EARLY}{dossier}"), Vec::new());
        self.write_awaited(&batch).await
    }

    async fn write_awaited(&self, batch: &Batch) -> Result<bool, StorageError> {
        let awaited = |keys: &[String]| !keys.is_empty();
        self.database.write_while(batch, (META, BOOTSTRAP), awaited, Durability::Relaxed).await
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

    /// Reads from the store what is missing.
    pub(super) async fn read_arriving(&self) -> Result<(), StorageError> {
        let arriving = self.inner.store.arriving().await?;
        *self.inner.arriving.borrow_mut() = arriving;
        self.notify(Notice::Arriving(self.arrived()));
        Ok(())
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
        let begins = progress.is_some() && self.inner.arriving.borrow().is_none();
        self.hear_arrived(progress);
        if !begins {
            return;
        }
        let replica = self.clone();
        clock::spawn(async move {
            if let Ok(list) = replica.inner.store.summaries().await {
                replica.notify(Notice::Summaries(list));
            }
        });
    }

    fn hear_arrived(&self, progress: Option<Progress>) {
        let before = self.inner.arriving.take();
        let early = before.map(|before| before.early).unwrap_or_default();
        *self.inner.arriving.borrow_mut() = progress.map(|progress| Arriving { progress, early });
        self.notify(Notice::Arriving(self.arrived()));
    }

    /// A dossier that was begun here is not missing, although the relay has sent nothing of it.
    pub(super) async fn begun_here(&self, dossiers: impl Iterator<Item = DossierId>) {
        for dossier in dossiers {
            if !self.lacks(dossier) {
                continue;
            }
            self.came_early(dossier);
            // Not kept, it is fetched from the relay like any other.
            let _kept = self.inner.store.arrive_early(dossier, &[]).await.is_ok();
        }
    }

    fn came_early(&self, dossier: DossierId) {
        if let Some(arriving) = &mut *self.inner.arriving.borrow_mut() {
            arriving.early.insert(dossier);
        }
    }

    /// Brings a dossier that has not come yet: somebody waits for it.
    ///
    /// # Errors
    /// [`StorageError::NotHere`] when the relay does not send it now; when the device cannot read or store.
    pub async fn bring(&self, dossier: DossierId) -> Result<(), StorageError> {
        if !self.lacks(dossier) {
            return Ok(());
        }
        // Another tab may have brought it.
        self.read_arriving().await?;
        if !self.lacks(dossier) {
            return Ok(());
        }
        let path = format!("/api/bootstrap?dossier={dossier}");
        let answer = clock::within(PATIENCE, http::carry("GET", &path, &self.inner.token, None)).await;
        let Some(Ok(stream)) = answer else { return Err(StorageError::NotHere) };
        let chunks = whole(&stream).ok_or(StorageError::NotHere)?;
        if self.inner.store.arrive_early(dossier, &chunks).await? {
            self.came_early(dossier);
        } else {
            self.read_arriving().await?;
        }
        self.take_in(&chunks);
        self.refresh_summaries();
        Ok(())
    }
}

/// The chunks in a stream; none when it has no end.
fn whole(stream: &[u8]) -> Option<Vec<ReceivedChunk>> {
    let (mut reader, mut all) = (ItemReader::default(), Vec::new());
    reader.extend(stream);
    loop {
        match reader.next_item().ok()?? {
            BootstrapItem::Document { document, chunks } => all.extend(chunks_of(&document, chunks)?),
            BootstrapItem::Done {} => return Some(all),
            _ => {}
        }
    }
}

/// The chunks of one document; none when one of them is neither a change nor a snapshot.
pub(super) fn chunks_of(document: &str, chunks: Vec<minicbor::bytes::ByteVec>) -> Option<Vec<ReceivedChunk>> {
    chunks.into_iter().map(|chunk| ReceivedChunk::read(document.to_owned(), chunk)).collect()
}

#[cfg(test)]
mod tests {
    use liaison_shared::Seq;
    use liaison_shared::documents::genesis;
    use liaison_shared::protocol::encode_item;

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
    fn a_dossier_of_which_the_end_is_missing_is_not_taken() {
        let client = DocumentId::client(dossier(1));
        let chunks = genesis(client).into_iter().map(|step| step.bytes.into()).collect();
        let items = [
            BootstrapItem::Start {
                epoch: Epoch([1; 16]),
                head: Seq(4),
                dossiers: 1,
                summaries: 1,
                role: Role::Gestionnaire,
            },
            BootstrapItem::Document { document: client.to_string(), chunks },
            BootstrapItem::Reached { dossier: dossier(1), count: 1 },
            BootstrapItem::Done {},
        ];
        let stream: Vec<u8> = items.iter().flat_map(encode_item).collect();
        let chunks = whole(&stream).unwrap();
        assert!(!chunks.is_empty() && chunks.iter().all(|chunk| chunk.document == client.to_string()));
        for end in 0..stream.len() {
            assert!(whole(&stream[..end]).is_none(), "cut after {end}");
        }
    }
}
