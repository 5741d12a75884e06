//! What must hold once the world has healed.

use std::collections::BTreeSet;

use liaison_shared::access::{Access, Scope, access};
use liaison_shared::documents::FieldsView;
use liaison_shared::documents::client::{NOTE, TELEPHONE};
use liaison_shared::documents::schema::rapports::{NOTE_TEXTE, NOTES};
use liaison_shared::documents::{Document, Records, changes_of, field_history, is_genesis, journal, relation};
use liaison_shared::dossier::Dossier;
use liaison_shared::ids::DocumentKind;
use liaison_shared::sync::Facts;
use liaison_shared::{ChangeHash, DocumentId};

use crate::device::{Device, EditKind, documents, dossiers};
use crate::world::World;

pub fn everything(world: &World) {
    for device in &world.devices {
        assert!(device.is_idle(), "{:?} is still at work: {}", device.identity, device.told());
        assert!(device.disk.outbox.is_empty(), "everything was settled");
        assert!(
            device.never_was || device.disk.refused.is_empty(),
            "nothing honest is refused: {:?}",
            device.disk.refused
        );
    }
    // The team's document too, which no device writes here.
    for id in dossiers().into_iter().map(DocumentId::prestation) {
        for device in world.devices.iter().filter(|device| !device.never_was) {
            if may_do(world, device, id) == Access::Nothing {
                nothing_is_there(device, id);
            }
        }
    }
    for id in documents() {
        let relay = relay_document(world, id);
        // Who never was what they believed still has the beginnings of what they wrote.
        for device in world.devices.iter().filter(|device| !device.never_was) {
            match may_do(world, device, id) {
                Access::Nothing => nothing_is_there(device, id),
                Access::Deposit => only_what_was_written_there_is_there(device, id),
                Access::Read | Access::Write => {
                    same_changes(world, device, id);
                    same_reading(&device.disk.document(id), &relay);
                }
            }
        }
        every_edit_is_there(world, &relay, false);
    }
}

/// Once the office has taken in what came late, every edit of everybody is there, once.
pub fn the_office_can_take_what_came_late(world: &mut World) {
    let left = world.relay.ledger.accept_late(world.now);
    assert!(left.is_empty(), "the office cannot take {left:?}");
    for id in documents() {
        every_edit_is_there(world, &relay_document(world, id), true);
    }
}

fn may_do(world: &World, device: &Device, id: DocumentId) -> Access {
    let reached = match (world.relay.scope(&device.identity), id.dossier()) {
        (Scope::Dossiers(wanted), Some(dossier)) => wanted.contains_key(&dossier),
        _ => true,
    };
    if reached { access(device.identity.role, id.kind()) } else { Access::Nothing }
}

fn every_edit_is_there(world: &World, document: &Document, late_too: bool) {
    let history = field_history(document, &TELEPHONE).unwrap_or_default();
    let view = FieldsView::read(document);
    let entries = journal::transmissions(document).into_iter().map(|entry| entry.texte);
    let notes = Records::read(document);
    let notes = notes.all(&NOTES).map(|note| note.value(&NOTE_TEXTE).to_owned());
    let entries: Vec<String> =
        entries.chain(relation::demandes(document).into_iter().map(|entry| entry.texte)).chain(notes).collect();
    let edits = world.devices.iter().flat_map(|device| &device.disk.edits);
    for edit in edits.filter(|edit| edit.document == document.id()) {
        let early = world.devices.iter().filter(|device| device.never_was);
        if early.flat_map(|device| &device.disk.refused).any(|change| change.hash == edit.hash) {
            continue;
        }
        if !late_too && world.relay.ledger.late().any(|(candidate, _)| candidate.header.hash == edit.hash) {
            continue;
        }
        assert!(world.relay.ledger.known(&edit.document, &edit.hash).is_some(), "lost: {edit:?}");
        let times = match edit.kind {
            EditKind::Field => history.iter().filter(|step| step.to == edit.token).count(),
            EditKind::Text => view.value(&NOTE).matches(&edit.token).count(),
            EditKind::Entry => entries.iter().filter(|text| **text == edit.token).count(),
        };
        assert_eq!(times, 1, "{edit:?} is on the page or in the history of its field, once");
    }
}

fn relay_document(world: &World, id: DocumentId) -> Document {
    let chunks = world.relay.ledger.chunks_of(id);
    let (document, unreadable) = Document::load(id, chunks.iter().map(|chunk| &chunk.bytes[..]));
    assert_eq!(unreadable, 0, "what the relay admits can be read");
    document
}

fn same_changes(world: &World, device: &Device, id: DocumentId) {
    let here: BTreeSet<ChangeHash> = held(device, id).into_iter().collect();
    let entries = world.relay.ledger.entries().iter().filter(|entry| entry.document == id);
    let hashes: Vec<ChangeHash> = entries.map(|entry| entry.hash).collect();
    let there: BTreeSet<ChangeHash> = hashes.iter().copied().collect();
    assert_eq!(hashes.len(), there.len(), "no change is in the log twice");
    assert_eq!(here, there, "{id} on {:?}", device.identity);
}

fn same_reading(here: &Document, there: &Document) {
    assert_eq!(here.heads(), there.heads());
    match here.id().kind() {
        DocumentKind::Client => assert_eq!(FieldsView::read(here), FieldsView::read(there)),
        DocumentKind::Journal { .. } => assert_eq!(journal::transmissions(here), journal::transmissions(there)),
        DocumentKind::Relation => assert_eq!(relation::demandes(here), relation::demandes(there)),
        _ => assert_eq!(Dossier::read([here]), Dossier::read([there])),
    }
}

fn held(device: &Device, id: DocumentId) -> Vec<ChangeHash> {
    changes_of(id, device.disk.chunks(id)).into_iter().map(|change| change.hash).collect()
}

fn nothing_is_there(device: &Device, id: DocumentId) {
    assert_eq!(device.disk.chunks(id).next(), None, "{id} on {:?}: {}", device.identity, device.told());
}

fn only_what_was_written_there_is_there(device: &Device, id: DocumentId) {
    let own = |hash: &ChangeHash| is_genesis(id, hash) || device.disk.edits.iter().any(|edit| edit.hash == *hash);
    let foreign = held(device, id).into_iter().find(|hash| !own(hash));
    assert_eq!(foreign, None, "{id} on {:?}: {}", device.identity, device.told());
}
