//! Keeps the summaries true: rebuilt from the documents, in slices, by the tab that leads.

use futures_util::future::join_all;
use liaison_shared::documents::Document;
use liaison_shared::dossier::{Dossier, Summary};
use liaison_shared::{DocumentId, DossierId};

use super::tabs::TabMessage;
use super::{Notice, Replica};
use crate::platform::{clock, indexed_db::StorageError};

/// Dossiers rebuilt before the page gets a turn.
const SLICE: usize = 24;

impl Replica {
    /// Takes up what was left when the last leader closed.
    pub(super) async fn mark_stale_from_store(&self) {
        // What cannot be marked now is marked at the next start.
        let _marked = self.inner.store.outdate_summaries().await.is_ok();
        if let Ok(stale) = self.inner.store.stale().await {
            self.mark_stale(stale.iter().filter_map(DocumentId::dossier));
        }
    }

    /// Rebuilds what is stale, unless that is under way or another tab's work.
    pub(super) fn refresh_summaries(&self) {
        if self.inner.leader.borrow().is_none() || self.inner.refreshing.replace(true) {
            return;
        }
        let replica = self.clone();
        clock::spawn(async move {
            loop {
                let slice: Vec<DossierId> = replica.inner.stale.borrow().iter().take(SLICE).copied().collect();
                if slice.is_empty() {
                    break;
                }
                replica.inner.stale.borrow_mut().retain(|dossier| !slice.contains(dossier));
                let rebuilt = join_all(slice.iter().map(|dossier| replica.rebuild(*dossier))).await;
                // A dossier that cannot be read now stays marked in the store for the next start.
                let rebuilt: Vec<_> = rebuilt.into_iter().filter_map(Result::ok).collect();
                // Summaries that cannot be kept are made again at the next start; the page has them now.
                let _kept = replica.inner.store.keep_summaries(&rebuilt).await.is_ok();
                let summaries: Vec<Summary> = rebuilt.into_iter().map(|(summary, _)| summary).collect();
                replica.tell_tabs(&TabMessage::Summaries(summaries.clone()));
                replica.notify(Notice::Summaries(summaries));
                clock::sleep(0).await;
            }
            replica.inner.refreshing.set(false);
        });
    }

    async fn rebuild(&self, id: DossierId) -> Result<(Summary, Vec<DocumentId>), StorageError> {
        let documents = self.inner.store.dossier(id).await?;
        let load =
            |(id, changes): (&DocumentId, &Vec<Vec<u8>>)| Document::load(*id, changes.iter().map(Vec::as_slice)).0;
        let read: Vec<Document> = documents.iter().map(load).collect();
        let summary = Summary::project(id, &Dossier::read(&read), clock::now().date());
        Ok((summary, documents.into_keys().collect()))
    }
}
