//! The tables of a store, as `log/schema.sql` says: their names and columns, in an order in which rows may be added.
//!
//! Never asks a database: what one has beside these is an error of whoever compares.

use crate::database::SCHEMA;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    Bytes,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// As SQL has it, in quotes where it has to be.
    pub name: &'static str,
    pub kind: Kind,
    /// The database gives it a number when it is left out.
    pub numbered: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub name: &'static str,
    pub columns: Vec<Column>,
}

/// Every table; those that others refer to come first.
pub(super) fn tables() -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut open = false;
    for line in SCHEMA.lines() {
        if let Some(name) = line.strip_prefix("CREATE TABLE IF NOT EXISTS ") {
            tables.push(Table { name: name.trim_end_matches(" ("), columns: Vec::new() });
            open = true;
        } else if line.starts_with(')') {
            open = false;
        } else if let Some(table) = tables.last_mut().filter(|_| open) {
            table.columns.extend(column(line));
        }
    }
    tables
}

/// The column in a line; none in a comment or in what is said of several columns.
fn column(line: &'static str) -> Option<Column> {
    let mut words = line.split_whitespace();
    let (name, kind) = (words.next()?, words.next()?);
    let kind = match kind.trim_end_matches(',') {
        "INTEGER" => Kind::Number,
        "TEXT" => Kind::Text,
        "BLOB" => Kind::Bytes,
        _ => return None,
    };
    Some(Column { name, kind, numbered: line.contains(" INTEGER PRIMARY KEY") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_those_of_the_schema() {
        let tables = tables();
        assert_eq!(tables.len(), SCHEMA.matches("CREATE TABLE").count());
        let changes = tables.iter().find(|table| table.name == "changes").unwrap();
        let names: Vec<&str> = changes.columns.iter().map(|column| column.name).collect();
        let expected = ["seq", "document", "hash", "actor", "actor_seq", "last_op", "user_id", "device", "received"];
        assert_eq!(names, expected);
        assert!(changes.columns[0].numbered && !changes.columns[1].numbered);
        assert_eq!((changes.columns[0].kind, changes.columns[2].kind), (Kind::Number, Kind::Bytes));
    }
}
