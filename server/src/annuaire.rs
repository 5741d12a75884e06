//! The `annuaire` document, which the relay alone writes: one entry per account.
//!
//! Never takes anything out: who has left is still the author of what they wrote. Inside a running relay it goes
//! through the one writer ([`Annuaire`]); a command beside it appends by itself ([`put`]), in its own transaction.

use std::sync::Arc;

use liaison_shared::access::Role;
use liaison_shared::documents::annuaire::{Personne, put_personne};
use liaison_shared::documents::{ChangeHeader, Document, DocumentError, NewChange, Pen, genesis};
use liaison_shared::sync::{Candidate, Identity, Right};
use liaison_shared::{DeviceId, DocumentId, Timestamp, UserId};
use thiserror::Error;
use tokio::sync::Mutex;

use crate::accounts::Account;
use crate::entropy;
use crate::log::{Appended, ChangeLog, LogError, Push, StoredLog};
use crate::relay::{Writer, WriterStopped};

/// The relay itself, where a person and their device are expected.
const RELAY: Identity = Identity { user: UserId([0; 16]), device: DeviceId([0; 16]), role: Role::Gestionnaire };

/// Why the annuaire was not written.
#[derive(Debug, Error)]
pub enum AnnuaireError {
    /// The document could not be written.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The log could not be read or appended to.
    #[error("store: {0}")]
    Log(#[from] LogError),
    /// The log did not take what the relay itself wrote.
    #[error("the log refused a change of the relay's own")]
    Refused,
    /// The relay's writer has ended.
    #[error(transparent)]
    Writer(#[from] WriterStopped),
}

/// The annuaire of a running relay.
#[derive(Debug, Clone)]
pub struct Annuaire {
    log: StoredLog,
    writer: Writer,
    /// One at a time: each stands on what the one before has written.
    turn: Arc<Mutex<()>>,
}

impl Annuaire {
    /// The annuaire in a log, written through its writer.
    #[must_use]
    pub fn new(log: StoredLog, writer: Writer) -> Self {
        Self { log, writer, turn: Arc::default() }
    }

    /// Writes a person as they are now, durably.
    ///
    /// # Errors
    /// When the document cannot be written or the log does not take it.
    pub async fn put(&self, account: &Account, now: Timestamp) -> Result<(), AnnuaireError> {
        let _turn = self.turn.lock().await;
        let push = push(&self.log, &[personne(account)], entropy::bytes(), now).await?;
        let appended = self.writer.push(push).await?.await.map_err(|_| WriterStopped)?;
        taken(&[appended])
    }
}

/// An account as the annuaire has it.
#[must_use]
pub fn personne(account: &Account) -> Personne {
    Personne {
        user: account.user,
        nom: account.name.clone(),
        fonction: account.fonction.clone(),
        role: Some(account.role).filter(|_| account.closed.is_none()),
    }
}

/// Writes people as they are now; `actor` is 16 random bytes that were never used before.
///
/// # Errors
/// When the document cannot be written or the log does not take it.
pub async fn put(
    log: &impl ChangeLog,
    personnes: &[Personne],
    actor: [u8; 16],
    now: Timestamp,
) -> Result<(), AnnuaireError> {
    let push = push(log, personnes, actor, now).await?;
    taken(&log.append(vec![push]).await?)
}

/// What is to be appended for people to be in the document as they are now.
async fn push(
    log: &impl ChangeLog,
    personnes: &[Personne],
    actor: [u8; 16],
    now: Timestamp,
) -> Result<Push, AnnuaireError> {
    let known = log.document(DocumentId::Annuaire).await?;
    let (mut document, _) = Document::load(DocumentId::Annuaire, known.iter().map(|entry| &entry.bytes[..]));
    let pen = Pen { user: RELAY.user, actor };
    let mut changes = genesis(DocumentId::Annuaire);
    for personne in personnes {
        changes.extend(put_personne(&mut document, &pen, now, personne)?);
    }
    Ok(Push { identity: RELAY, candidates: candidates(&changes)?, received: now })
}

fn taken(answers: &[Appended]) -> Result<(), AnnuaireError> {
    if answers.iter().all(|answer| answer.refused.is_empty()) { Ok(()) } else { Err(AnnuaireError::Refused) }
}

/// Changes that the relay has made itself, ready for the log.
///
/// # Errors
/// When Automerge cannot read what it has just written.
pub fn candidates(changes: &[NewChange]) -> Result<Vec<Candidate>, DocumentError> {
    let candidate = |(index, change): (usize, &NewChange)| {
        let (header, bytes) = ChangeHeader::read(&change.bytes)?;
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        Ok(Candidate { index, document: change.document, header, bytes, right: Right::Write })
    };
    changes.iter().enumerate().map(candidate).collect()
}
