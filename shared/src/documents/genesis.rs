//! How each kind of document begins: one change, the same bytes on every device, so that two devices
//! which create the same document offline agree on its objects.
//!
//! A later step of a schema is one more such change, built on the step before it in a document that
//! holds nothing else (its operation counters must not depend on what people wrote), with its own actor.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, AutomergeError, ObjType, ROOT};

use super::NewChange;
use super::client::TEXT_FIELDS;
use crate::ids::{DocumentId, DocumentKind};

/// The actor of the first step of every schema.
pub const GENESIS_ACTOR: [u8; 16] = *b"liaison-genesis0";

/// The version of the schemas below, kept at `schema` in every document.
const SCHEMA: i64 = 1;

/// The first change of a document.
#[must_use]
pub fn genesis(id: DocumentId) -> NewChange {
    let inner = document(id);
    let change = inner.get_changes(&[]).into_iter().next();
    #[expect(clippy::expect_used, reason = "document() has just committed exactly one change")]
    let change = change.expect("a new document has its genesis");
    NewChange { document: id, hash: change.hash().into(), bytes: change.raw_bytes().to_vec() }
}

/// A document that holds its genesis and nothing else.
pub(super) fn document(id: DocumentId) -> Automerge {
    let mut inner = Automerge::new().with_actor(ActorId::from(GENESIS_ACTOR));
    let mut transaction = inner.transaction();
    #[expect(clippy::expect_used, reason = "writing fixed keys into an empty document cannot fail")]
    first_step(&mut transaction, id).expect("the genesis is made of fixed keys");
    transaction.commit_with(CommitOptions::default().with_time(0));
    debug_assert_eq!(inner.get_heads().len(), 1);
    inner
}

fn first_step(transaction: &mut impl Transactable, id: DocumentId) -> Result<(), AutomergeError> {
    transaction.put(ROOT, "schema", SCHEMA)?;
    transaction.put(ROOT, "document", id.to_string())?;
    match id.kind() {
        DocumentKind::Client => {
            transaction.put_object(ROOT, "champs", ObjType::Map)?;
            let texts = transaction.put_object(ROOT, "textes", ObjType::Map)?;
            for field in TEXT_FIELDS {
                transaction.put_object(&texts, field, ObjType::Text)?;
            }
        }
        DocumentKind::Journal { .. } => {
            transaction.put_object(ROOT, "transmissions", ObjType::Map)?;
        }
        DocumentKind::Relation => {
            transaction.put_object(ROOT, "demandes", ObjType::Map)?;
        }
        DocumentKind::Administratif => {
            transaction.put_object(ROOT, "champs", ObjType::Map)?;
        }
        DocumentKind::Prestation => {
            transaction.put_object(ROOT, "champs", ObjType::Map)?;
            transaction.put_object(ROOT, "equipe", ObjType::Map)?;
        }
        DocumentKind::Annuaire => {
            transaction.put_object(ROOT, "personnes", ObjType::Map)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use automerge::ReadDoc;

    use super::*;
    use crate::ids::DossierId;

    #[test]
    fn two_devices_make_the_same_genesis() {
        let id = DocumentId::client(DossierId([1; 16]));
        assert_eq!(genesis(id), genesis(id));
        assert_ne!(genesis(id).hash, genesis(DocumentId::client(DossierId([2; 16]))).hash);
    }

    #[test]
    fn doc_2_each_kind_begins_with_its_parts() {
        let dossier = DossierId([0x11; 16]);
        let kinds = [
            (DocumentId::client(dossier), vec!["champs", "document", "schema", "textes"]),
            (DocumentId::journal(dossier, 2026), vec!["document", "schema", "transmissions"]),
            (DocumentId::relation(dossier), vec!["demandes", "document", "schema"]),
            (DocumentId::administratif(dossier), vec!["champs", "document", "schema"]),
            (DocumentId::prestation(dossier), vec!["champs", "document", "equipe", "schema"]),
            (DocumentId::Annuaire, vec!["document", "personnes", "schema"]),
        ];
        for (id, parts) in kinds {
            let inner = document(id);
            assert_eq!(inner.keys(ROOT).collect::<Vec<_>>(), parts);
            let (_, textes) = inner.get(ROOT, "textes").unwrap().unwrap_or((0.into(), ROOT));
            if id == DocumentId::client(dossier) {
                assert_eq!(inner.keys(&textes).collect::<Vec<_>>(), TEXT_FIELDS);
            }
        }
    }

    /// The vectors that SPEC.md gives to other implementations.
    #[test]
    fn doc_3_genesis_vectors() {
        let dossier = DossierId([0x11; 16]);
        let vectors: Vec<String> = [
            DocumentId::client(dossier),
            DocumentId::journal(dossier, 2026),
            DocumentId::relation(dossier),
            DocumentId::administratif(dossier),
            DocumentId::prestation(dossier),
            DocumentId::Annuaire,
        ]
        .into_iter()
        .map(|id| format!("{id} {}", genesis(id).hash))
        .collect();
        insta::assert_snapshot!(vectors.join("\n"));
    }
}
