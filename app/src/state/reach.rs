//! What may be read on this device at this moment, and what was read: the page's side of grants, leases and the access log.

use std::collections::{BTreeMap, HashMap};

use leptos::prelude::*;
use liaison_shared::protocol::Reading;
use liaison_shared::sync::{Holdings, Link};
use liaison_shared::{DossierId, Timestamp};

use super::Workspace;
use crate::platform::clock;

/// Opening the same volet again within this time is the same reading.
const SAME_READING: i64 = 10 * 60_000;

/// What may be read, as signals.
#[derive(Clone, Copy)]
pub struct Reach {
    /// What is granted, and how long the device may stay away.
    holdings: RwSignal<Holdings>,
    /// The time that locks are judged at; moves when something locks.
    now: RwSignal<Timestamp>,
    /// The dossiers that left this device last, with a number that grows.
    pub gone: RwSignal<(u64, Vec<DossierId>)>,
    /// Changes of this session that were left to the office to decide.
    pub late: RwSignal<usize>,
    /// The device was revoked: everything has to go.
    pub revoked: RwSignal<bool>,
    /// Every document has gone: the person has another role now.
    pub started_over: RwSignal<bool>,
    read: StoredValue<HashMap<(DossierId, &'static str), Timestamp>>,
}

impl Reach {
    /// Nothing is granted yet, nothing is locked.
    #[must_use]
    pub fn new() -> Self {
        Self {
            holdings: RwSignal::new(Holdings::default()),
            now: RwSignal::new(clock::now()),
            gone: RwSignal::new((0, Vec::new())),
            late: RwSignal::new(0),
            revoked: RwSignal::new(false),
            started_over: RwSignal::new(false),
            read: StoredValue::new(HashMap::new()),
        }
    }

    /// Something was granted, ended or renewed.
    pub fn set(self, holdings: Holdings) {
        let now = clock::now();
        let next = holdings.next_end(now);
        self.holdings.set(holdings);
        self.now.set(now);
        if let Some(end) = next {
            clock::spawn(async move {
                // A device that slept wakes late: the time is read again, and at most once an hour without need.
                let wait = u32::try_from((end - clock::now()).0.clamp(0, 3_600_000)).unwrap_or(3_600_000);
                clock::sleep(wait + 50).await;
                let holdings = self.holdings.try_get_untracked();
                if let Some(holdings) = holdings.filter(|holdings| holdings.next_end(now) == Some(end)) {
                    self.set(holdings);
                }
            });
        }
    }

    /// Whether a dossier may not be read now. Tracks grants and time.
    #[must_use]
    pub fn is_locked(self, dossier: DossierId) -> bool {
        let now = self.now.get();
        self.holdings.with(|holdings| holdings.is_locked(dossier, now))
    }

    /// Judges many dossiers at once by whether they may not be read now. Tracks grants and time.
    pub fn judge<T>(self, judge: impl FnOnce(&dyn Fn(DossierId) -> bool) -> T) -> T {
        let now = self.now.get();
        self.holdings.with(|holdings| judge(&|dossier| holdings.is_locked(dossier, now)))
    }

    /// Of some dossiers, how many may not be read now. Tracks grants and time.
    #[must_use]
    pub fn locked_among<T>(self, dossiers: &BTreeMap<DossierId, T>) -> usize {
        self.judge(|locked| dossiers.keys().filter(|dossier| locked(**dossier)).count())
    }

    /// These left the device.
    pub fn let_go(self, dossiers: Vec<DossierId>) {
        self.gone.update(|(turn, gone)| {
            *turn += 1;
            *gone = dossiers;
        });
    }
}

impl Workspace {
    /// Notes that a volet is shown, for the access log; with network or without.
    pub fn has_read(&self, dossier: DossierId, volet: &'static str) {
        let now = clock::now();
        let known = self.reach.read.with_value(|read| read.get(&(dossier, volet)).copied());
        if known.is_some_and(|at| (now - at).0 < SAME_READING) {
            return;
        }
        self.reach.read.update_value(|read| {
            read.insert((dossier, volet), now);
        });
        let online = matches!(self.status.get_untracked().map(|status| status.link), Some(Link::Online));
        if let Some(replica) = self.replica() {
            replica.has_read(Reading { dossier, volet: volet.to_owned(), at: now, offline: !online });
        }
    }
}
