//! Files of clients as other programs write them, and what the relay is asked to do with one.

use std::io::{Cursor, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::client::Session;
use crate::http::{Answer, request, send};
use crate::relay::TestRelay;

/// Lines as a French spreadsheet saves them: semicolons, Windows-1252. Every sign has to be one of Latin-1.
pub fn csv(lines: &[Vec<String>]) -> Vec<u8> {
    let line = |cells: &Vec<String>| cells.join(";") + "\r\n";
    let text: String = lines.iter().map(line).collect();
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

/// A cell of a sheet.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(&'static str),
    /// A number.
    Number(f64),
    /// A day, counted from the last one of 1899.
    Day(u32),
}

/// The smallest XLSX file with one sheet; rows that are empty are not there, as spreadsheets leave them out.
pub fn xlsx(rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, text: &str| {
        zip.start_file(name, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        zip.write_all(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{text}").as_bytes()).unwrap();
    };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let packages = "http://schemas.openxmlformats.org/package/2006/relationships";
    add("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>");
    add(
        "_rels/.rels",
        &format!(
            "<Relationships xmlns=\"{packages}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" \
             Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    add(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"Clients\" sheetId=\"1\" \
             r:id=\"r1\"/></sheets></workbook>"
        ),
    );
    add(
        "xl/_rels/workbook.xml.rels",
        &format!(
            "<Relationships xmlns=\"{packages}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" \
             Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{office}/styles\" \
             Target=\"styles.xml\"/></Relationships>"
        ),
    );
    // The second style is that of days.
    add(
        "xl/styles.xml",
        &format!(
            "<styleSheet xmlns=\"{main}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
        ),
    );
    let rows: String = rows.iter().enumerate().map(|(place, cells)| row(place + 1, cells)).collect();
    add("xl/worksheets/sheet1.xml", &format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"));
    zip.finish().unwrap().into_inner()
}

fn row(number: usize, cells: &[Cell]) -> String {
    let cell = |(place, cell): (usize, &Cell)| {
        let at = format!("{}{number}", char::from(b'A' + u8::try_from(place).unwrap()));
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
            Cell::Number(value) => format!("<c r=\"{at}\"><v>{value}</v></c>"),
            Cell::Day(value) => format!("<c r=\"{at}\" s=\"1\"><v>{value}</v></c>"),
        }
    };
    let cells: String = cells.iter().enumerate().map(cell).collect();
    if cells.is_empty() { cells } else { format!("<row r=\"{number}\">{cells}</row>") }
}

impl TestRelay {
    /// Shows a file to the relay.
    pub async fn read_file(&self, by: &Session, file: Vec<u8>) -> Answer {
        send(request(self.address, "POST", "/import/read").body(file), Some(&by.token), None).await
    }

    /// What is wanted of a file: its columns where the relay thinks that they go.
    pub async fn order(&self, by: &Session, file: &[u8]) -> Value {
        let mapping = self.read_file(by, file.to_vec()).await.ok()["mapping"].clone();
        json!({ "import": "0123456789abcdef0123456789abcdef", "mapping": mapping, "file": STANDARD.encode(file),
                "name": "clients.csv", "skip": [] })
    }

    /// What would become of a file.
    pub async fn check_file(&self, by: &Session, order: &Value) -> Value {
        self.ask(Some(by), "POST", "/import/check", order.clone()).await.ok()
    }

    /// Makes dossiers of a file.
    pub async fn import(&self, by: &Session, order: &Value) -> Answer {
        self.ask(Some(by), "POST", "/import/commit", order.clone()).await
    }
}
