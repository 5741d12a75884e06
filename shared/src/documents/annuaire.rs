//! The `annuaire` document: the agency's people, so that a device can name authors offline.
//! Written by the relay alone.

use super::{Document, DocumentError, NewChange, Pen, entries};
use crate::ids::{EntryId, UserId};
use crate::time::Timestamp;

const PERSONNES: &str = "personnes";

/// One person of the agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personne {
    /// Their account.
    pub user: UserId,
    /// First and last name.
    pub nom: String,
    /// What they do, in the agency's words.
    pub fonction: String,
}

/// Adds a person. `None` when they are there already.
///
/// # Errors
/// When the document is not the annuaire, or Automerge refuses.
pub fn add_personne(
    document: &mut Document,
    pen: &Pen,
    now: Timestamp,
    personne: &Personne,
) -> Result<Option<NewChange>, DocumentError> {
    let parts = [("nom", personne.nom.as_str()), ("fonction", personne.fonction.as_str())];
    entries::add(document, pen, now, PERSONNES, EntryId(personne.user.0), &parts)
}

/// Everyone, in the order of their accounts.
#[must_use]
pub fn personnes(document: &Document) -> Vec<Personne> {
    let read = |entry: entries::RawEntry| Personne {
        user: UserId(entry.id.0),
        nom: entry.part("nom"),
        fonction: entry.part("fonction"),
    };
    entries::read(document, PERSONNES).into_iter().map(read).collect()
}
