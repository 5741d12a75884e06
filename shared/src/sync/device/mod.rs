//! The device's end: connects, says where it stands, pushes what it owes, stores what is new,
//! and tries again when the line is cut. Nothing is settled before the relay's `Ack`.

mod outbox;

use minicbor::bytes::ByteVec;

use crate::access::Role;
use crate::documents::ChangeHeader;
use crate::ids::{ChangeHash, DocumentId, Epoch, Seq};
use crate::protocol::{
    ChangeRefusal, ClientMessage, Cursor, FeedEntry, HelloRefusal, PROTOCOL, RefusedChange, RelayMessage, decode,
    encode,
};
use crate::time::{Millis, Timestamp};

use outbox::Outbox;
pub use outbox::{Outgoing, Quarantined};

/// What happens to the device.
#[derive(Debug, Clone)]
pub enum DeviceEvent {
    /// Connect now: at start, when the network came back, when a person asks.
    Retry,
    /// The socket is open.
    Opened,
    /// The socket is closed, or could not be opened.
    Closed,
    /// A binary frame arrived.
    Frame(Vec<u8>),
    /// Changes made here are durable here.
    Authored(Vec<Outgoing>),
    /// The batch of [`DeviceEffect::Store`] up to here is durable here.
    Stored(Seq),
    /// The device could not store what it received.
    StoreFailed,
    /// Time has passed ([`DeviceEngine::next_wake`]).
    Tick,
}

/// What the device has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceEffect {
    /// Open a socket to the relay; answer with [`DeviceEvent::Opened`] or [`DeviceEvent::Closed`].
    Connect,
    /// Close the socket; no answer is needed.
    Disconnect,
    /// Send a frame.
    Send(Vec<u8>),
    /// Store these changes and this cursor in one transaction; answer with [`DeviceEvent::Stored`].
    Store {
        /// What is new.
        changes: Vec<ReceivedChange>,
        /// Where the device stands once they are stored.
        cursor: Cursor,
        /// What the person may do, as the relay said: what was sent was chosen by it.
        role: Role,
    },
    /// The relay has these durably: take them out of the stored outbox and say so.
    Settle(Vec<(DocumentId, ChangeHash)>),
    /// The relay will never take these: set them aside with their reason, and reread their document without them.
    Quarantine(Vec<Quarantined>),
    /// The relay's log was replaced: put every change written on this device back into the outbox.
    PushAgain,
}

/// A change from the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedChange {
    /// Its document's name, kept as text: a newer version may know kinds that this one does not.
    pub document: String,
    /// Its identity.
    pub hash: ChangeHash,
    /// The change chunk.
    pub bytes: Vec<u8>,
}

/// The state of the line to the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// No line; the next attempt is planned.
    Offline {
        /// When it will be tried again.
        retry_at: Timestamp,
    },
    /// Opening, or waiting for the welcome.
    Connecting,
    /// Welcomed.
    Online,
    /// The relay does not want this device; somebody must do something.
    Refused(HelloRefusal),
}

/// What the page says about saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncStatus {
    /// The line.
    pub link: Link,
    /// Changes on this device only.
    pub pending: usize,
    /// When the relay was last heard.
    pub last_contact: Option<Timestamp>,
    /// Relay's clock minus this device's, at the last welcome.
    pub drift: Option<Millis>,
    /// While catching up: how far the device is, and how far the log goes.
    pub behind: Option<(Seq, Seq)>,
    /// What the person may do, as the relay last said.
    pub role: Option<Role>,
}

/// Where a device takes up again after it was closed.
#[derive(Debug, Clone, Default)]
pub struct Resume {
    /// The stored cursor.
    pub cursor: Option<Cursor>,
    /// The role it was stored with.
    pub role: Option<Role>,
    /// The stored outbox, oldest first.
    pub outbox: Vec<Outgoing>,
    /// What was set aside, and why.
    pub refused: Vec<(ChangeHash, ChangeRefusal)>,
}

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
    Live { epoch: Epoch, pinged: bool, received: Seq },
    Refused(HelloRefusal),
}

/// What a welcome says.
struct Welcomed {
    epoch: Epoch,
    head: Seq,
    reset: bool,
    role: Role,
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
    outbox: Outbox,
    head: Seq,
    last_heard: Option<Timestamp>,
    drift: Option<Millis>,
    nonce: u64,
    role: Option<Role>,
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
            outbox: Outbox::new(resume.outbox, resume.refused),
            head: Seq(0),
            last_heard: None,
            drift: None,
            nonce: 0,
            role: resume.role,
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
            cursor: self.cursor,
        };
        vec![DeviceEffect::Send(encode(&hello))]
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
            Phase::Live { pinged, .. } if !*pinged => {
                *pinged = true;
                self.nonce += 1;
                let seq = self.cursor.map_or(Seq(0), |cursor| cursor.seq);
                let messages = [ClientMessage::Ping { nonce: self.nonce }, ClientMessage::Stored { seq }];
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
            (Phase::Greeting { .. }, RelayMessage::Welcome { epoch, head, reset, role, time, .. }) => {
                self.drift = Some(time - now);
                self.welcomed(&Welcomed { epoch, head, reset, role }, now)
            }
            (Phase::Greeting { .. }, RelayMessage::Refused { reason }) => {
                if matches!(reason, HelloRefusal::UnknownSession | HelloRefusal::UnknownProtocol) {
                    self.phase = Phase::Refused(reason);
                    return vec![DeviceEffect::Disconnect];
                }
                self.hang_up(now)
            }
            (Phase::Live { .. }, RelayMessage::Feed { entries, upto, after }) => {
                self.feed(entries, after, upto, now).unwrap_or_else(|| self.hang_up(now))
            }
            (Phase::Live { .. }, RelayMessage::Ack { id, refused, .. }) => self.acked(id, &refused, now),
            (Phase::Live { received, .. }, RelayMessage::Pong { sent, .. }) if sent > *received => self.hang_up(now),
            _ => Vec::new(),
        }
    }

    fn welcomed(&mut self, welcome: &Welcomed, now: Timestamp) -> Vec<DeviceEffect> {
        let Welcomed { epoch, head, reset, role } = *welcome;
        let beginning = Cursor { epoch, seq: Seq(0) };
        let keep_beginning = DeviceEffect::Store { changes: Vec::new(), cursor: beginning, role };
        let changed = self.role.replace(role).is_some_and(|before| before != role);
        if changed && !reset && self.cursor.is_some_and(|cursor| cursor.seq > Seq(0)) {
            // The cursor moved over what the former role might not read: everything is asked for again.
            self.cursor = Some(beginning);
            self.phase = Phase::Opening { since: now };
            return vec![keep_beginning, DeviceEffect::Disconnect, DeviceEffect::Connect];
        }
        let received = if reset { Seq(0) } else { self.cursor.map_or(Seq(0), |cursor| cursor.seq) };
        self.phase = Phase::Live { epoch, pinged: false, received };
        self.attempt = 0;
        self.head = head;
        let mut effects = Vec::new();
        if reset {
            self.cursor = None;
            effects.push(DeviceEffect::PushAgain);
        }
        if self.cursor.is_none() {
            // The log's life is kept before anything is settled in it: should the log be replaced before the first
            // feed, the device must notice.
            effects.push(keep_beginning);
        }
        let orphans = self.outbox.orphans();
        if !orphans.is_empty() {
            effects.push(DeviceEffect::Quarantine(orphans));
        }
        effects.extend(self.push(now));
        effects
    }

    /// `None` when a frame was lost before this one, or an entry is not a change: nothing of it is taken.
    fn feed(&mut self, entries: Vec<FeedEntry>, after: Seq, upto: Seq, now: Timestamp) -> Option<Vec<DeviceEffect>> {
        let Phase::Live { epoch, received, .. } = &mut self.phase else { return Some(Vec::new()) };
        if upto <= *received {
            return Some(Vec::new());
        }
        if after != *received {
            return None;
        }
        let mut changes = Vec::with_capacity(entries.len());
        for entry in entries {
            let (header, bytes) = ChangeHeader::read(&entry.change).ok()?;
            changes.push(ReceivedChange { document: entry.document, hash: header.hash, bytes });
        }
        *received = upto;
        let cursor = Cursor { epoch: *epoch, seq: upto };
        self.head = self.head.max(upto);
        self.outbox.release_held();
        let role = self.role.unwrap_or(Role::Intervenant);
        let mut effects = vec![DeviceEffect::Store { changes, cursor, role }];
        effects.extend(self.push(now));
        Some(effects)
    }

    fn stored(&mut self, seq: Seq) -> Vec<DeviceEffect> {
        let Phase::Live { epoch, received, .. } = self.phase else {
            return Vec::new();
        };
        if seq > received {
            // Of an older line, stored late: this line begins where its hello said.
            return Vec::new();
        }
        self.cursor = Some(Cursor { epoch, seq });
        vec![DeviceEffect::Send(encode(&ClientMessage::Stored { seq }))]
    }

    fn acked(&mut self, id: u64, refused: &[RefusedChange], now: Timestamp) -> Vec<DeviceEffect> {
        let (settled, quarantined) = self.outbox.acked(id, refused);
        let mut effects = Vec::new();
        if !settled.is_empty() {
            // What was held may have waited for one of these.
            self.outbox.release_held();
            effects.push(DeviceEffect::Settle(settled));
        }
        if !quarantined.is_empty() {
            effects.push(DeviceEffect::Quarantine(quarantined));
        }
        effects.extend(self.push(now));
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

#[cfg(test)]
mod tests;
