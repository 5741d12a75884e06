//! The `client` document: identity, contacts, home and access, needs.
//!
//! `champs` maps a field's key to its value (text); `textes` maps a field's key to an Automerge text.

mod fields;
mod text;

use automerge::{ObjId, ReadDoc};

pub use fields::{
    ACCES, ADRESSE, CIVILITE, CODE_POSTAL, DEMANDE, EMAIL, FIELDS, Field, FieldKind, NAISSANCE, NOM, NOTE, PRENOM,
    PREVENIR_NOM, PREVENIR_TELEPHONE, Section, TELEPHONE, TELEPHONE_2, TEXT_FIELDS, VILLE,
};

use super::{Document, DocumentError, Heads, NewChange, Pen, Register, put_text};
use crate::time::Timestamp;

/// One user action on a `client` document.
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
/// When the document is not a `client`, or Automerge refuses.
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
        let object = if edit.field.is_text() { text_object(document, edit.field)? } else { document.part("champs")? };
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

pub(super) fn text_object(document: &Document, field: &Field) -> Result<ObjId, DocumentError> {
    let texts = document.part("textes")?;
    match document.inner().get(&texts, field.key)? {
        Some((value, object)) if value.is_object() => Ok(object),
        _ => Err(DocumentError::Missing { document: document.id(), part: field.key.to_owned() }),
    }
}

pub(super) fn fields_object(document: &Document) -> Result<ObjId, DocumentError> {
    document.part("champs")
}

/// A `client` document as it reads at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientView {
    /// For each of [`FIELDS`], in that order: the values standing.
    fields: Vec<(&'static str, Register)>,
}

impl ClientView {
    /// Reads every field.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let scalars = fields_object(document).ok();
        let mut texts = text_registers(document).into_iter();
        let fields = FIELDS
            .into_iter()
            .map(|field| {
                let register = if field.is_text() {
                    texts.next().unwrap_or_default()
                } else {
                    scalars.as_ref().map(|object| Register::read(document, object, field.key)).unwrap_or_default()
                };
                (field.key, register)
            })
            .collect();
        Self { fields }
    }

    /// The values standing for a field.
    #[must_use]
    pub fn register(&self, field: &Field) -> Register {
        let found = self.fields.iter().find(|(key, _)| *key == field.key);
        found.map(|(_, register)| register.clone()).unwrap_or_default()
    }

    /// The value of a field, empty text when not filled.
    #[must_use]
    pub fn value(&self, field: &Field) -> &str {
        self.fields.iter().find(|(key, _)| *key == field.key).map_or("", |(_, register)| register.value())
    }

    /// How many fields wait for somebody's choice.
    #[must_use]
    pub fn contested(&self) -> usize {
        self.fields.iter().filter(|(_, register)| register.is_contested()).count()
    }
}

/// The texts in the order of [`FIELDS`]; each reads as one value, signed by the last change that touched it.
fn text_registers(document: &Document) -> Vec<Register> {
    let texts = FIELDS.into_iter().filter(|field| field.is_text());
    let Ok(objects) = texts.map(|field| text_object(document, field)).collect::<Result<Vec<ObjId>, _>>() else {
        return Vec::new();
    };
    let signatures = super::history::last_touches(document, &objects);
    let register = |(object, signature): (&ObjId, Option<super::Signature>)| {
        let value = document.inner().text(object).unwrap_or_default();
        let candidates = signature.map(|signature| super::Candidate { value, signature });
        Register { candidates: candidates.into_iter().collect() }
    };
    objects.iter().zip(signatures).map(register).collect()
}

#[cfg(test)]
mod tests;
