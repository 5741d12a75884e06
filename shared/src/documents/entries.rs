//! Collections that only grow: a map from a random entry id to what was written down once.
//! Used by `journal`, `relation` and `annuaire`.

use automerge::transaction::Transactable;
use automerge::{ObjType, ReadDoc};

use super::{Document, DocumentError, Heads, NewChange, Pen, Signature};
use crate::ids::EntryId;
use crate::order;
use crate::time::Timestamp;

/// One entry of a collection, with who wrote it and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawEntry {
    pub id: EntryId,
    pub parts: Vec<(String, String)>,
    pub signature: Signature,
}

impl RawEntry {
    /// One part of the entry, empty text when absent.
    pub fn part(&self, name: &str) -> String {
        self.parts.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// Adds one entry as one change. The same id twice adds nothing.
pub(crate) fn add(
    document: &mut Document,
    pen: &Pen,
    now: Timestamp,
    name: &str,
    id: EntryId,
    parts: &[(&str, &str)],
) -> Result<Option<NewChange>, DocumentError> {
    let object = document.part(name)?;
    let base: Heads = document.heads();
    document.write(pen, &base, now, |transaction| {
        let key = id.to_string();
        if transaction.get(&object, key.as_str())?.is_some() {
            return Ok(());
        }
        let entry = transaction.put_object(&object, key, ObjType::Map)?;
        for (part, value) in parts {
            transaction.put(&entry, *part, *value)?;
        }
        Ok(())
    })
}

/// Every entry of a collection, oldest first by the writers' clocks.
pub(crate) fn read(document: &Document, name: &str) -> Vec<RawEntry> {
    let inner = document.inner();
    let Ok(object) = document.part(name) else {
        return Vec::new();
    };
    let mut entries: Vec<RawEntry> = Vec::new();
    for key in inner.keys(&object) {
        let (Ok(id), Ok(Some((_, entry)))) = (key.parse(), inner.get(&object, key.as_str())) else {
            continue;
        };
        let Some(hash) = inner.hash_for_opid(&entry) else {
            continue;
        };
        let parts = inner
            .keys(&entry)
            .filter_map(|part| {
                let (value, _) = inner.get(&entry, part.as_str()).ok()??;
                Some((part, value.as_str()?.to_owned()))
            })
            .collect();
        entries.push(RawEntry { id, parts, signature: document.signature(hash) });
    }
    order::by_key(&mut entries, |entry| (entry.signature.at, entry.id));
    entries
}
