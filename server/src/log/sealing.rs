//! Changes as the store holds them: sealed with the key of their dossier, bound to their document and hash.
//!
//! Never skips what does not open: only a dossier whose key was destroyed on purpose is passed over.

use liaison_shared::sync::LogEntry;
use liaison_shared::{ChangeHash, DeviceId, Seq, Timestamp, UserId};

use super::contract::LogError;
use super::sqlite::position;
use crate::database::sql::Row;
use crate::keys::{KeyError, KeyName, Keyring, Label};

/// An entry whose bytes are still sealed.
#[derive(Debug)]
pub(super) struct SealedEntry(LogEntry);

impl SealedEntry {
    /// Reads a row with the columns of [`super::sqlite::COLUMNS`].
    pub fn read(row: &Row) -> Result<Self, LogError> {
        let name: &str = row.try_get("name")?;
        Ok(Self(LogEntry {
            seq: position(row.try_get("seq")?)?,
            document: name.parse().map_err(|_| LogError::Corrupt("document name"))?,
            hash: ChangeHash::try_from(row.try_get::<&[u8], _>("hash")?).map_err(|_| LogError::Corrupt("hash"))?,
            bytes: row.try_get("bytes")?,
            user: UserId::try_from(row.try_get::<&[u8], _>("user_id")?).map_err(|_| LogError::Corrupt("user"))?,
            device: DeviceId::try_from(row.try_get::<&[u8], _>("device")?).map_err(|_| LogError::Corrupt("device"))?,
            received: Timestamp(row.try_get("received")?),
        }))
    }

    /// Its position.
    pub fn seq(&self) -> Seq {
        self.0.seq
    }

    /// Opens it; `None` when the key of its dossier was destroyed.
    pub fn open(self, keys: &Keyring) -> Result<Option<LogEntry>, LogError> {
        let entry = self.0;
        let label = Label::change(entry.document, &entry.hash);
        match keys.unseal(KeyName::of(&entry.document), &label, &entry.bytes) {
            Ok(bytes) => Ok(Some(LogEntry { bytes, ..entry })),
            Err(KeyError::Destroyed(_)) => Ok(None),
            Err(KeyError::Unreadable(_) | KeyError::Unknown(_)) => {
                Err(LogError::Unreadable { seq: entry.seq, document: entry.document })
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The bytes of an entry as they are stored.
pub(super) fn seal(keys: &Keyring, entry: &LogEntry) -> Result<Vec<u8>, LogError> {
    let label = Label::change(entry.document, &entry.hash);
    Ok(keys.seal(KeyName::of(&entry.document), &label, &entry.bytes)?)
}
