//! The one tab that talks to the relay: runs the engine's effects over the socket and the store.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use liaison_shared::access::Role;
use liaison_shared::protocol::Cursor;
use liaison_shared::sync::{
    DeviceEffect, DeviceEngine, DeviceEvent, Holding, Lease, Quarantined, ReceivedChunk, Resume, SyncStatus,
};
use liaison_shared::{ChangeHash, DocumentId, DossierId};

use super::bootstrap::Stream;
use super::early::written_in;
use super::farewell::Clearance;
use super::tabs::TabMessage;
use super::{Notice, Replica};
use crate::platform::indexed_db::StorageError;
use crate::platform::web_socket::{Socket, SocketEvent};
use crate::platform::{clock, random};

/// How often the outbox is compared with the store: a tab may have ended between storing and telling.
const RESCAN: u32 = 60_000;

/// Wait before a store that could not be read is read again.
const RETRY: u32 = 3_000;

pub(super) struct Leader {
    pub(super) replica: Replica,
    engine: RefCell<DeviceEngine>,
    socket: RefCell<Option<Socket>>,
    /// Grows with each socket and each timer, so that a late event of an older one is ignored.
    socket_turn: Cell<u64>,
    timer_turn: Cell<u64>,
    /// Store work, one piece at a time, in the order of the engine's effects.
    work: RefCell<std::collections::VecDeque<Work>>,
    working: Cell<bool>,
    pub(super) files: FileWork,
}

/// What there is to do about files.
#[derive(Default)]
pub(super) struct FileWork {
    /// Something may have to be brought.
    pub again: Cell<bool>,
    pub under_way: Cell<bool>,
    /// Dossiers that go once their files are at the relay.
    pub leaving: RefCell<BTreeSet<DossierId>>,
    /// Everything goes once all files are.
    pub starting_over: Cell<bool>,
}

pub(super) enum Work {
    Store(Vec<ReceivedChunk>, Cursor, Role),
    Settle(Vec<(DocumentId, ChangeHash)>),
    Quarantine(Vec<Quarantined>),
    PushAgain,
    Hold(Vec<(DossierId, Holding)>),
    Lease(Lease),
    Backfill(DossierId, Vec<ReceivedChunk>, bool),
    Forget(Vec<DossierId>),
    StartOver,
    ForgetEverything,
    Noted(Vec<String>),
}

/// Where to take up again. Without its cursor a device would not notice that the relay's log was replaced: it waits for the
/// store.
async fn read_resume(replica: &Replica) -> Resume {
    loop {
        match replica.inner.store.resume().await {
            Ok(resume) => return resume,
            Err(error) => replica.notify(Notice::Storage(Some(error))),
        }
        clock::sleep(RETRY).await;
    }
}

/// What is missing here. What a leader believes is missing is what it brings: it waits for the store.
async fn read_missing(replica: &Replica) {
    while let Err(error) = replica.learn_arriving().await {
        replica.notify(Notice::Storage(Some(error)));
        clock::sleep(RETRY).await;
    }
}

impl Leader {
    /// With the stream that brings everything, when this device held nothing.
    pub async fn start(replica: Replica) -> (Rc<Self>, Option<Stream>) {
        // The leader before may have begun, or ended, what it could not tell any more.
        read_missing(&replica).await;
        let (mut resume, mut begun) = (read_resume(&replica).await, None);
        if resume.cursor.is_none() {
            begun = replica.begin_bootstrap().await;
            // Given up while it was being stored, it has begun all the same; and more may be owed than before.
            read_missing(&replica).await;
            resume = read_resume(&replica).await;
        }
        let app = concat!("liaison-app ", env!("CARGO_PKG_VERSION"));
        let engine = DeviceEngine::new(app, &replica.inner.token, random::seed(), resume);
        let leader = Rc::new(Self {
            replica,
            engine: RefCell::new(engine),
            socket: RefCell::default(),
            socket_turn: Cell::default(),
            timer_turn: Cell::default(),
            work: RefCell::default(),
            working: Cell::default(),
            files: FileWork::default(),
        });
        leader.clone().rescan_now_and_then();
        (leader, begun)
    }

    /// Tries the relay at once when it is not being talked to.
    pub fn connect_now(self: &Rc<Self>) {
        self.handle(DeviceEvent::Retry);
    }

    /// Takes changes that are stored into the engine.
    pub async fn authored(self: &Rc<Self>, keys: &[(DocumentId, ChangeHash)]) {
        // What cannot be read now is found by the next rescan.
        if let Ok(outgoing) = self.replica.inner.store.outgoing(keys).await {
            self.handle(DeviceEvent::Authored(outgoing));
        }
    }

    /// How the line is.
    pub(super) fn status(&self) -> SyncStatus {
        self.engine.borrow().status()
    }

    /// Tells the page and the other tabs how the line is.
    pub fn tell_status(&self) {
        let status = self.status();
        self.replica.notify(Notice::Status(status));
        self.replica.tell_tabs(&TabMessage::Status(status.into()));
    }

    fn rescan_now_and_then(self: Rc<Self>) {
        clock::spawn(async move {
            loop {
                clock::sleep(RESCAN).await;
                self.upload_soon();
                if let Ok(keys) = self.replica.inner.store.outbox_keys().await {
                    let unknown: Vec<_> =
                        keys.into_iter().filter(|(_, hash)| !self.engine.borrow().is_pending(hash)).collect();
                    if !unknown.is_empty() {
                        self.replica.owe(&unknown);
                        self.replica.notify(Notice::Receipts);
                        self.replica.tell_tabs(&TabMessage::Authored(unknown.clone()));
                        self.replica.begun_here(written_in(&unknown)).await;
                        self.replica.mark_stale(unknown.iter().filter_map(|(document, _)| document.dossier()));
                        self.authored(&unknown).await;
                    }
                }
            }
        });
    }

    pub(super) fn handle(self: &Rc<Self>, event: DeviceEvent) {
        let before = self.engine.borrow().status();
        let effects = self.engine.borrow_mut().handle(event, clock::now());
        for effect in effects {
            self.run(effect);
        }
        let after = self.engine.borrow().status();
        if before != after {
            self.tell_status();
            self.upload_soon();
        }
        self.set_timer();
    }

    fn run(self: &Rc<Self>, effect: DeviceEffect) {
        match effect {
            DeviceEffect::Connect => self.open_socket(),
            DeviceEffect::Disconnect => drop(self.socket.borrow_mut().take()),
            DeviceEffect::Send(frame) => {
                if let Some(socket) = &*self.socket.borrow() {
                    // A frame that could not be sent is followed by the close event, which sends it again.
                    let _sent = socket.send(&frame);
                }
            }
            DeviceEffect::Store { changes, cursor, role } => self.work(Work::Store(changes, cursor, role)),
            DeviceEffect::Settle(changes) => self.work(Work::Settle(changes)),
            DeviceEffect::Quarantine(changes) => self.work(Work::Quarantine(changes)),
            DeviceEffect::PushAgain => self.work(Work::PushAgain),
            DeviceEffect::Hold(rows) => self.work(Work::Hold(rows)),
            DeviceEffect::Lease(lease) => self.work(Work::Lease(lease)),
            DeviceEffect::Backfill { dossier, changes, done } => self.work(Work::Backfill(dossier, changes, done)),
            DeviceEffect::Forget(dossiers) => self.work(Work::Forget(dossiers)),
            DeviceEffect::StartOver => self.work(Work::StartOver),
            DeviceEffect::ForgetEverything => self.work(Work::ForgetEverything),
            DeviceEffect::Noted(keys) => self.work(Work::Noted(keys)),
            DeviceEffect::InReview(late) => self.replica.notify(Notice::InReview(late.len())),
        }
    }

    fn open_socket(self: &Rc<Self>) {
        let turn = self.socket_turn.get() + 1;
        self.socket_turn.set(turn);
        let leader = Rc::clone(self);
        let socket = Socket::open("/sync", move |event| {
            if leader.socket_turn.get() != turn {
                return;
            }
            match event {
                SocketEvent::Opened => leader.handle(DeviceEvent::Opened),
                SocketEvent::Frame(frame) => leader.handle(DeviceEvent::Frame(frame)),
                SocketEvent::Closed => leader.handle(DeviceEvent::Closed),
            }
        });
        let opened = socket.is_some();
        *self.socket.borrow_mut() = socket;
        if !opened {
            let leader = Rc::clone(self);
            clock::spawn(async move { leader.handle(DeviceEvent::Closed) });
        }
    }

    fn set_timer(self: &Rc<Self>) {
        let Some(at) = self.engine.borrow().next_wake() else { return };
        let turn = self.timer_turn.get() + 1;
        self.timer_turn.set(turn);
        let wait = u32::try_from((at - clock::now()).0.clamp(0, 60_000)).unwrap_or(60_000);
        let leader = Rc::clone(self);
        clock::spawn(async move {
            clock::sleep(wait + 5).await;
            if leader.timer_turn.get() == turn {
                leader.handle(DeviceEvent::Tick);
            }
        });
    }

    pub(super) fn work(self: &Rc<Self>, work: Work) {
        self.work.borrow_mut().push_back(work);
        if self.working.replace(true) {
            return;
        }
        let leader = Rc::clone(self);
        clock::spawn(async move {
            loop {
                let next = leader.work.borrow_mut().pop_front();
                let Some(work) = next else { break };
                leader.do_work(work).await;
            }
            leader.working.set(false);
        });
    }

    async fn do_work(self: &Rc<Self>, work: Work) {
        let store = &self.replica.inner.store;
        match work {
            Work::Store(changes, cursor, role) => match store.receive(&changes, cursor, role).await {
                Ok(()) => {
                    self.replica.stores_again();
                    self.received(&changes, cursor);
                }
                Err(error) => self.store_failed(error),
            },
            Work::Settle(changes) => {
                let hashes: Vec<ChangeHash> = changes.iter().map(|(_, hash)| *hash).collect();
                // Left in the stored outbox, they are pushed again after the next start, which does no harm.
                let _settled = store.settle(&changes).await.is_ok();
                self.replica.settled(&hashes);
                self.replica.tell_tabs(&TabMessage::Settled(hashes));
            }
            Work::Quarantine(changes) => match store.quarantine(&changes, clock::now()).await {
                Ok(()) => {
                    let mut documents: Vec<DocumentId> = changes.iter().map(|change| change.document).collect();
                    documents.dedup();
                    self.replica.tell_tabs(&TabMessage::Refused(documents.clone()));
                    self.replica.drop_refused(documents).await;
                }
                Err(error) => self.replica.notify(Notice::Storage(Some(error))),
            },
            work => {
                // Nothing is confirmed that was not done: the relay says it again on the next line, and finds again that its
                // log was replaced.
                if let Err(error) = self.do_granted(work).await {
                    self.store_failed(error);
                }
            }
        }
    }

    async fn do_granted(self: &Rc<Self>, work: Work) -> Result<(), StorageError> {
        let store = &self.replica.inner.store;
        match work {
            Work::Hold(rows) => {
                store.hold(&rows).await?;
                self.replica.tell_tabs(&TabMessage::Holdings);
                self.replica.read_holdings();
                self.handle(DeviceEvent::Kept(rows.into_iter().map(|(dossier, _)| dossier).collect()));
            }
            Work::Lease(lease) => {
                // A lease that could not be kept ends earlier, no harm done.
                if store.keep_lease(lease).await.is_ok() {
                    self.replica.tell_tabs(&TabMessage::Holdings);
                    self.replica.read_holdings();
                }
            }
            Work::Backfill(dossier, changes, done) => {
                let held = store.holdings().await?.dossiers.get(&dossier).copied().unwrap_or_default();
                let whole = done.then_some(Holding { complete: true, ..held });
                store.backfill(dossier, &changes, whole).await?;
                self.arrived(&changes);
                if done {
                    self.handle(DeviceEvent::Backfilled(dossier));
                }
            }
            Work::PushAgain => self.clear(Clearance::OweAgain).await?,
            Work::Forget(dossiers) => self.clear(Clearance::Forget(dossiers)).await?,
            Work::StartOver => self.clear(Clearance::StartOver).await?,
            Work::ForgetEverything => self.clear(Clearance::ForgetEverything).await?,
            Work::Noted(keys) => {
                // Reported twice at worst.
                let _forgotten = store.noted(&keys).await.is_ok();
            }
            Work::Store(..) | Work::Settle(_) | Work::Quarantine(_) => {}
        }
        Ok(())
    }

    /// What came behind must not move the cursor past what could not be stored, nor delete what could not be owed again.
    fn store_failed(self: &Rc<Self>, error: StorageError) {
        let hangs_on_it = |work: &Work| {
            matches!(work, Work::Store(..) | Work::Backfill(..) | Work::Hold(_))
                || matches!(work, Work::Forget(_) | Work::StartOver | Work::ForgetEverything)
        };
        self.work.borrow_mut().retain(|work| !hangs_on_it(work));
        // Without what it takes (`farewell.rs`), nothing is wrong with the device: the next line tries again.
        if !matches!(error, StorageError::NotHere) {
            self.replica.notify(Notice::Storage(Some(error)));
        }
        self.handle(DeviceEvent::StoreFailed);
    }

    /// What the relay sent is stored: the open documents follow.
    fn received(self: &Rc<Self>, changes: &[ReceivedChunk], cursor: Cursor) {
        self.arrived(changes);
        self.handle(DeviceEvent::Stored(cursor.seq));
    }

    fn arrived(&self, changes: &[ReceivedChunk]) {
        let documents = self.replica.take_in(changes);
        self.replica.mark_stale(documents.iter().filter_map(DocumentId::dossier));
    }
}
