//! The relay's end of one connection: greets, takes pushes, feeds what is new, waits for the device to store it.

use std::collections::{HashSet, VecDeque};

use minicbor::bytes::ByteVec;

use super::admission::{Candidate, Identity, examine};
use super::ledger::LogEntry;
use crate::ids::{Epoch, Seq};
use crate::protocol::{
    ClientMessage, Cursor, FEED_WINDOW, FeedEntry, HelloRefusal, PROTOCOL, RefusedChange, RelayMessage, decode, encode,
};
use crate::time::Timestamp;

/// What happens to a connection.
#[derive(Debug, Clone)]
pub enum RelayEvent<'a> {
    /// A binary frame arrived.
    Frame(&'a [u8]),
    /// The session token was looked up.
    Identified {
        /// Whose it is, or why not.
        result: Result<Identity, HelloRefusal>,
        /// The log's present life.
        epoch: Epoch,
        /// The last position in the log.
        head: Seq,
    },
    /// A push is durable, but for what is refused.
    Appended {
        /// The push.
        push: u64,
        /// The last position it was given.
        seq: Seq,
        /// What was not taken, in examination and by the log.
        refused: Vec<RefusedChange>,
        /// Positions that are new in the log because of this push.
        fresh: Vec<Seq>,
    },
    /// The log was read for this device.
    Read {
        /// What it may see, in order.
        entries: Vec<LogEntry>,
        /// How far the reading went.
        upto: Seq,
    },
    /// The log has grown.
    Advanced(Seq),
}

/// What the relay has to do for a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelayEffect {
    /// Look up a session token; answer with [`RelayEvent::Identified`].
    Identify {
        /// The token.
        token: String,
        /// Name and version of the client.
        app: String,
    },
    /// Append durably; answer with [`RelayEvent::Appended`].
    Append {
        /// The push.
        push: u64,
        /// Well-formed changes the role may write.
        candidates: Vec<Candidate>,
        /// Refused already.
        refused: Vec<RefusedChange>,
    },
    /// Read the log after a position for this device; answer with [`RelayEvent::Read`].
    Read {
        /// After this position.
        after: Seq,
    },
    /// Send a frame.
    Send(Vec<u8>),
    /// The device has everything up to here.
    Stored(Seq),
    /// Close once everything is sent.
    Close,
}

/// After this many frames that are not messages the connection is closed (rule FRM-5).
const MALFORMED_LIMIT: u32 = 8;

#[derive(Debug)]
enum State {
    Greeting,
    Identifying { cursor: Option<Cursor> },
    Live(Live),
    Closed,
}

#[derive(Debug)]
struct Live {
    identity: Identity,
    /// The log's last position, as far as this connection knows.
    head: Seq,
    /// How far feed frames were sent.
    sent: Seq,
    reading: bool,
    /// `upto` of the feed frames not yet reported stored.
    in_flight: VecDeque<Seq>,
    /// Positions this device pushed over this connection: it has them.
    own: HashSet<Seq>,
}

/// One connection.
#[derive(Debug)]
pub struct RelaySession {
    state: State,
    malformed: u32,
}

impl Default for RelaySession {
    fn default() -> Self {
        Self { state: State::Greeting, malformed: 0 }
    }
}

impl RelaySession {
    /// Whose connection this is, once known.
    #[must_use]
    pub fn identity(&self) -> Option<Identity> {
        match &self.state {
            State::Live(live) => Some(live.identity),
            _ => None,
        }
    }

    /// Takes one event at the relay's time.
    pub fn handle(&mut self, event: RelayEvent<'_>, now: Timestamp) -> Vec<RelayEffect> {
        match event {
            RelayEvent::Frame(frame) => self.frame(frame, now),
            RelayEvent::Identified { result, epoch, head } => self.identified(result, epoch, head, now),
            RelayEvent::Appended { push, seq, refused, fresh } => self.appended(push, seq, refused, fresh),
            RelayEvent::Read { entries, upto } => self.read(entries, upto),
            RelayEvent::Advanced(head) => self.advanced(head),
        }
    }

    fn frame(&mut self, frame: &[u8], now: Timestamp) -> Vec<RelayEffect> {
        let message = match decode::<ClientMessage>(frame) {
            Ok(message) => message,
            Err(error) => return self.malformed(&error.to_string()),
        };
        match (&mut self.state, message) {
            (State::Closed, _) => Vec::new(),
            (State::Greeting, ClientMessage::Hello { protocol, app, token, cursor }) => {
                if protocol != PROTOCOL {
                    return self.refuse(HelloRefusal::UnknownProtocol);
                }
                self.state = State::Identifying { cursor };
                vec![RelayEffect::Identify { token, app: app.chars().take(80).collect() }]
            }
            (State::Greeting, _) => self.refuse(HelloRefusal::HelloExpected),
            (State::Identifying { .. }, _) => self.malformed("wait for the welcome"),
            (State::Live(_), ClientMessage::Hello { .. }) => self.malformed("one hello per connection"),
            (State::Live(live), ClientMessage::Push { id, document, changes }) => {
                let examined = examine(&live.identity, &document, &changes);
                vec![RelayEffect::Append { push: id, candidates: examined.candidates, refused: examined.refused }]
            }
            (State::Live(live), ClientMessage::Stored { seq }) => {
                while live.in_flight.front().is_some_and(|upto| *upto <= seq) {
                    live.in_flight.pop_front();
                }
                let mut effects = vec![RelayEffect::Stored(seq.min(live.sent))];
                effects.extend(live.pump());
                effects
            }
            (State::Live(live), ClientMessage::Ping { nonce }) => {
                vec![RelayEffect::Send(encode(&RelayMessage::Pong { nonce, time: now, sent: live.sent }))]
            }
        }
    }

    fn malformed(&mut self, detail: &str) -> Vec<RelayEffect> {
        if matches!(self.state, State::Closed) {
            return Vec::new();
        }
        if matches!(self.state, State::Greeting) {
            return self.refuse(HelloRefusal::HelloExpected);
        }
        self.malformed += 1;
        let mut effects = vec![RelayEffect::Send(encode(&RelayMessage::Malformed { detail: detail.to_owned() }))];
        if self.malformed >= MALFORMED_LIMIT {
            self.state = State::Closed;
            effects.push(RelayEffect::Close);
        }
        effects
    }

    fn refuse(&mut self, reason: HelloRefusal) -> Vec<RelayEffect> {
        self.state = State::Closed;
        vec![RelayEffect::Send(encode(&RelayMessage::Refused { reason })), RelayEffect::Close]
    }

    fn identified(
        &mut self,
        result: Result<Identity, HelloRefusal>,
        epoch: Epoch,
        head: Seq,
        now: Timestamp,
    ) -> Vec<RelayEffect> {
        let State::Identifying { cursor } = self.state else {
            return Vec::new();
        };
        let identity = match result {
            Ok(identity) => identity,
            Err(reason) => return self.refuse(reason),
        };
        // A cursor beyond the head is of a log that was restored from an older copy.
        let reset = cursor.is_some_and(|cursor| cursor.epoch != epoch || cursor.seq > head);
        let sent = if reset { Seq(0) } else { cursor.map_or(Seq(0), |cursor| cursor.seq) };
        let mut live = Live { identity, head, sent, reading: false, in_flight: VecDeque::new(), own: HashSet::new() };
        let Identity { user, device, role } = identity;
        let welcome = RelayMessage::Welcome { epoch, head, reset, user, device, role, time: now };
        let mut effects = vec![RelayEffect::Send(encode(&welcome))];
        effects.extend(live.pump());
        self.state = State::Live(live);
        effects
    }

    fn appended(&mut self, id: u64, seq: Seq, mut refused: Vec<RefusedChange>, fresh: Vec<Seq>) -> Vec<RelayEffect> {
        let State::Live(live) = &mut self.state else {
            return Vec::new();
        };
        refused.sort_by_key(|refusal| refusal.index);
        live.own.extend(fresh.into_iter().filter(|seq| *seq > live.sent));
        let mut effects = vec![RelayEffect::Send(encode(&RelayMessage::Ack { id, seq, refused }))];
        live.head = live.head.max(seq);
        effects.extend(live.pump());
        effects
    }

    fn read(&mut self, entries: Vec<LogEntry>, upto: Seq) -> Vec<RelayEffect> {
        let State::Live(live) = &mut self.state else {
            return Vec::new();
        };
        live.reading = false;
        if upto <= live.sent {
            return Vec::new();
        }
        let others = entries.into_iter().filter(|entry| !live.own.contains(&entry.seq));
        let entries = others
            .map(|entry| FeedEntry {
                seq: entry.seq,
                document: entry.document.to_string(),
                change: ByteVec::from(entry.bytes),
            })
            .collect();
        let after = live.sent;
        live.sent = upto;
        live.head = live.head.max(upto);
        live.own.retain(|seq| *seq > upto);
        live.in_flight.push_back(upto);
        let mut effects = vec![RelayEffect::Send(encode(&RelayMessage::Feed { entries, upto, after }))];
        effects.extend(live.pump());
        effects
    }

    fn advanced(&mut self, head: Seq) -> Vec<RelayEffect> {
        let State::Live(live) = &mut self.state else {
            return Vec::new();
        };
        live.head = live.head.max(head);
        live.pump().into_iter().collect()
    }
}

impl Live {
    /// Asks for the next reading when there is something new and the device keeps up.
    fn pump(&mut self) -> Option<RelayEffect> {
        if self.reading || self.sent >= self.head || self.in_flight.len() >= FEED_WINDOW {
            return None;
        }
        self.reading = true;
        Some(RelayEffect::Read { after: self.sent })
    }
}

#[cfg(test)]
mod tests;
