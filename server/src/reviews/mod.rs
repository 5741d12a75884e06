//! What arrived after its author had lost the dossier: kept whole, until somebody in the office takes it in or sets it
//! aside. Either way it stays on record.
//!
//! Never decides, and never writes into the log by itself: what is accepted goes through the one writer, as its author's.

mod store;

use liaison_shared::access::Role;
use liaison_shared::documents::{ChangeHeader, Deed, Document, DocumentError, describe};
use liaison_shared::sync::{Candidate, Identity, Right};
use liaison_shared::{ChangeHash, DeviceId, DocumentId, Timestamp, UserId};
use thiserror::Error;

use crate::database::Database;
use crate::log::{ChangeLog as _, LogError, Push, StoredLog};
use crate::relay::{Writer, WriterStopped};

/// What became of something that arrived late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is in the dossier.
    Accepted,
    /// It is not, and stays on record.
    SetAside,
}

/// One late change.
#[derive(Debug, Clone)]
struct Late {
    id: i64,
    document: DocumentId,
    hash: ChangeHash,
    user: UserId,
    device: DeviceId,
    received: Timestamp,
    bytes: Vec<u8>,
    decided: Option<(Decision, UserId, Timestamp)>,
}

/// What one person wrote on one device in one document, with one fate so far.
#[derive(Debug, Clone)]
pub struct Review {
    /// Of its first change.
    pub id: i64,
    /// The document.
    pub document: DocumentId,
    /// Who wrote.
    pub user: UserId,
    /// On which device.
    pub device: DeviceId,
    /// When the last of it arrived.
    pub received: Timestamp,
    /// What was written, in order.
    pub lines: Vec<Deed>,
    /// What became of it, who decided, when; none while it waits.
    pub decided: Option<(Decision, UserId, Timestamp)>,
}

/// Why a review was not decided.
#[derive(Debug, Error)]
pub enum ReviewError {
    /// There is no such review, or it is decided.
    #[error("no such review")]
    Unknown,
    /// What it stands on never came; what could be taken in was.
    #[error("it stands on something that never came")]
    CannotAccept,
    /// The store could not be read or written.
    #[error("store: {0}")]
    Log(#[from] LogError),
    /// A document could not be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The relay's writer has ended.
    #[error(transparent)]
    Writer(#[from] WriterStopped),
}

/// The reviews of one database.
#[derive(Debug, Clone)]
pub struct Reviews {
    database: Database,
    log: StoredLog,
    writer: Writer,
}

impl Reviews {
    /// The reviews in an open database; what is accepted goes through its writer.
    #[must_use]
    pub fn new(database: Database, writer: Writer) -> Self {
        let log = StoredLog::new(database.clone());
        Self { database, log, writer }
    }

    /// Everything that waits, then what was decided last.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list(&self) -> Result<Vec<Review>, ReviewError> {
        let mut reviews: Vec<(Review, Vec<Late>)> = Vec::new();
        for late in store::list(&self.database).await? {
            let same = reviews.iter_mut().find(|(review, _)| {
                (review.user, review.device, review.document, review.decided)
                    == (late.user, late.device, late.document, late.decided)
            });
            match same {
                Some((review, changes)) => {
                    review.received = review.received.max(late.received);
                    changes.push(late);
                }
                None => reviews.push((Review::of(&late), vec![late])),
            }
        }
        let mut told = Vec::with_capacity(reviews.len());
        for (review, changes) in reviews {
            told.push(Review { lines: self.lines(review.document, &changes).await?, ..review });
        }
        Ok(told)
    }

    /// What changes did, as people would say it: read on top of what the log holds and of one another.
    async fn lines(&self, id: DocumentId, changes: &[Late]) -> Result<Vec<Deed>, ReviewError> {
        let known = match self.log.document(id).await {
            Err(LogError::Destroyed(_)) => return Ok(Vec::new()),
            known => known?,
        };
        let all = known.iter().map(|entry| &entry.bytes[..]).chain(changes.iter().map(|late| &late.bytes[..]));
        let (document, _unreadable) = Document::load(id, all);
        let mut lines = Vec::new();
        for late in changes {
            lines.extend(describe(&document, &late.bytes)?.into_iter().filter(|deed| !deed.written.is_empty()));
        }
        Ok(lines)
    }

    /// Takes a review into its dossier, or sets it aside; gives the document. One in a document that `reaches` denies is
    /// as unknown as one that does not exist.
    ///
    /// # Errors
    /// See [`ReviewError`].
    pub async fn decide(
        &self,
        id: i64,
        decision: Decision,
        by: UserId,
        now: Timestamp,
        reaches: impl Fn(&DocumentId) -> bool,
    ) -> Result<DocumentId, ReviewError> {
        let waiting = store::waiting(&self.database, id).await?;
        let document = waiting.first().map(|first| first.document).filter(reaches).ok_or(ReviewError::Unknown)?;
        let (decided, left) = match decision {
            Decision::SetAside => (waiting, Vec::new()),
            Decision::Accepted => self.accept(waiting, now).await?,
        };
        let ids: Vec<i64> = decided.iter().map(|late| late.id).collect();
        store::decide(&self.database, &ids, decision, by, now).await?;
        if left.is_empty() { Ok(document) } else { Err(ReviewError::CannotAccept) }
    }

    /// What is in the log now, and what could not be taken.
    async fn accept(&self, waiting: Vec<Late>, now: Timestamp) -> Result<(Vec<Late>, Vec<Late>), ReviewError> {
        let Some(first) = waiting.first() else { return Ok((waiting, Vec::new())) };
        // Not the author's rights: those of who decides. The author and the device stay what they are.
        let identity = Identity { user: first.user, device: first.device, role: Role::Gestionnaire };
        let mut candidates = Vec::with_capacity(waiting.len());
        for late in &waiting {
            let (header, bytes) = ChangeHeader::read(&late.bytes)?;
            candidates.push(Candidate { index: 0, document: late.document, header, bytes, right: Right::Write });
        }
        candidates.sort_by_key(|candidate| candidate.header.ops.0);
        for (place, candidate) in candidates.iter_mut().enumerate() {
            candidate.index = u32::try_from(place).unwrap_or(u32::MAX);
        }
        let hashes: Vec<ChangeHash> = candidates.iter().map(|candidate| candidate.header.hash).collect();
        let answer = self.writer.push(Push { identity, candidates, received: now }).await?;
        let appended = answer.await.map_err(|_| WriterStopped)?;
        let refused = appended.refused.iter().map(|refusal| refusal.index).chain(appended.review);
        let refused: Vec<&ChangeHash> = refused.filter_map(|index| hashes.get(index as usize)).collect();
        Ok(waiting.into_iter().partition(|late| !refused.contains(&&late.hash)))
    }
}

impl Review {
    fn of(late: &Late) -> Self {
        let Late { id, document, user, device, received, decided, .. } = late.clone();
        Self { id, document, user, device, received, lines: Vec::new(), decided }
    }
}
