//! Snapshots in the place of what this device holds of a document, once there is much of it and the relay has all of it. Comes
//! with the chunk, behind what is seen.
//!
//! Never takes away what is not in the snapshot that is put down in the same transaction.

use liaison_shared::DocumentId;
use liaison_shared::documents::Snapshot;

use super::Replica;
use super::store::{CHANGES, OUTBOX, Store, key, split_key};
use crate::platform::clock;
use crate::platform::indexed_db::{Batch, Durability, StorageError};

/// Rows of a document from which a snapshot is worth its making.
pub(super) const MANY: usize = 64;

impl Replica {
    /// Makes smaller what has grown, unless something is owed: then once it is not.
    pub(super) async fn compact_some(&self) {
        while self.is_bulky() {
            let next = self.inner.bulky.borrow().iter().next().copied();
            let Some(document) = next else { return };
            self.inner.bulky.borrow_mut().remove(&document);
            // What was not done now is tried after the next change.
            let _done = self.inner.store.compact(document).await.is_ok();
            clock::breathe().await;
        }
    }

    /// Whether something can be made smaller now.
    pub(super) fn is_bulky(&self) -> bool {
        !self.inner.bulky.borrow().is_empty() && self.inner.pending.borrow().is_empty()
    }
}

impl Store {
    /// Puts a snapshot in the place of what it covers; nothing while something of the document is owed.
    async fn compact(&self, document: DocumentId) -> Result<(), StorageError> {
        let prefix = format!("{document}#");
        let rows = self.database.prefixed(CHANGES, &prefix).await?;
        if rows.len() < MANY {
            return Ok(());
        }
        let Ok(snapshot) = Snapshot::of(rows.iter().map(|(_, bytes)| bytes.as_slice())) else { return Ok(()) };
        let mut batch = Batch::default();
        let place = key(&document.to_string(), &snapshot.hash());
        let mut covered: Vec<String> = Vec::with_capacity(rows.len());
        for (row, bytes) in rows {
            let covers = split_key(&row).is_some_and(|(_, hash)| snapshot.covers(&hash, &bytes));
            if row != place && covers {
                batch.delete(CHANGES, row.clone());
                covered.push(row);
            }
        }
        if covered.is_empty() {
            return Ok(());
        }
        batch.put(CHANGES, place, snapshot.bytes);
        // A dossier that has left the device meanwhile does not come back, and what is owed by now stays as it is.
        let may = |keys: &[Vec<String>]| match keys {
            [rows, owed] => owed.is_empty() && covered.iter().all(|row| rows.contains(row)),
            _ => false,
        };
        let looked_at = [(CHANGES, prefix.as_str()), (OUTBOX, prefix.as_str())];
        self.database.write_while(&batch, &looked_at, may, Durability::Strict).await?;
        Ok(())
    }
}
