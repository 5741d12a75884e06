//! How each kind of document begins: the same changes, the same bytes on every device, so that two devices
//! which create the same document offline agree on its objects.
//!
//! A later step of a schema is one more such change, built on the step before it in a document that
//! holds nothing else (its operation counters must not depend on what people wrote), with its own actor.

use std::collections::HashMap;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId as Actor, Automerge, AutomergeError, ObjType, ROOT, ReadDoc as _};

use super::NewChange;
use crate::ids::{ActorId, ChangeHash, DocumentId, DocumentKind};

/// The actor of the first step of every schema; that of a later step has its number in the last place.
pub const GENESIS_ACTOR: [u8; 16] = *b"liaison-genesis0";

/// The version of the first schemas, kept at `schema` in every document.
const SCHEMA: i64 = 1;

/// One object of a schema: a map, or a text inside the map `textes`.
enum Part {
    Map(&'static str),
    Text(&'static str),
}
use Part::{Map, Text};

/// What each step of a kind makes, in this order (SPEC.md, DOC-2). Never changed once shipped: new steps are added.
fn steps(kind: DocumentKind) -> &'static [&'static [Part]] {
    match kind {
        DocumentKind::Client => &[
            &[Map("champs"), Map("textes"), Text("besoins.demande"), Text("besoins.note"), Text("logement.acces")],
            &[
                Map("contacts"),
                Map("adresses"),
                Map("fichiers"),
                Map("fusions"),
                Text("besoins.habitudes"),
                Text("besoins.sante"),
                Text("besoins.objectifs"),
                Text("besoins.entourage"),
            ],
        ],
        DocumentKind::Administratif => {
            &[&[Map("champs")], &[Map("pieces"), Map("aides"), Map("coches"), Map("fichiers")]]
        }
        DocumentKind::Prestation => &[
            &[Map("champs"), Map("equipe")],
            &[Map("etapes"), Map("fichiers"), Map("textes"), Text("mission.taches"), Text("mission.consignes")],
            &[Map("recurrences"), Map("visites")],
        ],
        DocumentKind::Journal { .. } => &[
            &[Map("transmissions")],
            &[
                Map("pointages"),
                Map("realisations"),
                Map("observations"),
                Map("avis"),
                Map("reponses"),
                Map("anomalies"),
                Map("fichiers"),
            ],
        ],
        DocumentKind::Relation => &[
            &[Map("demandes")],
            &[Map("courriers"), Map("reclamations"), Map("taches"), Map("fichiers")],
            &[Map("consequences"), Map("anomalies")],
        ],
        DocumentKind::Rapports => &[&[Map("notes")]],
        DocumentKind::Annuaire => &[&[Map("personnes")]],
        DocumentKind::Agence => &[
            &[
                Map("champs"),
                Map("modeles_taches"),
                Map("textes"),
                Text("modele.devis"),
                Text("modele.contrat"),
                Text("modele.mandat"),
                Text("modele.mise_a_disposition"),
                Text("modele.attestation"),
                Text("modele.rgpd"),
            ],
            &[Map("astreintes"), Map("vivier"), Text("modele.accuse")],
        ],
        DocumentKind::Personnel => {
            &[&[Map("champs"), Map("contrats"), Map("coches"), Map("fichiers")], &[Map("absences")]]
        }
        DocumentKind::Qualite { .. } => &[&[Map("tirages"), Map("evaluations"), Map("actions")]],
    }
}

/// The changes that a document begins with, each on top of the one before.
#[must_use]
pub fn genesis(id: DocumentId) -> Vec<NewChange> {
    let changes = document(id).get_changes(&[]);
    let new = |change: &automerge::Change| NewChange {
        document: id,
        hash: change.hash().into(),
        bytes: change.raw_bytes().to_vec(),
    };
    changes.iter().map(new).collect()
}

/// Whether a change is one of those that its document begins with.
#[must_use]
pub fn is_genesis(id: DocumentId, hash: &ChangeHash) -> bool {
    document(id).get_change_meta_by_hash(&(*hash).into()).is_some()
}

/// Of changes, those that somebody wrote: not the beginnings of documents. Each document is begun once to tell.
#[must_use]
pub fn written(changes: &[(DocumentId, ChangeHash)]) -> Vec<ChangeHash> {
    let mut begun: HashMap<DocumentId, Automerge> = HashMap::new();
    let mut written = Vec::new();
    for (id, hash) in changes {
        let beginning = begun.entry(*id).or_insert_with(|| document(*id));
        if beginning.get_change_meta_by_hash(&(*hash).into()).is_none() {
            written.push(*hash);
        }
    }
    written
}

/// Whether an actor is nobody's: it makes the beginnings of documents.
#[must_use]
pub fn is_genesis_actor(actor: &ActorId) -> bool {
    actor.0.starts_with(&GENESIS_ACTOR[..15])
}

/// A document that holds its beginning and nothing else.
pub(super) fn document(id: DocumentId) -> Automerge {
    begun(id, usize::MAX)
}

/// A document that holds the first steps of its beginning.
pub(super) fn begun(id: DocumentId, count: usize) -> Automerge {
    let mut inner = Automerge::new();
    for (number, step) in (b'0'..).zip(steps(id.kind())).take(count) {
        let mut actor = GENESIS_ACTOR;
        actor[15] = number;
        inner.set_actor(Actor::from(actor));
        let mut transaction = inner.transaction();
        #[expect(clippy::expect_used, reason = "writing fixed keys beside other fixed keys cannot fail")]
        take_step(&mut transaction, (number == b'0').then_some(id), step).expect("the genesis is made of fixed keys");
        transaction.commit_with(CommitOptions::default().with_time(0));
    }
    debug_assert_eq!(inner.get_heads().len(), 1);
    inner
}

/// Whether a document has every step of its beginning: each stands on the one before, so the last part of the last one tells.
pub(super) fn has_all(inner: &Automerge, kind: DocumentKind) -> bool {
    let there = |part: &Part| match part {
        Map(name) => inner.get(ROOT, *name),
        Text(name) => {
            let texts = inner.get(ROOT, "textes").ok().flatten().map_or(ROOT, |(_, texts)| texts);
            inner.get(&texts, *name)
        }
    };
    let last = steps(kind).last().and_then(|step| step.last());
    last.is_some_and(|part| there(part).is_ok_and(|found| found.is_some()))
}

/// Makes the objects of a step; the first one also says what document it is.
fn take_step(
    transaction: &mut impl Transactable,
    first: Option<DocumentId>,
    step: &[Part],
) -> Result<(), AutomergeError> {
    if let Some(id) = first {
        transaction.put(ROOT, "schema", SCHEMA)?;
        transaction.put(ROOT, "document", id.to_string())?;
    }
    for part in step {
        match part {
            Map(name) => {
                transaction.put_object(ROOT, *name, ObjType::Map)?;
            }
            Text(name) => {
                let texts = transaction.get(ROOT, "textes")?.map_or(ROOT, |(_, texts)| texts);
                transaction.put_object(&texts, *name, ObjType::Text)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use automerge::ReadDoc;

    use super::*;
    use crate::documents::schema::{collections_of, fields_of};
    use crate::ids::{DossierId, UserId};

    fn every() -> [DocumentId; 10] {
        let dossier = DossierId([0x11; 16]);
        [
            DocumentId::client(dossier),
            DocumentId::journal(dossier, 2026),
            DocumentId::relation(dossier),
            DocumentId::rapports(dossier),
            DocumentId::administratif(dossier),
            DocumentId::prestation(dossier),
            DocumentId::Annuaire,
            DocumentId::Agence,
            DocumentId::Personnel(UserId([0x11; 16])),
            DocumentId::Qualite(2026),
        ]
    }

    #[test]
    fn two_devices_make_the_same_genesis() {
        let id = DocumentId::client(DossierId([1; 16]));
        assert_eq!(genesis(id), genesis(id));
        assert_ne!(genesis(id)[0].hash, genesis(DocumentId::client(DossierId([2; 16])))[0].hash);
        for step in genesis(id) {
            assert!(is_genesis(id, &step.hash) && !is_genesis(DocumentId::Annuaire, &step.hash));
            let other = ChangeHash([7; 32]);
            assert_eq!(written(&[(id, step.hash), (id, other)]), [other]);
        }
    }

    #[test]
    fn doc_2_a_document_begins_with_what_its_fields_and_collections_need() {
        for id in every() {
            let inner = document(id);
            let texts = inner.get(ROOT, "textes").unwrap().map(|(_, texts)| texts);
            for field in fields_of(id.kind()) {
                let place = if field.is_text() {
                    inner.get(texts.as_ref().unwrap(), field.key).unwrap()
                } else {
                    inner.get(ROOT, "champs").unwrap()
                };
                assert!(place.is_some(), "{}", field.key);
            }
            for collection in collections_of(id.kind()) {
                assert!(inner.get(ROOT, collection.key).unwrap().is_some(), "{id}: {}", collection.key);
            }
        }
    }

    #[test]
    fn doc_8_a_later_step_stands_on_the_one_before_and_on_nothing_else() {
        for id in every() {
            let changes = document(id).get_changes(&[]);
            assert_eq!(changes.len(), steps(id.kind()).len());
            for (number, change) in changes.iter().enumerate() {
                let before: Vec<_> = number.checked_sub(1).map(|it| changes[it].hash()).into_iter().collect();
                assert_eq!(change.deps(), before, "{id}");
                assert_eq!((change.timestamp(), change.seq()), (0, 1));
                assert!(is_genesis_actor(&ActorId(change.actor_id().to_bytes().to_vec())));
            }
        }
    }

    /// The vectors that SPEC.md gives to other implementations.
    #[test]
    fn doc_3_genesis_vectors() {
        let lines = every().into_iter().flat_map(genesis).map(|step| format!("{} {}", step.document, step.hash));
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
    }
}
