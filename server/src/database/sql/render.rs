//! A statement as each of the two databases takes it: its text, and its values in the order of their places.
//!
//! Never changes a statement whose places are numbered already (`$1`): both take it as it is.

use std::fmt::Write as _;

use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, AssertSqlSafe, SqlSafeStr as _, SqlStr};

use super::Value;
use super::builder::Place;
use super::value::add;

/// As SQLite takes it: rows as `VALUES (?, ?), …`.
pub(super) fn sqlite(sql: SqlStr, places: Vec<Place>) -> Result<(SqlStr, SqliteArguments), sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    let mut text = None;
    if places.iter().any(|place| matches!(place, Place::Rows { .. })) {
        text = Some(expand(sql.as_str(), &places));
    }
    for place in places {
        match place {
            Place::One(value) => add(&mut arguments, value)?,
            Place::Rows { values, .. } => {
                arguments.reserve(values.len(), 0);
                for value in values {
                    add(&mut arguments, value)?;
                }
            }
        }
    }
    Ok((text.map_or(sql, |text| AssertSqlSafe(text).into_sql_str()), arguments))
}

fn expand(sql: &str, places: &[Place]) -> String {
    let mut text = String::with_capacity(sql.len() * 2);
    let mut parts = sql.split('?');
    text.push_str(parts.next().unwrap_or_default());
    for (place, part) in places.iter().zip(parts) {
        match place {
            Place::One(_) => text.push('?'),
            Place::Rows { columns, values } => {
                let row = format!("({})", vec!["?"; *columns].join(", "));
                text.push_str("VALUES ");
                for number in 0..values.len() / columns {
                    text.push_str(if number == 0 { "" } else { ", " });
                    text.push_str(&row);
                }
            }
        }
        text.push_str(part);
    }
    text
}

/// As PostgreSQL takes it: `$1`, `$2` … for values, and rows as one array a column. True when it is worth remembering: it
/// is the same for any number of rows.
pub(super) fn postgres(sql: SqlStr, places: Vec<Place>) -> Result<(SqlStr, PgArguments, bool), sqlx::Error> {
    let mut arguments = PgArguments::default();
    if !sql.as_str().contains('?') {
        for place in places {
            if let Place::One(value) = place {
                add(&mut arguments, value)?;
            }
        }
        return Ok((sql, arguments, false));
    }
    let (mut text, mut number, mut rows) = (String::with_capacity(sql.as_str().len() * 2), 0, false);
    let mut parts = sql.as_str().split('?');
    text.push_str(parts.next().unwrap_or_default());
    for (place, part) in places.into_iter().zip(parts) {
        match place {
            Place::One(value) => {
                number += 1;
                write!(text, "${number}").ok();
                add(&mut arguments, value)?;
            }
            Place::Rows { columns, values } => {
                rows = true;
                text.push_str("SELECT * FROM UNNEST(");
                for (place, column) in transposed(columns, values).into_iter().enumerate() {
                    number += 1;
                    text.push_str(if place == 0 { "" } else { ", " });
                    let kind = array(&mut arguments, column)?;
                    write!(text, "${number}::{kind}[]").ok();
                }
                text.push(')');
            }
        }
        text.push_str(part);
    }
    Ok((AssertSqlSafe(text).into_sql_str(), arguments, rows))
}

/// Rows as columns.
fn transposed(columns: usize, values: Vec<Value>) -> Vec<Vec<Value>> {
    let mut transposed: Vec<Vec<Value>> = vec![Vec::with_capacity(values.len() / usize::max(columns, 1)); columns];
    for (place, value) in values.into_iter().enumerate() {
        if let Some(column) = transposed.get_mut(place % columns) {
            column.push(value);
        }
    }
    transposed
}

/// Adds a column as one array; gives the name of its elements' type.
fn array(arguments: &mut PgArguments, column: Vec<Value>) -> Result<&'static str, sqlx::Error> {
    let mixed = || sqlx::Error::Encode("a column of several types".into());
    macro_rules! array {
        ($kind:ident, $type:ty, $name:literal) => {{
            let of = |value| match value {
                Value::$kind(value) => Ok(value),
                _ => Err(mixed()),
            };
            let values = column.into_iter().map(of).collect::<Result<Vec<Option<$type>>, _>>()?;
            arguments.add(values).map_err(sqlx::Error::Encode)?;
            Ok($name)
        }};
    }
    match column.first() {
        None | Some(Value::Number(_)) => array!(Number, i64, "bigint"),
        Some(Value::Text(_)) => array!(Text, String, "text"),
        Some(Value::Bytes(_)) => array!(Bytes, Vec<u8>, "bytea"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::QueryBuilder;
    use super::*;

    fn query() -> super::super::Query {
        let mut builder = QueryBuilder::new("INSERT INTO t (a, b) ");
        builder.push_values([(1, "x"), (2, "y")], |mut row, (a, b)| {
            row.push_bind(a).push_bind(b);
        });
        builder.push(" WHERE c = ").push_bind(3).push(" RETURNING a");
        builder.build()
    }

    #[test]
    fn each_database_gets_a_statement_of_its_own_kind() {
        let query = query();
        let (text, arguments) = sqlite(query.sql, query.places).unwrap();
        assert_eq!(text.as_str(), "INSERT INTO t (a, b) VALUES (?, ?), (?, ?) WHERE c = ? RETURNING a");
        assert_eq!(arguments.len(), 5);

        let query = self::query();
        let (text, arguments, same) = postgres(query.sql, query.places).unwrap();
        let expected = "INSERT INTO t (a, b) SELECT * FROM UNNEST($1::bigint[], $2::text[]) WHERE c = $3 RETURNING a";
        assert_eq!((text.as_str(), arguments.len(), same), (expected, 3, true));
    }

    #[test]
    fn a_statement_with_numbered_places_stays() {
        let query = super::super::query("SELECT $1 + $2").bind(1).bind(2);
        let (text, arguments, same) = postgres(query.sql, query.places).unwrap();
        assert_eq!((text.as_str(), arguments.len(), same), ("SELECT $1 + $2", 2, false));
    }
}
