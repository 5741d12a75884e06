//! Files of the dossiers (scans, photos, signed PDFs): brought in chunks, resumed, checked whole, read again.
//!
//! The rules (BLOB-1 to BLOB-6) are in `docs/api.md`. Never knows who may do what (its caller asks
//! `liaison_shared::access`), never keeps a file's name or type, never leaves anything in clear outside memory.

mod check;
mod chunks;
mod error;
mod locks;
mod place;
mod readings;
mod rows;
mod shape;
mod tidy;
mod upload;

use std::sync::Arc;

use liaison_shared::{DeviceId, DocumentKind, DossierId, Timestamp};

pub use check::CheckedBlobs;
pub use error::{BlobError, FileRefusal};
pub use place::{BlobsPlace, UnknownPlace};
pub use shape::{BlobHash, CHUNK, MAX_SIZE};
pub use upload::Progress;

use crate::database::Database;
use chunks::Chunks;
use locks::Locks;
use readings::Readings;
use rows::{Rows, StoredSet};
use shape::Shape;

/// What a file is asked for by: a file that two kinds of a dossier name is two of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlobName {
    /// The dossier.
    pub dossier: DossierId,
    /// The kind of document that names it; of a journal the year does not count.
    pub kind: DocumentKind,
    /// What it holds.
    pub hash: BlobHash,
}

/// The files of one store.
#[derive(Debug, Clone)]
pub struct Blobs {
    rows: Rows,
    chunks: Chunks,
    locks: Locks,
    readings: Arc<Readings>,
    /// Uploads that one device may have begun and not finished.
    per_device: usize,
}

impl Blobs {
    /// Opens the place of the files, which is made for a store that has none yet.
    ///
    /// # Errors
    /// When it cannot be used, or is not there though the store names files.
    pub async fn open(database: Database, place: &BlobsPlace, per_device: usize) -> Result<Self, BlobError> {
        let rows = Rows::new(database.clone());
        let locks = Locks::new(database.clone());
        let store = place.open(rows.any().await?)?;
        let chunks = Chunks::new(store, database.keys);
        Ok(Self { rows, chunks, locks, readings: Arc::default(), per_device })
    }

    /// How large a file is, and whether it is there, whole.
    ///
    /// # Errors
    /// When there is no such file.
    pub async fn status(&self, name: &BlobName) -> Result<Progress, BlobError> {
        let set = self.found(name).await?;
        Ok(Progress { size: set.size, complete: set.complete, missing: Vec::new() })
    }

    /// One chunk of a file that is there, whole.
    ///
    /// # Errors
    /// When there is no such file, it is not complete, or has no such chunk; when it does not open.
    pub async fn chunk(&self, name: &BlobName, index: u32) -> Result<Vec<u8>, BlobError> {
        let set = self.found(name).await?;
        if !set.complete {
            return Err(BlobError::Unknown);
        }
        Shape::of(set.size).length(index).ok_or(FileRefusal::WrongChunk)?;
        self.chunks.get(&set, index).await
    }

    /// Whether a chunk that a device asks for begins a download: then it belongs in the access log.
    #[must_use]
    pub fn begins_reading(&self, device: DeviceId, name: BlobName, now: Timestamp) -> bool {
        self.readings.begins(device, name, now)
    }

    /// How many files a dossier has; one that two kinds name counts twice.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_of(&self, dossier: DossierId) -> Result<u64, BlobError> {
        self.rows.count_of(dossier).await
    }

    async fn found(&self, name: &BlobName) -> Result<StoredSet, BlobError> {
        self.chunks.expect_key(name.dossier).await?;
        self.rows.find(name).await?.ok_or(BlobError::Unknown)
    }
}
