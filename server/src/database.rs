//! The SQLite file behind the log and the accounts: one connection writes, a few read.
//!
//! Never retries by itself and never loosens durability: WAL with `synchronous=FULL` for what is acknowledged.

use std::path::Path;
use std::time::Duration;

use liaison_shared::Epoch;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

use crate::log::LogError;

/// Name of the epoch in the table of settings.
const EPOCH: &str = "epoch";

/// An open database.
#[derive(Debug, Clone)]
pub struct Database {
    /// The only connection that writes: writers wait for each other here instead of failing as busy.
    pub write: SqlitePool,
    /// Connections that only read.
    pub read: SqlitePool,
    /// The life of the log in this file.
    pub epoch: Epoch,
}

impl Database {
    /// Opens the file, and makes it when it does not exist. `new_epoch` is what a new file gets.
    ///
    /// # Errors
    /// When the file cannot be opened or is not one of ours.
    pub async fn open(path: &Path, new_epoch: Epoch) -> Result<Self, LogError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("cache_size", "-32000")
            .pragma("wal_autocheckpoint", "4000");
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::raw_sql(include_str!("log/schema.sql")).execute(&write).await?;
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(EPOCH)
            .bind(new_epoch.as_bytes())
            .execute(&write)
            .await?;
        let epoch: Vec<u8> =
            sqlx::query_scalar("SELECT value FROM meta WHERE name = $1").bind(EPOCH).fetch_one(&write).await?;
        let epoch = Epoch::try_from(&epoch[..]).map_err(|_| LogError::Corrupt("epoch"))?;
        let read = SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(true)).await?;
        Ok(Self { write, read, epoch })
    }

    /// Gives the log in the file another life. Nobody may be serving it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn begin_epoch(&self, epoch: Epoch) -> Result<(), LogError> {
        let update = sqlx::query("UPDATE meta SET value = $1 WHERE name = $2").bind(epoch.as_bytes()).bind(EPOCH);
        update.execute(&self.write).await?;
        Ok(())
    }

    /// Finishes what is under way and closes the file.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}
