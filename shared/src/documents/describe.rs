//! What one change did, in the agency's words: for the list of what has not left the device, and for refusals.

use automerge::legacy::{Key, ObjectId, OpType};
use automerge::{Change, ObjId, ObjType, ReadDoc, ScalarValue};

use super::client::{FIELDS, Field, text_object};
use super::history::same_object;
use super::{Document, DocumentError};
use crate::ids::DocumentKind;

/// One thing a change did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// The field's label, or the kind of entry.
    pub label: &'static str,
    /// What was written: the value, the text inserted, the entry.
    pub written: String,
}

/// What a change of this document did. The document need not hold the change.
///
/// # Errors
/// When the bytes are not a change.
pub fn describe(document: &Document, change: &[u8]) -> Result<Vec<Deed>, DocumentError> {
    let change = Change::try_from(change)?;
    let texts: Vec<(&'static Field, ObjId)> = FIELDS
        .into_iter()
        .filter(|field| field.is_text())
        .filter_map(|field| Some((field, text_object(document, field).ok()?)))
        .collect();
    let mut deeds: Vec<Deed> = Vec::new();
    for operation in change.decode().operations {
        let written = match &operation.action {
            OpType::Put(ScalarValue::Str(text)) => text.to_string(),
            OpType::Delete if matches!(operation.key, Key::Map(_)) => "(choix d’une valeur)".to_owned(),
            OpType::Make(ObjType::Map | ObjType::Text) | OpType::Delete => String::new(),
            _ => continue,
        };
        let Some(label) = label(document, &texts, &operation.obj, &operation.key) else { continue };
        match deeds.iter_mut().find(|deed| deed.label == label) {
            Some(deed) => deed.written.push_str(&written),
            None => deeds.push(Deed { label, written }),
        }
    }
    Ok(deeds)
}

fn label(document: &Document, texts: &[(&Field, ObjId)], object: &ObjectId, key: &Key) -> Option<&'static str> {
    match document.id().kind() {
        DocumentKind::Client => match (texts.iter().find(|(_, text)| same_object(object, text)), key) {
            (Some((field, _)), _) => Some(field.label),
            (None, Key::Map(key)) => Field::by_key(key).filter(|field| !field.is_text()).map(|field| field.label),
            (None, Key::Seq(_)) => None,
        },
        DocumentKind::Journal { .. } => of_entry(key, "Transmission"),
        DocumentKind::Relation => of_entry(key, "Demande"),
        DocumentKind::Annuaire => of_entry(key, "Personne"),
        DocumentKind::Administratif => matches!(key, Key::Map(_)).then_some("Administratif"),
        DocumentKind::Prestation => match key {
            Key::Map(key) if key == "secteur" => Some("Secteur"),
            Key::Map(_) => Some("Équipe"),
            Key::Seq(_) => None,
        },
    }
}

/// An entry is told by its text alone.
fn of_entry(key: &Key, label: &'static str) -> Option<&'static str> {
    matches!(key, Key::Map(key) if key == "texte" || key == "nom").then_some(label)
}

/// The labels of the fields that a change of this document touches; none when the document does not hold it.
#[must_use]
pub fn touched(document: &Document, hash: crate::ids::ChangeHash) -> Vec<&'static str> {
    let change = document.inner().get_change_by_hash(&hash.into());
    let deeds = change.and_then(|change| describe(document, change.raw_bytes()).ok()).unwrap_or_default();
    deeds.into_iter().map(|deed| deed.label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::client::{NOTE, SetField, TELEPHONE, set_fields};
    use crate::documents::{Pen, journal};
    use crate::ids::{DocumentId, DossierId, EntryId, UserId};
    use crate::time::Timestamp;

    const PEN: Pen = Pen { user: UserId([1; 16]), actor: [2; 16] };

    #[test]
    fn a_change_is_told_by_its_fields_and_what_was_written() {
        let mut document = Document::new(DocumentId::client(DossierId([1; 16])));
        let base = document.heads();
        let edits = [(&TELEPHONE, "0612345678"), (&NOTE, "Un chat.")];
        let edits = edits.map(|(field, value)| SetField { field, value: value.to_owned() });
        let change = set_fields(&mut document, &PEN, &base, Timestamp(0), &edits).unwrap().unwrap();
        let deeds = describe(&Document::new(document.id()), &change.bytes).unwrap();
        assert_eq!(
            deeds,
            [
                Deed { label: "Téléphone", written: "0612345678".into() },
                Deed { label: "Note", written: "Un chat.".into() }
            ]
        );
    }

    #[test]
    fn doc_6_an_entry_is_added_once() {
        let mut document = Document::new(DocumentId::journal(DossierId([1; 16]), 2026));
        let mut add = || journal::add_transmission(&mut document, &PEN, Timestamp(0), EntryId([3; 16]), "Une fois.");
        assert!(add().unwrap().is_some());
        assert!(add().unwrap().is_none());
        assert_eq!(journal::transmissions(&document).len(), 1);
    }

    #[test]
    fn a_transmission_is_told_by_its_text() {
        let mut document = Document::new(DocumentId::journal(DossierId([1; 16]), 2026));
        let change = journal::add_transmission(&mut document, &PEN, Timestamp(0), EntryId([3; 16]), "Tout va bien.");
        let deeds = describe(&document, &change.unwrap().unwrap().bytes).unwrap();
        assert_eq!(deeds, [Deed { label: "Transmission", written: "Tout va bien.".into() }]);
    }
}
