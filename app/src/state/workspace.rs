//! What the replica says, as signals: the list, the line to the relay, where changes are, who wrote.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::access::{Power, Role, access, may};
use liaison_shared::documents::Signature;
use liaison_shared::documents::annuaire::{Personne, personnes};
use liaison_shared::dossier::{Dossier, Summary};
use liaison_shared::order;
use liaison_shared::sync::SyncStatus;
use liaison_shared::{ChangeHash, DocumentId, DocumentKind, DossierId, UserId};

use super::Reach;
use super::search::SearchIndex;
use crate::platform::indexed_db::StorageError;
use crate::platform::{clock, page};
use crate::replica::{Notice, Place, Refusal, Replica, Upload};
use crate::ui::Receipt;
use crate::vault::{OpenVault, StoredSession};

/// Summaries that come at once are a list of their own from here on: the search is prepared for them, as at a start.
const MANY: usize = 100;

/// Every dossier a device knows, by id. Whoever keeps one keeps it as it was: a newer one is another.
pub type Summaries = BTreeMap<DossierId, Arc<Summary>>;

/// One person's work in this tab, as a context.
#[derive(Clone, Copy)]
pub struct Workspace {
    /// Who works.
    pub session: StoredValue<StoredSession>,
    /// Every dossier this device knows, by id.
    pub summaries: RwSignal<Summaries>,
    /// Whether the stored summaries have been read.
    pub listed: RwSignal<bool>,
    /// The line to the relay; none before the leading tab has said.
    pub status: RwSignal<Option<SyncStatus>>,
    /// How many dossiers of how many are here, while all of them are being brought.
    pub arriving: RwSignal<Option<(u32, u32)>>,
    /// How many changes are on this device only.
    pub pending: RwSignal<usize>,
    /// Grows whenever some change has moved on: receipts read it.
    pub receipts: RwSignal<u64>,
    /// The documents that read differently since the last time, with a number that grows.
    pub changed: RwSignal<(u64, Vec<DocumentId>)>,
    /// What was set aside.
    pub refusals: RwSignal<Vec<Refusal>>,
    /// The files that the relay does not have.
    pub uploads: RwSignal<Vec<Upload>>,
    /// The device does not store.
    pub storage: RwSignal<Option<StorageError>>,
    /// What may be read here now.
    pub reach: Reach,
    /// Grows when the page is hidden, perhaps for good: what is being typed must be stored now.
    pub hidden: RwSignal<u64>,
    /// What the agency says of itself, and its models.
    pub agence: RwSignal<Arc<Dossier>>,
    people: RwSignal<HashMap<UserId, Personne>>,
    /// Documents that read differently and of which pages do not know yet.
    news: StoredValue<Vec<DocumentId>>,
    pub(super) index: StoredValue<SearchIndex, LocalStorage>,
    replica: StoredValue<Option<Replica>, LocalStorage>,
}

impl Workspace {
    /// Opens a person's replica in this tab; their vault is open.
    ///
    /// # Errors
    /// When the browser's database cannot be opened or read.
    pub async fn open(session: StoredSession, vault: OpenVault) -> Result<Self, StorageError> {
        let (user, token) = (session.user, session.token.clone());
        let workspace = Self {
            session: StoredValue::new(session),
            summaries: RwSignal::new(BTreeMap::new()),
            listed: RwSignal::new(false),
            status: RwSignal::new(None),
            arriving: RwSignal::new(None),
            pending: RwSignal::new(0),
            receipts: RwSignal::new(0),
            changed: RwSignal::new((0, Vec::new())),
            refusals: RwSignal::new(Vec::new()),
            uploads: RwSignal::new(Vec::new()),
            storage: RwSignal::new(None),
            reach: Reach::new(),
            hidden: RwSignal::new(0),
            agence: RwSignal::new(Arc::default()),
            people: RwSignal::new(HashMap::new()),
            news: StoredValue::new(Vec::new()),
            index: StoredValue::new_local(SearchIndex::default()),
            replica: StoredValue::new_local(None),
        };
        let replica = Replica::open(user, token, &vault, move |notice| workspace.hear(notice)).await?;
        workspace.pending.set(replica.pending_count());
        workspace.uploads.set(replica.uploads());
        workspace.replica.set_value(Some(replica));
        workspace.read_reach().await?;
        workspace.read_list().await?;
        workspace.read_people().await;
        workspace.read_agence().await;
        clock::spawn(workspace.read_refusals());
        clock::spawn(workspace.prepare_search());
        page::on_page_event(move |event| match event {
            page::PageEvent::Online | page::PageEvent::Shown => workspace.retry_now(),
            page::PageEvent::Hidden => workspace.hidden.update(|turn| *turn += 1),
            page::PageEvent::Offline => {}
        });
        Ok(workspace)
    }

    /// Whether the person may read this kind of document, in the dossiers they reach.
    #[must_use]
    pub fn reads(&self, kind: DocumentKind) -> bool {
        self.session.with_value(|session| access(session.role, kind)).may_read()
    }

    /// Whether the person may write this kind of document, in the dossiers they reach.
    #[must_use]
    pub fn writes(&self, kind: DocumentKind) -> bool {
        self.session.with_value(|session| access(session.role, kind)).may_write()
    }

    /// Whether the person may ask this of the relay.
    #[must_use]
    pub fn may(&self, power: Power) -> bool {
        self.session.with_value(|session| may(session.role, power))
    }

    /// The replica itself.
    #[must_use]
    pub fn replica(&self) -> Option<Replica> {
        self.replica.get_value()
    }

    async fn read_list(&self) -> Result<(), StorageError> {
        let Some(replica) = self.replica() else { return Ok(()) };
        let turn = || self.reach.gone.with_untracked(|(turn, _)| *turn);
        let stored = loop {
            let before = turn();
            let stored = replica.store().summaries().await?;
            // What has left meanwhile may be among them.
            if turn() == before {
                break stored;
            }
        };
        self.summaries.update(|summaries| {
            // What was heard while reading is newer than what was read.
            for summary in stored {
                summaries.entry(summary.dossier).or_insert(summary);
            }
        });
        self.listed.set(true);
        Ok(())
    }

    /// Before anything is shown: what is locked must not be seen first.
    async fn read_reach(&self) -> Result<(), StorageError> {
        let Some(replica) = self.replica() else { return Ok(()) };
        self.reach.set(replica.store().holdings().await?);
        Ok(())
    }

    async fn read_people(&self) {
        let Some(replica) = self.replica() else { return };
        let Ok(document) = replica.open_document(DocumentId::Annuaire).await else { return };
        let people = personnes(&document.borrow());
        self.people.set(people.into_iter().map(|person| (person.user, person)).collect());
    }

    async fn read_agence(&self) {
        let Some(agence) = self.read_document(DocumentId::Agence).await else { return };
        let _gone = self.agence.try_set(Arc::new(agence));
        self.follow_zone();
    }

    async fn read_refusals(self) {
        let Some(replica) = self.replica() else { return };
        if let Ok(refusals) = replica.store().refusals().await {
            self.refusals.set(refusals);
        }
    }

    /// Pages see what `changed` says last: what comes together is said together, so that nothing of it is passed over.
    fn say_changed(self, documents: Vec<DocumentId>) {
        let were_none = self.news.try_update_value(|news| {
            let were_none = news.is_empty();
            news.extend(documents);
            were_none
        });
        if were_none == Some(true) {
            clock::spawn(async move {
                let news = self.news.try_update_value(std::mem::take).unwrap_or_default();
                let _gone = self.changed.try_update(|(turn, changed)| {
                    *turn += 1;
                    *changed = news;
                });
            });
        }
    }

    fn hear(self, notice: Notice) {
        match notice {
            Notice::Documents(documents) => {
                if documents.contains(&DocumentId::Annuaire) {
                    clock::spawn(async move { self.read_people().await });
                }
                if documents.contains(&DocumentId::Agence) {
                    clock::spawn(async move { self.read_agence().await });
                }
                self.say_changed(documents);
            }
            Notice::Summaries(fresh) => {
                let many = fresh.len() >= MANY;
                self.summaries.update(|summaries| {
                    summaries.extend(fresh.into_iter().map(|summary| (summary.dossier, summary)));
                });
                if many {
                    clock::spawn(self.prepare_search());
                }
            }
            Notice::Receipts => {
                self.receipts.update(|turn| *turn += 1);
                if let Some(replica) = self.replica() {
                    self.pending.set(replica.pending_count());
                }
            }
            Notice::Arriving(arrived) => {
                if self.arriving.get_untracked() != arrived {
                    self.arriving.set(arrived);
                }
            }
            Notice::Uploads => self.uploads.set(self.replica().map(|replica| replica.uploads()).unwrap_or_default()),
            Notice::Status(status) => self.status.set(Some(status)),
            Notice::Holdings(holdings) => self.reach.set(holdings),
            Notice::Forgotten(dossiers) => {
                self.summaries.update(|summaries| summaries.retain(|dossier, _| !dossiers.contains(dossier)));
                self.reach.let_go(dossiers);
            }
            Notice::InReview(count) => self.reach.late.update(|late| *late += count),
            Notice::StartedOver => {
                self.summaries.update(BTreeMap::clear);
                self.reach.started_over.set(true);
            }
            Notice::Revoked => self.reach.revoked.set(true),
            Notice::Refusals => clock::spawn(async move { self.read_refusals().await }),
            Notice::Storage(error) => {
                if self.storage.get_untracked() != error {
                    self.storage.set(error);
                }
            }
        }
    }

    /// What is not at the relay, files too: on this device only, and refused. Tracks both.
    #[must_use]
    pub fn owed(&self) -> (usize, usize) {
        let (due, refused) = self.uploads.with(|uploads| {
            let refused = uploads.iter().filter(|upload| upload.refused.is_some()).count();
            (uploads.len() - refused, refused)
        });
        (self.pending.get() + due, self.refusals.with(Vec::len) + refused)
    }

    /// Tries the relay now.
    pub fn retry_now(&self) {
        if let Some(replica) = self.replica() {
            replica.retry_now();
        }
    }

    /// The name of whoever made a change: « vous » for the person signed in. Tracks the directory.
    #[must_use]
    pub fn who(&self, signature: &Signature) -> String {
        let Some(author) = signature.author else { return "Liaison".to_owned() };
        if self.session.with_value(|session| session.user == author) {
            return "vous".to_owned();
        }
        self.name_of(author)
    }

    /// A person's name. Tracks the directory.
    #[must_use]
    pub fn name_of(&self, user: UserId) -> String {
        let name = self.people.with(|people| people.get(&user).map(|person| person.nom.clone()));
        name.unwrap_or_else(|| "une personne de l’agence".to_owned())
    }

    /// Those who work in clients' homes, by name. Tracks the directory.
    #[must_use]
    pub fn intervenants(&self) -> Vec<Personne> {
        let here = |person: &&Personne| person.role == Some(Role::Intervenant);
        let mut found = self.people.with(|people| people.values().filter(here).cloned().collect::<Vec<_>>());
        order::by_key(&mut found, |person| person.nom.to_lowercase());
        found
    }

    /// Everybody of the agency, by name. Tracks the directory.
    #[must_use]
    pub fn everybody(&self) -> Vec<Personne> {
        let mut found = self.people.with(|people| people.values().cloned().collect::<Vec<_>>());
        order::by_key(&mut found, |person| person.nom.to_lowercase());
        found
    }

    /// A dossier's name, when this device knows it. Tracks the list.
    #[must_use]
    pub fn dossier_name(&self, dossier: DossierId) -> Option<String> {
        self.summaries.with(|summaries| summaries.get(&dossier).map(|summary| summary.name()))
    }

    /// Where a change is, in shape and words. Tracks the receipts.
    #[must_use]
    pub fn receipt(&self, change: ChangeHash) -> Option<Receipt> {
        self.receipts.track();
        let place = self.replica.with_value(|replica| replica.as_ref().map(|replica| replica.place(&change)))?;
        Some(match place {
            Place::Memory => Receipt::Writing("enregistrement…".to_owned()),
            Place::Device => Receipt::Device(here().to_owned()),
            Place::Relay => Receipt::Relay("au relais".to_owned()),
        })
    }
}

/// What a person calls this device, in a receipt.
#[must_use]
pub fn here() -> &'static str {
    if page::is_phone() { "sur ce téléphone" } else { "sur cet ordinateur" }
}
