//! Copies a store into an empty one: from an SQLite file to PostgreSQL, and back.
//!
//! All or nothing: one transaction in the new store, so that an interrupted copy leaves it empty. The old store is only
//! read, and nobody else writes to it meanwhile. What was written is read again and compared, table by table, by the number of
//! rows and a hash over all of them. Never opens anything: what is sealed stays so, with the same keys.

mod tables;
mod tally;

use futures_util::TryStreamExt as _;
use thiserror::Error;

use crate::audit::{AuditError, Report, verify_in};
use crate::config::StoreUrl;
use crate::database::sql::{
    Connection, Pool, QueryBuilder, Row, Transaction, Turn, Value, query, query_scalar, script,
};
use crate::database::{columns_of, pool};
use crate::log::LogError;
use tables::{Column, Kind, Table, tables};
use tally::Tally;

/// Rows of one statement; fewer when they are large.
const ROWS: usize = 500;
/// Bytes of one statement, and one row more.
const BYTES: usize = 1 << 20;

/// Why a store was not copied. The new one is as it was.
#[derive(Debug, Error)]
pub enum CopyError {
    /// One of the two cannot be used.
    #[error(transparent)]
    Store(#[from] LogError),
    /// One of the two refused.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A row could not be read or written.
    #[error("table {table}: {source}")]
    Row {
        /// Of which table.
        table: &'static str,
        /// Why.
        source: sqlx::Error,
    },
    /// The access log cannot be read.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The new store is not empty.
    #[error("the store to copy to is not empty: it has rows in {0}")]
    NotEmpty(&'static str),
    /// A store has a column that this version does not know, or lacks one.
    #[error("table {0} has other columns than this version knows")]
    OtherColumns(&'static str),
    /// What was written is not what was read.
    #[error("what was copied into {0} is not what was read")]
    Different(&'static str),
    /// The access log is another one after the copy.
    #[error("the access log does not verify as it did before")]
    DifferentAudit,
}

/// One table that was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Its name.
    pub table: &'static str,
    /// How many rows it has.
    pub rows: u64,
    /// A hash over all of them, in hex; the same in both stores.
    pub hash: String,
}

/// Copies every table. Both stores have to be of this version; neither may be served.
///
/// # Errors
/// See [`CopyError`].
pub async fn copy(from: &StoreUrl, to: &StoreUrl) -> Result<(Vec<Copied>, Report), CopyError> {
    let (from, to) = (pool(from).await?, pool(to).await?);
    let copied = between(&from, &to).await;
    from.close().await;
    to.close().await;
    copied
}

async fn between(from: &Pool, to: &Pool) -> Result<(Vec<Copied>, Report), CopyError> {
    let mut source = alone(from).await?;
    let mut target = alone(to).await?;
    let tables = tables();
    for table in &tables {
        expect_columns(&mut source, table).await?;
        expect_columns(&mut target, table).await?;
        let rows = format!("SELECT EXISTS (SELECT 1 FROM {})", table.name);
        if query_scalar(sqlx::AssertSqlSafe(rows)).fetch_one(&mut *target).await? {
            return Err(CopyError::NotEmpty(table.name));
        }
    }
    let mut copied = Vec::with_capacity(tables.len());
    for table in &tables {
        let read = rows(&mut source, &mut target, table).await?;
        number_on(&mut target, table).await?;
        if tally(&mut target, table).await? != read {
            return Err(CopyError::Different(table.name));
        }
        copied.push(Copied { table: table.name, rows: read.rows(), hash: read.to_string() });
    }
    let (before, after) = (verify_in(&mut source).await?, verify_in(&mut target).await?);
    if before != after {
        return Err(CopyError::DifferentAudit);
    }
    target.commit().await?;
    source.rollback().await?;
    Ok((copied, after))
}

/// A transaction with the store to itself.
async fn alone(pool: &Pool) -> Result<Transaction, CopyError> {
    let mut transaction = pool.begin(Turn::Store).await?;
    if matches!(pool, Pool::Postgres(..)) {
        let names: Vec<&str> = tables().iter().map(|table| table.name).collect();
        let lock = format!("SET LOCAL idle_in_transaction_session_timeout = 0; LOCK TABLE {}", names.join(", "));
        script(sqlx::AssertSqlSafe(lock + " IN SHARE ROW EXCLUSIVE MODE"), &mut *transaction).await?;
    }
    Ok(transaction)
}

async fn expect_columns(connection: &mut Connection, table: &Table) -> Result<(), CopyError> {
    let mut known: Vec<&str> = table.columns.iter().map(|column| column.name.trim_matches('"')).collect();
    known.sort_unstable();
    let mut found = columns_of(connection, table.name).await?;
    found.sort_unstable();
    if found == known { Ok(()) } else { Err(CopyError::OtherColumns(table.name)) }
}

/// Copies the rows of a table as they come.
async fn rows(source: &mut Connection, target: &mut Connection, table: &Table) -> Result<Tally, CopyError> {
    let failed = |source| CopyError::Row { table: table.name, source };
    let (mut tally, mut waiting, mut bytes) = (Tally::default(), Vec::with_capacity(ROWS), 0);
    let mut rows = query(select(table)).fetch(source);
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        let row = values(&row, table).map_err(failed)?;
        bytes += tally.add(&row);
        waiting.push(row);
        if waiting.len() == ROWS || bytes >= BYTES {
            insert(target, table, std::mem::take(&mut waiting)).await.map_err(failed)?;
            bytes = 0;
        }
    }
    insert(target, table, waiting).await.map_err(failed)?;
    Ok(tally)
}

/// Counts and hashes what a table holds.
async fn tally(connection: &mut Connection, table: &Table) -> Result<Tally, CopyError> {
    let failed = |source| CopyError::Row { table: table.name, source };
    let mut tally = Tally::default();
    let mut rows = query(select(table)).fetch(connection);
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        tally.add(&values(&row, table).map_err(failed)?);
    }
    Ok(tally)
}

fn select(table: &Table) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!("SELECT {} FROM {}", names(table), table.name))
}

fn names(table: &Table) -> String {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    names.join(", ")
}

fn values(row: &Row, table: &Table) -> Result<Vec<Value>, sqlx::Error> {
    let value = |(place, column): (usize, &Column)| {
        Ok(match column.kind {
            Kind::Number => Value::Number(row.try_get(place)?),
            Kind::Text => Value::Text(row.try_get(place)?),
            Kind::Bytes => Value::Bytes(row.try_get(place)?),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

async fn insert(target: &mut Connection, table: &Table, rows: Vec<Vec<Value>>) -> Result<(), sqlx::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    // Full ones are all alike: worth remembering.
    let full = rows.len() == ROWS;
    let mut insert = QueryBuilder::new(&format!("INSERT INTO {} ({}) ", table.name, names(table)));
    insert.push_values(rows, |mut places, row| {
        for value in row {
            places.push_bind(value);
        }
    });
    insert.build().persistent(full).execute(target).await?;
    Ok(())
}

/// PostgreSQL numbers rows by counters of their own: they go on after what was copied.
async fn number_on(target: &mut Connection, table: &Table) -> Result<(), CopyError> {
    if !target.is_postgres() {
        return Ok(());
    }
    for column in table.columns.iter().filter(|column| column.numbered) {
        let plain = column.name.trim_matches('"');
        let go_on = format!(
            "SELECT setval(pg_get_serial_sequence('{}', '{plain}'), COALESCE(MAX({}), 0) + 1, false) FROM {}",
            table.name, column.name, table.name
        );
        query(sqlx::AssertSqlSafe(go_on)).execute(&mut *target).await?;
    }
    Ok(())
}
