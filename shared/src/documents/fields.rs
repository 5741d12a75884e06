//! The fields of any document: written as one change a user action, read with every value that stands.
//!
//! `champs` maps a field's key to its value (text); `textes` maps a field's key to an Automerge text.

use automerge::{ObjId, ReadDoc};

use super::schema::{Field, fields_of};
use super::{Candidate, Document, DocumentError, Heads, NewChange, Pen, Register, Signature, put_text, text};
use crate::time::Timestamp;

/// One field, and what somebody wrote in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetField {
    /// The field.
    pub field: &'static Field,
    /// Its new value; for a text, the whole text as it stands under the writer's eyes.
    pub value: String,
}

/// Writes one field, as it was seen at `base`. `None` when nothing changes.
///
/// # Errors
/// When the field is not of this kind of document, or Automerge refuses.
pub fn set_field(
    document: &mut Document,
    pen: &Pen,
    base: &Heads,
    now: Timestamp,
    edit: &SetField,
) -> Result<Option<NewChange>, DocumentError> {
    set_fields(document, pen, base, now, std::slice::from_ref(edit))
}

/// Writes several fields as one user action: one change. `None` when nothing changes.
///
/// # Errors
/// As [`set_field`].
pub fn set_fields(
    document: &mut Document,
    pen: &Pen,
    base: &Heads,
    now: Timestamp,
    edits: &[SetField],
) -> Result<Option<NewChange>, DocumentError> {
    let mut targets = Vec::with_capacity(edits.len());
    for edit in edits {
        if edit.field.document != document.id().kind() {
            return Err(DocumentError::WrongEdit(edit.field.key.to_owned()));
        }
        let object = if edit.field.is_text() { text_object(document, edit.field)? } else { document.part(CHAMPS)? };
        targets.push((object, edit));
    }
    document.write(pen, base, now, |transaction| {
        for (object, edit) in targets {
            if edit.field.is_text() {
                text::rewrite(transaction, &object, &edit.value)?;
                continue;
            }
            put_text(transaction, &object, edit.field.key, &edit.value)?;
        }
        Ok(())
    })
}

/// Where scalar fields are kept.
pub(super) const CHAMPS: &str = "champs";

pub(super) fn text_object(document: &Document, field: &Field) -> Result<ObjId, DocumentError> {
    let texts = document.part("textes")?;
    match document.inner().get(&texts, field.key)? {
        Some((value, object)) if value.is_object() => Ok(object),
        _ => Err(DocumentError::Missing { document: document.id(), part: field.key.to_owned() }),
    }
}

/// The values standing for one field of a document, without reading the others. Not for texts that merge.
#[must_use]
pub fn register(document: &Document, field: &Field) -> Register {
    document.part(CHAMPS).map(|scalars| Register::read(document, &scalars, field.key)).unwrap_or_default()
}

/// The fields of one or several documents as they read at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldsView {
    /// By key: the values standing. Only those that were ever written.
    fields: Vec<(&'static str, Register)>,
}

impl FieldsView {
    /// Reads every field of a document.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let fields = || fields_of(document.id().kind());
        let scalars = document.part(CHAMPS).ok();
        let read = |field: &'static Field| Some((field.key, Register::read(document, scalars.as_ref()?, field.key)));
        let mut view = Self { fields: fields().filter(|field| !field.is_text()).filter_map(read).collect() };
        view.fields.extend(text_registers(document, fields().filter(|field| field.is_text())));
        view.fields.retain(|(_, register)| !register.candidates.is_empty());
        view
    }

    /// Takes the fields of another document in.
    pub fn extend(&mut self, other: Self) {
        self.fields.extend(other.fields);
    }

    fn find(&self, field: &Field) -> Option<&Register> {
        self.fields.iter().find(|(key, _)| *key == field.key).map(|(_, register)| register)
    }

    /// The values standing for a field.
    #[must_use]
    pub fn register(&self, field: &Field) -> Register {
        self.find(field).cloned().unwrap_or_default()
    }

    /// The value of a field, empty text when not filled.
    #[must_use]
    pub fn value(&self, field: &Field) -> &str {
        self.find(field).map_or("", |register| register.value())
    }

    /// Whether anything but spaces is written there.
    #[must_use]
    pub fn is_filled(&self, field: &Field) -> bool {
        !self.value(field).trim().is_empty()
    }

    /// How many fields wait for somebody's choice.
    #[must_use]
    pub fn contested(&self) -> usize {
        self.fields.iter().filter(|(_, register)| register.is_contested()).count()
    }
}

/// Each text reads as one value, signed by the last change that touched it.
fn text_registers(document: &Document, fields: impl Iterator<Item = &'static Field>) -> Vec<(&'static str, Register)> {
    // Looking for who touched a text last goes through the changes: not for those that hold nothing.
    let holds_something = |object: &ObjId| document.inner().length(object) > 0;
    let found: Vec<(&'static Field, ObjId)> =
        fields.filter_map(|field| Some((field, text_object(document, field).ok().filter(holds_something)?))).collect();
    let objects: Vec<ObjId> = found.iter().map(|(_, object)| object.clone()).collect();
    let signatures = super::history::last_touches(document, &objects);
    let register = |((field, object), signature): (&(&'static Field, ObjId), Option<Signature>)| {
        let value = document.inner().text(object).unwrap_or_default();
        let candidates = signature.map(|signature| Candidate { value, signature });
        (field.key, Register { candidates: candidates.into_iter().collect() })
    };
    found.iter().zip(signatures).map(register).collect()
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
