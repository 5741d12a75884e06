//! The `rapports` document: what intervenants note for the office alone. They write it and are never sent it (DEP-1).

use super::{Collection, FieldKind, fields};
use crate::ids::DocumentKind;

const RAPPORTS: DocumentKind = DocumentKind::Rapports;

fields! { NOTE of RAPPORTS;
    NOTE_VISITE = "note.visite", "Visite", FieldKind::Line, Fiche;
    NOTE_TEXTE = "note.texte", "Note", FieldKind::Note, Fiche;
}

/// Notes, each about a visit or about none.
pub static NOTES: Collection = Collection {
    key: "notes",
    document: RAPPORTS,
    singular: "Note au bureau",
    plural: "Notes au bureau",
    fields: NOTE,
    title: &[&NOTE_TEXTE],
};
