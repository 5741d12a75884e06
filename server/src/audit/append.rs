//! Appends to the chain, inside one transaction.
//!
//! Reads the head from the store each time: a command beside a running relay appends too.

use super::AuditError;
use super::chain::{BEGINNING, Link, Row};
use super::entry::Entry;
use crate::database::Database;
use crate::database::sql::{Connection, Turn, query};

/// Where a chain ends: what the next row is chained to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub id: i64,
    pub hash: Link,
}

/// Appends entries in their order, all or none.
///
/// # Errors
/// When the database refuses, or its last row is none of ours.
pub async fn append(database: &Database, entries: &[Entry]) -> Result<(), AuditError> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut transaction = database.write.begin(Turn::Audit).await?;
    append_within(&mut transaction, entries).await?;
    Ok(transaction.commit().await?)
}

/// As [`append`], in a transaction that began `IMMEDIATE`.
pub(super) async fn append_within(connection: &mut Connection, entries: &[Entry]) -> Result<(), AuditError> {
    let mut head = head(connection).await?;
    for entry in entries {
        let entry = entry.clone().bounded();
        let row = Row::of(head.id + 1, &entry);
        let hash = row.link(&head.hash);
        query(
            "INSERT INTO access_log (id, at, received, user_id, device, dossier, volet, action, reason, offline, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(row.id)
        .bind(row.at)
        .bind(row.received)
        .bind(row.user)
        .bind(row.device)
        .bind(row.dossier)
        .bind(row.volet)
        .bind(row.action)
        .bind(row.reason)
        .bind(row.offline)
        .bind(&hash[..])
        .execute(&mut *connection)
        .await?;
        head = Head { id: row.id, hash };
    }
    Ok(())
}

/// The last row, or what is left of it after a purge.
async fn head(connection: &mut Connection) -> Result<Head, AuditError> {
    let row = query("SELECT id, hash FROM access_log ORDER BY id DESC LIMIT 1").fetch_optional(&mut *connection);
    if let Some(row) = row.await? {
        let hash: Vec<u8> = row.try_get("hash")?;
        return Ok(Head { id: row.try_get("id")?, hash: hash.try_into().map_err(|_| AuditError::Corrupt("hash"))? });
    }
    Ok(anchor(connection).await?.unwrap_or(Head { id: 0, hash: BEGINNING }))
}

/// The last row that was purged.
pub(super) async fn anchor(connection: &mut Connection) -> Result<Option<Head>, AuditError> {
    let row = query("SELECT id, hash FROM access_log_anchor WHERE \"only\" = 1").fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(None) };
    let hash: Vec<u8> = row.try_get("hash")?;
    Ok(Some(Head { id: row.try_get("id")?, hash: hash.try_into().map_err(|_| AuditError::Corrupt("anchor"))? }))
}
