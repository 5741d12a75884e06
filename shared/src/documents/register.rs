//! A scalar field that several people may have changed apart: every value still standing, with who and when.

use automerge::{Automerge, ObjId, ReadDoc, Value};

use super::{Document, Signature};

/// One of the values standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The value as it was typed.
    pub value: String,
    /// Who wrote it, when, in which change.
    pub signature: Signature,
}

/// Every value standing for one field, Automerge's own choice last. Empty when never filled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Register {
    /// Distinct values; two people who typed the same agree.
    pub candidates: Vec<Candidate>,
}

impl Register {
    /// The value to show where there is room for only one; empty text when not filled.
    #[must_use]
    pub fn value(&self) -> &str {
        self.candidates.last().map_or("", |candidate| candidate.value.as_str())
    }

    /// Whether people have to choose.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.candidates.len() > 1
    }

    /// Reads the values of `key` in several maps that stand for one thing.
    pub(crate) fn read_all(document: &Document, objects: &[ObjId], key: &str) -> Self {
        let mut all = Self::default();
        for object in objects {
            for candidate in Self::read(document, object, key).candidates {
                all.candidates.retain(|other| other.value != candidate.value);
                all.candidates.push(candidate);
            }
        }
        all
    }

    /// Reads the values of `key` in the map `object`.
    pub(crate) fn read(document: &Document, object: &ObjId, key: &str) -> Self {
        let inner: &Automerge = document.inner();
        let mut candidates: Vec<Candidate> = Vec::new();
        for (value, operation) in inner.get_all(object, key).unwrap_or_default() {
            let (Value::Scalar(scalar), Some(hash)) = (value, inner.hash_for_opid(&operation)) else {
                continue;
            };
            let Some(text) = scalar.as_str().map(str::to_owned) else {
                continue;
            };
            candidates.retain(|candidate| candidate.value != text);
            candidates.push(Candidate { value: text, signature: document.signature(hash) });
        }
        Self { candidates }
    }
}
