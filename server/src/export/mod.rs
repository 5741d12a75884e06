//! Dossiers as files that people take with them: to be read, to be opened elsewhere, to go into a spreadsheet
//! (docs/export.md).
//!
//! Never asks who may: it takes what may be read, and leaves out everything else. Never writes.

mod archive;
mod json;
mod list;

use std::collections::HashMap;

use chrono::NaiveDate;
use liaison_shared::access::{Role, access};
use liaison_shared::documents::Document;
use liaison_shared::documents::schema::{Field, FieldKind};
use liaison_shared::validate::calendar_date;
use liaison_shared::{DocumentId, DossierId, Timestamp, UserId};
use thiserror::Error;

pub use archive::archive;
pub use json::{FORMAT, Portable, VERSION};
pub use list::list;

use crate::log::{ChangeLog as _, LogError, StoredLog};

/// Why nothing leaves.
#[derive(Debug, Error)]
pub enum ExportError {
    /// There is no such dossier, or its key was destroyed.
    #[error("no such dossier")]
    Unknown,
    /// The log could not be read.
    #[error("store: {0}")]
    Log(#[from] LogError),
    /// The archive could not be packed.
    #[error("archive: {0}")]
    Archive(#[from] zip::result::ZipError),
    /// Something could not be written as JSON.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Something could not be written.
    #[error("writing: {0}")]
    Write(#[from] std::io::Error),
}

/// Who is called what: names to put beside what they wrote.
pub type Names = HashMap<UserId, String>;

/// When something leaves, for whom, and how people are called.
#[derive(Debug, Clone)]
pub struct Leaving {
    /// Who takes it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Everybody's names.
    pub names: Names,
}

impl Leaving {
    fn name(&self, user: Option<UserId>) -> Option<&str> {
        self.names.get(&user?).map(String::as_str)
    }

    /// A value as people read it: days, amounts and people in words.
    fn display(&self, field: &Field, value: &str) -> String {
        match (field.kind, calendar_date(value)) {
            (FieldKind::Date | FieldKind::BirthDate, Some(day)) => french(day),
            (FieldKind::Person, _) => self.name(value.parse().ok()).unwrap_or(value).to_owned(),
            _ => field.display(value),
        }
    }
}

fn french(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// The documents of a dossier that a role may read, by name.
///
/// # Errors
/// When there is no such dossier, or the store cannot be read.
pub async fn readable(log: &StoredLog, dossier: DossierId, role: Role) -> Result<Vec<Document>, ExportError> {
    let names = log.documents_of(dossier).await?;
    if names.is_empty() {
        return Err(ExportError::Unknown);
    }
    let mut documents = Vec::new();
    for id in names.into_iter().filter(|id| access(role, id.kind()).may_read()) {
        documents.extend(document(log, id).await?);
    }
    // All of them begin in one transaction and end with one key: none left is a dossier that was destroyed.
    if documents.is_empty() { Err(ExportError::Unknown) } else { Ok(documents) }
}

/// One document as it stands; none when nobody has begun it, or its key was destroyed.
pub async fn document(log: &StoredLog, id: DocumentId) -> Result<Option<Document>, LogError> {
    let chunks = match log.document(id).await {
        Err(LogError::Destroyed(_)) => return Ok(None),
        chunks => chunks?,
    };
    Ok((!chunks.is_empty()).then(|| Document::load(id, chunks.iter().map(|chunk| &chunk.bytes[..])).0))
}
