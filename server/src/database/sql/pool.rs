//! Connections to either database, and whose turn it is to write.
//!
//! Never lets two writers of the same rows overlap, in this relay or in another one on the same database.

use std::ops::{Deref, DerefMut};

use liaison_shared::DeviceId;
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;
use sqlx::{AssertSqlSafe, Postgres, Sqlite};

use super::{On, answered};
use crate::database::news::{CHANNEL, News, RelayId};

/// Connections.
#[derive(Debug, Clone)]
pub enum Pool {
    /// To an SQLite file.
    Sqlite(SqlitePool),
    /// To a PostgreSQL database; of which relay, for the others that hear of what it appends.
    Postgres(PgPool, RelayId),
}

/// What a transaction that writes has for itself until it ends. In SQLite that is everything: there is one connection that
/// writes, and one process at a time. In PostgreSQL it is a lock of this name, over all relays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The tables themselves, and what the store remembers of itself.
    Store,
    /// The change log: positions are given in the order of the commits, without gaps.
    Log,
    /// Snapshots and summaries: what is made of the log.
    Upkeep,
    /// The chain of the access log.
    Audit,
    /// Accounts, invitations and who manages.
    People,
    /// The names of the files.
    Files,
    /// What one device holds.
    Device(DeviceId),
}

impl Turn {
    /// The number of the lock: a class of this program, and which.
    fn lock(self) -> (i32, i32) {
        const CLASS: i32 = i32::from_be_bytes(*b"Liai");
        const DEVICES: i32 = i32::from_be_bytes(*b"Devi");
        match self {
            Self::Store => (CLASS, 0),
            Self::Log => (CLASS, 1),
            Self::Audit => (CLASS, 2),
            Self::People => (CLASS, 3),
            Self::Files => (CLASS, 4),
            Self::Upkeep => (CLASS, 5),
            // Two devices may share a lock: then one waits for the other's few rows.
            Self::Device(DeviceId([a, b, c, d, ..])) => (DEVICES, i32::from_be_bytes([a, b, c, d])),
        }
    }
}

impl Pool {
    /// A connection of one's own.
    ///
    /// # Errors
    /// When there is none.
    pub async fn acquire(&self) -> Result<Connection, sqlx::Error> {
        Ok(Connection(match self {
            Self::Sqlite(pool) => Inner::Sqlite(pool.acquire().await?),
            Self::Postgres(pool, _) => Inner::Postgres(pool.acquire().await?),
        }))
    }

    /// Begins a transaction that writes, when it is its turn.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn begin(&self, turn: Turn) -> Result<Transaction, sqlx::Error> {
        Ok(Transaction(Connection(match self {
            Self::Sqlite(pool) => Inner::SqliteTransaction(pool.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool, relay) => {
                let (class, which) = turn.lock();
                // Statements of one message. The next one sees what was committed before the lock was had.
                let mut begin = format!(
                    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock({class}, {which})"
                );
                if turn == Turn::Log {
                    // Heard once it is committed, and not when nothing was taken.
                    begin += &format!("; NOTIFY {CHANNEL}, '{}'", News::Log(*relay));
                }
                Inner::PostgresTransaction(answered(pool.begin_with(AssertSqlSafe(begin))).await?)
            }
        })))
    }

    /// Begins a transaction that reads everything as of one moment.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn snapshot(&self) -> Result<Transaction, sqlx::Error> {
        Ok(Transaction(Connection(match self {
            Self::Sqlite(pool) => Inner::SqliteTransaction(pool.begin().await?),
            Self::Postgres(pool, _) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Inner::PostgresTransaction(answered(pool.begin_with(begin)).await?)
            }
        })))
    }

    /// Finishes what is under way and closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool, _) => pool.close().await,
        }
    }
}

impl<'c> From<&'c Pool> for On<'c> {
    fn from(pool: &'c Pool) -> Self {
        match pool {
            Pool::Sqlite(pool) => Self::SqlitePool(pool),
            Pool::Postgres(pool, _) => Self::PostgresPool(pool),
        }
    }
}

/// One connection, or one in the middle of a transaction.
#[derive(Debug)]
pub struct Connection(Inner);

#[derive(Debug)]
enum Inner {
    Sqlite(PoolConnection<Sqlite>),
    SqliteTransaction(sqlx::Transaction<'static, Sqlite>),
    Postgres(PoolConnection<Postgres>),
    PostgresTransaction(sqlx::Transaction<'static, Postgres>),
}

impl Connection {
    /// Whether it is one to PostgreSQL.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self.0, Inner::Postgres(_) | Inner::PostgresTransaction(_))
    }
}

impl<'c> From<&'c mut Connection> for On<'c> {
    fn from(connection: &'c mut Connection) -> Self {
        match &mut connection.0 {
            Inner::Sqlite(connection) => Self::Sqlite(connection),
            Inner::SqliteTransaction(transaction) => Self::Sqlite(transaction),
            Inner::Postgres(connection) => Self::Postgres(connection),
            Inner::PostgresTransaction(transaction) => Self::Postgres(transaction),
        }
    }
}

/// A transaction: what it did is undone when it is dropped before [`Self::commit`].
#[derive(Debug)]
pub struct Transaction(Connection);

impl Transaction {
    /// Makes durable what it did, and visible to others.
    ///
    /// # Errors
    /// When the database refuses; whether it is durable is then not known.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        match self.0.0 {
            Inner::SqliteTransaction(transaction) => transaction.commit().await,
            Inner::PostgresTransaction(transaction) => answered(transaction.commit()).await,
            // There is no transaction without one.
            Inner::Sqlite(_) | Inner::Postgres(_) => Ok(()),
        }
    }

    /// Undoes what it did.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        match self.0.0 {
            Inner::SqliteTransaction(transaction) => transaction.rollback().await,
            Inner::PostgresTransaction(transaction) => answered(transaction.rollback()).await,
            Inner::Sqlite(_) | Inner::Postgres(_) => Ok(()),
        }
    }
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}
