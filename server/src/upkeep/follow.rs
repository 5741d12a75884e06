//! The task that follows the log: notes what was written, and works through it when there is time.
//!
//! Never holds a document longer than it takes to look at it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use liaison_shared::documents::Document;
use liaison_shared::dossier::{Dossier, Summary};
use liaison_shared::sync::LogChunk;
use liaison_shared::{DocumentId, DossierId, Seq};
use tokio::sync::watch;
use tokio::time::Instant;

use super::summaries;
use crate::database::Database;
use crate::log::{ChangeLog as _, LogError, StoredLog, Tail};
use crate::{clock, metrics};

/// A document with at least so many changes of its own gets a snapshot as soon as there is time.
const MANY: u32 = 64;
/// One with at least so many, once nobody has written in it for a while.
const SOME: u32 = 8;
/// The while.
const QUIET: Duration = Duration::from_secs(30);
/// A dossier's summary is at most so old while people write in it: whoever is sent it is told that it is.
const OLDEST: Duration = Duration::from_secs(600);
/// Documents of one transaction.
const BATCH: usize = 32;
/// Documents that are asked about at once.
const ASKED: usize = 500;
/// Between two looks at what is to be done.
const PAUSE: Duration = Duration::from_millis(500);
/// Between two looks whether the relay that does the work is gone.
const SUCCESSION: Duration = Duration::from_secs(5);
/// Wait before a store that did not answer is asked again.
const RETRY: Duration = Duration::from_secs(1);

/// A document, and what there is of it.
type Chunks = (DocumentId, Vec<LogChunk>);

/// What is known of a document that changes stand in by themselves.
#[derive(Debug, Clone, Copy)]
struct Written {
    changes: u32,
    last: Instant,
    /// How many changes its snapshot holds; asked for when it matters.
    covered: Option<u32>,
}

impl Written {
    /// How many changes are enough for a snapshot, of a document that is being written and of one that rests. A snapshot is
    /// made of everything: it waits for more where more stands already, so that a change does not cost more as the document
    /// grows.
    fn enough(covered: u32) -> (u32, u32) {
        (MANY.max(covered), SOME.max(covered / 4))
    }

    fn is_due(&self, now: Instant) -> bool {
        self.covered.is_some_and(|covered| {
            let (busy, resting) = Self::enough(covered);
            self.changes >= busy || (self.changes >= resting && now.duration_since(self.last) >= QUIET)
        })
    }

    /// Whether it is due sooner or later, though nothing more is written.
    fn waits(&self) -> bool {
        self.changes >= self.covered.map_or(SOME, |covered| Self::enough(covered).1)
    }
}

/// The task that follows.
#[derive(Debug)]
pub struct Upkeep {
    log: StoredLog,
    tail: Arc<Tail>,
    at: Seq,
    documents: HashMap<DocumentId, Written>,
    /// Dossiers whose summary is older than what was written in them: since when, and when that was last.
    outdated: BTreeMap<DossierId, (Instant, Instant)>,
    /// Whether there may be pages to give back to the disk.
    emptied: bool,
}

impl Upkeep {
    /// Nothing is known yet: the task finds out.
    #[must_use]
    pub fn new(database: Database, tail: Arc<Tail>) -> Self {
        let log = StoredLog::new(database);
        // One that has stopped may have left some.
        Self { log, tail, at: Seq(0), documents: HashMap::new(), outdated: BTreeMap::new(), emptied: true }
    }

    /// Follows until the log's writer ends.
    pub async fn run(mut self, mut head: watch::Receiver<Seq>) {
        while head.has_changed().is_ok() {
            // Of several relays one does the work, as long as it can.
            if !self.log.database().keeps_up().await {
                tokio::time::sleep(SUCCESSION).await;
                continue;
            }
            match self.begin().await {
                Ok(()) => self.work(&mut head).await,
                Err(error) => {
                    tracing::error!(%error, "the upkeep of documents could not begin");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    /// Works until the log's writer ends, or another relay may do it.
    async fn work(&mut self, head: &mut watch::Receiver<Seq>) {
        while head.has_changed().is_ok() && self.log.database().keeps_up().await {
            let upto = *head.borrow();
            let worked = match self.round(upto).await {
                Ok(worked) => worked,
                Err(error) => {
                    tracing::error!(%error, "the upkeep of documents is interrupted");
                    tokio::time::sleep(RETRY).await;
                    false
                }
            };
            if worked {
                // The writer and the readers first.
                tokio::task::yield_now().await;
            } else if self.is_idle() {
                if head.changed().await.is_err() {
                    return;
                }
            } else {
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Whether nothing is to be done before something is written.
    fn is_idle(&self) -> bool {
        self.outdated.is_empty() && !self.documents.values().any(Written::waits)
    }

    /// What is left to do by a relay that has stopped, this one or another.
    async fn begin(&mut self) -> Result<(), LogError> {
        self.documents.clear();
        self.outdated.clear();
        self.at = self.log.head().await?;
        let now = Instant::now();
        let long_ago = now.checked_sub(OLDEST).unwrap_or(now);
        for (document, changes) in self.log.standing().await? {
            self.documents.insert(document, Written { changes, last: long_ago, covered: None });
        }
        let outdated = summaries::outdated(self.log.database()).await?;
        self.outdated.extend(outdated.into_iter().map(|dossier| (dossier, (long_ago, long_ago))));
        Ok(())
    }

    /// One piece of work, when there is one.
    async fn round(&mut self, head: Seq) -> Result<bool, LogError> {
        if head > self.at {
            self.catch_up().await?;
        }
        let now = Instant::now();
        let worked = self.compact(now).await? | self.project(now).await?;
        Ok(worked | self.release().await?)
    }

    async fn catch_up(&mut self) -> Result<(), LogError> {
        let (written, upto) = self.log.written(self.at, &self.tail).await?;
        let now = Instant::now();
        for (document, count) in written {
            let written = self.documents.entry(document).or_insert(Written { changes: 0, last: now, covered: None });
            written.changes += count;
            written.last = now;
            if let Some(dossier) = document.dossier() {
                self.outdated.entry(dossier).or_insert((now, now)).1 = now;
            }
        }
        self.at = upto;
        Ok(())
    }

    async fn compact(&mut self, now: Instant) -> Result<bool, LogError> {
        self.ask_what_is_covered().await?;
        let due = self.documents.iter().filter(|(_, written)| written.is_due(now));
        let batch: Vec<DocumentId> = due.map(|(id, _)| *id).take(BATCH).collect();
        if batch.is_empty() {
            return Ok(false);
        }
        for id in &batch {
            // Whatever comes of it: tried again after as many changes more.
            self.documents.remove(id);
        }
        let done = self.log.compact(batch).await?;
        metrics::compacted(done);
        self.emptied |= done.documents > 0;
        Ok(done.documents > 0)
    }

    async fn ask_what_is_covered(&mut self) -> Result<(), LogError> {
        let unknown = self.documents.iter().filter(|(_, written)| written.covered.is_none() && written.waits());
        let unknown: Vec<DocumentId> = unknown.map(|(id, _)| *id).take(ASKED).collect();
        if !unknown.is_empty() {
            let covered = self.log.covered(&unknown).await?;
            for id in unknown {
                self.documents.entry(id).and_modify(|it| it.covered = Some(covered.get(&id).copied().unwrap_or(0)));
            }
        }
        Ok(())
    }

    /// What compaction has taken out leaves the disk, too.
    async fn release(&mut self) -> Result<bool, LogError> {
        self.emptied = self.emptied && self.log.database().release().await?;
        Ok(self.emptied)
    }

    async fn project(&mut self, now: Instant) -> Result<bool, LogError> {
        let due = self
            .outdated
            .iter()
            .filter(|(_, (since, last))| now.duration_since(*last) >= QUIET || now.duration_since(*since) >= OLDEST);
        let batch: Vec<DossierId> = due.map(|(dossier, _)| *dossier).take(BATCH).collect();
        if batch.is_empty() {
            return Ok(false);
        }
        match self.log.summarise(&batch.iter().copied().collect()).await {
            // One of them: the others do not wait for it, and it waits until somebody writes in it, or the relay starts.
            Err(error) if error.is_lasting() => self.summarise_each(&batch).await?,
            done => done?,
        }
        for dossier in batch {
            self.outdated.remove(&dossier);
        }
        Ok(true)
    }

    async fn summarise_each(&self, dossiers: &[DossierId]) -> Result<(), LogError> {
        for dossier in dossiers {
            match self.log.summarise(&BTreeSet::from([*dossier])).await {
                Err(error) if error.is_lasting() => {
                    tracing::error!(%dossier, %error, "a dossier cannot be summarised");
                }
                done => done?,
            }
        }
        Ok(())
    }
}

impl StoredLog {
    /// Makes what lists show of dossiers from what is in the log now.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn summarise(&self, dossiers: &BTreeSet<DossierId>) -> Result<(), LogError> {
        let upto = self.head().await?;
        let mut documents: BTreeMap<DossierId, Vec<Chunks>> = BTreeMap::new();
        for stored in self.of_dossiers(dossiers, None).await? {
            let Some(dossier) = stored.id.dossier() else { continue };
            documents.entry(dossier).or_default().push((stored.id, stored.chunks));
        }
        let today = clock::now().date();
        let project = move || -> Vec<(Summary, Seq)> {
            let load = |(id, chunks): &Chunks| Document::load(*id, chunks.iter().map(|it| &it.bytes[..])).0;
            let summary = |(dossier, documents): (DossierId, Vec<_>)| {
                let read: Vec<Document> = documents.iter().map(load).collect();
                (Summary::project(dossier, &Dossier::read(&read), today), upto)
            };
            documents.into_iter().map(summary).collect()
        };
        let made = tokio::task::spawn_blocking(project).await.map_err(|_| LogError::Interrupted)?;
        summaries::keep(self.database(), &made).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_stands_in_a_snapshot_the_more_it_waits_for() {
        let long_ago = Instant::now();
        let written = |changes, covered| Written { changes, last: long_ago, covered };
        let due = |changes, covered, later| written(changes, Some(covered)).is_due(long_ago + later);
        assert!(!written(MANY, None).is_due(long_ago) && written(SOME, None).waits(), "it is asked for first");
        for (covered, busy, resting) in [(0, MANY, SOME), (64, MANY, 16), (1000, 1000, 250)] {
            assert!(due(busy, covered, Duration::ZERO) && !due(busy - 1, covered, Duration::ZERO));
            assert!(due(resting, covered, QUIET) && !due(resting - 1, covered, QUIET));
            assert!(written(resting, Some(covered)).waits() && !written(resting - 1, Some(covered)).waits());
        }
    }
}
