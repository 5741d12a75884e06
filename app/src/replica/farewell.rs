//! How dossiers leave this browser, in every tab: the pages let go of them, and nothing is written on top of what went.

use std::rc::Rc;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use liaison_shared::DossierId;
use liaison_shared::protocol::Reading;
use liaison_shared::sync::DeviceEvent;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::granted::Reclaimed;
use super::leader::Leader;
use super::open::Since;
use super::store::{CHANGES, OwedAgain};
use super::tabs::TabMessage;
use super::{Notice, Replica};
use crate::platform::indexed_db::StorageError;
use crate::platform::{clock, random};

impl Replica {
    /// Lets go of dossiers that are not in the store any more.
    pub(super) fn let_go(&self, dossiers: Vec<DossierId>) {
        let gone = |dossier: Option<DossierId>| dossier.is_some_and(|dossier| dossiers.contains(&dossier));
        self.outdate(|id| gone(id.dossier()), Since::Gone);
        self.inner.open.borrow_mut().retain(|id, _| !gone(id.dossier()));
        for dossier in &dossiers {
            self.inner.idle.borrow_mut().forget(*dossier);
        }
        self.inner.bulky.borrow_mut().retain(|id| !gone(id.dossier()));
        self.inner.begun.borrow_mut().retain(|(id, _)| !gone(id.dossier()));
        self.inner.stale.borrow_mut().retain(|dossier| !dossiers.contains(dossier));
        self.renew_pen();
        self.notify(Notice::Forgotten(dossiers));
        let replica = self.clone();
        clock::spawn(async move { replica.read_uploads().await });
        self.read_holdings();
    }

    /// Dossiers whose leaving a tab that ended had begun go from the list, too.
    pub(super) async fn finish_leaving(&self) {
        // What cannot be done now is done at the next start.
        let left = self.inner.store.finish_leaving().await.unwrap_or_default();
        if !left.is_empty() {
            self.tell_tabs(&TabMessage::Forgotten(left.clone()));
            self.let_go(left);
        }
    }

    /// What was made before must not share its numbers with what comes after: another tab session, as it were.
    pub(super) fn renew_pen(&self) {
        self.inner.pen.borrow_mut().actor = random::sixteen_bytes();
        self.inner.actor_kept.set(false);
    }

    /// Tells the page what may be read now.
    pub(super) fn read_holdings(&self) {
        let replica = self.clone();
        clock::spawn(async move {
            // What cannot be read now is read at the next grant.
            if let Ok(holdings) = replica.inner.store.holdings().await {
                replica.notify(Notice::Holdings(holdings));
            }
        });
    }

    /// Notes that the person has read something: kept here, then reported to the access log.
    pub fn has_read(&self, reading: Reading) {
        let replica = self.clone();
        clock::spawn(async move {
            let key = format!("{:016x}-{:08x}", reading.at.0, random::seed() & 0xffff_ffff);
            // A device that cannot store it reports it all the same.
            let _kept = replica.inner.store.keep_reading(&key, &reading).await.is_ok();
            let leader = replica.inner.leader.borrow().clone();
            match leader {
                Some(leader) => leader.handle(DeviceEvent::Read(vec![(key, reading)])),
                None => replica.tell_tabs(&TabMessage::Read),
            }
        });
    }

    /// Another tab has noted readings: the leader reports them.
    pub(super) fn report_readings(&self) {
        let leader = self.inner.leader.borrow().clone();
        let Some(leader) = leader else { return };
        let replica = self.clone();
        clock::spawn(async move {
            if let Ok(readings) = replica.inner.store.readings().await {
                leader.handle(DeviceEvent::Read(readings));
            }
        });
    }
}

/// What the relay asks for seldom, and only over a line: it comes with the chunk (`chunks.rs`).
pub(super) enum Clearance {
    /// Its log was replaced: what was written here is owed again.
    OweAgain,
    /// These dossiers go.
    Forget(Vec<DossierId>),
    /// Every document goes, and comes anew for another role.
    StartOver,
    /// Everything goes: the device was revoked.
    ForgetEverything,
}

type Clear = fn(Rc<Leader>, Clearance) -> LocalBoxFuture<'static, Result<(), StorageError>>;

#[wasm_split(bureau, fallible)]
fn clearing() -> Result<Clear, SplitLoaderError> {
    Ok(|leader, what| {
        async move {
            match what {
                Clearance::OweAgain => leader.owe_again().await,
                Clearance::Forget(dossiers) => leader.forget(dossiers).await,
                Clearance::StartOver => leader.start_over().await,
                Clearance::ForgetEverything => leader.forget_everything().await,
            }
        }
        .boxed_local()
    })
}

impl Leader {
    /// Does it; the relay asks again for what could not be done.
    pub(super) async fn clear(self: &Rc<Self>, what: Clearance) -> Result<(), StorageError> {
        let clear = clearing().await.map_err(|_| StorageError::NotHere)?;
        clear(Rc::clone(self), what).await
    }

    /// The relay's log was replaced: it is given everything again, and gives everything, from its beginning.
    async fn owe_again(self: &Rc<Self>) -> Result<(), StorageError> {
        self.replica.end_arrival().await?;
        let OwedAgain { changes, damaged } = self.replica.inner.store.owe_everything().await?;
        self.replica.owe(&changes);
        self.replica.notify(Notice::Receipts);
        self.authored(&changes).await;
        self.replica.read_uploads().await;
        if damaged {
            self.replica.notify(Notice::Storage(Some(StorageError::Damaged(CHANGES))));
        }
        Ok(())
    }

    /// Deletes dossiers, unless something has to be pushed first.
    async fn forget(self: &Rc<Self>, dossiers: Vec<DossierId>) -> Result<(), StorageError> {
        let store = &self.replica.inner.store;
        loop {
            let lost = match store.reclaim(Some(&dossiers)).await? {
                Reclaimed::Nothing(lost) => lost,
                Reclaimed::ToPush(changes) => {
                    self.handle(DeviceEvent::Reclaimed { dossiers, changes });
                    return Ok(());
                }
            };
            if self.files_first(Some(&dossiers)).await? {
                return Ok(());
            }
            if store.forget(&dossiers, &lost).await? {
                break;
            }
        }
        self.replica.tell_tabs(&TabMessage::Forgotten(dossiers.clone()));
        self.replica.let_go(dossiers.clone());
        self.handle(DeviceEvent::Forgotten(dossiers));
        Ok(())
    }

    /// Deletes every document, unless something has to be pushed first. The pages begin anew with the new role.
    async fn start_over(self: &Rc<Self>) -> Result<(), StorageError> {
        loop {
            let Some(lost) = self.nothing_to_push().await? else { return Ok(()) };
            if self.files_first(None).await? {
                return Ok(());
            }
            if self.replica.inner.store.start_over(&lost).await? {
                break;
            }
        }
        // Nothing is here whose summary could be made, and nothing of it is awaited.
        self.replica.inner.stale.borrow_mut().clear();
        self.replica.has_arrived(None);
        self.replica.tell_tabs(&TabMessage::StartedOver);
        self.replica.notify(Notice::StartedOver);
        self.handle(DeviceEvent::StartedOver);
        Ok(())
    }

    /// Everything goes, unless something has to be pushed first. The page erases and confirms. Files do not hold it up: from a
    /// revoked device the relay takes none.
    async fn forget_everything(self: &Rc<Self>) -> Result<(), StorageError> {
        if self.nothing_to_push().await?.is_some() {
            self.replica.tell_tabs(&TabMessage::Revoked);
            self.replica.notify(Notice::Revoked);
        }
        Ok(())
    }

    /// What of the outbox has no bytes; none while there is something to push first.
    async fn nothing_to_push(self: &Rc<Self>) -> Result<Option<Vec<String>>, StorageError> {
        match self.replica.inner.store.reclaim(None).await? {
            Reclaimed::Nothing(lost) => Ok(Some(lost)),
            Reclaimed::ToPush(changes) => {
                self.handle(DeviceEvent::Reclaimed { dossiers: Vec::new(), changes });
                Ok(None)
            }
        }
    }
}
