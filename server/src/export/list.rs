//! Fields of many dossiers as a table that spreadsheets open: semicolons, UTF-8 with its mark.

use liaison_shared::documents::FieldsView;
use liaison_shared::documents::prestation::PrestationView;
use liaison_shared::documents::schema::{Field, SECTEUR};
use liaison_shared::documents::{Document, Register};
use liaison_shared::{DocumentId, DocumentKind, DossierId};

use super::{ExportError, Leaving, document};
use crate::log::StoredLog;

/// Between values that were written apart and both stand.
const BOTH: &str = " | ";

/// One line for each dossier that is there, in the order asked for; the first one names the fields.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(
    log: &StoredLog,
    dossiers: &[DossierId],
    fields: &[&'static Field],
    leaving: &Leaving,
) -> Result<Vec<u8>, ExportError> {
    let mut text = String::from("\u{feff}");
    line(&mut text, fields.iter().map(|field| field.label.to_owned()));
    for dossier in dossiers {
        let mut documents = Vec::new();
        for id in [DocumentId::client(*dossier), DocumentId::administratif(*dossier), DocumentId::prestation(*dossier)]
        {
            if fields.iter().any(|field| field.document == id.kind()) {
                documents.extend(document(log, id).await?);
            }
        }
        if !documents.is_empty() {
            line(&mut text, cells(&documents, fields, leaving));
        }
    }
    Ok(text.into_bytes())
}

fn cells(documents: &[Document], fields: &[&'static Field], leaving: &Leaving) -> impl Iterator<Item = String> {
    let mut view = FieldsView::default();
    let mut secteur = Register::default();
    for document in documents {
        view.extend(FieldsView::read(document));
        if document.id().kind() == DocumentKind::Prestation {
            secteur = PrestationView::read(document).secteur;
        }
    }
    fields.iter().map(move |field| {
        let register = if field.key == SECTEUR.key { secteur.clone() } else { view.register(field) };
        let values = register.candidates.iter().map(|candidate| leaving.display(field, &candidate.value));
        values.collect::<Vec<_>>().join(BOTH)
    })
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.map(|cell| quoted(&harmless(cell))).collect();
    text.push_str(&cells.join(";"));
    text.push_str("\r\n");
}

/// What a spreadsheet would take for a formula is kept from being one.
fn harmless(cell: String) -> String {
    let number = |cell: &str| cell.chars().skip(1).all(|c| c.is_ascii_digit() || " ,.()\u{a0}\u{202f}".contains(c));
    match cell.chars().next() {
        Some('=' | '@' | '\t' | '\r' | '\n' | '＝' | '＠' | '＋' | '－') => format!("'{cell}"),
        Some('+' | '-') if !number(&cell) => format!("'{cell}"),
        _ => cell,
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([';', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_neither_a_formula_nor_two_cells() {
        let written = |cells: &[&str]| {
            let mut text = String::new();
            line(&mut text, cells.iter().map(|cell| (*cell).to_owned()));
            text
        };
        assert_eq!(written(&["Petit", "a;b", "dit \"oui\""]), "Petit;\"a;b\";\"dit \"\"oui\"\"\"\r\n");
        assert_eq!(written(&["=1+1", "@x", "+33 6 12", "-cmd", "-12,50"]), "'=1+1;'@x;+33 6 12;'-cmd;-12,50\r\n");
        assert_eq!(written(&["-1+1", "＝1", "=\"a\";b"]), "'-1+1;'＝1;\"'=\"\"a\"\";b\"\r\n");
    }
}
