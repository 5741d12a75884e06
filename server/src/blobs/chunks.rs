//! Chunks as the place of the files holds them: sealed with the key of their dossier, bound to their file and their place
//! in it. `<dossier>/<set>/<index>`.
//!
//! Never says that a chunk is there unless it is: what the place lists counts, not what was noted once.

use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _};
use liaison_shared::DossierId;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};

use super::rows::StoredSet;
use super::shape::Shape;
use super::{BlobError, FileRefusal};
use crate::keys::{KeyError, KeyName, Keyring, Label, OVERHEAD};

/// The place, and what opens it.
#[derive(Debug, Clone)]
pub(super) struct Chunks {
    store: Arc<dyn ObjectStore>,
    keys: Keyring,
}

impl Chunks {
    pub fn new(store: Arc<dyn ObjectStore>, keys: Keyring) -> Self {
        Self { store, keys }
    }

    /// A dossier has a key once its first document is durable, and none any more when it was destroyed.
    pub async fn expect_key(&self, dossier: DossierId) -> Result<(), BlobError> {
        self.keys.refresh().await?;
        let name = KeyName::Dossier(dossier);
        if self.keys.knows(name) && !self.keys.is_destroyed(name) { Ok(()) } else { Err(BlobError::Unknown) }
    }

    /// Stores a chunk, in the place of what may have been there; durable when this returns.
    pub async fn put(&self, set: &StoredSet, index: u32, bytes: &[u8]) -> Result<(), BlobError> {
        if Shape::of(set.size).length(index) != Some(bytes.len()) {
            return Err(FileRefusal::WrongChunk.into());
        }
        let sealed = self.keys.seal(KeyName::Dossier(set.dossier), &label(set, index), bytes)?;
        self.store.put(&path(set, index), sealed.into()).await?;
        Ok(())
    }

    /// Reads and opens a chunk.
    pub async fn get(&self, set: &StoredSet, index: u32) -> Result<Vec<u8>, BlobError> {
        let sealed = self.store.get(&path(set, index)).await?.bytes().await?;
        Ok(self.keys.unseal(KeyName::Dossier(set.dossier), &label(set, index), &sealed)?)
    }

    /// The chunks that are not there.
    pub async fn missing(&self, set: &StoredSet) -> Result<Vec<u32>, BlobError> {
        let there: Vec<(String, u64)> = self
            .store
            .list(Some(&folder(set)))
            .map_ok(|found| (found.location.filename().unwrap_or_default().to_owned(), found.size))
            .try_collect()
            .await?;
        let shape = Shape::of(set.size);
        let is_there = |index: &u32| {
            let sealed = shape.length(*index).map_or(0, |length| length + OVERHEAD) as u64;
            there.iter().any(|(name, size)| *name == index.to_string() && *size == sealed)
        };
        Ok(shape.indexes().filter(|index| !is_there(index)).collect())
    }

    /// Deletes every chunk of a set.
    pub async fn delete(&self, set: &StoredSet) -> Result<(), BlobError> {
        let found = self.store.list(Some(&folder(set))).map_ok(|found| found.location).boxed();
        self.store.delete_stream(found).try_for_each(|_| async { Ok(()) }).await?;
        Ok(())
    }

    /// Whether a chunk is there and opens.
    pub async fn opens(&self, set: &StoredSet, index: u32) -> Result<bool, BlobError> {
        match self.get(set, index).await {
            Ok(_) => Ok(true),
            Err(BlobError::Keys(KeyError::Unreadable(_)) | BlobError::Place(object_store::Error::NotFound { .. })) => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

fn folder(set: &StoredSet) -> Path {
    Path::from_iter([set.dossier.to_string(), set.id.to_string()])
}

fn path(set: &StoredSet, index: u32) -> Path {
    folder(set).join(index.to_string())
}

/// Bound to dossier, hash, index and size: a chunk opens in no other place.
fn label(set: &StoredSet, index: u32) -> Label {
    let which = [&set.hash.0[..], &index.to_be_bytes(), &set.size.to_be_bytes()].concat();
    Label::new("blob", &set.dossier.to_string(), &which)
}
