//! The `annuaire` document: the agency's people, so that a device can name authors and put people on a team offline.
//! Written by the relay alone.

use automerge::transaction::Transactable;
use automerge::{ObjType, ReadDoc};

use super::{Document, DocumentError, NewChange, Pen, entries, put_text};
use crate::access::Role;
use crate::ids::{EntryId, UserId};
use crate::order;
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
    /// What they may do; `None` in entries of the first version, and once the account is closed.
    pub role: Option<Role>,
}

/// Writes a person as they are now. `None` when that is what the document says already.
///
/// # Errors
/// When the document is not the annuaire, or Automerge refuses.
pub fn put_personne(
    document: &mut Document,
    pen: &Pen,
    now: Timestamp,
    personne: &Personne,
) -> Result<Option<NewChange>, DocumentError> {
    let (object, base) = (document.part(PERSONNES)?, document.heads());
    let role = personne.role.map(Role::name).unwrap_or_default();
    let parts = [("nom", personne.nom.as_str()), ("fonction", personne.fonction.as_str()), ("role", role)];
    document.write(pen, &base, now, |transaction| {
        let key = personne.user.to_string();
        let entry = match transaction.get(&object, key.as_str())? {
            Some((value, entry)) if value.is_object() => entry,
            _ => transaction.put_object(&object, key, ObjType::Map)?,
        };
        for (part, value) in parts {
            put_text(transaction, &entry, part, value)?;
        }
        Ok(())
    })
}

/// Everyone, in the order of their accounts.
#[must_use]
pub fn personnes(document: &Document) -> Vec<Personne> {
    let read = |entry: entries::RawEntry| Personne {
        user: UserId(entry.id.0),
        nom: entry.part("nom"),
        fonction: entry.part("fonction"),
        role: Role::from_name(&entry.part("role")),
    };
    let mut personnes: Vec<Personne> = entries::read(document, PERSONNES).into_iter().map(read).collect();
    order::by_key(&mut personnes, |personne| EntryId(personne.user.0));
    personnes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DocumentId;

    #[test]
    fn a_person_is_written_once_and_changed_in_place() {
        let mut document = Document::new(DocumentId::Annuaire);
        let pen = Pen { user: UserId([0; 16]), actor: [2; 16] };
        let mut sonia = Personne {
            user: UserId([9; 16]),
            nom: "Sonia Haddad".to_owned(),
            fonction: "Auxiliaire de vie".to_owned(),
            role: Some(Role::Intervenant),
        };
        assert!(put_personne(&mut document, &pen, Timestamp(0), &sonia).unwrap().is_some());
        assert!(put_personne(&mut document, &pen, Timestamp(0), &sonia).unwrap().is_none());
        sonia.role = None;
        assert!(put_personne(&mut document, &pen, Timestamp(0), &sonia).unwrap().is_some());
        assert_eq!(personnes(&document), [sonia]);
    }
}
