//! Deletes uploads that were never finished, and chunks that nothing names any more.
//!
//! Never deletes a complete file, or one that would be complete if it were checked.

use liaison_shared::Timestamp;

use super::rows::StoredSet;
use super::{BlobError, Blobs};

/// How long an upload may wait for the rest of its file, in milliseconds.
const UNFINISHED: i64 = 30 * 86_400_000;

impl Blobs {
    /// Deletes what is due; gives how many sets of chunks that were.
    ///
    /// # Errors
    /// When the database or the place of the files refuses; what was deleted stays so.
    pub async fn tidy(&self, now: Timestamp) -> Result<usize, BlobError> {
        let mut deleted = 0;
        for set in self.rows.stale(Timestamp(now.0.saturating_sub(UNFINISHED))).await? {
            if self.is_whole_after_all(&set).await? {
                continue;
            }
            let _alone = self.locks.alone(&set.hash).await?;
            // Does nothing to one that was completed since.
            self.rows.unname(set.id).await?;
            if self.rows.is_unnamed(set.id).await? {
                self.remove(&set).await?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    /// A store that was restored from a copy does not know of the chunks that came after it, and their device takes the
    /// file for brought.
    async fn is_whole_after_all(&self, set: &StoredSet) -> Result<bool, BlobError> {
        if self.rows.is_unnamed(set.id).await? || !self.chunks.missing(set).await?.is_empty() {
            return Ok(false);
        }
        match self.finish(set).await {
            Ok(()) => Ok(true),
            // Another file than announced, or of a dossier whose key was destroyed.
            Err(BlobError::Refused(_) | BlobError::Unknown) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
