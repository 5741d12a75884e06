//! Why a file is not taken or given: what its device is told, and what whoever runs the relay is.

use std::path::PathBuf;

use thiserror::Error;

use crate::keys::KeyError;

/// What a device is told about a file that is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FileRefusal {
    /// Without a byte.
    #[error("the file is empty")]
    Empty,
    /// Larger than [`super::MAX_SIZE`].
    #[error("the file is too large")]
    TooLarge,
    /// The file has no chunk of that number, or the chunk has another length.
    #[error("not a chunk of this file")]
    WrongChunk,
    /// What came does not have the hash or the size that was announced.
    #[error("not the file that was announced")]
    WrongHash,
    /// No kind of document has that name, or none that has files.
    #[error("no such kind of document")]
    UnknownKind,
    /// The device has begun too many files that it has not finished.
    #[error("too many unfinished uploads")]
    TooMany,
}

/// Why the files could not answer.
#[derive(Debug, Error)]
pub enum BlobError {
    /// The device has to know.
    #[error(transparent)]
    Refused(#[from] FileRefusal),
    /// There is no such file, or no dossier to take it, or none any more.
    #[error("no such file")]
    Unknown,
    /// The database refused or cannot be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The database holds something that this relay never writes.
    #[error("the store holds an invalid {0}")]
    Corrupt(&'static str),
    /// The keys cannot be used, or a chunk does not open.
    #[error(transparent)]
    Keys(KeyError),
    /// The place of the files refused or cannot be reached.
    #[error("files: {0}")]
    Place(#[from] object_store::Error),
    /// The folder cannot be made.
    #[error("{path}: {source}", path = path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The store names files, and there is no folder with them.
    #[error(
        "the store names files and their folder is not at {path}: put it there, or say where it is with --blobs; if it \
         is lost, make an empty one: what devices have comes back when they bring it again", path = .0.display()
    )]
    MissingFolder(PathBuf),
}

impl From<KeyError> for BlobError {
    /// A dossier without a key was never begun, one whose key was destroyed is gone: there are no files either way.
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Unknown(_) | KeyError::Destroyed(_) => Self::Unknown,
            error => Self::Keys(error),
        }
    }
}
