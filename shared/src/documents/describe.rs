//! What one change did, in the agency's words: for the list of what has not left the device, and for refusals.

use automerge::legacy::{Key, ObjectId, OpType};
use automerge::{Change, ObjId, ObjType, ReadDoc, ScalarValue};

use super::fields::text_object;
use super::history::same_object;
use super::schema::{Field, fields_of};
use super::{Document, DocumentError, record_field, ticks};
use crate::ids::DocumentKind;

/// What stands in records for machines.
const DIGITS: [&str; 21] = [
    "fichier.empreinte",
    "fichier.signe",
    "fichier.signe_le",
    "fichier.piece",
    "fichier.taille",
    "pointage.visite",
    "pointage.heure",
    "pointage.monotone",
    "pointage.derive",
    "pointage.position",
    "realisation.visite",
    "observation.visite",
    "note.visite",
    "reponse.visite",
    "reponse.propose",
    "visite.recurrence",
    "visite.avis",
    "visite.proposee",
    "consequence.avis",
    "consequence.effet",
    "anomalie.champ",
];

/// One thing a change did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// The field's key, or that of the collection of entries.
    pub key: &'static str,
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
    let texts: Vec<(&'static Field, ObjId)> = fields_of(document.id().kind())
        .filter(|field| field.is_text())
        .filter_map(|field| Some((field, text_object(document, field).ok()?)))
        .collect();
    let mut deeds: Vec<Deed> = Vec::new();
    let operations = change.decode().operations;
    for operation in &operations {
        // Deleted in order to be written anew.
        let again = |it: &&automerge::legacy::Op| {
            matches!(it.action, OpType::Put(_)) && it.obj == operation.obj && it.key == operation.key
        };
        if matches!(operation.action, OpType::Delete) && operations.iter().any(|it| again(&it)) {
            continue;
        }
        let written = match &operation.action {
            OpType::Put(ScalarValue::Str(text)) => text.to_string(),
            OpType::Delete if matches!(operation.key, Key::Map(_)) => "(choix d’une valeur)".to_owned(),
            OpType::Make(ObjType::Map | ObjType::Text) | OpType::Delete => String::new(),
            _ => continue,
        };
        let Some(Place { key, label, joined }) = place(document, &texts, &operation.obj, &operation.key) else {
            continue;
        };
        match deeds.iter_mut().find(|deed| deed.key == key && deed.label == label) {
            Some(deed) => {
                let between = if joined || written.is_empty() || deed.written.is_empty() { "" } else { " · " };
                deed.written.push_str(between);
                deed.written.push_str(&written);
            }
            None => deeds.push(Deed { key, label, written }),
        }
    }
    Ok(deeds)
}

/// What an operation belongs to.
struct Place {
    key: &'static str,
    label: &'static str,
    /// Whether its operations read as one text.
    joined: bool,
}

fn place(document: &Document, texts: &[(&'static Field, ObjId)], object: &ObjectId, key: &Key) -> Option<Place> {
    let kind = document.id().kind();
    let Key::Map(name) = key else {
        let (field, _) = texts.iter().find(|(_, text)| same_object(object, text))?;
        return Some(Place { key: field.key, label: field.label, joined: true });
    };
    if document.part(ticks::COCHES).is_ok_and(|ticks| same_object(object, &ticks)) {
        return Some(Place { key: ticks::COCHES, label: "Point vérifié", joined: false });
    }
    if let Some(field) = fields_of(kind).find(|field| field.key == name && !field.is_text()) {
        return Some(Place { key: field.key, label: field.label, joined: true });
    }
    let of_entry = |key, label| Some(Place { key, label, joined: false });
    match (record_field(kind.name(), name), kind, name.as_str()) {
        // The digits of a file or of an instant tell nobody anything.
        (Some((_, field)), _, _) if DIGITS.contains(&field.key) => None,
        (Some((collection, _)), _, _) => of_entry(collection.key, collection.singular),
        (None, DocumentKind::Journal { .. }, "texte") => of_entry("transmissions", "Transmission"),
        (None, DocumentKind::Relation, "texte") => of_entry("demandes", "Demande"),
        (None, DocumentKind::Annuaire, "nom") => of_entry("personnes", "Personne"),
        (None, DocumentKind::Prestation, "secteur") => of_entry("secteur", "Secteur"),
        (None, DocumentKind::Prestation, "personne" | "debut" | "fin" | "retire") => of_entry("equipe", "Équipe"),
        (None, _, "retire") => of_entry("retire", "Élément retiré"),
        _ => None,
    }
}

/// The keys of the fields that a change of this document touches; none when the document does not hold it.
#[must_use]
pub fn touched(document: &Document, hash: crate::ids::ChangeHash) -> Vec<&'static str> {
    let change = document.inner().get_change_by_hash(&hash.into());
    let deeds = change.and_then(|change| describe(document, change.raw_bytes()).ok()).unwrap_or_default();
    deeds.into_iter().map(|deed| deed.key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::client::{NOTE, TELEPHONE};
    use crate::documents::{Pen, SetField, journal, set_fields};
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
                Deed { key: TELEPHONE.key, label: "Téléphone", written: "0612345678".into() },
                Deed { key: NOTE.key, label: "Note", written: "Un chat.".into() }
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
        assert_eq!(deeds, [Deed { key: "transmissions", label: "Transmission", written: "Tout va bien.".into() }]);
    }
}
