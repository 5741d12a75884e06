//! The database behind the log and the accounts, an SQLite file or PostgreSQL: connections that write, some that only read;
//! and its keyring.
//!
//! Never retries by itself, and what was committed is on the disk.

pub(crate) mod meta;
mod migrate;
mod news;
mod postgres;
mod shared;
pub mod sql;
mod sqlite;
mod whole;

use std::collections::BTreeSet;

use liaison_shared::{DocumentId, Epoch, Timestamp};

use self::shared::Shared;
use self::sql::{Pool, query_scalar};
use crate::config::StoreUrl;
use crate::entropy;
use crate::keys::{KeyError, KeyFiles, KeyName, Keyring, KeyringId};
use crate::log::{LogError, seal_old};

pub use migrate::migrate;
pub use news::{News, RelayId};
pub use shared::Hold;
pub(crate) use whole::{columns_of, pool};

/// The tables, as SQLite has them.
pub(crate) const SCHEMA: &str = include_str!("log/schema.sql");
/// Name of the epoch in the table of settings.
const EPOCH: &str = "epoch";
/// Name of the keyring in the table of settings: there before anything is sealed.
const KEYRING: &str = "keyring";

/// An open database.
#[derive(Debug, Clone)]
pub struct Database {
    /// Connections that write; to SQLite there is only one.
    pub write: Pool,
    /// Connections that only read.
    pub read: Pool,
    /// The life of the log in this file.
    pub epoch: Epoch,
    /// The keys of the dossiers.
    pub keys: Keyring,
    /// Set where other relays may serve the store too.
    shared: Option<Shared>,
}

impl Database {
    /// Opens the store, and makes it when it does not exist. `new_epoch` is what a new one gets. What an earlier
    /// version has stored without sealing it is sealed first, with keys that are dated `now`.
    ///
    /// # Errors
    /// When the database cannot be opened or is not one of ours, or when its keys are missing or not the right ones.
    pub async fn open(store: &StoreUrl, files: &KeyFiles, new_epoch: Epoch, now: Timestamp) -> Result<Self, LogError> {
        let relay = RelayId(u64::from_be_bytes(entropy::bytes()));
        let write = match store {
            StoreUrl::Sqlite(path) => sqlite::write(path).await?,
            StoreUrl::Postgres(url) => postgres::write(url.expose(), relay).await?,
        };
        let epoch = meta::get_or_set(&mut write.acquire().await?, EPOCH, new_epoch.as_bytes()).await?;
        let epoch = Epoch::try_from(&epoch[..]).map_err(|_| LogError::Corrupt("epoch"))?;
        let keys = unlock(&write, files).await?;
        if matches!(write, Pool::Sqlite(_)) {
            seal_old(&write, &keys, now).await?;
        }
        expect_all_keys(&write, &keys).await?;
        let (read, shared) = match store {
            StoreUrl::Sqlite(path) => (sqlite::read(path).await?, None),
            StoreUrl::Postgres(url) => {
                let locks = postgres::locks(url.expose())?;
                (postgres::read(url.expose(), relay).await?, Some(Shared::new(relay, locks)))
            }
        };
        Ok(Self { write, read, epoch, keys, shared })
    }

    /// Gives the log another life. Nobody may be serving it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn begin_epoch(&self, epoch: Epoch) -> Result<(), LogError> {
        meta::set(&mut self.write.acquire().await?, EPOCH, epoch.as_bytes()).await
    }

    /// Gives some of the space that nothing is in any more back to the disk. PostgreSQL does that by itself. Whether there
    /// may be more to give.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn release(&self) -> Result<bool, LogError> {
        match &self.write {
            pool @ Pool::Sqlite(_) => sqlite::release(pool).await,
            Pool::Postgres(..) => Ok(false),
        }
    }

    /// Finishes what is under way and closes everything.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
        if let Some(Shared { locks, upkeep, .. }) = &self.shared {
            upkeep.lock().await.take();
            locks.close().await;
        }
        self.keys.close().await;
    }
}

/// Opens the keyring that the store has sealed with; a store that has sealed nothing yet takes the one it finds,
/// or a new one, and keeps to it from then on.
async fn unlock(write: &Pool, files: &KeyFiles) -> Result<Keyring, LogError> {
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
async fn expect_all_keys(write: &Pool, keys: &Keyring) -> Result<(), LogError> {
    // One document of each dossier: they share its key.
    let names = "SELECT MIN(name) FROM documents GROUP BY COALESCE(dossier, name)";
    let documents: Vec<String> = query_scalar(names).fetch_all(write).await?;
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
