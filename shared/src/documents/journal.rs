//! The `journal/<year>` document: what happened at the client's home. First form: transmissions.

use super::{Document, DocumentError, NewChange, Pen, Signature, entries};
use crate::ids::EntryId;
use crate::time::Timestamp;

const TRANSMISSIONS: &str = "transmissions";

/// What one person wants the next one to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmission {
    /// Its identity.
    pub id: EntryId,
    /// What was written.
    pub texte: String,
    /// Who, when, in which change.
    pub signature: Signature,
}

/// Writes a transmission. `None` when it is there already.
///
/// # Errors
/// When the document is not a journal, or Automerge refuses.
pub fn add_transmission(
    document: &mut Document,
    pen: &Pen,
    now: Timestamp,
    id: EntryId,
    texte: &str,
) -> Result<Option<NewChange>, DocumentError> {
    entries::add(document, pen, now, TRANSMISSIONS, id, &[("texte", texte)])
}

/// Every transmission, oldest first.
#[must_use]
pub fn transmissions(document: &Document) -> Vec<Transmission> {
    let read = |entry: entries::RawEntry| Transmission {
        id: entry.id,
        texte: entry.part("texte"),
        signature: entry.signature,
    };
    entries::read(document, TRANSMISSIONS).into_iter().map(read).collect()
}
