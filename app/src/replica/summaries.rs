//! Keeps the summaries true: rebuilt from the documents, in slices, by the tab that leads. What it takes to read a whole
//! dossier comes in a chunk, after what the first visit shows (`chunks.rs`).

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, join_all};
use liaison_shared::documents::Document;
use liaison_shared::dossier::{Dossier, Summary};
use liaison_shared::{DocumentId, DossierId};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::compaction::MANY;
use super::tabs::TabMessage;
use super::{Notice, Replica};
use crate::platform::clock::{self, Turns};

/// Dossiers read and kept together.
const SLICE: usize = 24;

/// Wait before the chunk is asked for again, in milliseconds: without a line, it may not be here yet.
const RETRY: u32 = 3_000;

/// Works until nothing is stale.
type Upkeep = fn(Replica) -> LocalBoxFuture<'static, ()>;

#[wasm_split(bureau, fallible)]
fn upkeep() -> Result<Upkeep, SplitLoaderError> {
    Ok(|replica| async move { replica.refresh().await }.boxed_local())
}

/// The changes of each document of a dossier.
type Changes = HashMap<DocumentId, Vec<Vec<u8>>>;

impl Replica {
    /// Takes up what was left when the last leader closed.
    pub(super) async fn mark_stale_from_store(&self) {
        // What cannot be marked now is marked at the next start.
        let _marked = self.inner.store.outdate_summaries().await.is_ok();
        if let Ok(stale) = self.inner.store.stale().await {
            self.mark_stale(stale.into_iter());
        }
    }

    /// Rebuilds what is stale, unless that is under way or another tab's work.
    pub(super) fn refresh_summaries(&self) {
        if !(self.is_stale() || self.is_bulky())
            || self.inner.leader.borrow().is_none()
            || self.inner.refreshing.replace(true)
        {
            return;
        }
        let replica = self.clone();
        clock::spawn(async move {
            let refresh = loop {
                match upkeep().await {
                    Ok(refresh) => break refresh,
                    Err(_) => clock::sleep(RETRY).await,
                }
            };
            refresh(replica).await;
        });
    }

    async fn refresh(self) {
        loop {
            while self.is_stale() {
                self.refresh_some().await;
            }
            // What is not gathered now is read all the same, and gathered the next time.
            let _gathered = self.inner.store.gather_summaries().await.is_ok();
            self.compact_some().await;
            if !self.is_stale() {
                break;
            }
        }
        self.inner.refreshing.set(false);
    }

    fn is_stale(&self) -> bool {
        self.inner.stale.borrow().iter().any(|dossier| !self.lacks(*dossier))
    }

    async fn refresh_some(&self) {
        let slice: Vec<DossierId> = {
            let stale = self.inner.stale.borrow();
            stale.iter().copied().filter(|dossier| !self.lacks(*dossier)).take(SLICE).collect()
        };
        self.inner.stale.borrow_mut().retain(|dossier| !slice.contains(dossier));
        // Before the dossiers: what is written in them from here on puts marks that are not among these.
        let Ok(marks) = self.inner.store.marks(&slice).await else { return };
        // Whatever has none is in its line already, or has left this device with its marks.
        let slice: Vec<DossierId> = slice.into_iter().filter(|dossier| marks.has(*dossier)).collect();
        let read = join_all(slice.iter().map(|dossier| self.inner.store.dossier(*dossier))).await;
        let mut turns = Turns::begin();
        let mut rebuilt = Vec::with_capacity(slice.len());
        for (dossier, changes) in slice.iter().copied().zip(read) {
            // What cannot be read now stays marked in the store for the next start; so does what is not here, which has
            // no line: « Sans nom » would stand in the place of its name.
            if let Some(changes) = changes.ok().filter(|changes| !changes.is_empty()) {
                let bulky = changes.iter().filter(|(_, rows)| rows.len() >= MANY).map(|(document, _)| *document);
                self.inner.bulky.borrow_mut().extend(bulky);
                rebuilt.push(rebuild(dossier, &changes, &mut turns).await);
            }
        }
        if rebuilt.is_empty() {
            return;
        }
        // Summaries that cannot be kept are made again at the next start; the page has them now.
        if self.inner.store.keep_summaries(&rebuilt, &marks).await == Ok(false) {
            self.inner.stale.borrow_mut().extend(slice);
            return;
        }
        let shared = rebuilt.iter().cloned().map(Arc::new).collect();
        self.tell_tabs(&TabMessage::Summaries(rebuilt));
        self.notify(Notice::Summaries(shared));
        clock::breathe().await;
    }
}

async fn rebuild(id: DossierId, documents: &Changes, turns: &mut Turns) -> Summary {
    let mut read: Vec<Document> = Vec::with_capacity(documents.len());
    for (id, changes) in documents {
        turns.go_on().await;
        read.push(Document::load(*id, changes.iter().map(Vec::as_slice)).0);
    }
    turns.go_on().await;
    Summary::project(id, &Dossier::read(&read), clock::now().date())
}
