//! Keeps the index up to what the log holds, and the hour of days to where the agency says it is.
//!
//! Never in the way of the writer: it reads what was changed after it is durable. Never lets the others wait for a document
//! that does not open, and opens no dossier because of one.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use liaison_shared::access::Team;
use liaison_shared::documents::prestation::PrestationView;
use liaison_shared::documents::schema::agence::FUSEAU;
use liaison_shared::documents::{Document, FieldsView};
use liaison_shared::time::set_zone;
use liaison_shared::{DocumentId, DocumentKind, DossierId, Seq};
use tokio::sync::watch;

use super::{Grants, store};
use crate::database::Database;
use crate::log::{ChangeLog as _, LogError, StoredLog, Tail};
use crate::settings::SettingsStore;

/// Wait before a store that did not answer is asked again.
const RETRY: Duration = Duration::from_secs(1);

/// The task that follows.
#[derive(Debug)]
pub struct Follower {
    grants: Grants,
    database: Database,
    log: StoredLog,
    tail: Arc<Tail>,
    at: Seq,
    /// Dossiers whose `prestation` does not open.
    unreadable: BTreeSet<DossierId>,
}

impl Follower {
    /// Brings the index up to the log's present head.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn start(
        database: Database,
        settings: SettingsStore,
        tail: Arc<Tail>,
    ) -> Result<(Self, Grants), LogError> {
        let log = StoredLog::new(database.clone());
        let grants = Grants::new(settings);
        let at = log.head().await?;
        let unreadable = BTreeSet::new();
        let mut follower = Self { grants: grants.clone(), database, log, tail, at, unreadable };
        for row in store::load(&follower.database).await? {
            match row.team {
                Some((team, upto)) if upto >= row.last => grants.put(row.dossier, team),
                _ if row.last == Seq(0) => grants.put(row.dossier, Team::default()),
                known => {
                    // Counts as long as what was written since does not open.
                    if let Some((team, _)) = known {
                        grants.put(row.dossier, team);
                    }
                    follower.project(row.dossier).await?;
                }
            }
        }
        follower.take_zone().await?;
        Ok((follower, grants))
    }

    /// Follows until the log's writer ends.
    pub async fn run(mut self, mut head: watch::Receiver<Seq>) {
        while head.changed().await.is_ok() {
            while let Err(error) = self.catch_up().await {
                tracing::error!(%error, "who reaches which dossier could not be read; the last known counts");
                tokio::time::sleep(RETRY).await;
            }
        }
    }

    async fn catch_up(&mut self) -> Result<(), LogError> {
        let (written, upto) = self.log.written(self.at, &self.tail).await?;
        for document in written.into_keys() {
            if document == DocumentId::Agence {
                self.take_zone().await?;
            }
            let Some(dossier) = document.dossier() else { continue };
            if document.kind() == DocumentKind::Prestation {
                self.project(dossier).await?;
            } else if !self.grants.knows(dossier) && !self.unreadable.contains(&dossier) {
                self.grants.put(dossier, Team::default());
            }
        }
        self.at = upto;
        Ok(())
    }

    /// Days begin and end where the agency is: those of grants, and those on papers.
    async fn take_zone(&self) -> Result<(), LogError> {
        let chunks = match self.log.document(DocumentId::Agence).await {
            Err(LogError::Destroyed(_)) => return Ok(()),
            Err(error) if is_its_own(&error) => {
                tracing::error!(%error, "the agency's time zone cannot be read; the last known counts");
                return Ok(());
            }
            chunks => chunks?,
        };
        let (document, _unreadable) = Document::load(DocumentId::Agence, chunks.iter().map(|chunk| &chunk.bytes[..]));
        set_zone(FieldsView::read(&document).value(&FUSEAU));
        Ok(())
    }

    async fn project(&mut self, dossier: DossierId) -> Result<(), LogError> {
        let id = DocumentId::prestation(dossier);
        let chunks = match self.log.document(id).await {
            Err(LogError::Destroyed(_)) => return Ok(()),
            Err(error) if is_its_own(&error) => {
                if self.unreadable.insert(dossier) {
                    tracing::error!(%dossier, %error, "who reaches a dossier cannot be read; the last known counts");
                }
                return self.pass_over(dossier).await;
            }
            chunks => chunks?,
        };
        let (document, _unreadable) = Document::load(id, chunks.iter().map(|chunk| &chunk.bytes[..]));
        let team = Team::of(&PrestationView::read(&document));
        let upto = chunks.last().map_or(Seq(0), |chunk| chunk.seq);
        store::keep(&self.database, dossier, &team, upto).await?;
        self.grants.put(dossier, team);
        self.unreadable.remove(&dossier);
        Ok(())
    }

    /// The last known team counts. Without one the dossier is left out: one of which nothing is known would be every
    /// responsable's.
    async fn pass_over(&self, dossier: DossierId) -> Result<(), LogError> {
        if !store::is_kept(&self.database, dossier).await? {
            self.grants.leave_out(dossier);
        }
        Ok(())
    }
}

/// Whether it lies in the one document, and stays: not in the store, nor in the keys.
fn is_its_own(error: &LogError) -> bool {
    error.is_lasting() && !matches!(error, LogError::Keys(_))
}
