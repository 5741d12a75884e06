//! Reads the store a few dossiers at a time and sends what it finds.
//!
//! Never sends what the role may not read, and never more than was there when each dossier was read.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use axum::body::Bytes;
use liaison_shared::access::readable_kinds;
use liaison_shared::dossier::SUMMARIES_VERSION;
use liaison_shared::protocol::{BootstrapItem, FEED_FRAME, encode_item};
use liaison_shared::{DossierId, Epoch, Seq};
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::compress::{Coding, Compressor};
use crate::accounts::{AccountError, Session, Sessions};
use crate::clock;
use crate::log::{ChangeLog as _, LogError, Stored, StoredLog};
use crate::upkeep::{kept, outdated};

/// Dossiers read at once.
const DOSSIERS: usize = 64;
/// Summaries in one item.
const SUMMARIES: usize = 256;
/// Pieces made ahead of a device that reads slowly.
const AHEAD: usize = 4;
/// A piece leaves once it has so many bytes.
const PIECE: usize = 64 << 10;

/// A device that takes nothing for so long is left: it asks again from where it stands.
pub const STANDS_STILL: Duration = Duration::from_secs(60);

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// By whom, as they were found: the stream ends once that is so no more.
    pub session: Session,
    /// What of it.
    pub part: Part,
    /// How it is to be coded.
    pub coding: Coding,
}

/// What is wanted of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Everything,
    /// What comes after this dossier: the rest was received before.
    After(DossierId),
    /// The documents of this dossier: somebody waits for it.
    Only(DossierId),
}

impl Part {
    /// Whether this dossier is wanted.
    fn has(self, dossier: DossierId) -> bool {
        match self {
            Self::Everything => true,
            Self::After(last) => dossier > last,
            Self::Only(one) => dossier == one,
        }
    }
}

/// Why a stream ended early. Whoever reads it sees that it has no end.
#[derive(Debug, Error)]
enum SendError {
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("compression: {0}")]
    Compression(#[from] io::Error),
    #[error(transparent)]
    Accounts(#[from] AccountError),
    #[error("whoever asked may not any more")]
    Revoked,
    #[error("nobody reads any more")]
    Gone,
}

/// Begins to send; the pieces come as they are read. `counted` is dropped once nothing more is read.
#[must_use]
pub fn stream(
    log: StoredLog,
    sessions: Sessions,
    asked: Asked,
    counted: impl Send + 'static,
) -> mpsc::Receiver<Result<Bytes, io::Error>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let compressor = Compressor::new(asked.coding);
        let sending = Sending { log, sessions, asked, compressor, ready: Vec::new(), sender: sender.clone() };
        let end = sending.all().await;
        drop(counted);
        match end {
            Ok(()) => return,
            Err(SendError::Gone) => {
                tracing::debug!("a bootstrap was left");
                return;
            }
            Err(SendError::Revoked) => tracing::info!("a bootstrap ended with the right to it"),
            Err(error) => tracing::error!(%error, "a bootstrap ended early"),
        }
        // So that the stream does not look whole.
        sender.send(Err(io::Error::other("interrupted"))).await.ok();
    });
    receiver
}

type Sender = mpsc::Sender<Result<Bytes, io::Error>>;

struct Sending {
    log: StoredLog,
    sessions: Sessions,
    asked: Asked,
    compressor: Compressor,
    ready: Vec<u8>,
    sender: Sender,
}

impl Sending {
    async fn all(mut self) -> Result<(), SendError> {
        self.send_all().await?;
        self.ready.extend(self.compressor.finish()?);
        hand_over(&self.sender, self.ready).await
    }

    async fn send_all(&mut self) -> Result<(), SendError> {
        // Before anything is read: whatever is written from now on comes with the feed.
        let (epoch, head) = (self.log.epoch(), self.log.head().await?);
        let mut dossiers: Vec<DossierId> = self.log.dossiers().await?.into_iter().collect();
        dossiers.sort_unstable();
        self.begin(epoch, head, dossiers.len()).await?;
        let (part, kinds) = (self.asked.part, readable_kinds(self.asked.session.identity.role));
        if part == Part::Everything {
            self.look_again().await?;
            for stored in self.log.of_agency(kinds.clone()).await? {
                self.document(stored).await?;
            }
        }
        // Each with its number among all: how many there are up to it.
        let dossiers: Vec<(DossierId, u32)> = dossiers.into_iter().zip(1..).filter(|(it, _)| part.has(*it)).collect();
        for some in dossiers.chunks(DOSSIERS) {
            self.look_again().await?;
            let wanted = some.iter().map(|(dossier, _)| *dossier).collect();
            let mut documents: BTreeMap<DossierId, Vec<Stored>> = BTreeMap::new();
            for stored in self.log.of_dossiers(&wanted, Some(kinds.clone())).await? {
                let Some(dossier) = stored.id.dossier() else { continue };
                documents.entry(dossier).or_default().push(stored);
            }
            for (dossier, count) in some {
                for stored in documents.remove(dossier).unwrap_or_default() {
                    self.document(stored).await?;
                }
                self.item(&BootstrapItem::Reached { dossier: *dossier, count: *count }).await?;
            }
        }
        self.item(&BootstrapItem::Done {}).await
    }

    /// Before more is read: whether somebody still reads, who still may.
    async fn look_again(&mut self) -> Result<(), SendError> {
        if self.sender.is_closed() {
            return Err(SendError::Gone);
        }
        let stands = self.sessions.stands(&self.asked.session, clock::now()).await?;
        stands.then_some(()).ok_or(SendError::Revoked)
    }

    /// What lists show, flushed: the page is of use from here on.
    async fn begin(&mut self, epoch: Epoch, head: Seq, dossiers: usize) -> Result<(), SendError> {
        let dossiers = u32::try_from(dossiers).unwrap_or(u32::MAX);
        let role = self.asked.session.identity.role;
        self.item(&BootstrapItem::Start { epoch, head, dossiers, summaries: SUMMARIES_VERSION, role }).await?;
        if self.asked.part == Part::Everything {
            let outdated = outdated(self.log.database()).await?;
            for summaries in kept(self.log.database()).await?.chunks(SUMMARIES) {
                let dossiers = summaries.iter().map(|summary| summary.dossier);
                let stale = dossiers.filter(|dossier| outdated.contains(dossier)).collect();
                self.item(&BootstrapItem::Summaries { summaries: summaries.to_vec(), stale }).await?;
            }
        }
        self.ready.extend(self.compressor.take(true)?);
        self.leave().await
    }

    async fn document(&mut self, stored: Stored) -> Result<(), SendError> {
        let document = stored.id.to_string();
        let (mut chunks, mut bytes) = (Vec::new(), 0);
        for chunk in stored.chunks {
            bytes += chunk.weight();
            chunks.push(chunk.bytes.to_vec().into());
            if bytes >= FEED_FRAME {
                let chunks = std::mem::take(&mut chunks);
                self.item(&BootstrapItem::Document { document: document.clone(), chunks }).await?;
                bytes = 0;
            }
        }
        if chunks.is_empty() { Ok(()) } else { self.item(&BootstrapItem::Document { document, chunks }).await }
    }

    async fn item(&mut self, item: &BootstrapItem) -> Result<(), SendError> {
        self.compressor.write(&encode_item(item))?;
        self.ready.extend(self.compressor.take(false)?);
        if self.ready.len() >= PIECE { self.leave().await } else { Ok(()) }
    }

    async fn leave(&mut self) -> Result<(), SendError> {
        hand_over(&self.sender, std::mem::take(&mut self.ready)).await
    }
}

/// Sends a piece, as long as somebody takes what was made before it.
async fn hand_over(sender: &Sender, piece: Vec<u8>) -> Result<(), SendError> {
    let sent = timeout(STANDS_STILL, sender.send(Ok(piece.into()))).await;
    sent.is_ok_and(|sent| sent.is_ok()).then_some(()).ok_or(SendError::Gone)
}
