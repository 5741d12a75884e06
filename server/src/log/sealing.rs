//! Changes and snapshots as the store holds them: sealed with the key of their dossier, bound to their document and hash.
//!
//! Never skips what does not open: only a dossier whose key was destroyed on purpose is passed over.

use liaison_shared::documents::is_snapshot;
use liaison_shared::sync::{LogChunk, LogEntry};
use liaison_shared::{ChangeHash, DocumentId, Seq};

use super::contract::LogError;
use super::stored::position;
use crate::database::sql::Row;
use crate::keys::{KeyError, KeyName, Keyring, Label};

/// A chunk whose bytes are still sealed.
#[derive(Debug)]
pub(super) struct SealedChunk {
    /// Its position.
    pub seq: Seq,
    document: DocumentId,
    /// Of the change, or the name of the snapshot.
    pub hash: ChangeHash,
    snapshot: bool,
    bytes: Vec<u8>,
}

impl SealedChunk {
    /// Reads a row with the columns of [`super::chunks`].
    pub fn read(row: &Row) -> Result<Self, LogError> {
        let name: &str = row.try_get("name")?;
        Ok(Self {
            seq: position(row.try_get("seq")?)?,
            document: name.parse().map_err(|_| LogError::Corrupt("document name"))?,
            hash: ChangeHash::try_from(row.try_get::<&[u8], _>("hash")?).map_err(|_| LogError::Corrupt("hash"))?,
            snapshot: row.try_get::<i64, _>("snapshot")? != 0,
            bytes: row.try_get("bytes")?,
        })
    }

    /// Opens it; `None` when the key of its dossier was destroyed.
    pub fn open(self, keys: &Keyring) -> Result<Option<LogChunk>, LogError> {
        let Self { seq, document, hash, snapshot, bytes } = self;
        let label = if snapshot { Label::snapshot(document, &hash) } else { Label::change(document, &hash) };
        match keys.unseal(KeyName::of(&document), &label, &bytes) {
            // What it is sealed as is what it is.
            Ok(bytes) if is_snapshot(&bytes) == snapshot => Ok(Some(LogChunk::new(seq, document, bytes))),
            Err(KeyError::Destroyed(_)) => Ok(None),
            Ok(_) | Err(KeyError::Unreadable(_) | KeyError::Unknown(_)) => Err(LogError::Unreadable { seq, document }),
            Err(error) => Err(error.into()),
        }
    }
}

/// The bytes of a change as they are stored.
pub(super) fn seal(keys: &Keyring, entry: &LogEntry) -> Result<Vec<u8>, LogError> {
    let label = Label::change(entry.document, &entry.hash);
    Ok(keys.seal(KeyName::of(&entry.document), &label, &entry.bytes)?)
}
