//! Opens every chunk of every complete file, for whoever runs the relay.

use super::shape::Shape;
use super::{BlobError, Blobs};

/// What opening every file came to. A file that two kinds name counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedBlobs {
    /// Files whose every chunk opens.
    pub readable: u64,
    /// Files of dossiers whose key was destroyed.
    pub destroyed: u64,
    /// Files of which a chunk is missing or does not open: dossier and set, as in the folder.
    pub unreadable: Vec<String>,
}

impl Blobs {
    /// Opens every chunk.
    ///
    /// # Errors
    /// When the database or the place of the files cannot be read; not when a chunk does not open.
    pub async fn check(&self) -> Result<CheckedBlobs, BlobError> {
        let mut checked = CheckedBlobs::default();
        for set in self.rows.complete_sets().await? {
            if matches!(self.chunks.expect_key(set.dossier).await, Err(BlobError::Unknown)) {
                checked.destroyed += 1;
                continue;
            }
            let mut whole = true;
            for index in Shape::of(set.size).indexes() {
                whole &= self.chunks.opens(&set, index).await?;
            }
            if whole {
                checked.readable += 1;
            } else {
                checked.unreadable.push(format!("{}/{}", set.dossier, set.id));
            }
        }
        Ok(checked)
    }
}
