//! The dossiers of a file, made and appended as one push: one transaction of the log, all of it or nothing.
//!
//! Nothing of it is trusted for having been made here: it is admitted as what a device pushes.

use liaison_shared::access::access;
use liaison_shared::documents::{NewChange, Pen};
use liaison_shared::sync::{Candidate, Identity, Right, examine as examine_changes};
use liaison_shared::{DeviceId, DossierId, EntryId, Timestamp};
use sha2::{Digest as _, Sha256};

use super::error::{ImportError, ImportRefusal};
use super::examine::examine;
use super::table::Table;
use super::{Order, documents};
use crate::entropy;
use crate::log::{Push, StoredLog};
use crate::relay::{Writer, WriterStopped};

/// The relay itself, where a device is expected: the actor of an import is its own.
const RELAY: DeviceId = DeviceId([0; 16]);

/// A dossier that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// Of which row.
    pub row: usize,
    /// Its id.
    pub dossier: DossierId,
    /// The name that it is listed by.
    pub name: String,
}

/// What is to be appended.
#[derive(Debug)]
pub(super) struct Prepared {
    created: Vec<Created>,
    candidates: Vec<Candidate>,
    /// Every dossier that this import could have made of this file, whatever it leaves out.
    possible: Vec<DossierId>,
}

/// Makes the documents of every row, in memory.
pub(super) fn prepare(order: &Order, id: EntryId, by: Identity, now: Timestamp) -> Result<Prepared, ImportError> {
    let table = Table::read(&order.file)?;
    let examined = examine(&table, order, now.date())?;
    if examined.entries.iter().any(super::examine::Entry::is_blocked) {
        return Err(ImportRefusal::HasErrors.into());
    }
    let dossier_of = |row| DossierId(derived(id, "dossier", row));
    let possible = table.rows.iter().map(|row| dossier_of(row.number)).collect();
    let pen = Pen { user: by.user, actor: entropy::bytes() };
    let (mut created, mut candidates): (Vec<Created>, Vec<Candidate>) = (Vec::new(), Vec::new());
    for entry in &examined.entries {
        let dossier = dossier_of(entry.row);
        let demande = EntryId(derived(id, "demande", entry.row));
        let changes = documents::changes((dossier, demande), entry, &order.name, &pen, now)?;
        for document in changes.chunk_by(|one, other| one.document == other.document) {
            candidates.extend(admissible(&by, document)?);
        }
        created.push(Created { row: entry.row, dossier, name: entry.name() });
    }
    Ok(Prepared { created, candidates, possible })
}

/// The changes of one document, looked at as those of a device are: all of them or none.
fn admissible(by: &Identity, changes: &[NewChange]) -> Result<Vec<Candidate>, ImportError> {
    let Some(NewChange { document, .. }) = changes.first() else { return Ok(Vec::new()) };
    if !access(by.role, document.kind()).may_write() {
        return Err(ImportError::NotTaken);
    }
    let bytes = changes.iter().map(|change| &change.bytes[..]);
    let examined = examine_changes(by, &document.to_string(), bytes, |_| Right::Write);
    if examined.refused.is_empty() { Ok(examined.candidates) } else { Err(ImportError::NotTaken) }
}

/// As random as the import's own id, and the same when it is asked for again.
fn derived(id: EntryId, what: &str, row: usize) -> [u8; 16] {
    let digest = Sha256::new().chain_update(id.0).chain_update(what).chain_update(row.to_string()).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes
}

/// Appends what was made, durably.
pub(super) async fn write(
    log: &StoredLog,
    writer: &Writer,
    prepared: Prepared,
    by: Identity,
    now: Timestamp,
) -> Result<Vec<Created>, ImportError> {
    let Prepared { created, candidates, possible } = prepared;
    // Nothing is taken twice, nor beside what stands there: what the log would refuse is refused before, whole.
    let begun = log.dossiers().await?;
    if possible.iter().any(|dossier| begun.contains(dossier)) {
        return Err(ImportRefusal::AlreadyImported.into());
    }
    let push = Push { identity: Identity { device: RELAY, ..by }, candidates, received: now };
    let appended = writer.push(push).await?.await.map_err(|_| WriterStopped)?;
    if appended.refused.is_empty() { Ok(created) } else { Err(ImportError::NotTaken) }
}
