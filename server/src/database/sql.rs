//! SQL for SQLite and PostgreSQL alike: a statement with its values, run on whichever of the two the store is in.
//!
//! Every statement of the relay is written once, in what both understand. Looks like `sqlx` on purpose, and adds no more
//! than the choice between two databases: it never changes a statement and knows no table.

mod answered;
mod builder;
mod pool;
mod render;
mod row;
mod value;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use sqlx::postgres::{PgArguments, PgConnection, PgPool};
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqlitePool};
use sqlx::{Postgres, SqlSafeStr, SqlStr, Sqlite};

use answered::each_answered;
use builder::Place;

pub use answered::answered;
pub(super) use answered::silent;
pub use builder::{QueryBuilder, RowValues, Separated};
pub use pool::{Connection, Pool, Transaction, Turn};
pub use row::{Get, Row};
pub use value::Value;

/// A statement whose places are `$1`, `$2` …
pub fn query(sql: impl SqlSafeStr) -> Query {
    Query { sql: sql.into_sql_str(), places: Vec::new(), persistent: true }
}

/// A statement of which only the first column counts.
pub fn query_scalar(sql: impl SqlSafeStr) -> Scalar {
    Scalar(query(sql))
}

/// Several statements without values, one after the other.
///
/// # Errors
/// When the database refuses one of them.
pub async fn script<'c>(sql: impl SqlSafeStr, on: impl Into<On<'c>>) -> Result<(), sqlx::Error> {
    let script = sqlx::raw_sql(sql);
    match on.into() {
        On::Sqlite(connection) => script.execute(connection).await.map(|_| ()),
        On::SqlitePool(pool) => script.execute(pool).await.map(|_| ()),
        On::Postgres(connection) => script.execute(connection).await.map(|_| ()),
        On::PostgresPool(pool) => script.execute(pool).await.map(|_| ()),
    }
}

/// Where a statement runs: made from `&Pool` or `&mut Connection`.
pub enum On<'c> {
    /// A connection to SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// Any connection to SQLite.
    SqlitePool(&'c SqlitePool),
    /// A connection to PostgreSQL.
    Postgres(&'c mut PgConnection),
    /// Any connection to PostgreSQL.
    PostgresPool(&'c PgPool),
}

/// What a statement did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done(u64);

impl Done {
    /// How many rows it changed.
    #[must_use]
    pub fn rows_affected(self) -> u64 {
        self.0
    }
}

/// A statement and its values.
#[derive(Debug)]
#[must_use = "it is only run by execute or fetch"]
pub struct Query {
    sql: SqlStr,
    places: Vec<Place>,
    persistent: bool,
}

/// Runs on whichever database, and says what its rows are.
macro_rules! run {
    ($query:expr, $on:expr, $method:ident, $sqlite:expr, $postgres:expr) => {
        match $on.into() {
            On::Sqlite(connection) => $query.sqlite()?.$method(connection).await.map($sqlite),
            On::SqlitePool(pool) => $query.sqlite()?.$method(pool).await.map($sqlite),
            On::Postgres(connection) => answered($query.postgres()?.$method(connection)).await.map($postgres),
            On::PostgresPool(pool) => answered($query.postgres()?.$method(pool)).await.map($postgres),
        }
    };
}

impl Query {
    /// Gives the next value.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.places.push(Place::One(value.into()));
        self
    }

    /// Whether the database shall remember the statement; it does unless told otherwise.
    pub fn persistent(self, persistent: bool) -> Self {
        Self { persistent, ..self }
    }

    /// Runs it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn execute<'c>(self, on: impl Into<On<'c>>) -> Result<Done, sqlx::Error> {
        run!(self, on, execute, |done| Done(done.rows_affected()), |done| Done(done.rows_affected()))
    }

    /// Runs it and gives all its rows.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn fetch_all<'c>(self, on: impl Into<On<'c>>) -> Result<Vec<Row>, sqlx::Error> {
        run!(self, on, fetch_all, |rows| rows.into_iter().map(Row::Sqlite).collect(), |rows| rows
            .into_iter()
            .map(Row::Postgres)
            .collect())
    }

    /// Runs it and gives its first row, if it has one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn fetch_optional<'c>(self, on: impl Into<On<'c>>) -> Result<Option<Row>, sqlx::Error> {
        run!(self, on, fetch_optional, |row| row.map(Row::Sqlite), |row| row.map(Row::Postgres))
    }

    /// Runs it and gives its first row.
    ///
    /// # Errors
    /// When there is none, or the database refuses.
    pub async fn fetch_one<'c>(self, on: impl Into<On<'c>>) -> Result<Row, sqlx::Error> {
        self.fetch_optional(on).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// Runs it and gives its rows as they come.
    pub fn fetch<'c>(self, on: impl Into<On<'c>>) -> BoxStream<'c, Result<Row, sqlx::Error>> {
        fn failed<'c>(error: sqlx::Error) -> BoxStream<'c, Result<Row, sqlx::Error>> {
            stream::once(async { Err(error) }).boxed()
        }
        match on.into() {
            On::Sqlite(connection) => {
                self.sqlite().map_or_else(failed, |query| query.fetch(connection).map_ok(Row::Sqlite).boxed())
            }
            On::SqlitePool(pool) => {
                self.sqlite().map_or_else(failed, |query| query.fetch(pool).map_ok(Row::Sqlite).boxed())
            }
            On::Postgres(connection) => self
                .postgres()
                .map_or_else(failed, |query| each_answered(query.fetch(connection)).map_ok(Row::Postgres).boxed()),
            On::PostgresPool(pool) => self
                .postgres()
                .map_or_else(failed, |query| each_answered(query.fetch(pool)).map_ok(Row::Postgres).boxed()),
        }
    }

    fn sqlite(self) -> Result<sqlx::query::Query<'static, Sqlite, SqliteArguments>, sqlx::Error> {
        let (sql, arguments) = render::sqlite(self.sql, self.places)?;
        Ok(sqlx::query_with(sql, arguments).persistent(self.persistent))
    }

    fn postgres(self) -> Result<sqlx::query::Query<'static, Postgres, PgArguments>, sqlx::Error> {
        let (sql, arguments, same) = render::postgres(self.sql, self.places)?;
        Ok(sqlx::query_with(sql, arguments).persistent(self.persistent || same))
    }
}

/// A statement of which only the first column counts.
#[derive(Debug)]
#[must_use = "it is only run by fetch"]
pub struct Scalar(Query);

impl Scalar {
    /// Gives the next value.
    pub fn bind(self, value: impl Into<Value>) -> Self {
        Self(self.0.bind(value))
    }

    /// Runs it and gives the value in every row.
    ///
    /// # Errors
    /// When the database refuses, or a value is of another type.
    pub async fn fetch_all<'c, T: for<'r> Get<'r>>(self, on: impl Into<On<'c>>) -> Result<Vec<T>, sqlx::Error> {
        self.0.fetch_all(on).await?.iter().map(|row| row.try_get(0)).collect()
    }

    /// Runs it and gives the value in its first row, if it has one.
    ///
    /// # Errors
    /// When the database refuses, or the value is of another type.
    pub async fn fetch_optional<'c, T: for<'r> Get<'r>>(self, on: impl Into<On<'c>>) -> Result<Option<T>, sqlx::Error> {
        self.0.fetch_optional(on).await?.map(|row| row.try_get(0)).transpose()
    }

    /// Runs it and gives the value in its first row.
    ///
    /// # Errors
    /// When there is none, the database refuses, or the value is of another type.
    pub async fn fetch_one<'c, T: for<'r> Get<'r>>(self, on: impl Into<On<'c>>) -> Result<T, sqlx::Error> {
        self.0.fetch_one(on).await?.try_get(0)
    }
}
