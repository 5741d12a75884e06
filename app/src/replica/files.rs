//! The files of dossiers in this browser: their bytes, sealed in pieces under what they hold, once however many dossiers
//! name them; which dossier has which; and those that the relay does not have yet. Never leaves a file half deleted.

use std::collections::BTreeSet;
use std::fmt;

use liaison_shared::order;
use liaison_shared::protocol::decode;
use liaison_shared::{DocumentKind, DossierId, FileHash};
use minicbor::{Decode, Encode};

use super::store::{CHANGES, FILED, FILES, OwedAgain, Store, UPLOADS, encoded};
use crate::platform::indexed_db::{Batch, Durability, StorageError};

/// Bytes of a piece, on the device as at the relay (docs/api.md).
pub const PIECE: u64 = 524_288;
/// No file is larger (rule BLOB-6).
pub const MOST: u32 = 32 << 20;
/// The relay has no room for more unfinished files of this device: it will have.
const TOO_MANY_NOW: u16 = 429;

/// A file of a dossier: which volet it belongs to, and what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileKey {
    /// The dossier.
    pub dossier: DossierId,
    /// The kind of document that names it.
    pub kind: DocumentKind,
    /// What it holds.
    pub hash: FileHash,
}

impl fmt::Display for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.dossier, self.kind.name(), self.hash)
    }
}

impl FileKey {
    /// The key that is written so.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (dossier, rest) = text.split_once('/')?;
        let (kind, hash) = rest.split_once('/')?;
        let kind = DocumentKind::ALL.into_iter().find(|it| it.name() == kind)?;
        Some(Self { dossier: dossier.parse().ok()?, kind, hash: hash.parse().ok()? })
    }
}

/// A file that a dossier has in this browser, perhaps not whole yet.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Filed {
    /// Its bytes.
    #[n(0)]
    pub size: u64,
    /// Its name, when it was added here.
    #[n(1)]
    pub name: Option<String>,
}

/// A file that the relay does not have yet.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Upload {
    /// Which, as [`FileKey`] is written.
    #[n(0)]
    pub key: String,
    /// Its name.
    #[n(1)]
    pub name: String,
    /// Its bytes.
    #[n(2)]
    pub size: u64,
    /// Those that are at the relay, as far as this page knows.
    #[n(3)]
    pub sent: u64,
    /// Why the relay did not take it.
    #[n(4)]
    pub refused: Option<Refused>,
}

/// Why the relay did not take a file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Refused {
    /// The status of its answer.
    #[n(0)]
    pub status: u16,
    /// Its sentence, in French; may be empty.
    #[n(1)]
    pub sentence: String,
}

impl Upload {
    /// Whether the relay is to be asked again without anybody's doing.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.refused.as_ref().is_none_or(|refused| refused.status == TOO_MANY_NOW)
    }

    /// Which dossier's it is.
    #[must_use]
    pub fn file(&self) -> Option<FileKey> {
        FileKey::read(&self.key)
    }
}

/// How many pieces a file has.
pub(super) fn pieces(size: u64) -> u32 {
    u32::try_from(size.div_ceil(PIECE)).unwrap_or(u32::MAX)
}

/// The bytes of one of them.
pub(super) fn piece_length(size: u64, index: u32) -> u64 {
    size.saturating_sub(u64::from(index) * PIECE).min(PIECE)
}

fn piece_key(hash: &FileHash, index: u32) -> String {
    format!("{hash}#{index:04}")
}

impl Store {
    /// Keeps a file that somebody adds: its bytes, that the dossier has it, that the relay does not. On the disk when this
    /// returns.
    ///
    /// # Errors
    /// When the device cannot store: nothing of it is stored then.
    pub async fn keep_file(&self, file: FileKey, name: &str, bytes: &[u8]) -> Result<Upload, StorageError> {
        let (key, size) = (file.to_string(), bytes.len() as u64);
        let upload = Upload { key: key.clone(), name: name.to_owned(), size, sent: 0, refused: None };
        let mut batch = Batch::default();
        for (index, piece) in (0..).zip(bytes.chunks(PIECE as usize)) {
            batch.put(FILES, piece_key(&file.hash, index), piece.to_vec());
        }
        batch.put(FILED, key.clone(), encoded(&Filed { size, name: Some(name.to_owned()) }));
        batch.put(UPLOADS, key, encoded(&upload));
        self.database.write(&batch, Durability::Strict).await?;
        Ok(upload)
    }

    /// What is known of a dossier's file that is in this browser, perhaps not whole yet.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn filed(&self, file: FileKey) -> Result<Option<Filed>, StorageError> {
        let bytes = self.database.get(FILED, &file.to_string()).await?;
        Ok(bytes.and_then(|bytes| decode(&bytes).ok()))
    }

    /// One piece of a file, if it is here.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn piece(&self, hash: &FileHash, index: u32) -> Result<Option<Vec<u8>>, StorageError> {
        self.database.get(FILES, &piece_key(hash, index)).await
    }

    /// Keeps a piece that came from the relay. False: its dossier has left this device meanwhile, and nothing was kept.
    ///
    /// # Errors
    /// When the device cannot store; it is fetched again then.
    pub async fn keep_piece(&self, file: FileKey, size: u64, index: u32, bytes: &[u8]) -> Result<bool, StorageError> {
        let mut batch = Batch::default();
        if self.filed(file).await?.is_none() {
            batch.put(FILED, file.to_string(), encoded(&Filed { size, name: None }));
        }
        batch.put(FILES, piece_key(&file.hash, index), bytes.to_vec());
        let of_dossier = format!("{}/", file.dossier);
        let is_here = |keys: &[Vec<String>]| keys.iter().all(|keys| !keys.is_empty());
        self.database.write_while(&batch, &[(CHANGES, &of_dossier)], is_here, Durability::Relaxed).await
    }

    /// Throws pieces away that are not of the file they came for.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn drop_pieces(&self, hash: &FileHash) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        for key in self.database.keys(FILES, &format!("{hash}#")).await? {
            batch.delete(FILES, key);
        }
        self.database.write(&batch, Durability::Relaxed).await
    }

    /// The files that the relay does not have.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn uploads(&self) -> Result<Vec<Upload>, StorageError> {
        let rows = self.database.prefixed(UPLOADS, "").await?;
        Ok(rows.into_iter().filter_map(|(_, bytes)| decode(&bytes).ok()).collect())
    }

    /// Keeps what is known of a file that the relay does not have.
    ///
    /// # Errors
    /// When the device cannot store.
    pub async fn keep_upload(&self, upload: &Upload) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        batch.put(UPLOADS, upload.key.clone(), encoded(&Upload { sent: 0, ..upload.clone() }));
        self.database.write(&batch, Durability::Strict).await
    }

    /// The relay has it.
    ///
    /// # Errors
    /// When the device cannot store; it is offered again then, which does no harm.
    pub async fn uploaded(&self, key: &str) -> Result<(), StorageError> {
        let mut batch = Batch::default();
        batch.delete(UPLOADS, key);
        self.database.write(&batch, Durability::Relaxed).await
    }

    /// The relay's log was replaced: what was written in this browser is owed once more, and what was added to it.
    ///
    /// # Errors
    /// When the device cannot read or store.
    pub async fn owe_everything(&self) -> Result<OwedAgain, StorageError> {
        let damaged = self.owe_files_again().await?;
        let again = self.refill_outbox().await?;
        Ok(OwedAgain { damaged: again.damaged || damaged, ..again })
    }

    /// Whether what is known of some file does not open.
    async fn owe_files_again(&self) -> Result<bool, StorageError> {
        let owed = order::set(self.database.keys(UPLOADS, "").await?);
        let (mut batch, mut damaged) = (Batch::default(), false);
        for key in self.database.keys(FILED, "").await? {
            let bytes = match self.database.get(FILED, &key).await {
                Err(StorageError::Damaged(_)) => {
                    damaged = true;
                    continue;
                }
                bytes => bytes?.unwrap_or_default(),
            };
            let Ok(Filed { size, name: Some(name) }) = decode(&bytes) else { continue };
            if !owed.contains(&key) {
                let upload = Upload { key: key.clone(), name, size, sent: 0, refused: None };
                batch.put(UPLOADS, key, encoded(&upload));
            }
        }
        self.database.write(&batch, Durability::Strict).await?;
        Ok(damaged)
    }

    /// Deletes, in a transaction that is being made, the files of some dossiers (of all, without them); not those that the
    /// relay refused, which are nowhere else, nor what another dossier has too.
    pub(super) async fn forget_files(
        &self,
        batch: &mut Batch,
        dossiers: Option<&[DossierId]>,
    ) -> Result<(), StorageError> {
        let uploads = self.uploads().await?;
        let refused = |key: &str| uploads.iter().any(|upload| upload.key == key && upload.refused.is_some());
        let mut staying: BTreeSet<String> = BTreeSet::new();
        for key in self.database.keys(FILED, "").await? {
            let goes = |file: FileKey| dossiers.is_none_or(|dossiers| dossiers.contains(&file.dossier));
            match FileKey::read(&key) {
                Some(file) if !goes(file) || refused(&key) => {
                    staying.insert(file.hash.to_string());
                }
                _ => {
                    batch.delete(FILED, key.clone());
                    batch.delete(UPLOADS, key);
                }
            }
        }
        for key in self.database.keys(FILES, "").await? {
            if !key.split('#').next().is_some_and(|hash| staying.contains(hash)) {
                batch.delete(FILES, key);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_as_it_is_written() {
        for kind in [DocumentKind::Client, DocumentKind::Administratif, DocumentKind::Relation] {
            let key = FileKey { dossier: DossierId([1; 16]), kind, hash: FileHash([2; 32]) };
            assert_eq!(FileKey::read(&key.to_string()), Some(key));
        }
        for text in ["", "a/b/c", "01010101010101010101010101010101/client/02", "01010101010101010101010101010101/x"] {
            assert_eq!(FileKey::read(text), None, "{text}");
        }
    }

    #[test]
    fn every_byte_is_in_one_piece() {
        for size in [1, PIECE - 1, PIECE, PIECE + 1, 25_000_000, u64::from(MOST)] {
            let lengths: Vec<u64> = (0..pieces(size)).map(|index| piece_length(size, index)).collect();
            assert_eq!(lengths.iter().sum::<u64>(), size);
            assert!(lengths.iter().all(|length| (1..=PIECE).contains(length)), "{size}: {lengths:?}");
        }
    }

    #[test]
    fn what_was_refused_waits_for_somebody_but_for_a_relay_that_is_full() {
        let upload = |status| Upload {
            key: String::new(),
            name: String::new(),
            size: 1,
            sent: 0,
            refused: (status > 0).then(|| Refused { status, sentence: String::new() }),
        };
        assert!(upload(0).is_due() && upload(429).is_due());
        assert!(!upload(403).is_due() && !upload(413).is_due() && !upload(422).is_due());
    }
}
