//! The store's table of settings: what it must remember of itself.
//!
//! Never begins a transaction: whoever asks decides what belongs together.

use super::sql::{Connection, query, query_scalar};
use crate::log::LogError;

/// A setting; `None` when it was never set.
pub async fn get(connection: &mut Connection, name: &str) -> Result<Option<Vec<u8>>, LogError> {
    let value = query_scalar("SELECT value FROM meta WHERE name = $1").bind(name);
    Ok(value.fetch_optional(connection).await?)
}

/// Sets a setting.
pub async fn set(connection: &mut Connection, name: &str, value: &[u8]) -> Result<(), LogError> {
    let upsert =
        "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    query(upsert).bind(name).bind(value).execute(connection).await?;
    Ok(())
}

/// Sets a setting unless it is set; gives what it is then. One that is set is only read: a command beside a running
/// relay does not wait for the relay's writes.
pub async fn get_or_set(connection: &mut Connection, name: &str, value: &[u8]) -> Result<Vec<u8>, LogError> {
    if let Some(set) = get(connection, name).await? {
        return Ok(set);
    }
    let insert = query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING");
    insert.bind(name).bind(value).execute(&mut *connection).await?;
    get(connection, name).await?.ok_or(LogError::Corrupt("setting"))
}
