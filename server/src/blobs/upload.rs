//! A file comes in: begun or resumed, chunk by chunk, checked when the last one is there.
//!
//! Never says that a file is complete before it has read all of it; never gives one kind what only another kind's readers
//! have seen.

use liaison_shared::Timestamp;
use liaison_shared::sync::Identity;
use sha2::{Digest as _, Sha256};

use super::rows::{StoredSet, find, find_complete, insert_set, put_name, unfinished};
use super::shape::{MAX_SIZE, Shape};
use super::{BlobError, BlobName, Blobs, FileRefusal};
use crate::keys::KeyError;

/// How far a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Its bytes.
    pub size: u64,
    /// Whether it is there, whole.
    pub complete: bool,
    /// What has to be brought.
    pub missing: Vec<u32>,
}

impl Blobs {
    /// Begins a file or goes on with it. `readable`: the kinds of the dossier that `by` may read.
    ///
    /// # Errors
    /// When it is empty, too large or not of the size it has, the device has begun too many, or the dossier does not exist.
    pub async fn begin(
        &self,
        name: &BlobName,
        size: u64,
        by: Identity,
        readable: &[&'static str],
        now: Timestamp,
    ) -> Result<Progress, BlobError> {
        match size {
            0 => return Err(FileRefusal::Empty.into()),
            1..=MAX_SIZE => {}
            _ => return Err(FileRefusal::TooLarge.into()),
        }
        self.chunks.expect_key(name.dossier).await?;
        let set = self.named(name, size, by, readable, now).await?;
        let missing = self.chunks.missing(&set).await?;
        let complete = match (set.complete, missing.is_empty()) {
            (complete, true) => complete || self.finish(&set).await.map(|()| true)?,
            // The store says that they are there, the place does not: a copy of it that is older than the store's.
            (true, false) => {
                tracing::warn!(set = %set.id, "a file lacks chunks and is asked for again");
                self.rows.reopen(&set, now).await?;
                false
            }
            (false, false) => false,
        };
        Ok(Progress { size, complete, missing })
    }

    /// The set behind a name from now on.
    async fn named(
        &self,
        name: &BlobName,
        size: u64,
        by: Identity,
        readable: &[&'static str],
        now: Timestamp,
    ) -> Result<StoredSet, BlobError> {
        let mut transaction = self.rows.write().await?;
        let found = find(&mut transaction, name).await?;
        // Who has seen the file under another kind need not bring it again; who has not shows that they have it.
        let seen = find_complete(&mut transaction, name, readable).await?;
        let set = match (found, seen) {
            (_, Some(seen)) if seen.size != size => return Err(FileRefusal::WrongHash.into()),
            (Some(found), Some(seen)) if found.id == seen.id => return Ok(found),
            (_, Some(seen)) => seen,
            (Some(found), None) if found.size == size => return Ok(found),
            (found, None) => {
                let most = i64::try_from(self.per_device).unwrap_or(i64::MAX);
                if found.is_none() && unfinished(&mut transaction, by.device).await? >= most {
                    return Err(FileRefusal::TooMany.into());
                }
                let set = StoredSet::new(name, size);
                insert_set(&mut transaction, &set, now).await?;
                set
            }
        };
        put_name(&mut transaction, name, &set, (by, now)).await?;
        transaction.commit().await?;
        Ok(set)
    }

    /// Takes a chunk; it is durable when this returns. The last one that was missing completes the file.
    ///
    /// # Errors
    /// When the file was not begun, has no such chunk, or turns out to be another one: then all of it is deleted.
    pub async fn put(&self, name: &BlobName, index: u32, bytes: &[u8]) -> Result<(), BlobError> {
        self.chunks.expect_key(name.dossier).await?;
        let guard = self.locks.writing(&name.hash).await?;
        let set = self.rows.find(name).await?.ok_or(BlobError::Unknown)?;
        if set.complete {
            let fits = Shape::of(set.size).length(index) == Some(bytes.len());
            return if fits { Ok(()) } else { Err(FileRefusal::WrongChunk.into()) };
        }
        self.chunks.put(&set, index, bytes).await?;
        let missing = self.chunks.missing(&set).await?;
        drop(guard);
        if missing.is_empty() { self.finish(&set).await } else { Ok(()) }
    }

    /// Reads a file whose chunks are all there: it is complete, or deleted.
    pub(super) async fn finish(&self, set: &StoredSet) -> Result<(), BlobError> {
        let _alone = self.locks.alone(&set.hash).await?;
        // Somebody else may have finished it meanwhile, with either result.
        match self.rows.set(set.id).await? {
            Some(set) if set.complete => return Ok(()),
            Some(_) => {}
            None => return Err(FileRefusal::WrongHash.into()),
        }
        if self.has_its_hash(set).await? {
            if self.rows.complete(set).await? {
                self.remove(set).await?;
            }
            return Ok(());
        }
        self.rows.unname(set.id).await?;
        self.remove(set).await?;
        Err(FileRefusal::WrongHash.into())
    }

    async fn has_its_hash(&self, set: &StoredSet) -> Result<bool, BlobError> {
        let mut hash = Sha256::new();
        for index in Shape::of(set.size).indexes() {
            match self.chunks.get(set, index).await {
                Ok(bytes) => hash.update(&bytes),
                Err(BlobError::Keys(KeyError::Unreadable(_))) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(hash.finalize()[..] == set.hash.0)
    }

    /// Deletes what nothing names any more: the chunks first, so that a relay that ends meanwhile goes on with it.
    pub(super) async fn remove(&self, set: &StoredSet) -> Result<(), BlobError> {
        self.chunks.delete(set).await?;
        self.rows.drop_set(set.id).await
    }
}
