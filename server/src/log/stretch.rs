//! A stretch of the log for this relay itself, whoever may see what: what another relay on the database has appended.
//!
//! Never for a device: what one may see is [`super::ChangeLog::read`]'s.

use liaison_shared::Seq;

use super::chunks::{Of, Reading, fetch};
use super::contract::{LogError, Page};
use super::stored::StoredLog;

/// Entries of one reading.
const MOST: usize = 1024;

impl StoredLog {
    /// What stands after a position, up to another, or a first part of them; those of dossiers whose key was destroyed are
    /// passed over. The page ends where the reading did, and says nothing of snapshots further on.
    ///
    /// # Errors
    /// When the database cannot be read, or a change does not open.
    pub async fn stretch(&self, after: Seq, upto: Seq) -> Result<Page, LogError> {
        let mut query = Reading { of: Of::All, kinds: None, after, upto }.query()?;
        query.push(" LIMIT ").push_bind(i64::try_from(MOST).unwrap_or(i64::MAX));
        let sealed = fetch(query, self.database()).await?;
        let more = sealed.len() == MOST;
        let upto = sealed.last().filter(|_| more).map_or(upto, |last| last.seq);
        let mut chunks = Vec::with_capacity(sealed.len());
        for chunk in sealed {
            chunks.extend(chunk.open(&self.database().keys)?);
        }
        Ok(Page { chunks, upto, settled: false })
    }
}
