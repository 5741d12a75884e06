//! Statements of as many values as there happen to be.
//!
//! Never numbers its places before the database is known: SQLite reads thousands of `?` faster than thousands of `$n`,
//! PostgreSQL knows only these.

use std::fmt::{Display, Write as _};

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use super::{Query, Value};

/// A statement that grows. What is pushed as text must come from the program, never from outside.
#[derive(Debug, Default)]
pub struct QueryBuilder {
    sql: String,
    values: Vec<Value>,
}

impl QueryBuilder {
    /// Begins with some SQL.
    #[must_use]
    pub fn new(sql: &str) -> Self {
        Self { sql: sql.to_owned(), values: Vec::new() }
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
        self.values.push(value.into());
        self
    }

    /// Adds things with a separator between them.
    pub fn separated<'b>(&'b mut self, separator: &'static str) -> Separated<'b> {
        Separated { builder: self, separator, first: true }
    }

    /// Adds `VALUES (…), (…)`: one row per item.
    pub fn push_values<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut row: impl FnMut(Separated<'_>, T),
    ) -> &mut Self {
        self.sql.push_str("VALUES ");
        for (place, item) in items.into_iter().enumerate() {
            self.sql.push_str(if place == 0 { "(" } else { ", (" });
            row(self.separated(", "), item);
            self.sql.push(')');
        }
        self
    }

    /// The statement; the builder is empty afterwards.
    pub fn build(&mut self) -> Query {
        let sql = AssertSqlSafe(std::mem::take(&mut self.sql)).into_sql_str();
        Query { sql, values: std::mem::take(&mut self.values), persistent: true }
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

/// The statement with `$1`, `$2` … in the place of each `?`. No statement of ours has a `?` that is none.
pub(super) fn numbered(sql: SqlStr) -> SqlStr {
    if !sql.as_str().contains('?') {
        return sql;
    }
    let mut numbered = String::with_capacity(sql.as_str().len() * 2);
    for (number, part) in sql.as_str().split('?').enumerate() {
        if number > 0 {
            write!(numbered, "${number}").ok();
        }
        numbered.push_str(part);
    }
    AssertSqlSafe(numbered).into_sql_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_the_same_for_both_but_for_its_places() {
        let mut builder = QueryBuilder::new("INSERT INTO t (a, b) ");
        builder.push_values([(1, "x"), (2, "y")], |mut row, (a, b)| {
            row.push_bind(a).push_bind(b);
        });
        builder.push(" RETURNING a");
        let query = builder.build();
        assert_eq!(query.sql.as_str(), "INSERT INTO t (a, b) VALUES (?, ?), (?, ?) RETURNING a");
        assert_eq!(query.values, [Value::from(1), Value::from("x"), Value::from(2), Value::from("y")]);
        let numbered = numbered(query.sql);
        assert_eq!(numbered.as_str(), "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) RETURNING a");
        assert_eq!(super::numbered(numbered.clone()).as_str(), numbered.as_str());
    }
}
