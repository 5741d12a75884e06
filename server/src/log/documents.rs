//! Documents looked for by their dossier or their kind: for what leaves as a whole, or is compared as a whole.
//!
//! Never opens more than is asked for, and passes over dossiers whose key was destroyed.

use std::collections::HashSet;

use liaison_shared::{DocumentId, DocumentKind, DossierId};

use super::contract::LogError;
use super::sealing::SealedEntry;
use super::sqlite::{COLUMNS_OF_DOCUMENTS, SqliteLog};
use crate::database::sql::{QueryBuilder, query_scalar};

/// The changes of one document, in the order of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Which document.
    pub id: DocumentId,
    /// Its changes.
    pub changes: Vec<Vec<u8>>,
}

impl SqliteLog {
    /// Every document of a dossier, by name. Their key may have been destroyed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn documents_of(&self, dossier: DossierId) -> Result<Vec<DocumentId>, LogError> {
        let query = "SELECT name FROM documents WHERE dossier = $1 ORDER BY name";
        let names: Vec<String> = query_scalar(query).bind(dossier.to_string()).fetch_all(&self.database().read).await?;
        names.iter().map(|name| name.parse().map_err(|_| LogError::Corrupt("document name"))).collect()
    }

    /// Every dossier that was ever begun, those whose key was destroyed too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dossiers(&self) -> Result<HashSet<DossierId>, LogError> {
        let query = "SELECT DISTINCT dossier FROM documents WHERE dossier IS NOT NULL";
        let names: Vec<String> = query_scalar(query).fetch_all(&self.database().read).await?;
        names.iter().map(|name| name.parse().map_err(|_| LogError::Corrupt("dossier"))).collect()
    }

    /// Every document of a kind, whole.
    ///
    /// # Errors
    /// When the database cannot be read, or a change does not open.
    pub async fn every(&self, kind: DocumentKind) -> Result<Vec<Stored>, LogError> {
        let mut query = QueryBuilder::new(COLUMNS_OF_DOCUMENTS);
        query.push(" WHERE c.document = d.id AND d.kind = ").push_bind(kind.name()).push(" ORDER BY d.id, c.seq");
        let rows = query.build().fetch_all(&self.database().read).await?;
        // After the rows were read: whatever is among them has its key by now.
        self.database().keys.refresh().await?;
        let mut all: Vec<Stored> = Vec::new();
        for row in &rows {
            let Some(entry) = SealedEntry::read(row)?.open(&self.database().keys)? else { continue };
            match all.last_mut().filter(|last| last.id == entry.document) {
                Some(last) => last.changes.push(entry.bytes),
                None => all.push(Stored { id: entry.document, changes: vec![entry.bytes] }),
            }
        }
        Ok(all)
    }
}
