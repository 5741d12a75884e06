//! The device's part in grants, withdrawals and farewells: it pushes what it owes before it deletes anything.

use std::collections::BTreeSet;

use super::{DeviceEffect, DeviceEngine, Outgoing, Phase, ReceivedChunk, read_entries};
use crate::access::Reach;
use crate::ids::{ChangeHash, DocumentId, DossierId, Seq};
use crate::order;
use crate::protocol::{ClientMessage, FeedEntry, NewGrant, encode};
use crate::sync::holdings::{Holding, Holdings, Lease, digest};
use crate::time::{Millis, Timestamp};

/// How often a lease is kept while the line lives.
const KEEP_LEASE: Millis = Millis(10 * 60_000);

/// Why everything goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaving {
    /// The person has another role: what is here was chosen for the old one.
    Role,
    /// The device was revoked.
    Everything,
}

/// What is granted to the device, and what has to go.
#[derive(Debug)]
pub(super) struct Portfolio {
    holdings: Holdings,
    lease_length: Option<Millis>,
    /// Withdrawn, or here without a grant: to be deleted once nothing is owed in them.
    forgetting: BTreeSet<DossierId>,
    /// Of these, those whose deletion is under way.
    deleting: BTreeSet<DossierId>,
    leaving: Option<Leaving>,
    /// The deletion of everything is under way.
    left: bool,
}

impl Portfolio {
    pub fn new(holdings: Holdings, strays: Vec<DossierId>) -> Self {
        let spoiled = holdings.dossiers.iter().filter(|(_, holding)| holding.spoiled).map(|(dossier, _)| *dossier);
        let forgetting = order::set(strays.into_iter().chain(spoiled));
        Self { holdings, lease_length: None, forgetting, deleting: BTreeSet::new(), leaving: None, left: false }
    }

    pub fn digest(&self) -> [u8; 16] {
        let whole = self.holdings.dossiers.iter().filter(|(_, holding)| holding.complete);
        digest(whole.map(|(dossier, holding)| (dossier, holding.ends)))
    }

    /// Whether what comes of a dossier is to be stored: not what the relay sent before it heard that the dossier goes.
    fn keeps(&self, dossier: DossierId) -> bool {
        self.holdings.dossiers.contains_key(&dossier) && !self.deleting.contains(&dossier)
    }

    pub fn leave(&mut self, why: Leaving) {
        self.leaving = Some(why);
        self.left = false;
    }

    pub fn is_leaving(&self) -> bool {
        self.leaving.is_some()
    }

    /// The line was cut: what has to go is said again by the next welcome.
    pub fn unsend(&mut self) {
        self.leaving = None;
        self.deleting.clear();
    }
}

impl DeviceEngine {
    /// The answer to a relay that is not sure what is here.
    pub(super) fn tell_held(&mut self) -> Vec<DeviceEffect> {
        let rows = self.portfolio.holdings.dossiers.iter();
        let (whole, part): (Vec<_>, Vec<_>) = rows.partition(|(_, holding)| holding.complete);
        let ids = |rows: Vec<(&DossierId, &Holding)>| rows.into_iter().map(|(dossier, _)| *dossier).collect();
        let (whole, part) = (ids(whole), ids(part));
        self.say(|turn| ClientMessage::Held { whole, part, turn })
    }

    /// Says something that has a turn; nothing without a line.
    fn say(&mut self, message: impl FnOnce(u64) -> ClientMessage) -> Vec<DeviceEffect> {
        let Phase::Live { turns, .. } = &mut self.phase else { return Vec::new() };
        turns.1 += 1;
        vec![DeviceEffect::Send(encode(&message(turns.1)))]
    }

    pub(super) fn begin_lease(&mut self, length: Option<Millis>, now: Timestamp) -> Vec<DeviceEffect> {
        self.portfolio.lease_length = length;
        self.keep_lease(now)
    }

    /// The relay was heard: the device may stay away for another while.
    pub(super) fn renew_lease(&mut self, now: Timestamp) -> Vec<DeviceEffect> {
        let lease = self.portfolio.holdings.lease;
        if self.portfolio.is_leaving() || lease.until.is_none() || now - lease.seen < KEEP_LEASE {
            return Vec::new();
        }
        self.keep_lease(now)
    }

    fn keep_lease(&mut self, now: Timestamp) -> Vec<DeviceEffect> {
        let lease: Lease = self.portfolio.holdings.lease.renewed(self.portfolio.lease_length, now);
        let unlimited = lease.until.is_none() && self.portfolio.holdings.lease.until.is_none();
        self.portfolio.holdings.lease = lease;
        // Who may stay away for ever needs nothing written at every contact.
        if unlimited { Vec::new() } else { vec![DeviceEffect::Lease(lease)] }
    }

    pub(super) fn granted(&mut self, grants: &[NewGrant]) -> Vec<DeviceEffect> {
        let mut kept = Vec::with_capacity(grants.len());
        for NewGrant { grant, whole } in grants {
            let holding = self.portfolio.holdings.dossiers.entry(grant.dossier).or_default();
            holding.ends = grant.ends;
            holding.complete |= *whole;
            kept.push((grant.dossier, *holding));
        }
        vec![DeviceEffect::Hold(kept)]
    }

    pub(super) fn kept(&mut self, dossiers: &[DossierId]) -> Vec<DeviceEffect> {
        let whole = |dossier: &&DossierId| {
            self.portfolio.holdings.dossiers.get(dossier).is_some_and(|holding| holding.complete && !holding.spoiled)
        };
        self.say_granted(dossiers.iter().filter(whole).copied().collect())
    }

    /// `None` when an entry is not a change.
    pub(super) fn backfill(
        &mut self,
        dossier: DossierId,
        entries: Vec<FeedEntry>,
        done: bool,
    ) -> Option<Vec<DeviceEffect>> {
        let changes = read_entries(entries)?;
        if !self.portfolio.keeps(dossier) {
            return Some(Vec::new());
        }
        self.outbox.release_held();
        Some(vec![DeviceEffect::Backfill { dossier, changes, done }])
    }

    pub(super) fn backfilled(&mut self, dossier: DossierId) -> Vec<DeviceEffect> {
        let Some(holding) = self.portfolio.holdings.dossiers.get_mut(&dossier) else { return Vec::new() };
        holding.complete = true;
        self.say_granted(vec![dossier])
    }

    fn say_granted(&mut self, dossiers: Vec<DossierId>) -> Vec<DeviceEffect> {
        if dossiers.is_empty() {
            return Vec::new();
        }
        self.say(|turn| ClientMessage::Granted { dossiers, turn })
    }

    pub(super) fn forget(&mut self, dossiers: Vec<DossierId>) -> Vec<DeviceEffect> {
        self.portfolio.forgetting.extend(dossiers);
        self.wind_up()
    }

    /// Of what the feed brings, what is to be stored.
    pub(super) fn kept_of(&self, mut chunks: Vec<ReceivedChunk>) -> Vec<ReceivedChunk> {
        if self.role.is_some_and(|role| role.reach() != Reach::Agency) {
            let dossier = |chunk: &ReceivedChunk| chunk.document.parse::<DocumentId>().ok()?.dossier();
            chunks.retain(|chunk| dossier(chunk).is_none_or(|dossier| self.portfolio.keeps(dossier)));
        }
        chunks
    }

    /// Who reaches the dossiers of their teams only keeps nothing of others, not even what they have just written.
    pub(super) fn note_strays(&mut self, changes: &[Outgoing]) {
        if self.role.is_none_or(|role| role.reach() != Reach::Team) {
            return;
        }
        let dossiers = changes.iter().filter_map(|change| change.document.dossier());
        let held = &self.portfolio.holdings.dossiers;
        self.portfolio.forgetting.extend(dossiers.filter(|dossier| !held.contains_key(dossier)));
    }

    /// What the office has to decide on is not in the dossier: this device's copy of it is not the dossier any more. Kept
    /// before anything is settled, so that a restart knows it too.
    pub(super) fn left_to_the_office(&mut self, late: &[(DocumentId, ChangeHash)]) -> Vec<DeviceEffect> {
        let dossiers = order::set(late.iter().filter_map(|(document, _)| document.dossier()));
        let mut kept = Vec::new();
        for dossier in &dossiers {
            if let Some(holding) = self.portfolio.holdings.dossiers.get_mut(dossier).filter(|it| !it.spoiled) {
                holding.spoiled = true;
                kept.push((*dossier, *holding));
            }
        }
        self.portfolio.forgetting.extend(dossiers);
        if kept.is_empty() { Vec::new() } else { vec![DeviceEffect::Hold(kept)] }
    }

    /// Deletes what has to go, as far as nothing is owed in it.
    pub(super) fn wind_up(&mut self) -> Vec<DeviceEffect> {
        if !self.is_live() {
            return Vec::new();
        }
        if let Some(leaving) = self.portfolio.leaving {
            if self.portfolio.left || self.outbox.len() > 0 {
                return Vec::new();
            }
            self.portfolio.left = true;
            return vec![match leaving {
                Leaving::Role => DeviceEffect::StartOver,
                Leaving::Everything => DeviceEffect::ForgetEverything,
            }];
        }
        let Portfolio { forgetting, deleting, .. } = &mut self.portfolio;
        let ready = forgetting.iter().filter(|dossier| !deleting.contains(dossier) && !self.outbox.owes(**dossier));
        let ready: Vec<DossierId> = ready.copied().collect();
        deleting.extend(&ready);
        if ready.is_empty() { Vec::new() } else { vec![DeviceEffect::Forget(ready)] }
    }

    pub(super) fn forgotten(&mut self, dossiers: Vec<DossierId>) -> Vec<DeviceEffect> {
        for dossier in &dossiers {
            self.portfolio.holdings.dossiers.remove(dossier);
            self.portfolio.deleting.remove(dossier);
            // Something was written in it meanwhile: it goes once more.
            if !self.outbox.owes(*dossier) {
                self.portfolio.forgetting.remove(dossier);
            }
        }
        self.say(|turn| ClientMessage::Forgotten { dossiers, turn })
    }

    pub(super) fn reclaimed(
        &mut self,
        dossiers: &[DossierId],
        changes: Vec<Outgoing>,
        now: Timestamp,
    ) -> Vec<DeviceEffect> {
        self.portfolio.left = false;
        for dossier in dossiers {
            self.portfolio.deleting.remove(dossier);
        }
        self.outbox.pardon(changes);
        let mut effects = self.push(now);
        effects.extend(self.wind_up());
        effects
    }

    pub(super) fn started_over(&mut self, now: Timestamp) -> Vec<DeviceEffect> {
        let lease = self.portfolio.holdings.lease;
        self.portfolio = Portfolio::new(Holdings { lease, ..Holdings::default() }, Vec::new());
        (self.cursor, self.storing, self.replaced) = (None, None, None);
        self.role = None;
        self.head = Seq(0);
        self.outbox.unsend();
        self.readings.unsend();
        self.phase = Phase::Opening { since: now };
        vec![DeviceEffect::Disconnect, DeviceEffect::Connect]
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live { .. })
    }
}
