//! A file as a table of texts: columns with names, rows with the numbers that a spreadsheet shows beside them.
//!
//! Never keeps a row that is empty, never drops one that is not.

use super::error::ImportRefusal;
use super::{spreadsheet, text};

/// No file is larger, in bytes.
pub const MAX_FILE: usize = 16 << 20;
/// Rows of one file: what one transaction makes durable in some seconds.
pub(super) const MAX_ROWS: usize = 10_000;
/// Columns of one file.
pub(super) const MAX_COLUMNS: usize = 200;
/// A cell, in bytes: all those of a row fit into one change.
const MAX_CELL: usize = 8 << 10;
/// All cells of a row, in bytes.
const MAX_ROW: usize = 64 << 10;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file; that of the columns' names is 1.
    pub number: usize,
    /// As many as there are columns.
    pub cells: Vec<String>,
    /// Why its cells cannot be trusted, as people read it.
    pub fault: Option<&'static str>,
}

/// A file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows below them.
    pub rows: Vec<Row>,
}

const TOO_WIDE: &str = "Cette ligne a plus de cellules que le fichier n’a de colonnes : elles sont peut-être décalées.";
const TOO_LONG: &str = "Une cellule de cette ligne est trop longue.";
const GARBLED: &str = "Cette ligne contient des caractères illisibles.";
pub(super) const FORMULA: &str = "Une cellule de cette ligne contient une erreur de calcul.";

impl Table {
    /// Reads a file of whichever kind its first bytes say.
    ///
    /// # Errors
    /// When it cannot be read or has too much.
    pub fn read(file: &[u8]) -> Result<Self, ImportRefusal> {
        if file.len() > MAX_FILE {
            return Err(ImportRefusal::TooLarge);
        }
        match file {
            [b'P', b'K', 3, 4, ..] => spreadsheet::read(file),
            // What older spreadsheets write, and newer ones when there is a password.
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(ImportRefusal::Unreadable),
            _ => text::read(file),
        }
    }

    /// A table from lines of cells with their numbers: the first one that is not empty names the columns.
    pub(super) fn from_lines(mut lines: impl Iterator<Item = Line>) -> Result<Self, ImportRefusal> {
        let mut header = lines.find(|line| !line.is_empty()).ok_or(ImportRefusal::Empty)?;
        while header.cells.last().is_some_and(|name| name.trim().is_empty()) {
            header.cells.pop();
        }
        let unnamed = |(place, name): (usize, &String)| match name.trim() {
            "" => format!("Colonne {}", place + 1),
            name => name.to_owned(),
        };
        let columns: Vec<String> = header.cells.iter().enumerate().map(unnamed).collect();
        if columns.len() > MAX_COLUMNS {
            return Err(ImportRefusal::TooMany);
        }
        let mut rows = Vec::new();
        for line in lines.filter(|line| !line.is_empty()) {
            if rows.len() == MAX_ROWS {
                return Err(ImportRefusal::TooMany);
            }
            rows.push(line.into_row(columns.len()));
        }
        Ok(Self { columns, rows })
    }
}

/// A row before it is known how many columns there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub number: usize,
    pub cells: Vec<String>,
    pub fault: Option<&'static str>,
}

impl Line {
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    fn into_row(self, columns: usize) -> Row {
        let Self { number, mut cells, fault } = self;
        let garbled = |c: char| c == '\u{fffd}' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
        let size: usize = cells.iter().map(String::len).sum();
        let wide = cells.iter().skip(columns).any(|cell| !cell.trim().is_empty());
        let found = [
            (wide, TOO_WIDE),
            (size > MAX_ROW || cells.iter().any(|cell| cell.len() > MAX_CELL), TOO_LONG),
            (cells.iter().any(|cell| cell.contains(garbled)), GARBLED),
        ];
        let fault = fault.or(found.into_iter().find(|(is, _)| *is).map(|(_, fault)| fault));
        cells.resize(columns, String::new());
        Row { number, cells, fault }
    }
}
