//! Opens a dossier: its `client` and `relation` documents begin together, in one transaction.

use std::collections::BTreeMap;

use leptos::prelude::*;
use liaison_shared::documents::DocumentError;
use liaison_shared::documents::client::{self, ClientView, FIELDS, SetField, set_fields};
use liaison_shared::documents::relation::{CANAUX, add_demande};
use liaison_shared::dossier::Summary;
use liaison_shared::{DocumentId, DossierId, EntryId};

use crate::platform::{clock, random};
use crate::state::Workspace;

/// Makes the dossier and gives its id.
pub fn create(
    workspace: Workspace,
    values: &BTreeMap<String, String>,
    draft: String,
) -> Result<DossierId, DocumentError> {
    let dossier = DossierId(random::sixteen_bytes());
    let Some(replica) = workspace.replica() else { return Ok(dossier) };
    let (now, pen) = (clock::now(), replica.pen().clone());
    let edits: Vec<SetField> = FIELDS
        .into_iter()
        .filter_map(|field| {
            let value = values.get(field.key).map(|text| text.trim()).filter(|text| !text.is_empty())?;
            Some(SetField { field, value: value.to_owned() })
        })
        .collect();
    let identity = replica.begin(DocumentId::client(dossier));
    let relation = replica.begin(DocumentId::relation(dossier));
    let base = identity.borrow().heads();
    let mut changes = Vec::new();
    changes.extend(set_fields(&mut identity.borrow_mut(), &pen, &base, now, &edits)?);
    let canal = values.get("canal").map(String::as_str).filter(|canal| CANAUX.contains(canal)).unwrap_or(CANAUX[0]);
    let demande = values.get(client::DEMANDE.key).map(|text| text.trim()).unwrap_or_default();
    let entry = EntryId(random::sixteen_bytes());
    changes.extend(add_demande(&mut relation.borrow_mut(), &pen, now, entry, canal, demande)?);
    let summary = Summary::project(dossier, &ClientView::read(&identity.borrow()), &[]);
    workspace.summaries.update(|summaries| {
        summaries.insert(dossier, summary);
    });
    replica.keep(changes, Some(draft));
    Ok(dossier)
}
