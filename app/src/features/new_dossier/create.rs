//! Opens a dossier: its `client` and `relation` documents begin together, in one transaction; its `prestation` too when
//! whoever opens it answers for a sector.

use std::collections::BTreeMap;

use leptos::prelude::*;
use liaison_shared::access::Reach;
use liaison_shared::documents::DocumentError;
use liaison_shared::documents::client::{self, FIELDS};
use liaison_shared::documents::prestation::set_secteur;
use liaison_shared::documents::relation::{CANAUX, add_demande};
use liaison_shared::documents::{SetField, set_fields};
use liaison_shared::dossier::{Dossier, Summary};
use liaison_shared::{DocumentId, DossierId, EntryId};

use crate::platform::{clock, random};
use crate::state::Workspace;
use crate::vault::StoredSession;

/// The key of the sector among the values.
pub const SECTEUR: &str = "secteur";

/// The sectors of whoever opens the dossier, when it has to be in one of them; none for those who reach all.
pub fn sectors(workspace: Workspace) -> Vec<String> {
    let of_sectors = |session: &StoredSession| session.role.reach() == Reach::Sectors;
    workspace.session.with_value(|session| if of_sectors(session) { session.sectors.clone() } else { Vec::new() })
}

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
        .iter()
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
    if let Some(secteur) = values.get(SECTEUR).cloned().or_else(|| sectors(workspace).into_iter().next()) {
        // In the same transaction: the dossier is never seen without its sector.
        let prestation = replica.begin(DocumentId::prestation(dossier));
        let base = prestation.borrow().heads();
        changes.extend(set_secteur(&mut prestation.borrow_mut(), &pen, &base, now, &secteur)?);
    }
    changes.extend(add_demande(&mut relation.borrow_mut(), &pen, now, entry, canal, demande)?);
    let summary = Summary::project(dossier, &Dossier::read([&*identity.borrow()]), now.date());
    workspace.summaries.update(|summaries| {
        summaries.insert(dossier, summary.into());
    });
    replica.keep(changes, Some(draft));
    Ok(dossier)
}
