//! A store as its tables, for whoever copies all of them: without its keys, and whatever is in it.
//!
//! Never brings an earlier version up to date: opening it as a store does.

use super::sql::{Connection, Pool, query_scalar};
use super::{RelayId, postgres, sqlite};
use crate::config::StoreUrl;
use crate::log::LogError;

/// Connections that write; the tables are made when they do not exist.
pub(crate) async fn pool(store: &StoreUrl) -> Result<Pool, LogError> {
    match store {
        StoreUrl::Sqlite(path) => sqlite::write(path).await,
        StoreUrl::Postgres(url) => postgres::write(url.expose(), RelayId(0)).await,
    }
}

/// The names of a table's columns, in any order.
pub(crate) async fn columns_of(connection: &mut Connection, table: &str) -> Result<Vec<String>, sqlx::Error> {
    let names = if connection.is_postgres() {
        "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped"
    } else {
        "SELECT name FROM pragma_table_info($1)"
    };
    query_scalar(names).bind(table).fetch_all(connection).await
}
