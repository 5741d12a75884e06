//! A store that several relays serve: who they are to each other, what they say, what only one of them may do at a time.
//!
//! Beside SQLite there is never another relay: then nothing is said, nothing heard, and every lock is free.

use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgListener, PgPool};
use sqlx::{AssertSqlSafe, Postgres};
use tokio::sync::Mutex;

use super::news::{CHANNEL, News, RelayId};
use super::sql::{Pool, answered, query};
use super::{Database, postgres};

/// The classes of locks.
const FILES: i32 = i32::from_be_bytes(*b"File");
const UPKEEP: i32 = i32::from_be_bytes(*b"Keep");

/// What relays share beside the tables.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    /// This relay among them.
    pub relay: RelayId,
    /// Connections that hold locks.
    pub locks: PgPool,
    /// The one that says that this relay does the upkeep, as long as it lasts.
    pub upkeep: Arc<Mutex<Option<PoolConnection<Postgres>>>>,
}

impl Shared {
    /// A relay that starts.
    pub fn new(relay: RelayId, locks: PgPool) -> Self {
        Self { relay, locks, upkeep: Arc::default() }
    }

    /// Keeps the lock of the upkeep, or takes it when it is free.
    async fn keep_up(&self) -> Result<bool, sqlx::Error> {
        let mut held = self.upkeep.lock().await;
        if let Some(connection) = &mut *held {
            match answered(sqlx::query("SELECT 1").execute(&mut **connection)).await {
                Ok(_) => return Ok(true),
                // With the connection went the lock.
                Err(_lost) => {}
            }
            connection.close_on_drop();
            *held = None;
        }
        let mut connection = self.locks.acquire().await?;
        // Of the session, not of a transaction: until the connection ends.
        let free = sqlx::query_scalar("SELECT pg_try_advisory_lock($1, 0)").bind(UPKEEP);
        let free: bool = answered(free.fetch_one(&mut *connection)).await?;
        *held = free.then_some(connection);
        Ok(free)
    }
}

/// A lock over all relays, until it is dropped.
#[derive(Debug)]
pub struct Hold(
    #[expect(dead_code, reason = "held, and let go by dropping it")] Option<sqlx::Transaction<'static, sqlx::Postgres>>,
);

impl Database {
    /// Whether other relays may serve the store too.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.shared.is_some()
    }

    /// Whether something was said by this very relay.
    #[must_use]
    pub fn is_own(&self, relay: RelayId) -> bool {
        self.shared.as_ref().is_some_and(|shared| shared.relay == relay)
    }

    /// Tells the other relays. Those that do not hear it look for themselves, a little later.
    pub async fn tell(&self, news: &News) {
        if !self.is_shared() {
            return;
        }
        let notify = query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(news.to_string());
        if let Err(error) = notify.execute(&self.write).await {
            tracing::warn!(%error, "the other relays could not be told");
        }
    }

    /// Whether this relay is the one, of all that serve the store, that does the upkeep now: it stays so until it is gone.
    pub async fn keeps_up(&self) -> bool {
        let Some(shared) = &self.shared else { return true };
        shared.keep_up().await.unwrap_or_else(|error| {
            tracing::debug!(%error, "whose turn the upkeep is could not be asked");
            false
        })
    }

    /// What the other relays say from now on; none where there are no others.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn listen(&self) -> Result<Option<PgListener>, sqlx::Error> {
        match &self.read {
            Pool::Sqlite(_) => Ok(None),
            Pool::Postgres(pool, _) => postgres::listen(pool).await.map(Some),
        }
    }

    /// Waits for the lock of files with this number: alone, or together with others that do not want it alone.
    ///
    /// # Errors
    /// When the database cannot be reached, or others do not let go of it.
    pub async fn hold(&self, number: usize, alone: bool) -> Result<Hold, sqlx::Error> {
        let Some(Shared { locks, .. }) = &self.shared else { return Ok(Hold(None)) };
        let shared = if alone { "" } else { "_shared" };
        let begin = format!("BEGIN; SELECT pg_advisory_xact_lock{shared}({FILES}, {number})");
        Ok(Hold(Some(answered(locks.begin_with(AssertSqlSafe(begin))).await?)))
    }
}
