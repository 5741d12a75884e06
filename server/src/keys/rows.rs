//! The keyring as rows of its own SQLite file.
//!
//! Never opens a key, never decides anything; what is overwritten here is wiped (`secure_delete`).

use std::io;
use std::path::Path;
use std::time::Duration;

use liaison_shared::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};
use sqlx::{AssertSqlSafe, QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::master::create_private;
use super::{KeyError, KeyName, MasterKeyId};
use crate::connections::at_most;

/// Rows of one statement: three values each stay well below every database's limit.
const ROWS: usize = 256;
/// The generation that [`changed`] begins.
const NEXT: &str = "(SELECT generation + 1 FROM keyring)";

/// Tells one keyring from another: drawn at random when it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyringId(pub [u8; 16]);

/// What the keyring says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub id: KeyringId,
    pub master: MasterKeyId,
    pub generation: i64,
}

/// Opens the file, and makes it when it does not exist. One connection: whoever changes the keyring or looks
/// whether it has changed does so in turn. A shared one does without a write-ahead log: that needs memory which processes on
/// several machines do not share.
pub(super) async fn open(path: &Path, shared: bool) -> Result<SqlitePool, KeyError> {
    match create_private(path) {
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
            return Err(KeyError::File { path: path.to_owned(), source });
        }
        _ => {}
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(if shared { SqliteJournalMode::Truncate } else { SqliteJournalMode::Wal })
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .pragma("secure_delete", "ON");
    let pool = at_most(1).test_before_acquire(false).connect_with(options).await?;
    sqlx::raw_sql(include_str!("schema.sql")).execute(&pool).await?;
    bring_up_to_date(&pool).await?;
    Ok(pool)
}

/// Adds what an earlier version's keyring lacks.
async fn bring_up_to_date(pool: &SqlitePool) -> Result<(), KeyError> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let column = "SELECT COUNT(*) FROM pragma_table_info('keys') WHERE name = 'changed'";
    let known: i64 = sqlx::query_scalar(column).fetch_one(&mut *transaction).await?;
    if known == 0 {
        let add = sqlx::query("ALTER TABLE keys ADD COLUMN changed INTEGER NOT NULL DEFAULT 0");
        add.execute(&mut *transaction).await?;
    }
    let index = sqlx::query("CREATE INDEX IF NOT EXISTS keys_by_change ON keys (changed)");
    index.execute(&mut *transaction).await?;
    Ok(transaction.commit().await?)
}

/// Gives a keyring that has just been made its identity and its lock.
pub(super) async fn begin(connection: &mut SqliteConnection, id: KeyringId, by: MasterKeyId) -> Result<(), KeyError> {
    let insert = "INSERT INTO keyring (one, id, master, generation) VALUES (1, $1, $2, 1) ON CONFLICT (one) DO NOTHING";
    sqlx::query(insert).bind(&id.0[..]).bind(&by.0[..]).execute(connection).await?;
    Ok(())
}

/// What the keyring says of itself.
pub(super) async fn head(connection: &mut SqliteConnection) -> Result<Head, KeyError> {
    let row = sqlx::query("SELECT id, master, generation FROM keyring").fetch_one(connection).await?;
    let id = row.try_get::<&[u8], _>("id")?.try_into().map_err(|_| KeyError::Corrupt("identity"))?;
    let master = row.try_get::<&[u8], _>("master")?.try_into().map_err(|_| KeyError::Corrupt("master key"))?;
    Ok(Head { id: KeyringId(id), master: MasterKeyId(master), generation: row.try_get("generation")? })
}

/// The keys that were made or changed after a generation, wrapped; `None` for one that was destroyed. After 0: all of them.
pub(super) async fn since(
    connection: &mut SqliteConnection,
    generation: i64,
) -> Result<Vec<(KeyName, Option<Vec<u8>>)>, KeyError> {
    let which = if generation == 0 { -1 } else { generation };
    let rows = sqlx::query("SELECT name, wrapped FROM keys WHERE changed > $1 ORDER BY name");
    let rows = rows.bind(which).fetch_all(connection).await?;
    let key = |row: &sqlx::sqlite::SqliteRow| {
        let name = row.try_get::<&str, _>("name")?.parse().map_err(|_| KeyError::Corrupt("name"))?;
        Ok((name, row.try_get("wrapped")?))
    };
    rows.iter().map(key).collect()
}

/// Adds keys; [`changed`] is called after it, as after all that follows.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    keys: &[(KeyName, Vec<u8>)],
    now: Timestamp,
) -> Result<(), KeyError> {
    for keys in keys.chunks(ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO keys (name, wrapped, created, changed) ");
        query.push_values(keys, |mut row, (name, wrapped)| {
            row.push_bind(name.to_string()).push_bind(&wrapped[..]).push_bind(now.0).push(NEXT);
        });
        query.build().persistent(false).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Wraps a key anew.
pub(super) async fn rewrap(connection: &mut SqliteConnection, name: KeyName, wrapped: &[u8]) -> Result<(), KeyError> {
    let update = format!("UPDATE keys SET wrapped = $1, changed = {NEXT} WHERE name = $2");
    let update = sqlx::query(AssertSqlSafe(update)).bind(wrapped).bind(name.to_string());
    update.execute(connection).await?;
    Ok(())
}

/// Leaves the name of a key and the date.
pub(super) async fn destroy(connection: &mut SqliteConnection, name: KeyName, now: Timestamp) -> Result<(), KeyError> {
    let update = format!(
        "UPDATE keys SET wrapped = NULL, destroyed = $1, changed = {NEXT} WHERE name = $2 AND wrapped IS NOT NULL"
    );
    sqlx::query(AssertSqlSafe(update)).bind(now.0).bind(name.to_string()).execute(connection).await?;
    Ok(())
}

/// Says that the keyring has changed, and which master key locks it from now on.
pub(super) async fn changed(connection: &mut SqliteConnection, master: MasterKeyId) -> Result<(), KeyError> {
    let update = sqlx::query("UPDATE keyring SET generation = generation + 1, master = $1").bind(&master.0[..]);
    update.execute(connection).await?;
    Ok(())
}

/// Wipes what was overwritten out of the write-ahead log as well, where there is one.
pub(super) async fn wipe(connection: &mut SqliteConnection) -> Result<(), KeyError> {
    let busy: i64 = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await?;
    if busy == 0 { Ok(()) } else { Err(KeyError::Busy) }
}
