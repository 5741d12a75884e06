//! Why a file is not brought in.

use liaison_shared::documents::DocumentError;
use thiserror::Error;

use crate::log::LogError;
use crate::relay::WriterStopped;

/// What is wrong with a file, or with what is wanted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ImportRefusal {
    /// Neither a CSV nor an XLSX file that opens.
    #[error("not a file that can be read")]
    Unreadable,
    /// A file without a first row.
    #[error("empty file")]
    Empty,
    /// More bytes than a file may have, unpacked or not.
    #[error("file too large")]
    TooLarge,
    /// More rows or columns than a file may have.
    #[error("too many rows or columns")]
    TooMany,
    /// A column that is not there, a field that is not one, or one of them twice.
    #[error("mapping does not fit")]
    WrongMapping,
    /// A row cannot become a dossier and was not left out.
    #[error("rows with errors")]
    HasErrors,
    /// This import was done before.
    #[error("already imported")]
    AlreadyImported,
}

/// Why an import did not take place.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The file, or what is wanted of it.
    #[error(transparent)]
    Refused(#[from] ImportRefusal),
    /// A document could not be written.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The log could not be read.
    #[error("store: {0}")]
    Log(#[from] LogError),
    /// The log has not taken what the relay itself wrote.
    #[error("the log refused changes of an import")]
    NotTaken,
    /// The relay's writer has ended, or its store has failed.
    #[error(transparent)]
    Writer(#[from] WriterStopped),
    /// The work ended before it was done.
    #[error("an import was interrupted")]
    Interrupted,
}
