//! Opens a store that is an SQLite file.
//!
//! Never loosens durability: WAL with `synchronous=FULL` for what is acknowledged. What is deleted is overwritten
//! (`secure_delete`).

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::SCHEMA;
use super::sql::{Pool, query_scalar, script};
use crate::connections::at_most;
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
    // A new file; an older one stays as it was made (docs/operations.md).
    let options = options(path).auto_vacuum(SqliteAutoVacuum::Incremental);
    let pool = Pool::Sqlite(at_most(1).connect_with(options).await?);
    script(SCHEMA, &pool).await?;
    super::migrate::move_bodies(&pool).await?;
    Ok(pool)
}

/// Connections that only read.
pub(super) async fn read(path: &Path) -> Result<Pool, LogError> {
    Ok(Pool::Sqlite(at_most(4).connect_with(options(path).read_only(true)).await?))
}

/// Gives pages on which nothing is any more back to the disk when they are more than an eighth of the file: some of them, so
/// that nobody waits for long. Whether there may be more to give.
pub(super) async fn release(pool: &Pool) -> Result<bool, LogError> {
    const FEW: i64 = 1024;
    let mut connection = pool.acquire().await?;
    let free: i64 = query_scalar("PRAGMA freelist_count").fetch_one(&mut connection).await?;
    let pages: i64 = query_scalar("PRAGMA page_count").fetch_one(&mut connection).await?;
    if free < FEW || free < pages / 8 {
        return Ok(false);
    }
    script("PRAGMA incremental_vacuum(256)", &mut connection).await?;
    let left: i64 = query_scalar("PRAGMA freelist_count").fetch_one(&mut connection).await?;
    Ok(left < free)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::sql::query;

    async fn pages(pool: &Pool) -> i64 {
        query_scalar("PRAGMA page_count").fetch_one(pool).await.unwrap()
    }

    /// Writes some megabytes, and takes them out.
    async fn fill_and_empty(pool: &Pool) {
        script("CREATE TABLE heap (bytes BLOB NOT NULL)", pool).await.unwrap();
        for _ in 0..8 {
            query("INSERT INTO heap (bytes) VALUES ($1)").bind(&vec![7; 1 << 20][..]).execute(pool).await.unwrap();
        }
        script("DELETE FROM heap", pool).await.unwrap();
    }

    #[tokio::test]
    async fn a_store_that_was_emptied_becomes_small_again_piece_by_piece() {
        let folder = tempfile::tempdir().unwrap();
        let pool = write(&folder.path().join("liaison.db")).await.unwrap();
        let before = pages(&pool).await;
        assert!(!release(&pool).await.unwrap(), "there is nothing to give");
        fill_and_empty(&pool).await;
        let full = pages(&pool).await;
        let mut turns = 0;
        while release(&pool).await.unwrap() {
            turns += 1;
        }
        let after = pages(&pool).await;
        assert!(turns > 2 && full - after > 1000 && after < before + 1024 + 256, "{before} {full} {after} in {turns}");
    }

    #[tokio::test]
    async fn a_store_of_an_earlier_version_stays_as_it_was_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("liaison.db");
        let earlier = Pool::Sqlite(at_most(1).connect_with(options(&path)).await.unwrap());
        script("CREATE TABLE old (id INTEGER PRIMARY KEY)", &earlier).await.unwrap();
        earlier.close().await;
        let pool = write(&path).await.unwrap();
        fill_and_empty(&pool).await;
        let full = pages(&pool).await;
        assert!(!release(&pool).await.unwrap(), "or the relay would try for ever");
        assert_eq!(pages(&pool).await, full);
    }
}
