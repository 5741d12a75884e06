//! The device's end: connects, says where it stands, pushes what it owes, stores what is new,
//! and tries again when the line is cut. Nothing is settled before the relay's `Ack`.

mod events;
mod grants;
mod outbox;
mod readings;

use minicbor::bytes::ByteVec;

use crate::access::{Reach, Role};
use crate::ids::{ChangeHash, Epoch, Seq};
use crate::protocol::{
    ClientMessage, Cursor, FeedEntry, HelloRefusal, PROTOCOL, RefusedChange, RelayMessage, decode, encode,
};
use crate::time::{Millis, Timestamp};

pub use events::{DeviceEffect, DeviceEvent, Link, ReceivedChunk, Resume, SyncStatus};
use grants::{Leaving, Portfolio};
use outbox::Outbox;
pub use outbox::{Outgoing, Quarantined};
use readings::Readings;

const BACKOFF_FIRST: i64 = 500;
const BACKOFF_MOST: i64 = 30_000;
/// Longest wait for a socket or a welcome.
const GREETING_TIMEOUT: Millis = Millis(15_000);
/// Silence after which the device asks whether anybody is there.
const PING_AFTER: Millis = Millis(20_000);
/// Silence after which the line is taken for dead.
const DEAD_AFTER: Millis = Millis(45_000);
/// A push that is not answered for so long was lost: the line is not what it seems.
const PUSH_TIMEOUT: Millis = Millis(90_000);

#[derive(Debug)]
enum Phase {
    Waiting { until: Timestamp },
    Opening { since: Timestamp },
    Greeting { since: Timestamp },
    Live { epoch: Epoch, pinged: bool, received: Seq, turns: (u64, u64) },
    Refused(HelloRefusal),
}

/// What a welcome says.
struct Welcomed {
    epoch: Epoch,
    head: Seq,
    reset: bool,
    role: Role,
    lease: Option<Millis>,
    start_over: bool,
}

/// The device's state machine.
#[derive(Debug)]
pub struct DeviceEngine {
    app: String,
    token: String,
    rng: fastrand::Rng,
    phase: Phase,
    attempt: u32,
    cursor: Option<Cursor>,
    /// The last one that was asked to be stored.
    storing: Option<Cursor>,
    /// The cursor of a log that was replaced, until one of the new log is stored: by then all that was written here is owed
    /// again. Should that fail, the next hello finds again that the log was replaced.
    replaced: Option<Cursor>,
    outbox: Outbox,
    head: Seq,
    last_heard: Option<Timestamp>,
    drift: Option<Millis>,
    nonce: u64,
    /// The role that what is stored here was chosen for.
    role: Option<Role>,
    portfolio: Portfolio,
    readings: Readings,
}

impl DeviceEngine {
    /// A device that has not connected yet; `seed` only spreads reconnections over time.
    #[must_use]
    pub fn new(app: &str, token: &str, seed: u64, resume: Resume) -> Self {
        Self {
            app: app.to_owned(),
            token: token.to_owned(),
            rng: fastrand::Rng::with_seed(seed),
            phase: Phase::Waiting { until: Timestamp(0) },
            attempt: 0,
            cursor: resume.cursor,
            storing: None,
            replaced: None,
            outbox: Outbox::new(resume.outbox, resume.refused),
            head: Seq(0),
            last_heard: None,
            drift: None,
            nonce: 0,
            role: resume.role,
            portfolio: Portfolio::new(resume.holdings, resume.strays),
            readings: Readings::new(resume.readings),
        }
    }

    /// What the page may say at this moment.
    #[must_use]
    pub fn status(&self) -> SyncStatus {
        let link = match self.phase {
            Phase::Waiting { until } => Link::Offline { retry_at: until },
            Phase::Opening { .. } | Phase::Greeting { .. } => Link::Connecting,
            Phase::Live { .. } => Link::Online,
            Phase::Refused(reason) => Link::Refused(reason),
        };
        let stored = self.cursor.map_or(Seq(0), |cursor| cursor.seq);
        let behind = (matches!(self.phase, Phase::Live { .. }) && stored < self.head).then_some((stored, self.head));
        SyncStatus {
            link,
            pending: self.outbox.len(),
            last_contact: self.last_heard,
            drift: self.drift,
            behind,
            role: self.role,
        }
    }

    /// Whether a change is still on this device only.
    #[must_use]
    pub fn is_pending(&self, hash: &ChangeHash) -> bool {
        self.outbox.contains(hash)
    }

    /// When [`DeviceEvent::Tick`] is next of use.
    #[must_use]
    pub fn next_wake(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Waiting { until } => Some(until),
            Phase::Opening { since } | Phase::Greeting { since } => Some(since + GREETING_TIMEOUT),
            Phase::Live { pinged, .. } => {
                let after = if pinged { DEAD_AFTER } else { PING_AFTER };
                let silence = self.last_heard.map(|heard| heard + after);
                let unanswered = self.outbox.oldest_push().map(|sent| sent + PUSH_TIMEOUT);
                silence.into_iter().chain(unanswered).min()
            }
            Phase::Refused(_) => None,
        }
    }

    /// Takes one event at the device's time.
    pub fn handle(&mut self, event: DeviceEvent, now: Timestamp) -> Vec<DeviceEffect> {
        match event {
            DeviceEvent::Retry => self.retry(now),
            DeviceEvent::Opened => self.opened(now),
            DeviceEvent::Closed => self.lost(now),
            DeviceEvent::Frame(frame) => self.frame(&frame, now),
            DeviceEvent::Authored(changes) => {
                self.note_strays(&changes);
                let oversized = self.outbox.extend(changes);
                // What was held may have waited for one of these.
                self.outbox.release_held();
                let mut effects = Vec::new();
                if !oversized.is_empty() {
                    effects.push(DeviceEffect::Quarantine(oversized));
                }
                effects.extend(self.push(now));
                effects
            }
            DeviceEvent::Stored(seq) => self.stored(seq),
            DeviceEvent::StoreFailed => self.hang_up(now),
            DeviceEvent::Kept(dossiers) => self.kept(&dossiers),
            DeviceEvent::Backfilled(dossier) => self.backfilled(dossier),
            DeviceEvent::Forgotten(dossiers) => self.forgotten(dossiers),
            DeviceEvent::Reclaimed { dossiers, changes } => self.reclaimed(&dossiers, changes, now),
            DeviceEvent::StartedOver => self.started_over(now),
            DeviceEvent::Read(readings) => {
                self.readings.extend(readings);
                self.report()
            }
            DeviceEvent::Tick => self.tick(now),
        }
    }

    fn retry(&mut self, now: Timestamp) -> Vec<DeviceEffect> {
        if !matches!(self.phase, Phase::Waiting { .. }) {
            return Vec::new();
        }
        self.phase = Phase::Opening { since: now };
        vec![DeviceEffect::Connect]
    }

    fn opened(&mut self, now: Timestamp) -> Vec<DeviceEffect> {
        if !matches!(self.phase, Phase::Opening { .. }) {
            return Vec::new();
        }
        self.phase = Phase::Greeting { since: now };
        let hello = ClientMessage::Hello {
            protocol: PROTOCOL,
            app: self.app.clone(),
            token: self.token.clone(),
            cursor: self.stands_at(),
            held: self.role.filter(|role| role.reach() != Reach::Agency).map(|_| self.portfolio.digest()),
        };
        vec![DeviceEffect::Send(encode(&hello))]
    }

    /// Where this device stands, as the disk has it.
    fn stands_at(&self) -> Option<Cursor> {
        self.replaced.or(self.cursor)
    }

    /// The line is gone: plan the next attempt, later each time, spread at random (rule LINK-2).
    fn lost(&mut self, now: Timestamp) -> Vec<DeviceEffect> {
        if matches!(self.phase, Phase::Refused(_) | Phase::Waiting { .. }) {
            return Vec::new();
        }
        let ceiling = BACKOFF_MOST.min(BACKOFF_FIRST << self.attempt.min(10));
        self.attempt += 1;
        let delay = ceiling / 2 + self.rng.i64(0..=ceiling / 2);
        self.phase = Phase::Waiting { until: now + Millis(delay) };
        self.outbox.unsend();
        self.portfolio.unsend();
        self.readings.unsend();
        Vec::new()
    }

    fn hang_up(&mut self, now: Timestamp) -> Vec<DeviceEffect> {
        self.lost(now);
        vec![DeviceEffect::Disconnect]
    }

    fn tick(&mut self, now: Timestamp) -> Vec<DeviceEffect> {
        if self.next_wake().is_none_or(|at| now < at) {
            return Vec::new();
        }
        if self.outbox.oldest_push().is_some_and(|sent| now >= sent + PUSH_TIMEOUT) {
            return self.hang_up(now);
        }
        match &mut self.phase {
            Phase::Waiting { .. } => self.retry(now),
            Phase::Live { pinged, turns, .. } if !*pinged => {
                *pinged = true;
                let turn = turns.1;
                self.nonce += 1;
                let seq = self.cursor.map_or(Seq(0), |cursor| cursor.seq);
                let messages = [ClientMessage::Ping { nonce: self.nonce, turn }, ClientMessage::Stored { seq }];
                messages.iter().map(|message| DeviceEffect::Send(encode(message))).collect()
            }
            _ => self.hang_up(now),
        }
    }

    fn frame(&mut self, frame: &[u8], now: Timestamp) -> Vec<DeviceEffect> {
        let Ok(message) = decode::<RelayMessage>(frame) else {
            return self.hang_up(now);
        };
        self.last_heard = Some(now);
        if let Phase::Live { pinged, .. } = &mut self.phase {
            *pinged = false;
        }
        match (&self.phase, message) {
            (Phase::Greeting { .. }, message) => self.greeted(&message, now),
            (Phase::Live { turns, .. }, RelayMessage::Pong { turn, .. }) if turn != turns.0 => self.hang_up(now),
            (Phase::Live { .. }, message) => {
                let mut effects = self.renew_lease(now);
                // `None`: a frame was lost before this one, or it holds what is no change.
                effects.extend(self.told(message, now).unwrap_or_else(|| self.hang_up(now)));
                effects
            }
            _ => Vec::new(),
        }
    }

    fn told(&mut self, message: RelayMessage, now: Timestamp) -> Option<Vec<DeviceEffect>> {
        match message {
            RelayMessage::Ack { id, refused, review, .. } => Some(self.acked(id, &refused, &review, now)),
            RelayMessage::Noted { id } => Some(self.noted(id)),
            RelayMessage::Feed { turn, .. }
            | RelayMessage::TellHeld { turn }
            | RelayMessage::Grant { turn, .. }
            | RelayMessage::Backfill { turn, .. }
            | RelayMessage::Forget { turn, .. } => {
                let Phase::Live { turns, .. } = &mut self.phase else { return Some(Vec::new()) };
                match turn.checked_sub(turns.0) {
                    Some(1) => turns.0 = turn,
                    // It came before.
                    None | Some(0) => return Some(Vec::new()),
                    Some(_) => return None,
                }
                self.in_turn(message, now)
            }
            _ => Some(Vec::new()),
        }
    }

    fn in_turn(&mut self, message: RelayMessage, now: Timestamp) -> Option<Vec<DeviceEffect>> {
        match message {
            RelayMessage::Feed { entries, upto, .. } => self.feed(entries, upto, now),
            RelayMessage::TellHeld { .. } => Some(self.tell_held()),
            RelayMessage::Grant { grants, .. } => Some(self.granted(&grants)),
            RelayMessage::Backfill { dossier, entries, done, .. } => self.backfill(dossier, entries, done),
            RelayMessage::Forget { dossiers, .. } => Some(self.forget(dossiers)),
            _ => Some(Vec::new()),
        }
    }

    fn greeted(&mut self, message: &RelayMessage, now: Timestamp) -> Vec<DeviceEffect> {
        match *message {
            RelayMessage::Welcome { epoch, head, reset, role, time, lease, start_over, .. } => {
                self.drift = Some(time - now);
                let lease = lease.map(Millis);
                self.welcomed(&Welcomed { epoch, head, reset, role, lease, start_over }, now)
            }
            RelayMessage::ForgetAll { reset } => {
                self.phase = Phase::Live { epoch: Epoch([0; 16]), pinged: false, received: Seq(0), turns: (0, 0) };
                self.attempt = 0;
                self.portfolio.leave(Leaving::Everything);
                let mut effects: Vec<DeviceEffect> = reset.then_some(DeviceEffect::PushAgain).into_iter().collect();
                effects.extend(self.push(now));
                effects.extend(self.wind_up());
                effects
            }
            RelayMessage::Refused { reason } => {
                if matches!(reason, HelloRefusal::UnknownSession | HelloRefusal::UnknownProtocol) {
                    self.phase = Phase::Refused(reason);
                    return vec![DeviceEffect::Disconnect];
                }
                self.hang_up(now)
            }
            _ => Vec::new(),
        }
    }

    fn welcomed(&mut self, welcome: &Welcomed, now: Timestamp) -> Vec<DeviceEffect> {
        let Welcomed { epoch, head, reset, role, lease, start_over } = *welcome;
        let other_role = self.stands_at().is_some() && self.role.is_some_and(|before| before != role);
        if start_over || other_role {
            self.portfolio.leave(Leaving::Role);
        } else {
            self.role = Some(role);
        }
        let received = if reset { Seq(0) } else { self.cursor.map_or(Seq(0), |cursor| cursor.seq) };
        self.phase = Phase::Live { epoch, pinged: false, received, turns: (0, 0) };
        self.attempt = 0;
        self.head = head;
        let mut effects = self.begin_lease(lease, now);
        if reset {
            self.replaced = self.stands_at();
            (self.cursor, self.storing) = (None, None);
            effects.push(DeviceEffect::PushAgain);
        }
        if self.cursor.is_none() && !self.portfolio.is_leaving() {
            // The log's life is kept before anything is settled in it: should the log be replaced before the first
            // feed, the device must notice.
            let cursor = Cursor { epoch, seq: Seq(0) };
            self.storing = Some(cursor);
            effects.push(DeviceEffect::Store { changes: Vec::new(), cursor, role });
        }
        let orphans = self.outbox.orphans();
        if !orphans.is_empty() {
            effects.push(DeviceEffect::Quarantine(orphans));
        }
        effects.extend(self.push(now));
        effects.extend(self.report());
        effects.extend(self.wind_up());
        effects
    }

    /// `None` when an entry is not a change: nothing of it is taken.
    fn feed(&mut self, entries: Vec<FeedEntry>, upto: Seq, now: Timestamp) -> Option<Vec<DeviceEffect>> {
        let Phase::Live { epoch, received, .. } = &mut self.phase else { return Some(Vec::new()) };
        let changes = read_entries(entries)?;
        *received = upto;
        let cursor = Cursor { epoch: *epoch, seq: upto };
        self.head = self.head.max(upto);
        self.storing = Some(cursor);
        self.outbox.release_held();
        let changes = self.kept_of(changes);
        let role = self.role.unwrap_or(Role::Intervenant);
        let mut effects = vec![DeviceEffect::Store { changes, cursor, role }];
        effects.extend(self.push(now));
        Some(effects)
    }

    fn stored(&mut self, seq: Seq) -> Vec<DeviceEffect> {
        let Phase::Live { epoch, received, .. } = self.phase else {
            // The line went while the device was storing: the next hello says what is on the disk, as a restart would.
            if let Some(stored) = self.storing.filter(|cursor| cursor.seq == seq) {
                (self.cursor, self.replaced) = (Some(stored), None);
            }
            return Vec::new();
        };
        if seq > received {
            // Of an older line, stored late: this line begins where its hello said.
            return Vec::new();
        }
        (self.cursor, self.replaced) = (Some(Cursor { epoch, seq }), None);
        vec![DeviceEffect::Send(encode(&ClientMessage::Stored { seq }))]
    }

    fn acked(&mut self, id: u64, refused: &[RefusedChange], review: &[u32], now: Timestamp) -> Vec<DeviceEffect> {
        let late = self.outbox.places(id, review);
        let (settled, quarantined) = self.outbox.acked(id, refused);
        let mut effects = Vec::new();
        if !late.is_empty() {
            effects.extend(self.left_to_the_office(&late));
            effects.push(DeviceEffect::InReview(late));
        }
        if !settled.is_empty() {
            // What was held may have waited for one of these.
            self.outbox.release_held();
            effects.push(DeviceEffect::Settle(settled));
        }
        if !quarantined.is_empty() {
            effects.push(DeviceEffect::Quarantine(quarantined));
        }
        effects.extend(self.push(now));
        effects.extend(self.wind_up());
        effects
    }

    /// Sends what may be sent now.
    fn push(&mut self, now: Timestamp) -> Vec<DeviceEffect> {
        if !matches!(self.phase, Phase::Live { .. }) {
            return Vec::new();
        }
        let mut effects = Vec::new();
        while let Some((id, document, changes)) = self.outbox.next_push(now) {
            let changes = changes.into_iter().map(ByteVec::from).collect();
            effects.push(DeviceEffect::Send(encode(&ClientMessage::Push {
                id,
                document: document.to_string(),
                changes,
            })));
        }
        effects
    }
}

/// `None` when an entry is not a change.
fn read_entries(entries: Vec<FeedEntry>) -> Option<Vec<ReceivedChunk>> {
    entries.into_iter().map(|entry| ReceivedChunk::read(entry.document, entry.chunk)).collect()
}

#[cfg(test)]
mod grant_tests;
#[cfg(test)]
mod tests;
