//! Who may touch the chunks of a file: a chunk is written under a shared lock of its hash, a set is checked or deleted under
//! an exclusive one, so that what was checked is not overwritten.
//!
//! Never knows what is done under a lock. It holds in this relay, and over all relays of the store.

use std::sync::Arc;

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use super::{BlobError, BlobHash};
use crate::database::{Database, Hold};

/// Uploads are told apart by so many locks: two of one lock wait for each other's check, no more.
const LOCKS: usize = 16;

/// The locks.
#[derive(Debug, Clone)]
pub(super) struct Locks {
    here: [Arc<RwLock<()>>; LOCKS],
    everywhere: Database,
}

/// Held until it is dropped. First the lock here: then only one connection of this relay waits for the others.
#[derive(Debug)]
#[expect(dead_code, reason = "held, and let go by dropping it")]
pub(super) enum Guard {
    Shared(Hold, OwnedRwLockReadGuard<()>),
    Alone(Hold, OwnedRwLockWriteGuard<()>),
}

impl Locks {
    pub fn new(everywhere: Database) -> Self {
        Self { here: Default::default(), everywhere }
    }

    /// To write a chunk of a file of this hash.
    pub async fn writing(&self, hash: &BlobHash) -> Result<Guard, BlobError> {
        let number = number(hash);
        let here = self.here[number].clone().read_owned().await;
        Ok(Guard::Shared(self.everywhere.hold(number, false).await?, here))
    }

    /// To check or delete a file of this hash.
    pub async fn alone(&self, hash: &BlobHash) -> Result<Guard, BlobError> {
        let number = number(hash);
        let here = self.here[number].clone().write_owned().await;
        Ok(Guard::Alone(self.everywhere.hold(number, true).await?, here))
    }
}

fn number(hash: &BlobHash) -> usize {
    usize::from(hash.0[0]) % LOCKS
}
