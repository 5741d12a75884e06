//! Dossiers that are here before their turn, while everything is being brought: begun in this browser, or fetched by
//! themselves because somebody waits for them. Never takes a part of a dossier for the whole.

use liaison_shared::protocol::{BootstrapItem, ItemReader};
use liaison_shared::sync::ReceivedChunk;
use liaison_shared::{ChangeHash, DocumentId, DocumentKind, DossierId};

use super::Replica;
use super::arrival::{EARLY, chunks_of};
use super::store::{META, Store, put_chunks};
use super::tabs::TabMessage;
use crate::platform::indexed_db::{Batch, StorageError};
use crate::platform::{clock, http};

/// Longest wait for a dossier that somebody opens, in milliseconds.
const PATIENCE: u32 = 15_000;

/// The dossiers in whose `client` document something was written: whoever wrote it had the dossier, or began it.
pub(super) fn written_in(keys: &[(DocumentId, ChangeHash)]) -> impl Iterator<Item = DossierId> {
    let clients = keys.iter().filter(|(document, _)| document.kind() == DocumentKind::Client);
    clients.filter_map(|(document, _)| document.dossier())
}

impl Store {
    /// Keeps a dossier that came before its turn, or that nothing has to come of. False: nothing is awaited any more, and
    /// nothing was kept.
    async fn arrive_early(&self, dossier: DossierId, chunks: &[ReceivedChunk]) -> Result<bool, StorageError> {
        let mut batch = Batch::default();
        put_chunks(&mut batch, chunks);
        batch.put(META, format!("{EARLY}{dossier}"), Vec::new());
        self.write_awaited(&batch).await
    }
}

impl Replica {
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

    /// Another tab has brought this one.
    pub(super) fn hear_early(&self, dossier: DossierId) {
        self.came_early(dossier);
        self.refresh_summaries();
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
            self.tell_tabs(&TabMessage::Early(dossier));
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

#[cfg(test)]
mod tests {
    use liaison_shared::access::Role;
    use liaison_shared::documents::genesis;
    use liaison_shared::protocol::encode_item;
    use liaison_shared::{Epoch, Seq};

    use super::*;

    fn dossier(number: u8) -> DossierId {
        DossierId([number; 16])
    }

    #[test]
    fn only_who_writes_in_what_a_dossier_begins_with_tells_that_it_is_here() {
        let ids = [DocumentId::Agence, DocumentId::relation(dossier(1)), DocumentId::client(dossier(2))];
        let keys = ids.map(|id| (id, ChangeHash([7; 32])));
        assert_eq!(written_in(&keys).collect::<Vec<_>>(), [dossier(2)]);
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
