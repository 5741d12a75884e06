//! The `relation` document: requests, complaints, letters and calls, for the office only. First form: contacts noted down.

use super::{Document, DocumentError, NewChange, Pen, Signature, entries};
use crate::ids::EntryId;
use crate::time::Timestamp;

const DEMANDES: &str = "demandes";

/// The ways a request arrives.
pub const CANAUX: [&str; 5] = ["Téléphone", "Visite", "Courriel", "Courrier", "Autre"];

/// A request as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demande {
    /// Its identity.
    pub id: EntryId,
    /// How it came: one of [`CANAUX`].
    pub canal: String,
    /// What was asked or said.
    pub texte: String,
    /// Who noted it, when, in which change.
    pub signature: Signature,
}

/// Notes a request. `None` when it is there already.
///
/// # Errors
/// When the document is not a `relation`, or Automerge refuses.
pub fn add_demande(
    document: &mut Document,
    pen: &Pen,
    now: Timestamp,
    id: EntryId,
    canal: &str,
    texte: &str,
) -> Result<Option<NewChange>, DocumentError> {
    entries::add(document, pen, now, DEMANDES, id, &[("canal", canal), ("texte", texte)])
}

/// Every request, oldest first.
#[must_use]
pub fn demandes(document: &Document) -> Vec<Demande> {
    let read = |entry: entries::RawEntry| Demande {
        id: entry.id,
        canal: entry.part("canal"),
        texte: entry.part("texte"),
        signature: entry.signature,
    };
    entries::read(document, DEMANDES).into_iter().map(read).collect()
}
