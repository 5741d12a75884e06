//! Which downloads are in the access log already: a file is read chunk by chunk, and is one line.
//!
//! Never decides whether something may be read. When in doubt, one line more.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use liaison_shared::{DeviceId, Timestamp};

use super::BlobName;

/// Chunks that come within this time of the first one are of the same download, in milliseconds.
const ONE_DOWNLOAD: i64 = 10 * 60_000;
/// Downloads remembered; beyond, all are forgotten and the next chunk of each is a line.
const REMEMBERED: usize = 10_000;

/// The downloads under way.
#[derive(Debug, Default)]
pub(super) struct Readings {
    since: Mutex<HashMap<(DeviceId, BlobName), Timestamp>>,
}

impl Readings {
    /// Whether a chunk that is asked for now begins a download.
    pub fn begins(&self, device: DeviceId, name: BlobName, now: Timestamp) -> bool {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        if since.get(&(device, name)).is_some_and(|since| now.0.abs_diff(since.0) < ONE_DOWNLOAD.unsigned_abs()) {
            return false;
        }
        if since.len() >= REMEMBERED {
            since.clear();
        }
        since.insert((device, name), now);
        true
    }
}

#[cfg(test)]
mod tests {
    use liaison_shared::{DocumentKind, DossierId};

    use super::*;
    use crate::blobs::BlobHash;

    #[test]
    fn a_file_read_chunk_by_chunk_is_one_line_and_reading_it_again_another() {
        let readings = Readings::default();
        let name = |kind| BlobName { dossier: DossierId([1; 16]), kind, hash: BlobHash([2; 32]) };
        let begins =
            |device, kind, minute: i64| readings.begins(DeviceId([device; 16]), name(kind), Timestamp(minute * 60_000));
        assert!(begins(1, DocumentKind::Client, 0));
        assert!(!begins(1, DocumentKind::Client, 0) && !begins(1, DocumentKind::Client, 9));
        assert!(begins(2, DocumentKind::Client, 1), "another device");
        assert!(begins(1, DocumentKind::Relation, 1), "under another kind");
        assert!(begins(1, DocumentKind::Client, 10), "again");
    }
}
