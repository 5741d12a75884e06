//! Opens a store that is an SQLite file.
//!
//! Never loosens durability: WAL with `synchronous=FULL` for what is acknowledged. What is deleted is overwritten
//! (`secure_delete`).

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::SCHEMA;
use super::sql::{Pool, script};
use crate::log::LogError;

/// How the file is opened.
fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-32000")
        .pragma("secure_delete", "ON")
        .pragma("wal_autocheckpoint", "4000")
}

/// The only connection that writes: writers wait for each other here instead of failing as busy. Makes the file and its
/// tables when they do not exist.
pub(super) async fn write(path: &Path) -> Result<Pool, LogError> {
    let pool = Pool::Sqlite(SqlitePoolOptions::new().max_connections(1).connect_with(options(path)).await?);
    script(SCHEMA, &pool).await?;
    super::migrate::move_bodies(&pool).await?;
    Ok(pool)
}

/// Connections that only read.
pub(super) async fn read(path: &Path) -> Result<Pool, LogError> {
    Ok(Pool::Sqlite(SqlitePoolOptions::new().max_connections(4).connect_with(options(path).read_only(true)).await?))
}
