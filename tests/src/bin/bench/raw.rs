//! `raw-sqlite`: the same bytes committed to SQLite alone, the limit of what a relay over SQLite can do.
//!
//! Never does less for durability than the relay: WAL, synchronous FULL, the same disk and page cache.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::clock::Stopwatch;
use crate::load::BUDGET;
use crate::relay::remove;
use crate::{Failure, Place};

/// Changes per second when so many are committed at once, until the budget or the changes are used up.
pub async fn commits(place: &Place, changes: &[Vec<u8>], group: usize) -> Result<f64, Failure> {
    let file = place.folder.join("raw.db");
    remove(&file)?;
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-32000")
        .pragma("wal_autocheckpoint", "4000");
    let mut connection = options.connect().await?;
    sqlx::query("CREATE TABLE raw (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)").execute(&mut connection).await?;
    let watch = Stopwatch::start();
    let mut committed = 0;
    for changes in changes.chunks(group.max(1)) {
        commit(&mut connection, changes).await?;
        committed += changes.len();
        if watch.elapsed() >= BUDGET {
            break;
        }
    }
    let rate = committed as f64 / watch.elapsed().as_secs_f64();
    connection.close().await?;
    remove(&file)?;
    Ok(rate)
}

/// One statement of many rows, in a transaction of its own.
async fn commit(connection: &mut SqliteConnection, changes: &[Vec<u8>]) -> Result<(), Failure> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new("INSERT INTO raw (bytes) ");
    query.push_values(changes, |mut row, bytes| {
        row.push_bind(&bytes[..]);
    });
    query.build().execute(&mut *transaction).await?;
    Ok(transaction.commit().await?)
}
