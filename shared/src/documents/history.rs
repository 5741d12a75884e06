//! Who changed a field, when, from what to what (interface.md: the history is one tap away).

use automerge::legacy::{Key, ObjectId, Op};
use automerge::{Change, ChangeHash, ObjId, ReadDoc};

use super::fields::{CHAMPS, text_object};
use super::schema::{Collection, Field};
use super::{Document, DocumentError, Signature, records};
use crate::ids::EntryId;

/// One step in the life of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// What its author saw before; several values when they had been written apart.
    pub from: Vec<String>,
    /// What they left.
    pub to: String,
    /// Who, when, in which change.
    pub signature: Signature,
}

/// The history of one field of a document, oldest first.
///
/// # Errors
/// When the field is not of this kind of document.
pub fn field_history(document: &Document, field: &Field) -> Result<Vec<Revision>, DocumentError> {
    if field.is_text() {
        text_history(document, field)
    } else {
        scalar_history(document, &[document.part(CHAMPS)?], field)
    }
}

/// The history of one field of a record, oldest first.
///
/// # Errors
/// When there is no such record.
pub fn record_history(
    document: &Document,
    (collection, id): (&Collection, EntryId),
    field: &Field,
) -> Result<Vec<Revision>, DocumentError> {
    scalar_history(document, &records::entries(document, collection, id)?, field)
}

/// Of a field in the maps that stand for one thing.
fn scalar_history(document: &Document, objects: &[ObjId], field: &Field) -> Result<Vec<Revision>, DocumentError> {
    let of_field = |operation: &Op| {
        let here = objects.iter().any(|object| same_object(&operation.obj, object));
        here && matches!(&operation.key, Key::Map(key) if key == field.key)
    };
    revisions(document, of_field, |heads| {
        let mut values: Vec<String> = Vec::new();
        for object in objects {
            for (value, _) in document.inner().get_all_at(object, field.key, heads)? {
                let text = value.as_str().unwrap_or_default().to_owned();
                values.retain(|other| *other != text);
                values.push(text);
            }
        }
        Ok(values)
    })
}

fn text_history(document: &Document, field: &Field) -> Result<Vec<Revision>, DocumentError> {
    let object = text_object(document, field)?;
    let of_text = |operation: &Op| same_object(&operation.obj, &object);
    revisions(document, of_text, |heads| {
        let text = document.inner().text_at(&object, heads)?;
        Ok(if text.is_empty() { Vec::new() } else { vec![text] })
    })
}

/// What stood before and after each change that touches the field, as its author saw it.
fn revisions(
    document: &Document,
    touches: impl Fn(&Op) -> bool,
    values_at: impl Fn(&[ChangeHash]) -> Result<Vec<String>, DocumentError>,
) -> Result<Vec<Revision>, DocumentError> {
    let mut revisions = Vec::new();
    for change in changes_with(document, touches) {
        let from = values_at(change.deps())?;
        let to = values_at(&[change.hash()])?.pop().unwrap_or_default();
        revisions.push(Revision { from, to, signature: document.signature(change.hash()) });
    }
    Ok(revisions)
}

/// The changes with at least one operation on `object`: causes before effects, and in the same order on
/// every device, whatever order they arrived in.
fn changes_with(document: &Document, wanted: impl Fn(&Op) -> bool) -> Vec<Change> {
    let mut changes = document.inner().get_changes(&[]);
    changes.retain(|change| change.decode().operations.iter().any(&wanted));
    changes.sort_by(|a, b| (a.start_op(), a.actor_id()).cmp(&(b.start_op(), b.actor_id())));
    changes
}

/// The last change that touched each of these objects, in the same sense of last on every device.
pub(super) fn last_touches(document: &Document, objects: &[ObjId]) -> Vec<Option<Signature>> {
    let inner = document.inner();
    let mut newest_first = inner.get_changes_meta(&[]);
    newest_first.sort_by(|a, b| (b.start_op, &b.actor).cmp(&(a.start_op, &a.actor)));
    let mut found: Vec<Option<Signature>> = vec![None; objects.len()];
    for meta in newest_first {
        if found.iter().all(Option::is_some) {
            break;
        }
        let Some(change) = inner.get_change_by_hash(&meta.hash) else { continue };
        let operations = change.decode().operations;
        for (object, found) in objects.iter().zip(&mut found) {
            if found.is_none() && operations.iter().any(|operation| same_object(&operation.obj, object)) {
                *found = Some(document.signature(meta.hash));
            }
        }
    }
    found
}

/// Whether an operation of a change belongs to an object of a document.
pub(super) fn same_object(operation: &ObjectId, object: &ObjId) -> bool {
    match (operation, object) {
        (ObjectId::Root, ObjId::Root) => true,
        (ObjectId::Id(id), ObjId::Id(counter, actor, _)) => id.counter() == *counter && id.actor() == actor,
        _ => false,
    }
}
