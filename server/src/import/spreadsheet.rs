//! XLSX: the first sheet that holds something, cell by cell.
//!
//! Never unpacks more than is allowed, whatever the file says of itself: what it holds is counted first.

use std::io::{Cursor, Read as _};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, Xlsx};
use zip::ZipArchive;

use super::error::ImportRefusal;
use super::table::{FORMULA, Line, MAX_COLUMNS, MAX_ROWS, Table};

/// Everything in a file, unpacked, in bytes.
const MAX_UNPACKED: u64 = 256 << 20;

/// Reads a file.
pub(super) fn read(file: &[u8]) -> Result<Table, ImportRefusal> {
    expect_bounded(file, MAX_UNPACKED)?;
    let mut book = Xlsx::new(Cursor::new(file)).map_err(|_| ImportRefusal::Unreadable)?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    for name in sheets {
        match Table::from_lines(lines(&mut book, &name)?.into_iter()) {
            Err(ImportRefusal::Empty) => {}
            table => return table,
        }
    }
    Err(ImportRefusal::Empty)
}

/// A small file must not become a large allocation: everything is unpacked once into nothing.
fn expect_bounded(file: &[u8], limit: u64) -> Result<(), ImportRefusal> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| ImportRefusal::Unreadable)?;
    let mut left = limit;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| ImportRefusal::Unreadable)?;
        let size = std::io::copy(&mut part.by_ref().take(left + 1), &mut std::io::sink());
        let size = size.map_err(|_| ImportRefusal::Unreadable)?;
        left = left.checked_sub(size).ok_or(ImportRefusal::TooLarge)?;
    }
    Ok(())
}

fn lines(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<Vec<Line>, ImportRefusal> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|_| ImportRefusal::Unreadable)?;
    let mut lines: Vec<Line> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| ImportRefusal::Unreadable)? {
        let (row, column) = cell.get_position();
        let is_error = matches!(cell.get_value(), DataRef::Error(_));
        let text = text(cell.get_value());
        if text.trim().is_empty() && !is_error {
            continue;
        }
        let (number, column) = (row as usize + 1, column as usize);
        if column >= MAX_COLUMNS {
            return Err(ImportRefusal::TooMany);
        }
        if lines.last().is_none_or(|line| line.number != number) {
            // The names of the columns are one line more.
            if lines.len() > MAX_ROWS {
                return Err(ImportRefusal::TooMany);
            }
            lines.push(Line { number, cells: Vec::new(), fault: None });
        }
        let Some(line) = lines.last_mut() else { continue };
        line.cells.resize(line.cells.len().max(column + 1), String::new());
        line.cells[column] = text;
        line.fault = line.fault.or(is_error.then_some(FORMULA));
    }
    Ok(widened(lines))
}

/// In a sheet a cell stands below its column whether that has a name or not: columns without one get as good as one.
fn widened(mut lines: Vec<Line>) -> Vec<Line> {
    let width = lines.iter().map(|line| line.cells.len()).max().unwrap_or_default();
    if let Some(header) = lines.first_mut() {
        let from = header.cells.len();
        header.cells.extend((from..width).map(|place| format!("Colonne {}", place + 1)));
    }
    lines
}

/// A cell as people read it, dates as fields keep them.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => decimal(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => if *yes { "Oui" } else { "Non" }.to_owned(),
        DataRef::DateTime(date) => day(date),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A number as French people write it: `12,5`.
fn decimal(number: f64) -> String {
    number.to_string().replace('.', ",")
}

fn day(date: &ExcelDateTime) -> String {
    match date.as_datetime().filter(|_| date.is_datetime()) {
        Some(date) => date.date().to_string(),
        None => decimal(date.as_f64()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn what_a_file_unpacks_to_is_bounded_over_all_its_parts() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["one", "two"] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&[b'x'; 1000]).unwrap();
        }
        let file = zip.finish().unwrap().into_inner();
        assert_eq!(expect_bounded(&file, 2000), Ok(()));
        assert_eq!(expect_bounded(&file, 1999), Err(ImportRefusal::TooLarge));
        assert_eq!(read(&file), Err(ImportRefusal::Unreadable), "an archive, but no workbook");
    }
}
