//! Which dossiers one connection's device holds, gets and loses: what the person may hold now against what is there.
//! Decides nothing about rights, only brings the device to what the scope says (rules GRANT and FORGET).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::access::Grant;
use crate::ids::{DossierId, Seq};
use crate::protocol::{FeedEntry, NewGrant, RelayMessage};
use crate::sync::ledger::LogChunk;
use crate::time::Timestamp;

/// Where one dossier stands on one device, as the relay keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldState {
    /// On its way: a part may be there.
    Granting,
    /// There, whole.
    Held,
    /// To be deleted: the device has not confirmed.
    Forgetting,
    /// Was there once; the device has confirmed that it is not any more.
    Forgotten,
}

/// One row of what the relay knows of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldingRow {
    /// Which dossier.
    pub dossier: DossierId,
    /// Where it stands.
    pub state: HoldState,
    /// The end that the device was told.
    pub ends: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// May be held, is not there yet; waits for its turn to be backfilled.
    Waiting,
    Granting,
    Held,
    /// `live`: withdrawn while this connection was open, so that what it still owes is not late.
    Forgetting {
        live: bool,
    },
}

/// What somebody may do with a dossier over this connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// In scope.
    Open,
    /// Just withdrawn: what is still owed is taken.
    Leaving,
    /// Was open to this device once.
    Lost,
    /// Was never open to it.
    Never,
}

/// What has to be done for a device, in this order.
#[derive(Debug)]
pub(super) enum Step {
    /// As [`super::RelayEffect::Hold`].
    Hold(Vec<HoldingRow>),
    /// Say this; its turn is not known here.
    Say(RelayMessage),
    /// As [`super::RelayEffect::Backfill`].
    Backfill { dossier: DossierId, after: Seq },
}

#[derive(Debug, Default)]
pub(super) struct Desk {
    wanted: BTreeMap<DossierId, Option<Timestamp>>,
    places: BTreeMap<DossierId, (Place, Option<Timestamp>)>,
    /// Ever held by this device.
    past: BTreeSet<DossierId>,
    /// Were to be deleted when the last connection ended: the feed has passed them by since.
    passed_by: BTreeSet<DossierId>,
    visible: Arc<BTreeSet<DossierId>>,
    queue: VecDeque<DossierId>,
    /// The dossier being backfilled, and up to where: the feed brings what came after.
    backfill: Option<(DossierId, Seq)>,
    /// The scope has changed since the device was last brought to it.
    stale: bool,
    /// The device was asked what it holds.
    asked: bool,
    /// The device was brought to its scope on this connection: what is withdrawn from now on is not late.
    live: bool,
}

impl Desk {
    /// From what the relay knows of the device. `fresh`: it holds nothing, whatever is known. `digest`: what it says.
    pub fn open(
        wanted: BTreeMap<DossierId, Option<Timestamp>>,
        rows: &[HoldingRow],
        fresh: bool,
        digest: Option<[u8; 16]>,
    ) -> (Self, Vec<Step>) {
        let past = rows.iter().map(|row| row.dossier).collect();
        let leaving = rows.iter().filter(|row| row.state == HoldState::Forgetting);
        let passed_by = leaving.map(|row| row.dossier).collect();
        let mut desk = Self { wanted, past, passed_by, stale: true, ..Self::default() };
        let here: Vec<&HoldingRow> = rows.iter().filter(|row| row.state != HoldState::Forgotten).collect();
        if fresh {
            let gone = here.iter().map(|row| HoldingRow { state: HoldState::Forgotten, ..**row }).collect::<Vec<_>>();
            return (desk, hold(gone));
        }
        let held: BTreeMap<DossierId, Option<Timestamp>> = here.iter().map(|row| (row.dossier, row.ends)).collect();
        let ours = crate::sync::digest(held.iter().map(|(dossier, ends)| (dossier, *ends)));
        let known = here.iter().all(|row| row.state == HoldState::Held) && Some(ours) == digest;
        let places = held.iter().map(|(dossier, ends)| (*dossier, (Place::Held, *ends)));
        desk.places = places.collect();
        desk.visible = Arc::new(held.into_keys().collect());
        desk.asked = !known;
        let ask = desk.asked.then_some(Step::Say(RelayMessage::TellHeld { turn: 0 }));
        (desk, ask.into_iter().collect())
    }

    /// What the feed of this connection may contain.
    pub fn visible(&self) -> Arc<BTreeSet<DossierId>> {
        Arc::clone(&self.visible)
    }

    /// Whether nothing may be read for the device before it has said what it holds.
    pub fn is_waiting(&self) -> bool {
        self.asked
    }

    pub fn standing(&self, dossier: DossierId) -> Standing {
        if self.wanted.contains_key(&dossier) {
            return Standing::Open;
        }
        match self.places.get(&dossier) {
            Some((Place::Forgetting { live: true }, _)) => Standing::Leaving,
            Some(_) => Standing::Lost,
            None if self.past.contains(&dossier) => Standing::Lost,
            None => Standing::Never,
        }
    }

    /// The person may hold other dossiers, or others' ends, than before.
    pub fn rescope(&mut self, wanted: BTreeMap<DossierId, Option<Timestamp>>) {
        self.stale |= self.wanted != wanted;
        self.wanted = wanted;
    }

    /// The device has said what it holds.
    pub fn told(&mut self, whole: Vec<DossierId>, part: Vec<DossierId>) -> Vec<Step> {
        if !std::mem::take(&mut self.asked) {
            return Vec::new();
        }
        // A device that was to delete a dossier and still has it lacks what came since: it deletes it, also when it may have
        // it again.
        let (outdated, whole): (Vec<_>, Vec<_>) =
            whole.into_iter().partition(|dossier| self.passed_by.contains(dossier));
        let gone = self
            .places
            .keys()
            .filter(|dossier| !outdated.contains(dossier) && !whole.contains(dossier) && !part.contains(dossier));
        let mut rows: Vec<HoldingRow> = gone.map(|dossier| row(*dossier, HoldState::Forgotten, None)).collect();
        // The ends it believes in are not known: they are told again.
        rows.extend(whole.iter().map(|dossier| row(*dossier, HoldState::Held, None)));
        rows.extend(part.iter().map(|dossier| row(*dossier, HoldState::Granting, None)));
        rows.extend(outdated.iter().map(|dossier| row(*dossier, HoldState::Forgetting, None)));
        self.past.extend(whole.iter().chain(&part));
        self.places = part.into_iter().map(|dossier| (dossier, (Place::Waiting, None))).collect();
        self.queue = self.places.keys().copied().collect();
        self.visible = Arc::new(whole.iter().copied().collect());
        self.places.extend(whole.into_iter().map(|dossier| (dossier, (Place::Held, None))));
        self.places.extend(outdated.iter().map(|dossier| (*dossier, (Place::Forgetting { live: false }, None))));
        self.stale = true;
        let mut steps = hold(rows);
        if !outdated.is_empty() {
            steps.push(Step::Say(RelayMessage::Forget { dossiers: outdated, turn: 0 }));
        }
        steps
    }

    /// Brings the device to the scope. Only between two readings of the log, so that `sent` says what it got of what it
    /// saw until now.
    pub fn reconcile(&mut self, sent: Seq) -> Vec<Step> {
        if self.asked {
            return Vec::new();
        }
        let mut effects = Vec::new();
        if std::mem::take(&mut self.stale) {
            effects.extend(self.withdraw());
            effects.extend(self.grant(sent));
        }
        self.live = true;
        effects.extend(self.next_backfill(sent));
        effects
    }

    fn withdraw(&mut self) -> Vec<Step> {
        let lost: Vec<DossierId> = self
            .places
            .iter()
            .filter(|(dossier, (place, _))| {
                !self.wanted.contains_key(dossier) && !matches!(place, Place::Forgetting { .. })
            })
            .map(|(dossier, _)| *dossier)
            .collect();
        // What never began to come needs no farewell.
        let (lost, unbegun): (Vec<DossierId>, Vec<DossierId>) =
            lost.into_iter().partition(|dossier| self.past.contains(dossier));
        self.places.retain(|dossier, _| !unbegun.contains(dossier));
        self.queue.retain(|dossier| !unbegun.contains(dossier));
        if lost.is_empty() {
            return Vec::new();
        }
        let visible = Arc::make_mut(&mut self.visible);
        for dossier in &lost {
            visible.remove(dossier);
            self.places.insert(*dossier, (Place::Forgetting { live: self.live }, None));
        }
        self.queue.retain(|dossier| !lost.contains(dossier));
        if self.backfill.is_some_and(|(dossier, _)| lost.contains(&dossier)) {
            self.backfill = None;
        }
        let mut effects = hold(lost.iter().map(|dossier| row(*dossier, HoldState::Forgetting, None)).collect());
        effects.push(Step::Say(RelayMessage::Forget { dossiers: lost, turn: 0 }));
        effects
    }

    fn grant(&mut self, sent: Seq) -> Vec<Step> {
        let (mut rows, mut grants) = (Vec::new(), Vec::new());
        for (dossier, ends) in self.wanted.clone() {
            let place = self.places.get(&dossier).copied();
            match place {
                // Comes back once the device has said that nothing is left of it.
                Some((Place::Forgetting { .. } | Place::Waiting, _)) => {}
                Some((place, told)) if told != ends => {
                    let state = if place == Place::Held { HoldState::Held } else { HoldState::Granting };
                    rows.push(row(dossier, state, ends));
                    // Whole or not, it stays what it is.
                    grants.push(NewGrant { grant: Grant { dossier, ends }, whole: false });
                    self.places.insert(dossier, (place, ends));
                }
                Some(_) => {}
                // Nothing was fed yet: the feed will bring all of it.
                None if sent == Seq(0) => {
                    rows.push(row(dossier, HoldState::Granting, ends));
                    grants.push(NewGrant { grant: Grant { dossier, ends }, whole: true });
                    Arc::make_mut(&mut self.visible).insert(dossier);
                    self.past.insert(dossier);
                    self.places.insert(dossier, (Place::Granting, ends));
                }
                None => {
                    self.places.insert(dossier, (Place::Waiting, None));
                    self.queue.push_back(dossier);
                }
            }
        }
        let mut effects = hold(rows);
        if !grants.is_empty() {
            effects.push(Step::Say(RelayMessage::Grant { grants, turn: 0 }));
        }
        effects
    }

    /// Begins the next backfill: the dossier's changes up to what was fed; the feed brings the later ones.
    fn next_backfill(&mut self, sent: Seq) -> Vec<Step> {
        if self.backfill.is_some() {
            return Vec::new();
        }
        let Some(dossier) = self.queue.pop_front() else { return Vec::new() };
        let ends = self.wanted.get(&dossier).copied().flatten();
        self.backfill = Some((dossier, sent));
        self.places.insert(dossier, (Place::Granting, ends));
        self.past.insert(dossier);
        Arc::make_mut(&mut self.visible).insert(dossier);
        let mut effects = hold(vec![row(dossier, HoldState::Granting, ends)]);
        let grants = vec![NewGrant { grant: Grant { dossier, ends }, whole: false }];
        effects.push(Step::Say(RelayMessage::Grant { grants, turn: 0 }));
        effects.push(Step::Backfill { dossier, after: Seq(0) });
        effects
    }

    /// A stretch of a backfill was read, to a position, or all of it.
    pub fn backfilled(&self, dossier: DossierId, chunks: Vec<LogChunk>, more_after: Option<Seq>) -> Vec<Step> {
        let Some((_, upto)) = self.backfill.filter(|(wanted, _)| *wanted == dossier) else { return Vec::new() };
        let done = more_after.is_none();
        // A snapshot does not stop where the feed stood: it has what came before.
        let before = chunks.into_iter().filter(|chunk| chunk.is_snapshot() || chunk.seq <= upto);
        let entries = before.map(FeedEntry::from).collect();
        let mut effects = vec![Step::Say(RelayMessage::Backfill { dossier, entries, done, turn: 0 })];
        effects.extend(more_after.map(|after| Step::Backfill { dossier, after }));
        effects
    }

    /// The device holds these, whole.
    pub fn granted(&mut self, dossiers: &[DossierId]) -> Vec<Step> {
        let mut rows = Vec::new();
        for dossier in dossiers {
            if let Some((place @ Place::Granting, ends)) = self.places.get_mut(dossier) {
                *place = Place::Held;
                rows.push(row(*dossier, HoldState::Held, *ends));
            }
            if self.backfill.is_some_and(|(of, _)| of == *dossier) {
                self.backfill = None;
            }
        }
        hold(rows)
    }

    /// Nothing of these is on the device any more.
    pub fn forgotten(&mut self, dossiers: &[DossierId]) -> Vec<Step> {
        let mut rows = Vec::new();
        for dossier in dossiers {
            // Also of its own accord, when its copy was not the dossier any more: then it is granted anew.
            if self.places.remove(dossier).is_none() {
                continue;
            }
            Arc::make_mut(&mut self.visible).remove(dossier);
            self.queue.retain(|queued| queued != dossier);
            self.backfill.take_if(|(of, _)| of == dossier);
            rows.push(row(*dossier, HoldState::Forgotten, None));
            self.stale = true;
        }
        hold(rows)
    }
}

fn row(dossier: DossierId, state: HoldState, ends: Option<Timestamp>) -> HoldingRow {
    HoldingRow { dossier, state, ends }
}

fn hold(rows: Vec<HoldingRow>) -> Vec<Step> {
    if rows.is_empty() { Vec::new() } else { vec![Step::Hold(rows)] }
}
