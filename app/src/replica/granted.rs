//! What is granted to this browser, as rows; and how dossiers leave it: never before what is owed in them was pushed.

use liaison_shared::access::Reach;
use liaison_shared::order;
use liaison_shared::protocol::Reading;
use liaison_shared::sync::{Holding, Holdings, Lease, Outgoing, ReceivedChunk};
use liaison_shared::{DocumentId, DossierId};

use super::marks::dossier_of;
use super::store::{
    CHANGES, DRAFTS, FILED, FILES, HOLDINGS, META, OUTBOX, READINGS, REFUSED, Refusal, STALE, SUMMARIES, Store,
    UPLOADS, encoded, key, put_news, split_key,
};
use crate::platform::indexed_db::{Batch, Durability, StorageError};

const LEASE: &str = "lease";
/// Begins the note of a dossier that is deleted, and whose line in the list may still be there.
const LEAVING: &str = "leaving:";

/// What stands in the way of dossiers that leave.
#[derive(Debug)]
pub enum Reclaimed {
    /// These have to be pushed first.
    ToPush(Vec<Outgoing>),
    /// Nothing: these keys of the outbox have no bytes that could be.
    Nothing(Vec<String>),
}

/// Whether a document goes when some dossiers do, or everything.
fn leaves(document: DocumentId, dossiers: Option<&[DossierId]>) -> bool {
    match (dossiers, document.dossier()) {
        (Some(dossiers), Some(dossier)) => dossiers.contains(&dossier),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

impl Store {
    /// What is granted, and how long the device may stay away.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn holdings(&self) -> Result<Holdings, StorageError> {
        let rows = self.database.prefixed(HOLDINGS, "").await?;
        let read = |(key, bytes): (String, Vec<u8>)| Some((key.parse().ok()?, minicbor::decode(&bytes).ok()?));
        let lease = self.database.get(META, LEASE).await?.and_then(|bytes| minicbor::decode(&bytes).ok());
        Ok(Holdings { dossiers: order::map(rows.into_iter().filter_map(read)), lease: lease.unwrap_or_default() })
    }

    /// Keeps what is granted.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn hold(&self, rows: &[(DossierId, Holding)]) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        for (dossier, holding) in rows {
            batch.put(HOLDINGS, dossier.to_string(), encoded(holding));
        }
        self.database.write(&batch, Durability::Strict).await
    }

    /// Keeps how long the device may stay away.
    ///
    /// # Errors
    /// When the device cannot store; the shorter lease counts then.
    pub async fn keep_lease(&self, lease: Lease) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        batch.put(META, LEASE, encoded(&lease));
        self.database.write(&batch, Durability::Relaxed).await
    }

    /// Keeps what came before a grant; `whole`: nothing is missing any more.
    ///
    /// # Errors
    /// When the device cannot store: nothing of it is stored then.
    pub async fn backfill(
        &self,
        dossier: DossierId,
        changes: &[ReceivedChunk],
        whole: Option<Holding>,
    ) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        put_news(&mut batch, changes);
        if let Some(holding) = whole {
            batch.put(HOLDINGS, dossier.to_string(), encoded(&holding));
        }
        self.database.write(&batch, Durability::Relaxed).await
    }

    /// Dossiers of which something is here without a grant, when the person reaches those of their teams only.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn strays(&self, reach: Option<Reach>, holdings: &Holdings) -> Result<Vec<DossierId>, StorageError> {
        if reach != Some(Reach::Team) {
            return Ok(Vec::new());
        }
        let keys = self.database.keys(CHANGES, "").await?;
        let here = order::set(keys.iter().filter_map(|key| dossier_of(key)));
        Ok(here.into_iter().filter(|dossier| !holdings.dossiers.contains_key(dossier)).collect())
    }

    /// What has to be pushed before some dossiers (or everything) may go: what is owed in them; and what the relay
    /// refused, once more, for the office to decide. When there is nothing to push: what of the outbox never can be, for
    /// want of its bytes.
    ///
    /// # Errors
    /// When the device cannot read or store.
    pub async fn reclaim(&self, dossiers: Option<&[DossierId]>) -> Result<Reclaimed, StorageError> {
        let goes = |document: &DocumentId| leaves(*document, dossiers);
        let mut batch = Batch::default();
        for refusal in self.refusals().await? {
            if !goes(&refusal.document) || self.was_reclaimed(&refusal).await? {
                continue;
            }
            let place = key(&refusal.document.to_string(), &refusal.hash);
            batch.put(CHANGES, place.clone(), refusal.bytes.to_vec());
            batch.put(OUTBOX, place.clone(), Vec::new());
            batch.put(META, format!("reclaimed:{}", refusal.hash), Vec::new());
            batch.delete(REFUSED, place);
        }
        self.database.write(&batch, Durability::Strict).await?;
        let owed: Vec<_> = self.outbox_keys().await?.into_iter().filter(|(document, _)| goes(document)).collect();
        let outgoing = self.outgoing(&owed).await?;
        if !outgoing.is_empty() {
            return Ok(Reclaimed::ToPush(outgoing));
        }
        Ok(Reclaimed::Nothing(owed.iter().map(|(document, hash)| key(&document.to_string(), hash)).collect()))
    }

    /// What is refused twice stays set aside, whole.
    async fn was_reclaimed(&self, refusal: &Refusal) -> Result<bool, StorageError> {
        Ok(self.database.get(META, &format!("reclaimed:{}", refusal.hash)).await?.is_some())
    }

    /// Deletes everything of some dossiers, drafts and files included; `lost` is what [`Self::reclaim`] said of the outbox.
    /// False: somebody has written in them meanwhile, or added a file, or a piece of one came, and nothing was deleted.
    ///
    /// # Errors
    /// When the device cannot read or store: nothing, or all but their lines in the list, is deleted then.
    pub async fn forget(&self, dossiers: &[DossierId], lost: &[String]) -> Result<bool, StorageError> {
        let mut batch = Batch::default();
        for dossier in dossiers {
            // Not by their keys: a snapshot may be put down meanwhile, of rows that were still there.
            for store in [CHANGES, STALE] {
                batch.delete_all(store, format!("{dossier}/"));
            }
            for draft in self.database.keys(DRAFTS, "").await? {
                if draft.ends_with(&dossier.to_string()) {
                    batch.delete(DRAFTS, draft);
                }
            }
            batch.delete(HOLDINGS, dossier.to_string());
            batch.put(META, format!("{LEAVING}{dossier}"), Vec::new());
        }
        let gone = self.leave(batch, Some(dossiers), lost).await?;
        if gone {
            self.forget_lines(dossiers).await?;
        }
        Ok(gone)
    }

    /// After the marks: a line that is being made is not kept any more.
    async fn forget_lines(&self, dossiers: &[DossierId]) -> Result<(), StorageError> {
        self.forget_summaries(dossiers).await?;
        let mut batch = Batch::default();
        for dossier in dossiers {
            batch.delete(META, format!("{LEAVING}{dossier}"));
        }
        self.database.write(&batch, Durability::Relaxed).await
    }

    /// Deletes the lines of dossiers that have left while the tab ended. Gives these dossiers.
    ///
    /// # Errors
    /// When the device cannot read or store; it is done at the next start then.
    pub async fn finish_leaving(&self) -> Result<Vec<DossierId>, StorageError> {
        let notes = self.database.keys(META, LEAVING).await?;
        let left: Vec<DossierId> = notes.iter().filter_map(|note| note.strip_prefix(LEAVING)?.parse().ok()).collect();
        if !left.is_empty() {
            self.forget_lines(&left).await?;
        }
        Ok(left)
    }

    /// Deletes every document: what was here was chosen for another role. What was set aside for good stays. False: as
    /// [`Self::forget`].
    ///
    /// # Errors
    /// When the device cannot read or store: nothing is deleted then.
    pub async fn start_over(&self, lost: &[String]) -> Result<bool, StorageError> {
        // First: whatever is still on its way is not kept any more.
        self.end_arrival().await?;
        let mut batch = Batch::default();
        for store in [CHANGES, STALE, SUMMARIES, HOLDINGS, DRAFTS] {
            batch.delete_all(store, "");
        }
        for name in ["cursor", "role"] {
            batch.delete(META, name);
        }
        self.leave(batch, None, lost).await
    }

    /// Deletes what is in the batch, with the files of some dossiers (or all), unless there is something to be pushed by now:
    /// another tab may have written since the batch was made.
    async fn leave(
        &self,
        mut batch: Batch,
        dossiers: Option<&[DossierId]>,
        lost: &[String],
    ) -> Result<bool, StorageError> {
        let known = [
            self.database.keys(FILED, "").await?,
            self.database.keys(UPLOADS, "").await?,
            self.database.keys(FILES, "").await?,
        ];
        self.forget_files(&mut batch, dossiers).await?;
        for key in lost {
            batch.delete(OUTBOX, key.clone());
        }
        let owed = |key: &String| split_key(key).is_some_and(|(document, _)| leaves(document, dossiers));
        let nothing_new = |keys: &[Vec<String>]| match keys {
            [outbox, files @ ..] => {
                *files == known && outbox.iter().filter(|key| owed(key)).all(|key| lost.contains(key))
            }
            [] => false,
        };
        self.database
            .write_while(
                &batch,
                &[(OUTBOX, ""), (FILED, ""), (UPLOADS, ""), (FILES, "")],
                nothing_new,
                Durability::Strict,
            )
            .await
    }

    /// Keeps what the person has read until the relay has noted it.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn keep_reading(&self, key: &str, reading: &Reading) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        batch.put(READINGS, key, encoded(reading));
        self.database.write(&batch, Durability::Relaxed).await
    }

    /// What was read and is not noted yet, oldest first.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn readings(&self) -> Result<Vec<(String, Reading)>, StorageError> {
        let rows = self.database.prefixed(READINGS, "").await?;
        Ok(rows.into_iter().filter_map(|(key, bytes)| Some((key, minicbor::decode(&bytes).ok()?))).collect())
    }

    /// The relay has noted these.
    ///
    /// # Errors
    /// When the device cannot store; they are reported again then.
    pub async fn noted(&self, keys: &[String]) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        for key in keys {
            batch.delete(READINGS, key.clone());
        }
        self.database.write(&batch, Durability::Relaxed).await
    }
}
