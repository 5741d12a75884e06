//! What a browser held before there were vaults: copied into the vault, sealed, then erased. Stopped at any point, it
//! begins again; what was written in the meantime is never put back to an older state.

use liaison_shared::UserId;

use super::store::STORES;
use crate::platform::indexed_db::{Batch, Database, Durability, StorageError};

/// The version that was never sealed is 1: opening a later one makes its tabs let go. Grows with [`STORES`], so that a
/// takeover begun by an older version of the application finds all of them.
const LAST_UNSEALED: u8 = 3;
const META: &str = "meta";
/// Everything is in the vault: only erasing is left.
const COPIED: &str = "copied";
/// Nothing is left to take over.
const DONE: &str = "taken-over";
/// Rows in one transaction.
const SLICE: usize = 500;

/// Takes over what this person's browser held unsealed, if anything.
///
/// # Errors
/// When the device cannot read or store; the unsealed data is still there then.
pub(super) async fn take_over(sealed: &Database, user: UserId) -> Result<(), StorageError> {
    if sealed.get(META, DONE).await?.is_some() {
        return Ok(());
    }
    let name = format!("liaison-{user}");
    if let Some(unsealed) = Database::open_existing(&name, LAST_UNSEALED, STORES).await? {
        if sealed.get(META, COPIED).await?.is_none() {
            copy(&unsealed, sealed).await?;
            mark(sealed, COPIED).await?;
        }
        unsealed.close();
        Database::erase(&name).await?;
    }
    mark(sealed, DONE).await
}

async fn copy(unsealed: &Database, sealed: &Database) -> Result<(), StorageError> {
    for store in STORES {
        let rows = unsealed.prefixed(store, "").await?;
        for slice in rows.chunks(SLICE) {
            let mut batch = Batch::default();
            for (key, value) in slice {
                batch.put(store, key.clone(), value.clone());
            }
            sealed.write(&batch, Durability::Strict).await?;
        }
    }
    Ok(())
}

async fn mark(sealed: &Database, name: &'static str) -> Result<(), StorageError> {
    let mut batch = Batch::default();
    batch.put(META, name, Vec::new());
    sealed.write(&batch, Durability::Strict).await
}
