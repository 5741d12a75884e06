//! The SQLite file behind the log and the accounts: one connection writes, a few read; and its keyring.
//!
//! Never retries by itself and never loosens durability: WAL with `synchronous=FULL` for what is acknowledged.
//! What is deleted is overwritten (`secure_delete`).

pub(crate) mod meta;
mod migrate;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use liaison_shared::{DocumentId, Epoch, Timestamp};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use crate::keys::{KeyError, KeyFiles, KeyName, Keyring, KeyringId};
use crate::log::{LogError, seal_old};

pub use migrate::migrate;

/// Name of the epoch in the table of settings.
const EPOCH: &str = "epoch";
/// Name of the keyring in the table of settings: there before anything is sealed.
const KEYRING: &str = "keyring";

/// An open database.
#[derive(Debug, Clone)]
pub struct Database {
    /// The only connection that writes: writers wait for each other here instead of failing as busy.
    pub write: SqlitePool,
    /// Connections that only read.
    pub read: SqlitePool,
    /// The life of the log in this file.
    pub epoch: Epoch,
    /// The keys of the dossiers.
    pub keys: Keyring,
}

impl Database {
    /// Opens the file, and makes it when it does not exist. `new_epoch` is what a new file gets. What an earlier
    /// version has stored without sealing it is sealed first, with keys that are dated `now`.
    ///
    /// # Errors
    /// When the file cannot be opened or is not one of ours, or when its keys are missing or not the right ones.
    pub async fn open(path: &Path, files: &KeyFiles, new_epoch: Epoch, now: Timestamp) -> Result<Self, LogError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("cache_size", "-32000")
            .pragma("secure_delete", "ON")
            .pragma("wal_autocheckpoint", "4000");
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::raw_sql(include_str!("log/schema.sql")).execute(&write).await?;
        migrate::move_bodies(&write).await?;
        let epoch = meta::get_or_set(&mut *write.acquire().await?, EPOCH, new_epoch.as_bytes()).await?;
        let epoch = Epoch::try_from(&epoch[..]).map_err(|_| LogError::Corrupt("epoch"))?;
        let keys = unlock(&write, files).await?;
        seal_old(&write, &keys, now).await?;
        expect_all_keys(&write, &keys).await?;
        let read = SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(true)).await?;
        Ok(Self { write, read, epoch, keys })
    }

    /// Gives the log in the file another life. Nobody may be serving it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn begin_epoch(&self, epoch: Epoch) -> Result<(), LogError> {
        meta::set(&mut *self.write.acquire().await?, EPOCH, epoch.as_bytes()).await
    }

    /// Finishes what is under way and closes the file.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
        self.keys.close().await;
    }
}

/// Opens the keyring that the store has sealed with; a store that has sealed nothing yet takes the one it finds,
/// or a new one, and keeps to it from then on.
async fn unlock(write: &SqlitePool, files: &KeyFiles) -> Result<Keyring, LogError> {
    let mut connection = write.acquire().await?;
    let pledged = match meta::get(&mut connection, KEYRING).await? {
        Some(id) => Some(KeyringId(id.try_into().map_err(|_| LogError::Corrupt("keyring"))?)),
        None => None,
    };
    let keys = files.unlock(pledged).await?;
    let taken = meta::get_or_set(&mut connection, KEYRING, &keys.id().0).await?;
    if taken == keys.id().0 { Ok(keys) } else { Err(KeyError::ForeignKeyring(files.keyring.clone()).into()) }
}

/// A keyring that is older than the store would give dossiers a second key, and never open what the first has
/// sealed: better not to begin.
async fn expect_all_keys(write: &SqlitePool, keys: &Keyring) -> Result<(), LogError> {
    let documents: Vec<String> = sqlx::query_scalar("SELECT name FROM documents").fetch_all(write).await?;
    keys.refresh().await?;
    let mut lost = BTreeSet::new();
    for name in documents {
        let document: DocumentId = name.parse().map_err(|_| LogError::Corrupt("document name"))?;
        let name = KeyName::of(&document);
        if !keys.knows(name) {
            lost.insert(name);
        }
    }
    if lost.is_empty() { Ok(()) } else { Err(KeyError::LostKeys(lost.len()).into()) }
}
