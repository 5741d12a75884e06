//! The local replica: this browser's copy of what its owner may see, and the tab that keeps it in touch with the relay.
//! Knows nothing of pages; tells them what happened through [`Notice`].

mod arrival;
mod bootstrap;
mod compaction;
mod downloads;
mod early;
mod edits;
mod farewell;
mod files;
mod granted;
mod idle;
mod leader;
mod marks;
mod open;
mod records;
mod store;
mod summaries;
mod tabs;
mod takeover;
mod uploads;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use liaison_shared::documents::{Document, NewChange, Pen};
use liaison_shared::dossier::Summary;
use liaison_shared::sync::{Holdings, SyncStatus};
use liaison_shared::{ChangeHash, DocumentId, DossierId, UserId};

use crate::platform::broadcast::Channel;
use crate::platform::indexed_db::StorageError;
use crate::platform::random;
use crate::vault::OpenVault;

pub use downloads::FileError;
#[cfg(test)]
pub use files::Refused;
pub use files::{FileKey, MOST, Upload};
pub use store::{Refusal, Store};

/// Something that happened to the replica.
#[derive(Debug, Clone)]
pub enum Notice {
    /// These open documents read differently now.
    Documents(Vec<DocumentId>),
    /// These dossiers' summaries are new.
    Summaries(Vec<Arc<Summary>>),
    /// Where changes are has changed: what is on this device only.
    Receipts,
    /// The line to the relay.
    Status(SyncStatus),
    /// How many dossiers of how many are here, while all of them are being brought.
    Arriving(Option<(u32, u32)>),
    /// Changes were set aside.
    Refusals,
    /// Where files are has changed.
    Uploads,
    /// The device could not store; `None` when it can again.
    Storage(Option<StorageError>),
    /// What may be read here, and until when, has changed.
    Holdings(Holdings),
    /// Nothing of these dossiers is here any more.
    Forgotten(Vec<DossierId>),
    /// So many changes were left to the office to decide.
    InReview(usize),
    /// Everything went: the person has another role now.
    StartedOver,
    /// The device was revoked and owes nothing any more: everything has to go.
    Revoked,
}

/// Where one change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Not even on this device yet.
    Memory,
    /// On this device only.
    Device,
    /// The relay has it durably.
    Relay,
}

type Listener = Rc<dyn Fn(Notice)>;

pub(crate) struct Inner {
    store: Store,
    pen: RefCell<Pen>,
    token: String,
    open: RefCell<HashMap<DocumentId, Rc<RefCell<Document>>>>,
    /// Who is reading which document from the store.
    readings: RefCell<open::Readings>,
    /// On this device, not on the relay.
    pending: RefCell<HashSet<ChangeHash>>,
    /// Made, but not stored yet, in order.
    unstored: RefCell<Vec<NewChange>>,
    /// Drafts that the unstored changes were made of.
    spent_drafts: RefCell<Vec<String>>,
    /// The beginnings of documents that this device is known to hold.
    begun: RefCell<HashSet<(DocumentId, ChangeHash)>>,
    storing: Cell<bool>,
    actor_kept: Cell<bool>,
    listener: Listener,
    channel: RefCell<Option<Channel>>,
    leader: RefCell<Option<Rc<leader::Leader>>>,
    /// Dossiers whose summary is out of date, in the order of their ids: neighbours are kept together.
    stale: RefCell<BTreeSet<DossierId>>,
    refreshing: Cell<bool>,
    /// Documents of which much is stored here.
    bulky: RefCell<HashSet<DocumentId>>,
    /// What stays in memory when nobody looks at it.
    idle: RefCell<idle::Idle>,
    /// What has not come yet.
    arriving: RefCell<Option<arrival::Arriving>>,
    /// The files that the relay does not have, by their keys.
    uploads: RefCell<BTreeMap<String, files::Upload>>,
}

/// A handle on the replica; clones are the same replica.
#[derive(Clone)]
pub struct Replica {
    inner: Rc<Inner>,
}

impl Replica {
    /// Opens this person's replica, in their vault, and joins the other tabs. `listener` hears of everything from then
    /// on.
    ///
    /// # Errors
    /// When the browser's database cannot be opened or read.
    pub async fn open(
        user: UserId,
        token: String,
        vault: &OpenVault,
        listener: impl Fn(Notice) + 'static,
    ) -> Result<Self, StorageError> {
        let store = Store::open(user, vault).await?;
        let pending = store.pending().await?;
        let inner = Rc::new(Inner {
            store,
            pen: RefCell::new(Pen { user, actor: random::sixteen_bytes() }),
            token,
            open: RefCell::default(),
            readings: RefCell::default(),
            pending: RefCell::new(pending),
            unstored: RefCell::default(),
            spent_drafts: RefCell::default(),
            begun: RefCell::default(),
            storing: Cell::new(false),
            actor_kept: Cell::new(false),
            listener: Rc::new(listener),
            channel: RefCell::default(),
            leader: RefCell::default(),
            stale: RefCell::default(),
            refreshing: Cell::new(false),
            bulky: RefCell::default(),
            idle: RefCell::default(),
            arriving: RefCell::default(),
            uploads: RefCell::default(),
        });
        let replica = Self { inner };
        let ending = replica.clone();
        replica.store().on_end(move |why| ending.notify(Notice::Storage(Some(why))));
        replica.read_uploads().await;
        replica.join_tabs(user);
        replica.read_arriving().await?;
        replica.lead_when_possible(user);
        Ok(replica)
    }

    /// The store, for reading and for what is not a document (drafts, refusals).
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Where a change is.
    #[must_use]
    pub fn place(&self, change: &ChangeHash) -> Place {
        if self.inner.unstored.borrow().iter().any(|unstored| unstored.hash == *change) {
            Place::Memory
        } else if self.inner.pending.borrow().contains(change) {
            Place::Device
        } else {
            Place::Relay
        }
    }

    /// Which changes of a document are not at the relay.
    #[must_use]
    pub fn owed_of(&self, document: &Document) -> Vec<ChangeHash> {
        let unstored = self.inner.unstored.borrow();
        let pending = self.inner.pending.borrow();
        let all = unstored.iter().map(|change| change.hash).chain(pending.iter().copied());
        all.filter(|hash| document.holds(hash)).collect()
    }

    /// How many changes are on this device only.
    #[must_use]
    pub fn pending_count(&self) -> usize {
        self.inner.pending.borrow().len() + self.inner.unstored.borrow().len()
    }

    /// Whether something was written in a dossier in this tab that is not stored yet: it may be all there is of it.
    #[must_use]
    pub fn is_being_stored(&self, dossier: DossierId) -> bool {
        self.inner.unstored.borrow().iter().any(|change| change.document.dossier() == Some(dossier))
    }

    /// Something was stored: what could not be stored before is said no more, unless some of it still waits.
    pub(crate) fn stores_again(&self) {
        if self.inner.unstored.borrow().is_empty() {
            self.notify(Notice::Storage(None));
        }
    }

    pub(crate) fn notify(&self, notice: Notice) {
        (self.inner.listener)(notice);
    }
}
