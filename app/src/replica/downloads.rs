//! Files on their way to this browser, when somebody opens them: piece by piece, kept as they come, so that a cut line costs
//! one piece. Nothing is shown that has not the hash it is known by.

use liaison_shared::FileHash;
use serde_json::Value;
use thiserror::Error;

use super::Replica;
use super::files::{FileKey, pieces};
use crate::platform::http::{self, HttpError};
use crate::platform::indexed_db::StorageError;
use crate::platform::{clock, digest};

/// How often a piece is asked for, and the wait in between, in milliseconds.
const TRIES: u32 = 4;
const WAIT: u32 = 700;

/// Why a file cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileError {
    /// The relay cannot be reached, and the device has not all of it.
    #[error("unreachable")]
    Unreachable,
    /// The relay has not all of it: the device that added it still has to bring it.
    #[error("not at the relay")]
    NotThere,
    /// The relay does not give it, with its sentence.
    #[error("{0}")]
    Refused(String),
    /// What came is another file. It was thrown away.
    #[error("not the file that was expected")]
    WrongHash,
    /// The device cannot read what it keeps.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<HttpError> for FileError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Unreachable => Self::Unreachable,
            HttpError::Refused { status: 404, .. } => Self::NotThere,
            HttpError::Refused { message, .. } => Self::Refused(message),
            HttpError::Unexpected => Self::Refused(String::new()),
        }
    }
}

impl Replica {
    /// What a file holds: from this device, and from the relay what is missing here. `heard` is told how many of how many
    /// bytes are here.
    ///
    /// # Errors
    /// When a part of it cannot be had, or it is not what it should be.
    pub async fn file(&self, file: FileKey, heard: impl Fn(u64, u64)) -> Result<Vec<u8>, FileError> {
        let store = &self.inner.store;
        let size = match store.filed(file).await? {
            Some(filed) => filed.size,
            None => self.size_at_relay(file).await?,
        };
        let mut bytes: Vec<u8> = Vec::new();
        for index in 0..pieces(size) {
            let piece = match store.piece(&file.hash, index).await? {
                Some(piece) => piece,
                None => {
                    heard(bytes.len() as u64, size);
                    let piece = self.fetch(&format!("/api/blobs/{file}/{index}")).await?;
                    // On a device without room it is shown all the same, and fetched again the next time.
                    let _kept = store.keep_piece(file, size, index, &piece).await.is_ok();
                    piece
                }
            };
            bytes.extend(piece);
        }
        if digest::sha256(&bytes).await.map(FileHash) == Some(file.hash) {
            return Ok(bytes);
        }
        // What is owed is nowhere else: kept, whatever it is.
        if !self.uploads().iter().any(|upload| upload.key == file.to_string()) {
            store.drop_pieces(&file.hash).await?;
        }
        Err(FileError::WrongHash)
    }

    async fn size_at_relay(&self, file: FileKey) -> Result<u64, FileError> {
        let answer = self.fetch(&format!("/api/blobs/{file}")).await?;
        let answer: Value =
            serde_json::from_str(&String::from_utf8_lossy(&answer)).map_err(|_| HttpError::Unexpected)?;
        match (answer["complete"].as_bool(), answer["size"].as_u64()) {
            (Some(true), Some(size)) => Ok(size),
            _ => Err(FileError::NotThere),
        }
    }

    /// Asks again when the line breaks, a few times.
    async fn fetch(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let mut tries = 1;
        loop {
            match http::carry("GET", path, &self.inner.token, None).await {
                Err(HttpError::Unreachable) if tries < TRIES => clock::sleep(WAIT * tries).await,
                done => return Ok(done?),
            }
            tries += 1;
        }
    }
}
