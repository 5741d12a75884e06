//! The documents of a dossier that is made of one row: each begun and written by one change, `client` and `relation`
//! always.

use liaison_shared::documents::relation::{CANAUX, add_demande};
use liaison_shared::documents::{Document, DocumentError, NewChange, Pen, SetField, set_fields};
use liaison_shared::{DocumentId, DossierId, EntryId, Timestamp};

use super::examine::{Anomaly, Entry};

/// Every change of a dossier, each document's beginning first.
pub(super) fn changes(
    (dossier, demande): (DossierId, EntryId),
    entry: &Entry,
    file: &str,
    pen: &Pen,
    now: Timestamp,
) -> Result<Vec<NewChange>, DocumentError> {
    let mut all = Vec::new();
    for id in [DocumentId::client(dossier), DocumentId::administratif(dossier), DocumentId::prestation(dossier)] {
        let values = entry.values.iter().filter(|(field, _)| field.document == id.kind());
        let edits: Vec<SetField> = values.map(|(field, value)| SetField { field, value: value.clone() }).collect();
        if edits.is_empty() {
            continue;
        }
        let mut document = Document::new(id);
        let base = document.heads();
        set_fields(&mut document, pen, &base, now, &edits)?;
        all.extend(document.changes());
    }
    let mut relation = Document::new(DocumentId::relation(dossier));
    add_demande(&mut relation, pen, now, demande, CANAUX[CANAUX.len() - 1], &origin(entry, file))?;
    all.extend(relation.changes());
    Ok(all)
}

/// Where the dossier comes from, and what there is to look at.
fn origin(entry: &Entry, file: &str) -> String {
    let mut text = match file {
        "" => format!("Repris d’un fichier, ligne {}.", entry.row),
        file => format!("Repris du fichier « {file} », ligne {}.", entry.row),
    };
    let remark = |anomaly: &Anomaly| match anomaly.field {
        Some(field) => format!("\n{} : {}", field.label, anomaly.what),
        None => format!("\n{}", anomaly.what),
    };
    if !entry.anomalies.is_empty() {
        text.push_str("\nÀ vérifier :");
        text.extend(entry.anomalies.iter().map(remark));
    }
    text
}
