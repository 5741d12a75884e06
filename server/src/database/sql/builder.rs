//! Statements of as many values as there happen to be.
//!
//! Never writes its places before the database is known: SQLite takes rows as `VALUES (?, ?), …` and reads thousands of `?`
//! faster than thousands of `$n`; PostgreSQL takes them as one array a column, so that the statement is the same however
//! many there are, and is planned once.

use std::fmt::{Display, Write as _};

use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use super::{Query, Value};

/// What goes into one place of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// One value.
    One(Value),
    /// Rows of as many values each, one after the other.
    Rows { columns: usize, values: Vec<Value> },
}

/// A statement that grows. What is pushed as text must come from the program, never from outside, and has no `?`.
#[derive(Debug, Default)]
pub struct QueryBuilder {
    sql: String,
    places: Vec<Place>,
}

impl QueryBuilder {
    /// Begins with some SQL.
    #[must_use]
    pub fn new(sql: &str) -> Self {
        Self { sql: sql.to_owned(), places: Vec::new() }
    }

    /// Adds SQL.
    pub fn push(&mut self, sql: impl Display) -> &mut Self {
        // Writing to a text does not fail.
        write!(self.sql, "{sql}").ok();
        self
    }

    /// Adds a value.
    pub fn push_bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.sql.push('?');
        self.places.push(Place::One(value.into()));
        self
    }

    /// Adds things with a separator between them.
    pub fn separated<'b>(&'b mut self, separator: &'static str) -> Separated<'b> {
        Separated { builder: self, separator, first: true }
    }

    /// Adds rows: one per item, of as many values each, of the same types. There has to be one.
    pub fn push_values<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut row: impl FnMut(RowValues<'_>, T),
    ) -> &mut Self {
        let (mut values, mut rows) = (Vec::new(), 0);
        for item in items {
            row(RowValues(&mut values), item);
            rows += 1;
        }
        self.sql.push('?');
        self.places.push(Place::Rows { columns: values.len() / usize::max(rows, 1), values });
        self
    }

    /// The statement; the builder is empty afterwards.
    pub fn build(&mut self) -> Query {
        let sql = AssertSqlSafe(std::mem::take(&mut self.sql)).into_sql_str();
        Query { sql, places: std::mem::take(&mut self.places), persistent: true }
    }
}

/// The values of one row.
#[derive(Debug)]
pub struct RowValues<'b>(&'b mut Vec<Value>);

impl RowValues<'_> {
    /// Adds the next one.
    pub fn push_bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.0.push(value.into());
        self
    }
}

/// Things with a separator between them.
#[derive(Debug)]
pub struct Separated<'b> {
    builder: &'b mut QueryBuilder,
    separator: &'static str,
    first: bool,
}

impl Separated<'_> {
    /// Adds SQL.
    pub fn push(&mut self, sql: impl Display) -> &mut Self {
        self.separate();
        self.builder.push(sql);
        self
    }

    /// Adds a value.
    pub fn push_bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.separate();
        self.builder.push_bind(value);
        self
    }

    fn separate(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.builder.sql.push_str(self.separator);
        }
    }
}
