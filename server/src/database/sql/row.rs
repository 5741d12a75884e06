//! A row of either database, read by the names of its columns.
//!
//! Never converts: the tables hold the same types in both.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, Postgres, Row as _, Sqlite, Type};

/// What can be read out of a column of either database: numbers, texts, bytes, yes or no; as an [`Option`] where there may
/// be none.
pub trait Get<'r>: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres> {}

impl<'r, T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>> Get<'r> for T {}

/// A row.
pub enum Row {
    /// Of SQLite.
    Sqlite(SqliteRow),
    /// Of PostgreSQL.
    Postgres(PgRow),
}

impl Row {
    /// What is in a column.
    ///
    /// # Errors
    /// When there is no such column, or it holds something of another type.
    pub fn try_get<'r, T: Get<'r>, I>(&'r self, column: I) -> Result<T, sqlx::Error>
    where
        I: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }
}
