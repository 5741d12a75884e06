//! CSV as it comes out of other programs: UTF-8, UTF-16 or Windows-1252; semicolons, commas or tabs.

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::error::ImportRefusal;
use super::table::{Line, MAX_COLUMNS, MAX_ROWS, Table};

/// Reads a file.
pub(super) fn read(file: &[u8]) -> Result<Table, ImportRefusal> {
    let text = decoded(file)?;
    let separator = separator(&text);
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let (mut record, mut lines) = (StringRecord::new(), Vec::new());
    // Lines inside of cells, which a spreadsheet does not count.
    let mut inside = 0;
    while reader.read_record(&mut record).map_err(|_| ImportRefusal::Unreadable)? {
        let breaks: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let after = usize::try_from(reader.position().line()).map_err(|_| ImportRefusal::TooMany)?;
        let number = after.saturating_sub(1 + breaks + inside);
        inside += breaks;
        let cells = record.iter().take(MAX_COLUMNS + 1).map(str::to_owned).collect();
        let line = Line { number, cells, fault: None };
        if line.is_empty() {
            continue;
        }
        // The names of the columns are one line more.
        if lines.len() > MAX_ROWS {
            return Err(ImportRefusal::TooMany);
        }
        lines.push(line);
    }
    Table::from_lines(lines.into_iter())
}

/// The text, its lines ended by `\n`, the last one too.
fn decoded(file: &[u8]) -> Result<String, ImportRefusal> {
    let encoding = match Encoding::for_bom(file) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(file).is_ok() => UTF_8,
        None => WINDOWS_1252,
    };
    let (text, _, _) = encoding.decode(file);
    if text.contains('\0') {
        return Err(ImportRefusal::Unreadable);
    }
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

/// What stands most often between the names of the columns.
fn separator(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0)];
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| *separator == byte && !quoted) {
            *count += 1;
        }
    }
    // The first of those that stand equally often: the one that French spreadsheets write.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b';', |(separator, _)| separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(file: &[u8]) -> Vec<(usize, Vec<String>)> {
        read(file).unwrap().rows.into_iter().map(|row| (row.number, row.cells)).collect()
    }

    #[test]
    fn rows_have_the_numbers_that_a_spreadsheet_shows() {
        let file = b"Nom;Note\r\nPetit;\"un\r\nchat\"\r\n\r\n;\r\nRoux;rien";
        let texts = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        assert_eq!(rows(file), [(2, texts(["Petit", "un\nchat"])), (5, texts(["Roux", "rien"]))]);
    }

    #[test]
    fn separators_and_encodings_are_recognised() {
        for file in [
            "\u{feff}Prénom;Ville\nZoé;Échirolles\n".as_bytes(),
            "Prénom,Ville\nZoé,\"Échirolles\"\n".as_bytes(),
            "Prénom\tVille\rZoé\tÉchirolles".as_bytes(),
            b"Pr\xe9nom;Ville\r\nZo\xe9;\xc9chirolles\r\n",
        ] {
            let table = read(file).unwrap();
            assert_eq!(table.columns, ["Prénom", "Ville"]);
            assert_eq!(table.rows[0].cells, ["Zoé", "Échirolles"]);
        }
        let wide: Vec<u8> = "\u{feff}Nom\tVille\nZoé\tGap".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&wide).unwrap().columns, ["Nom", "Ville"]);
    }

    #[test]
    fn what_is_no_table_is_refused_and_a_shifted_row_is_said() {
        assert_eq!(read(b"").unwrap_err(), ImportRefusal::Empty);
        assert_eq!(read(b"a\0b").unwrap_err(), ImportRefusal::Unreadable);
        let table = read("Nom;Ville\nPetit;Gap;06\nRoux\nBrun;\u{1}\n".as_bytes()).unwrap();
        let faults: Vec<bool> = table.rows.iter().map(|row| row.fault.is_some()).collect();
        assert_eq!(faults, [true, false, true]);
        assert_eq!(table.rows[1].cells, ["Roux", ""]);
    }
}
