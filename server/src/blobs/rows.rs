//! What the store knows of the files: which kind names which, and the sets of chunks behind them.
//!
//! Never touches a chunk.

use std::fmt;

use liaison_shared::sync::Identity;
use liaison_shared::{DeviceId, DossierId, Timestamp};

use super::{BlobError, BlobHash, BlobName};
use crate::database::Database;
use crate::database::sql::{Connection, Row, Transaction, Turn, query, query_scalar};
use crate::entropy;

const SET: &str = "SELECT s.id, s.dossier, s.hash, s.size, s.complete FROM blob_sets s";

/// A set of chunks: random, so that its folder says nothing about what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SetId([u8; 16]);

impl fmt::Display for SetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// The stored bytes of a file, or what has come of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredSet {
    pub id: SetId,
    pub dossier: DossierId,
    pub hash: BlobHash,
    pub size: u64,
    pub complete: bool,
}

impl StoredSet {
    /// One that nothing has come of.
    pub fn new(name: &BlobName, size: u64) -> Self {
        Self { id: SetId(entropy::bytes()), dossier: name.dossier, hash: name.hash, size, complete: false }
    }

    fn read(row: &Row) -> Result<Self, BlobError> {
        let id = row.try_get::<&[u8], _>("id")?.try_into().map_err(|_| BlobError::Corrupt("set"))?;
        let hash = row.try_get::<&[u8], _>("hash")?.try_into().map_err(|_| BlobError::Corrupt("hash"))?;
        let dossier = row.try_get::<&str, _>("dossier")?.parse().map_err(|_| BlobError::Corrupt("dossier"))?;
        let size = row.try_get::<i64, _>("size")?.try_into().map_err(|_| BlobError::Corrupt("size"))?;
        Ok(Self {
            id: SetId(id),
            dossier,
            hash: BlobHash(hash),
            size,
            complete: row.try_get::<i64, _>("complete")? != 0,
        })
    }
}

/// The rows of one database.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    database: Database,
}

impl Rows {
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    pub async fn write(&self) -> Result<Transaction, BlobError> {
        Ok(self.database.write.begin(Turn::Files).await?)
    }

    /// Whether there is a complete file.
    pub async fn any(&self) -> Result<bool, BlobError> {
        let query = query_scalar("SELECT EXISTS (SELECT 1 FROM blob_sets WHERE complete = 1)");
        Ok(query.fetch_one(&self.database.read).await?)
    }

    /// What stands behind a name.
    pub async fn find(&self, name: &BlobName) -> Result<Option<StoredSet>, BlobError> {
        find(&mut self.database.read.acquire().await?, name).await
    }

    /// A set, while it is there.
    pub async fn set(&self, id: SetId) -> Result<Option<StoredSet>, BlobError> {
        let query = query(sqlx::AssertSqlSafe(format!("{SET} WHERE s.id = $1"))).bind(id.0.to_vec());
        query.fetch_optional(&self.database.read).await?.as_ref().map(StoredSet::read).transpose()
    }

    /// Every complete set.
    pub async fn complete_sets(&self) -> Result<Vec<StoredSet>, BlobError> {
        self.sets(" WHERE s.complete = 1", None).await
    }

    /// Sets that were begun before a moment and never completed, and those that nothing names any more.
    pub async fn stale(&self, begun_before: Timestamp) -> Result<Vec<StoredSet>, BlobError> {
        let which = " WHERE (s.complete = 0 AND s.begun < $1) \
                     OR NOT EXISTS (SELECT 1 FROM blobs b WHERE b.bytes = s.id)";
        self.sets(which, Some(begun_before)).await
    }

    async fn sets(&self, which: &str, before: Option<Timestamp>) -> Result<Vec<StoredSet>, BlobError> {
        // Both are constants of this file.
        let query = query(sqlx::AssertSqlSafe(format!("{SET}{which}")));
        let query = match before {
            Some(before) => query.bind(before.0),
            None => query,
        };
        query.fetch_all(&self.database.read).await?.iter().map(StoredSet::read).collect()
    }

    /// Marks a set as complete, or takes the one that the dossier has of the same bytes into its place. True when its
    /// own chunks are not needed any more.
    pub async fn complete(&self, set: &StoredSet) -> Result<bool, BlobError> {
        let mut transaction = self.write().await?;
        let same = query_scalar("SELECT id FROM blob_sets WHERE dossier = $1 AND hash = $2 AND complete = 1");
        let same = same.bind(set.dossier.to_string()).bind(&set.hash.0[..]);
        let other: Option<Vec<u8>> = same.fetch_optional(&mut *transaction).await?;
        let update = match &other {
            Some(other) => query("UPDATE blobs SET bytes = $2 WHERE bytes = $1").bind(&set.id.0[..]).bind(other),
            None => query("UPDATE blob_sets SET complete = 1 WHERE id = $1").bind(&set.id.0[..]),
        };
        update.execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(other.is_some())
    }

    /// Takes the completeness of a set back: some of its chunks are not there.
    pub async fn reopen(&self, set: &StoredSet, now: Timestamp) -> Result<(), BlobError> {
        let update = query("UPDATE blob_sets SET complete = 0, begun = $2 WHERE id = $1");
        update.bind(&set.id.0[..]).bind(now.0).execute(&self.database.write).await?;
        Ok(())
    }

    /// Forgets who names a set, unless it is complete.
    pub async fn unname(&self, id: SetId) -> Result<(), BlobError> {
        let delete = "DELETE FROM blobs WHERE bytes = $1 \
                      AND EXISTS (SELECT 1 FROM blob_sets s WHERE s.id = $1 AND s.complete = 0)";
        query(delete).bind(&id.0[..]).execute(&self.database.write).await?;
        Ok(())
    }

    /// Whether nothing names a set.
    pub async fn is_unnamed(&self, id: SetId) -> Result<bool, BlobError> {
        let query = query_scalar("SELECT NOT EXISTS (SELECT 1 FROM blobs WHERE bytes = $1)");
        Ok(query.bind(id.0.to_vec()).fetch_one(&self.database.read).await?)
    }

    /// Forgets a set, whose chunks are gone.
    pub async fn drop_set(&self, id: SetId) -> Result<(), BlobError> {
        let delete = query("DELETE FROM blob_sets WHERE id = $1").bind(&id.0[..]);
        delete.execute(&self.database.write).await?;
        Ok(())
    }

    pub async fn count_of(&self, dossier: DossierId) -> Result<u64, BlobError> {
        let query = query_scalar("SELECT COUNT(*) FROM blobs WHERE dossier = $1").bind(dossier.to_string());
        let count: i64 = query.fetch_one(&self.database.read).await?;
        u64::try_from(count).map_err(|_| BlobError::Corrupt("count"))
    }
}

/// What stands behind a name.
pub(super) async fn find(connection: &mut Connection, name: &BlobName) -> Result<Option<StoredSet>, BlobError> {
    let which = " JOIN blobs b ON b.bytes = s.id WHERE b.dossier = $1 AND b.kind = $2 AND b.hash = $3";
    let query = query(sqlx::AssertSqlSafe(format!("{SET}{which}")));
    let query = query.bind(name.dossier.to_string()).bind(name.kind.name()).bind(name.hash.0.to_vec());
    query.fetch_optional(connection).await?.as_ref().map(StoredSet::read).transpose()
}

/// The complete file of this hash that one of these kinds of the dossier names.
pub(super) async fn find_complete(
    connection: &mut Connection,
    name: &BlobName,
    kinds: &[&'static str],
) -> Result<Option<StoredSet>, BlobError> {
    for kind in kinds {
        let which = " JOIN blobs b ON b.bytes = s.id \
                     WHERE b.dossier = $1 AND b.kind = $2 AND b.hash = $3 AND s.complete = 1";
        let query = query(sqlx::AssertSqlSafe(format!("{SET}{which}")));
        let query = query.bind(name.dossier.to_string()).bind(*kind).bind(name.hash.0.to_vec());
        if let Some(row) = query.fetch_optional(&mut *connection).await? {
            return StoredSet::read(&row).map(Some);
        }
    }
    Ok(None)
}

/// How many uploads a device has begun and not finished.
pub(super) async fn unfinished(connection: &mut Connection, device: DeviceId) -> Result<i64, BlobError> {
    let query = "SELECT COUNT(*) FROM blobs b JOIN blob_sets s ON s.id = b.bytes \
                 WHERE b.device = $1 AND s.complete = 0";
    Ok(query_scalar(query).bind(device.as_bytes()).fetch_one(connection).await?)
}

/// Adds a set that nothing has come of.
pub(super) async fn insert_set(connection: &mut Connection, set: &StoredSet, now: Timestamp) -> Result<(), BlobError> {
    query("INSERT INTO blob_sets (id, dossier, hash, size, begun) VALUES ($1, $2, $3, $4, $5)")
        .bind(&set.id.0[..])
        .bind(set.dossier.to_string())
        .bind(&set.hash.0[..])
        .bind(i64::try_from(set.size).map_err(|_| BlobError::Corrupt("size"))?)
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Says which set stands behind a name, and who brought it.
pub(super) async fn put_name(
    connection: &mut Connection,
    name: &BlobName,
    set: &StoredSet,
    (by, now): (Identity, Timestamp),
) -> Result<(), BlobError> {
    query(
        "INSERT INTO blobs (dossier, kind, hash, bytes, user_id, device, received) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (dossier, kind, hash) DO UPDATE SET bytes = excluded.bytes, user_id = excluded.user_id, \
         device = excluded.device, received = excluded.received",
    )
    .bind(name.dossier.to_string())
    .bind(name.kind.name())
    .bind(&name.hash.0[..])
    .bind(&set.id.0[..])
    .bind(by.user.as_bytes())
    .bind(by.device.as_bytes())
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}
