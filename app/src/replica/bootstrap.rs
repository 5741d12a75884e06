//! Everything that the office may hold, as one stream beside the line to the relay: what lists show first, then dossier by
//! dossier. Cut at any point it goes on where it stood; the line brings what is written meanwhile. SPEC.md, « Bootstrap ».
//!
//! Never keeps the page waiting: it is stored in small pieces, each in a turn of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use liaison_shared::dossier::SUMMARIES_VERSION;
use liaison_shared::protocol::{BootstrapItem, Cursor, ItemReader};
use liaison_shared::sync::ReceivedChunk;
use liaison_shared::{DocumentId, DossierId};

use super::arrival::{Beginning, Progress, chunks_of};
use super::{Notice, Replica};
use crate::platform::clock::{self, Turns};
use crate::platform::http::{self, Body, HttpError};
use crate::platform::indexed_db::StorageError;

/// Bytes stored together: sealing them must not be felt.
const PIECE: usize = 96 << 10;
/// Longest wait for what lists show, in milliseconds: after it the line brings everything.
const PATIENCE: u32 = 30_000;
/// Waits before a stream that was cut is asked for again, in milliseconds: the first, and the longest.
const AGAIN: (u32, u32) = (1_000, 60_000);

/// Why a stream is not read on.
enum Cut {
    /// The line, or what came over it.
    Line,
    /// The device could not store.
    Store(StorageError),
    /// Nothing is to be asked for any more.
    Over,
}

impl From<StorageError> for Cut {
    fn from(error: StorageError) -> Self {
        Self::Store(error)
    }
}

/// Items as they come.
pub(super) struct Stream {
    body: Body,
    reader: ItemReader,
    /// Read, and not looked at yet.
    next: Option<BootstrapItem>,
    /// The dossiers that there is a summary of.
    listed: BTreeSet<DossierId>,
    turns: Turns,
}

impl Stream {
    async fn open(replica: &Replica, after: Option<DossierId>) -> Result<Self, Cut> {
        let path = after.map_or_else(|| "/api/bootstrap".to_owned(), |after| format!("/api/bootstrap?after={after}"));
        match http::body(&path, &replica.inner.token).await {
            Ok(Some(body)) => {
                let (reader, listed) = (ItemReader::default(), BTreeSet::new());
                Ok(Self { body, reader, next: None, listed, turns: Turns::begin() })
            }
            // Who is granted dossier by dossier, or let in no more, hears the rest from the line.
            Ok(None) | Err(HttpError::Refused { status: 401..=403, .. }) => Err(Cut::Over),
            Err(_) => Err(Cut::Line),
        }
    }

    async fn item(&mut self) -> Result<BootstrapItem, Cut> {
        if let Some(item) = self.next.take() {
            return Ok(item);
        }
        self.turns.go_on().await;
        loop {
            if let Some(item) = self.reader.next_item().map_err(|_| Cut::Line)? {
                return Ok(item);
            }
            match self.body.next().await {
                Ok(Some(piece)) => self.reader.extend(&piece),
                Ok(None) | Err(_) => return Err(Cut::Line),
            }
        }
    }
}

impl Replica {
    /// Begins, on a device that holds nothing: what lists show is shown and stored, with where the log stood. `None` when it
    /// did not begin: then the line brings everything.
    pub(super) async fn begin_bootstrap(&self) -> Option<Stream> {
        clock::within(PATIENCE, self.list_first()).await?.ok()
    }

    async fn list_first(&self) -> Result<Stream, Cut> {
        let mut stream = Stream::open(self, None).await?;
        let BootstrapItem::Start { epoch, head, dossiers, summaries: version, role } = stream.item().await? else {
            return Err(Cut::Line);
        };
        let (mut list, mut outdated) = (Vec::new(), Vec::new());
        loop {
            match stream.item().await? {
                // What another version has made of them is not shown: they are made here, once the dossiers are.
                BootstrapItem::Summaries { summaries, stale } if version == SUMMARIES_VERSION => {
                    list.extend(summaries.into_iter().map(Arc::new));
                    outdated.extend(stale);
                }
                BootstrapItem::Summaries { .. } => {}
                item => {
                    stream.next = Some(item);
                    break;
                }
            }
        }
        stream.listed.extend(list.iter().map(|summary| summary.dossier));
        let listed = stream.listed.clone();
        self.notify(Notice::Summaries(list.clone()));
        self.inner.store.put_summaries(&list).await?;
        self.inner.stale.borrow_mut().extend(&outdated);
        let progress = Progress { epoch, after: None, count: 0, dossiers };
        let cursor = Cursor { epoch, seq: head };
        let beginning = Beginning { progress, cursor, role, outdated, listed };
        self.begins_arriving(self.inner.store.begin_arrival(&beginning).await?);
        Ok(stream)
    }

    /// Brings what is missing, as often as it takes; `begun`: the stream whose summaries were just read.
    pub(super) async fn bring_the_rest(&self, begun: Option<Stream>) {
        let (mut begun, mut wait) = (begun, AGAIN.0);
        while let Some(before) = self.progress() {
            match self.follow(begun.take(), before).await {
                Ok(()) => return,
                Err(Cut::Over) => {
                    // Whether something is awaited still, the store knows; not read now, the next start reads it.
                    let _learnt = self.learn_arriving().await.is_ok();
                    self.refresh_summaries();
                    return;
                }
                Err(Cut::Line) => {}
                Err(Cut::Store(error)) => self.notify(Notice::Storage(Some(error))),
            }
            wait = if self.progress() == Some(before) { AGAIN.1.min(wait * 2) } else { AGAIN.0 };
            clock::sleep(wait).await;
        }
    }

    async fn follow(&self, begun: Option<Stream>, progress: Progress) -> Result<(), Cut> {
        let mut stream = match begun {
            Some(stream) => stream,
            None => self.resume(progress).await?,
        };
        let listed = std::mem::take(&mut stream.listed);
        let mut arrival = Arrival { replica: self, progress, listed, chunks: Vec::new(), bytes: 0 };
        loop {
            match stream.item().await? {
                BootstrapItem::Document { document, chunks } => {
                    arrival.take(chunks_of(&document, chunks).ok_or(Cut::Line)?).await?;
                }
                BootstrapItem::Reached { dossier, count } => {
                    arrival.progress = Progress { after: Some(dossier), count, ..arrival.progress };
                }
                BootstrapItem::Done {} => {
                    arrival.store().await?;
                    return Ok(self.end_arrival().await?);
                }
                BootstrapItem::Start { .. } | BootstrapItem::Summaries { .. } => {}
            }
        }
    }

    /// Asks for what comes after the last that is here.
    async fn resume(&self, progress: Progress) -> Result<Stream, Cut> {
        let mut stream = Stream::open(self, progress.after).await?;
        match stream.item().await? {
            BootstrapItem::Start { epoch, .. } if epoch == progress.epoch => {
                let list = self.inner.store.summaries().await?;
                stream.listed.extend(list.iter().map(|summary| summary.dossier));
                Ok(stream)
            }
            BootstrapItem::Start { .. } => {
                // The log was replaced: the line begins at its beginning.
                self.end_arrival().await?;
                Err(Cut::Over)
            }
            _ => Err(Cut::Line),
        }
    }
}

/// What has come and is not stored.
struct Arrival<'r> {
    replica: &'r Replica,
    progress: Progress,
    /// The dossiers that there is a summary of.
    listed: BTreeSet<DossierId>,
    chunks: Vec<ReceivedChunk>,
    bytes: usize,
}

impl Arrival<'_> {
    async fn take(&mut self, chunks: Vec<ReceivedChunk>) -> Result<(), Cut> {
        self.bytes += chunks.iter().map(|chunk| chunk.bytes.len()).sum::<usize>();
        self.chunks.extend(chunks);
        if self.bytes < PIECE { Ok(()) } else { self.store().await }
    }

    async fn store(&mut self) -> Result<(), Cut> {
        let chunks = std::mem::take(&mut self.chunks);
        self.bytes = 0;
        let dossier = |chunk: &ReceivedChunk| chunk.document.parse::<DocumentId>().ok()?.dossier();
        let here: BTreeSet<DossierId> = chunks.iter().filter_map(dossier).collect();
        let unlisted: Vec<DossierId> = here.into_iter().filter(|dossier| !self.listed.contains(dossier)).collect();
        if !self.replica.inner.store.arrive(&chunks, &self.progress, &unlisted).await? {
            return Err(Cut::Over);
        }
        self.replica.take_in(&chunks);
        self.replica.inner.stale.borrow_mut().extend(unlisted);
        self.replica.has_arrived(Some(self.progress));
        Ok(())
    }
}
