//! Seals what a relay before encryption has stored as it was, once, when such a store is opened.
//!
//! It goes on where it was killed: each batch notes in its own transaction how far it came. At the end the file
//! is written anew, so that nothing of what was readable stays in its free pages or its write-ahead log.
//!
//! Never serves anything meanwhile.

use std::collections::BTreeSet;

use liaison_shared::{ChangeHash, DocumentId, Timestamp};

use super::contract::LogError;
use crate::database::meta;
use crate::database::sql::{Connection, Pool, Row, Turn, query, query_scalar, script};
use crate::keys::{KeyName, Keyring, Label};

/// Position up to which every change is sealed.
const SEALED_UPTO: &str = "sealed_upto";
/// There once that position is the head, and every change is born sealed.
const ALL_SEALED: &str = "all_sealed";
/// There once the file has been written anew.
const WIPED: &str = "wiped";

/// Rows of one transaction.
const BATCH: i64 = 1000;

/// Seals whatever is not, and wipes it out of the file.
///
/// # Errors
/// When the store or the keyring cannot be written. What was sealed stays sealed.
pub async fn seal_old(write: &Pool, keys: &Keyring, now: Timestamp) -> Result<(), LogError> {
    while seal_some(write, keys, now, BATCH).await? {}
    wipe(&mut write.acquire().await?).await
}

/// Seals the next rows; true when there may be more.
async fn seal_some(write: &Pool, keys: &Keyring, now: Timestamp, most: i64) -> Result<bool, LogError> {
    if meta::get(&mut write.acquire().await?, ALL_SEALED).await?.is_some() {
        return Ok(false);
    }
    let mut transaction = write.begin(Turn::Store).await?;
    // Asked again: another process may have finished, and its changes are born sealed.
    if meta::get(&mut transaction, ALL_SEALED).await?.is_some() {
        return Ok(false);
    }
    let upto = match meta::get(&mut transaction, SEALED_UPTO).await? {
        None => 0,
        Some(bytes) => i64::from_be_bytes(bytes.try_into().map_err(|_| LogError::Corrupt("sealed position"))?),
    };
    let select = "SELECT c.seq, d.name, c.hash, b.bytes FROM bodies b JOIN changes c ON c.seq = b.seq \
                  JOIN documents d ON d.id = c.document \
                  WHERE c.seq > $1 ORDER BY c.seq LIMIT $2";
    let rows = query(select).bind(upto).bind(most).fetch_all(&mut *transaction).await?;
    let rows: Vec<Plain> = rows.iter().map(Plain::read).collect::<Result<_, _>>()?;
    if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
        if upto == 0 {
            tracing::info!(from = first.seq, "sealing the changes of a store from before encryption");
        }
        keys.refresh().await?;
        let names: BTreeSet<KeyName> = rows.iter().map(|row| KeyName::of(&row.document)).collect();
        keys.ensure(names.into_iter().filter(|name| !keys.is_destroyed(*name)), now).await?;
        for row in &rows {
            let update = query("UPDATE bodies SET bytes = $1 WHERE seq = $2");
            update.bind(row.seal(keys)?).bind(row.seq).execute(&mut *transaction).await?;
        }
        meta::set(&mut transaction, SEALED_UPTO, &last.seq.to_be_bytes()).await?;
    } else {
        meta::set(&mut transaction, ALL_SEALED, &[1]).await?;
        if upto == 0 {
            meta::set(&mut transaction, WIPED, &[1]).await?;
        }
    }
    transaction.commit().await?;
    Ok(!rows.is_empty())
}

/// A change as it was stored before.
struct Plain {
    seq: i64,
    document: DocumentId,
    hash: ChangeHash,
    bytes: Vec<u8>,
}

impl Plain {
    fn read(row: &Row) -> Result<Self, LogError> {
        let name: &str = row.try_get("name")?;
        Ok(Self {
            seq: row.try_get("seq")?,
            document: name.parse().map_err(|_| LogError::Corrupt("document name"))?,
            hash: ChangeHash::try_from(row.try_get::<&[u8], _>("hash")?).map_err(|_| LogError::Corrupt("hash"))?,
            bytes: row.try_get("bytes")?,
        })
    }

    /// Its bytes as they are stored from now on. An old copy of the store may hold a dossier whose key was destroyed
    /// since: nothing of it is kept.
    fn seal(&self, keys: &Keyring) -> Result<Vec<u8>, LogError> {
        let name = KeyName::of(&self.document);
        if keys.is_destroyed(name) {
            return Ok(Vec::new());
        }
        Ok(keys.seal(name, &Label::change(self.document, &self.hash), &self.bytes)?)
    }
}

/// Writes the file anew and empties its write-ahead log, unless that was done.
async fn wipe(connection: &mut Connection) -> Result<(), LogError> {
    if meta::get(connection, WIPED).await?.is_some() {
        return Ok(());
    }
    script("VACUUM", &mut *connection).await?;
    let busy: i64 = query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await?;
    if busy != 0 {
        tracing::warn!("another program reads the store: readable traces of old changes stay until the next start");
        return Ok(());
    }
    meta::set(connection, WIPED, &[1]).await?;
    tracing::info!("every change is sealed, and the file was written anew");
    Ok(())
}

#[cfg(test)]
mod tests;
