//! The relay of the simulation: the real sessions and the real admission over a ledger that survives crashes.

use std::collections::BTreeMap;

use liaison_shared::access::{Access, Role, access};
use liaison_shared::protocol::{FEED_FRAME, HelloRefusal, RefusedChange};
use liaison_shared::sync::{Candidate, Identity, Ledger, RelayEffect, RelayEvent, RelaySession};
use liaison_shared::{Epoch, Seq};

use crate::world::{Happening, World};

struct Pending {
    line: u64,
    identity: Identity,
    push: u64,
    candidates: Vec<Candidate>,
    refused: Vec<RefusedChange>,
}

pub struct Relay {
    pub up: bool,
    /// What is on the relay's disk.
    pub ledger: Ledger,
    epoch: Epoch,
    life: u32,
    sessions: BTreeMap<u64, RelaySession>,
    pending: Vec<Pending>,
    backup: Ledger,
}

impl Relay {
    pub fn new(seed: u64) -> Self {
        let mut epoch = [0; 16];
        epoch[..8].copy_from_slice(&seed.to_le_bytes());
        Self {
            up: true,
            ledger: Ledger::default(),
            epoch: Epoch(epoch),
            life: 0,
            sessions: BTreeMap::new(),
            pending: Vec::new(),
            backup: Ledger::default(),
        }
    }

    pub fn open(&mut self, line: u64) {
        self.sessions.insert(line, RelaySession::default());
    }

    pub fn close(&mut self, line: u64) {
        self.sessions.remove(&line);
    }
}

impl World {
    pub fn relay_event(&mut self, line: u64, event: RelayEvent<'_>) {
        let Some(session) = self.relay.sessions.get_mut(&line) else { return };
        let effects = session.handle(event, self.now);
        let identity = session.identity();
        for effect in effects {
            self.relay_effect(line, identity, effect);
        }
    }

    fn relay_effect(&mut self, line: u64, identity: Option<Identity>, effect: RelayEffect) {
        match effect {
            RelayEffect::Identify { token, .. } => {
                let known = token.parse::<usize>().ok().and_then(|index| self.devices.get(index));
                let result = known.map(|device| device.identity).ok_or(HelloRefusal::UnknownSession);
                let (epoch, head) = (self.relay.epoch, self.relay.ledger.head());
                self.relay_event(line, RelayEvent::Identified { result, epoch, head });
            }
            RelayEffect::Append { push, candidates, refused } => {
                let Some(identity) = identity else { return };
                self.relay.pending.push(Pending { line, identity, push, candidates, refused });
                let (life, delay) = (self.relay.life, self.rng.i64(1..30));
                self.after(delay, Happening::Commit { life });
            }
            RelayEffect::Read { after } => {
                let delay = self.rng.i64(1..10);
                self.after(delay, Happening::Read { line, after });
            }
            RelayEffect::Send(frame) => self.send(line, false, &frame),
            RelayEffect::Stored(_) => {}
            RelayEffect::Close => self.cut(line),
        }
    }

    /// Group commit: everything pushed so far becomes durable, and only then is answered.
    pub fn relay_commit(&mut self, life: u32) {
        if life != self.relay.life || self.relay.pending.is_empty() {
            return;
        }
        let mut answers = Vec::new();
        for Pending { line, identity, push, candidates, mut refused } in std::mem::take(&mut self.relay.pending) {
            let before = self.relay.ledger.head();
            let (seq, more) = self.relay.ledger.append(&identity, candidates, self.now);
            refused.extend(more);
            let fresh: Vec<Seq> = (before.0 + 1..=self.relay.ledger.head().0).map(Seq).collect();
            answers.push((line, RelayEvent::Appended { push, seq, refused, fresh }));
        }
        for (line, answer) in answers {
            self.relay_event(line, answer);
        }
        let head = self.relay.ledger.head();
        let lines: Vec<u64> = self.relay.sessions.keys().copied().collect();
        for line in lines {
            self.relay_event(line, RelayEvent::Advanced(head));
        }
    }

    pub fn relay_read(&mut self, line: u64, after: Seq) {
        let Some(role) = self.relay.sessions.get(&line).and_then(RelaySession::identity).map(|it| it.role) else {
            return;
        };
        let readable =
            |role: Role| move |document: &liaison_shared::DocumentId| access(role, document.kind()) >= Access::Read;
        let most = if self.rng.bool() { FEED_FRAME } else { 600 };
        let (entries, upto) = self.relay.ledger.read(after, most, readable(role));
        self.relay_event(line, RelayEvent::Read { entries, upto });
    }

    pub fn relay_crash(&mut self) {
        if !self.relay.up {
            return;
        }
        self.crashes += 1;
        self.relay.up = false;
        self.relay.life += 1;
        self.relay.pending.clear();
        let lines: Vec<u64> = self.relay.sessions.keys().copied().collect();
        for line in lines {
            self.cut(line);
        }
        let pause = self.rng.i64(200..8_000);
        self.after(pause, Happening::RelayStart);
    }

    /// The disk died; an older copy takes its place, under a new epoch. Sometimes only the copy is taken.
    pub fn relay_restore(&mut self) {
        if self.rng.bool() {
            self.relay.backup = self.relay.ledger.clone();
            return;
        }
        self.relay_crash();
        self.relay.ledger = self.relay.backup.clone();
        self.relay.epoch.0[15] = self.relay.epoch.0[15].wrapping_add(1);
        self.relay.epoch.0[14] = self.rng.u8(..);
    }
}
