//! The `annuaire` document, which the relay alone writes: one entry per account.
//!
//! Never takes anything out: who has left is still the author of what they wrote.

use liaison_shared::access::Role;
use liaison_shared::documents::annuaire::{Personne, add_personne};
use liaison_shared::documents::{ChangeHeader, Document, DocumentError, NewChange, Pen, genesis};
use liaison_shared::sync::{Candidate, Identity};
use liaison_shared::{DeviceId, DocumentId, Timestamp, UserId};

use crate::commands::CommandError;
use crate::log::{ChangeLog, Push};

/// The relay itself, where a person and their device are expected.
const RELAY: Identity = Identity { user: UserId([0; 16]), device: DeviceId([0; 16]), role: Role::Bureau };

/// Adds people; `actor` is 16 random bytes that were never used before.
///
/// # Errors
/// When the document cannot be written or the log does not take it.
pub async fn add(
    log: &impl ChangeLog,
    personnes: &[Personne],
    actor: [u8; 16],
    now: Timestamp,
) -> Result<(), CommandError> {
    let known = log.document(DocumentId::Annuaire).await?;
    let (mut document, _) = Document::load(DocumentId::Annuaire, known.iter().map(|entry| &entry.bytes[..]));
    let pen = Pen { user: RELAY.user, actor };
    let mut changes = vec![genesis(DocumentId::Annuaire)];
    for personne in personnes {
        changes.extend(add_personne(&mut document, &pen, now, personne)?);
    }
    let push = Push { identity: RELAY, candidates: candidates(&changes)?, received: now };
    let answers = log.append(vec![push]).await?;
    if answers.iter().all(|answer| answer.refused.is_empty()) { Ok(()) } else { Err(CommandError::Refused) }
}

/// Changes that the relay has made itself, ready for the log.
///
/// # Errors
/// When Automerge cannot read what it has just written.
pub fn candidates(changes: &[NewChange]) -> Result<Vec<Candidate>, DocumentError> {
    let candidate = |(index, change): (usize, &NewChange)| {
        let (header, bytes) = ChangeHeader::read(&change.bytes)?;
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        Ok(Candidate { index, document: change.document, header, bytes, forbidden: false })
    };
    changes.iter().enumerate().map(candidate).collect()
}
