//! The relay's end of one connection: greets, takes pushes, feeds what is new, waits for the device to store it.

mod desk;
mod events;

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::sync::Arc;

use super::admission::{Identity, Right, examine};
use super::ledger::LogChunk;
use crate::access::{Reach, Role, Scope, access};
use crate::ids::{DocumentId, DossierId, Epoch, Seq};
use crate::protocol::{
    ClientMessage, Cursor, EntryParts, FEED_WINDOW, HelloRefusal, MAX_READINGS, PROTOCOL, RefusedChange, RelayMessage,
    decode, encode, feed_frame,
};
use crate::time::Timestamp;

use desk::{Desk, Standing, Step};
pub use desk::{HoldState, HoldingRow};
pub use events::{Admitted, RelayEffect, RelayEvent};

/// After this many frames that are not messages the connection is closed (rule FRM-5).
const MALFORMED_LIMIT: u32 = 8;

#[derive(Debug)]
enum State {
    Greeting,
    Identifying { cursor: Option<Cursor>, held: Option<[u8; 16]> },
    Live(Box<Live>),
    Closed,
}

#[derive(Debug)]
struct Live {
    identity: Identity,
    /// The log's last position, as far as this connection knows.
    head: Seq,
    /// How far feed frames were sent.
    sent: Seq,
    /// The number of the last frame sent that has one, and of the last such frame received.
    turns: (u64, u64),
    reading: bool,
    /// `upto` of the feed frames not yet reported stored.
    in_flight: VecDeque<Seq>,
    /// Positions this device pushed over this connection: it has them.
    own: HashSet<Seq>,
    /// What is granted and withdrawn; none for people who reach the whole agency.
    desk: Option<Desk>,
    /// The device came without a cursor and has stored nothing since.
    fresh: bool,
    /// The person reaches the whole agency.
    agency: bool,
    /// The role that what the device holds was chosen for.
    former: Role,
    /// The device has held dossiers without a grant for each.
    held_all: bool,
    /// The device gives back what it owes and gets nothing: it was revoked, or its person has another role now.
    leaving: bool,
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

    /// Which dossiers the readings for this connection may contain; none when all may be.
    #[must_use]
    pub fn visible(&self) -> Option<Arc<BTreeSet<DossierId>>> {
        match &self.state {
            State::Live(live) => live.desk.as_ref().map(Desk::visible),
            _ => None,
        }
    }

    /// Takes one event at the relay's time.
    pub fn handle(&mut self, event: RelayEvent<'_>, now: Timestamp) -> Vec<RelayEffect> {
        let (was_live, saw) = (matches!(self.state, State::Live(_)), self.visible());
        let mut effects = self.take(event, now);
        let sees = self.visible();
        let same = saw.as_ref().map(Arc::as_ptr) == sees.as_ref().map(Arc::as_ptr);
        if matches!(self.state, State::Live(_)) && !(was_live && same) {
            effects.insert(0, RelayEffect::Listen);
        }
        effects
    }

    fn take(&mut self, event: RelayEvent<'_>, now: Timestamp) -> Vec<RelayEffect> {
        match event {
            RelayEvent::Frame(frame) => self.frame(frame, now),
            RelayEvent::Identified { result, epoch, head } => self.identified(result, epoch, head, now),
            RelayEvent::Appended { push, seq, refused, review, fresh } => {
                let ack = (push, seq, refused, review);
                self.live(|live| live.appended(ack, fresh))
            }
            RelayEvent::Read { chunks, upto } => self.live(|live| live.read(chunks, upto)),
            RelayEvent::Advanced(head) => self.live(|live| live.advanced(head)),
            RelayEvent::Rescoped(scope) => self.live(|live| live.rescoped(scope)),
            RelayEvent::Backfilled { dossier, chunks, more_after } => {
                self.live(|live| live.at_desk(|desk| desk.backfilled(dossier, chunks, more_after)))
            }
            RelayEvent::Noted(id) => self.live(|_| vec![RelayEffect::Send(encode(&RelayMessage::Noted { id }))]),
        }
    }

    fn frame(&mut self, frame: &[u8], now: Timestamp) -> Vec<RelayEffect> {
        let message = match decode::<ClientMessage>(frame) {
            Ok(message) => message,
            Err(error) => return self.malformed(&error.to_string()),
        };
        match (&mut self.state, message) {
            (State::Closed, _) => Vec::new(),
            (State::Greeting, ClientMessage::Hello { protocol, app, token, cursor, held }) => {
                if protocol != PROTOCOL {
                    return self.refuse(HelloRefusal::UnknownProtocol);
                }
                self.state = State::Identifying { cursor, held };
                vec![RelayEffect::Identify { token, app: app.chars().take(80).collect() }]
            }
            (State::Greeting, _) => self.refuse(HelloRefusal::HelloExpected),
            (State::Identifying { .. }, _) => self.malformed("wait for the welcome"),
            (State::Live(live), message) => live.message(message, now).unwrap_or_else(|what| self.malformed(what)),
        }
    }

    fn live(&mut self, then: impl FnOnce(&mut Live) -> Vec<RelayEffect>) -> Vec<RelayEffect> {
        match &mut self.state {
            State::Live(live) => then(live),
            _ => Vec::new(),
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
        result: Result<Box<Admitted>, HelloRefusal>,
        epoch: Epoch,
        head: Seq,
        now: Timestamp,
    ) -> Vec<RelayEffect> {
        let State::Identifying { cursor, held } = self.state else {
            return Vec::new();
        };
        let admitted = match result {
            Ok(admitted) => admitted,
            Err(reason) => return self.refuse(reason),
        };
        // A cursor beyond the head is of a log that was restored from an older copy.
        let reset = cursor.is_some_and(|cursor| cursor.epoch != epoch || cursor.seq > head);
        let sent = if reset { Seq(0) } else { cursor.map_or(Seq(0), |cursor| cursor.seq) };
        let Admitted { identity, scope, holdings, former, lease, revoked } = *admitted;
        let fresh = cursor.is_none();
        let start_over = !fresh && former.is_some_and(|former| former != identity.role);
        let leaving = revoked || start_over;
        let mut effects = Vec::new();
        if revoked {
            effects.push(RelayEffect::Send(encode(&RelayMessage::ForgetAll { reset })));
        } else {
            let Identity { user, device, role } = identity;
            let lease = lease.map(|lease| lease.0);
            let welcome =
                RelayMessage::Welcome { epoch, head, reset, user, device, role, time: now, lease, start_over };
            effects.push(RelayEffect::Send(encode(&welcome)));
        }
        let agency = scope == Scope::Agency && !revoked;
        let wanted = match scope {
            Scope::Dossiers(wanted) if !revoked => Some(wanted),
            _ => leaving.then(BTreeMap::new),
        };
        let mut first = Vec::new();
        let desk = wanted.map(|wanted| {
            let (desk, steps) = Desk::open(wanted, &holdings, fresh && !revoked, held);
            // One that leaves gets nothing and is asked nothing; the rows say what it may still give back.
            first.extend(steps.into_iter().filter(|_| !leaving));
            desk
        });
        let mut live = Live {
            identity,
            head,
            sent,
            turns: (0, 0),
            reading: false,
            in_flight: VecDeque::new(),
            own: HashSet::new(),
            desk,
            fresh,
            agency,
            former: former.unwrap_or(identity.role),
            held_all: (leaving || former.is_some_and(|former| former != identity.role))
                && former.unwrap_or(identity.role).reach() == Reach::Agency,
            leaving,
        };
        effects.extend(live.take(first));
        effects.extend(live.go_on());
        self.state = State::Live(Box::new(live));
        effects
    }
}

impl Live {
    /// `Err`: the message has no place here.
    fn message(&mut self, message: ClientMessage, now: Timestamp) -> Result<Vec<RelayEffect>, &'static str> {
        let mut effects = match message {
            ClientMessage::Hello { .. } => return Err("one hello per connection"),
            ClientMessage::Push { id, document, changes } => {
                let identity = self.identity;
                let changes = changes.iter().map(|change| &change[..]);
                let examined = examine(&identity, &document, changes, |id| self.right(id));
                return Ok(vec![RelayEffect::Append {
                    push: id,
                    candidates: examined.candidates,
                    refused: examined.refused,
                }]);
            }
            ClientMessage::Stored { seq } => {
                while self.in_flight.front().is_some_and(|upto| *upto <= seq) {
                    self.in_flight.pop_front();
                }
                let begun = std::mem::take(&mut self.fresh).then_some(RelayEffect::StartedOver);
                begun.into_iter().chain([RelayEffect::Stored(seq.min(self.sent))]).collect()
            }
            ClientMessage::Ping { turn, .. } if turn != self.turns.1 => return Ok(vec![RelayEffect::Close]),
            ClientMessage::Ping { nonce, .. } => {
                let pong = RelayMessage::Pong { nonce, time: now, turn: self.turns.0 };
                // What it may not see has moved the log, too: it is told where it stands when it asks (FEED-7).
                return Ok(vec![RelayEffect::Send(encode(&pong)), RelayEffect::Listen]);
            }
            ClientMessage::Held { whole, part, turn } => self.in_turn(turn, |desk| desk.told(whole, part)),
            ClientMessage::Granted { dossiers, turn } => self.in_turn(turn, |desk| desk.granted(&dossiers)),
            ClientMessage::Forgotten { dossiers, turn } => self.in_turn(turn, |desk| desk.forgotten(&dossiers)),
            ClientMessage::Readings { id, mut readings } => {
                readings.truncate(MAX_READINGS);
                return Ok(vec![RelayEffect::Note { id, readings }]);
            }
        };
        effects.extend(self.go_on());
        Ok(effects)
    }

    fn at_desk(&mut self, then: impl FnOnce(&mut Desk) -> Vec<Step>) -> Vec<RelayEffect> {
        let steps = self.desk.as_mut().map(then).unwrap_or_default();
        self.take(steps)
    }

    /// A frame with a turn: one that came before is ignored, one that comes too early shows that another was lost.
    fn in_turn(&mut self, turn: u64, then: impl FnOnce(&mut Desk) -> Vec<Step>) -> Vec<RelayEffect> {
        match turn.checked_sub(self.turns.1) {
            Some(1) => {
                self.turns.1 = turn;
                self.at_desk(then)
            }
            None | Some(0) => Vec::new(),
            Some(_) => vec![RelayEffect::Close],
        }
    }

    fn take(&mut self, steps: Vec<Step>) -> Vec<RelayEffect> {
        let effect = |step| match step {
            Step::Hold(rows) => RelayEffect::Hold(rows),
            Step::Say(message) => self.say(message),
            Step::Backfill { dossier, after } => RelayEffect::Backfill { dossier, after },
        };
        steps.into_iter().map(effect).collect()
    }

    fn say(&mut self, message: RelayMessage) -> RelayEffect {
        self.turns.0 += 1;
        RelayEffect::Send(encode(&message.numbered(self.turns.0)))
    }

    /// The frame of a stretch of the log, from what all who are sent it share.
    fn feed(&mut self, chunks: &[LogChunk], upto: Seq) -> RelayEffect {
        self.turns.0 += 1;
        let entries: Vec<EntryParts<'_>> = chunks.iter().map(LogChunk::entry).collect();
        RelayEffect::Send(feed_frame(&entries, upto, self.turns.0))
    }

    /// What the person may do with a document now (rules PUSH-6 and LATE-1).
    fn right(&self, document: DocumentId) -> Right {
        let role = self.identity.role;
        let writes = access(role, document.kind()).may_write();
        let reads = access(role, document.kind()).may_read();
        let anybody = Role::ALL.iter().any(|role| access(*role, document.kind()).may_write());
        let could = access(self.former, document.kind()).may_write();
        let standing = match (&self.desk, document.dossier()) {
            _ if self.agency && writes => Standing::Open,
            (Some(desk), Some(dossier)) => desk.standing(dossier),
            _ => Standing::Never,
        };
        match standing {
            Standing::Open if writes && !self.leaving => Right::Write,
            Standing::Open | Standing::Leaving if writes => Right::Leaving,
            // One with another role now could write it once.
            Standing::Lost | Standing::Leaving if writes || could => Right::Lost,
            _ if self.held_all && could => Right::Lost,
            Standing::Never if writes && role.reach() == Reach::Sectors && !self.leaving => Right::Begin,
            // Theirs to read, and perhaps written under another role.
            _ if reads && anybody && (self.agency || matches!(standing, Standing::Open)) => Right::Read,
            _ => Right::Nothing,
        }
    }

    fn appended(
        &mut self,
        (id, seq, mut refused, review): (u64, Seq, Vec<RefusedChange>, Vec<u32>),
        fresh: Vec<Seq>,
    ) -> Vec<RelayEffect> {
        refused.sort_by_key(|refusal| refusal.index);
        self.own.extend(fresh.into_iter().filter(|seq| *seq > self.sent));
        let mut effects = vec![RelayEffect::Send(encode(&RelayMessage::Ack { id, seq, refused, review }))];
        self.head = self.head.max(seq);
        effects.extend(self.go_on());
        effects
    }

    fn read(&mut self, chunks: Vec<LogChunk>, upto: Seq) -> Vec<RelayEffect> {
        self.reading = false;
        if upto <= self.sent {
            return self.go_on();
        }
        // A snapshot whose last change is the device's own may hold others that the device has not.
        let others = chunks.into_iter().filter(|chunk| chunk.is_snapshot() || !self.own.contains(&chunk.seq));
        let entries: Vec<LogChunk> = others.collect();
        self.sent = upto;
        self.head = self.head.max(upto);
        self.own.retain(|seq| *seq > upto);
        self.in_flight.push_back(upto);
        let mut effects = vec![self.feed(&entries, upto)];
        effects.extend(self.go_on());
        effects
    }

    fn advanced(&mut self, head: Seq) -> Vec<RelayEffect> {
        self.head = self.head.max(head);
        self.go_on()
    }

    fn rescoped(&mut self, scope: Scope) -> Vec<RelayEffect> {
        if let (Some(desk), Scope::Dossiers(wanted)) = (&mut self.desk, scope) {
            desk.rescope(wanted);
        }
        self.go_on()
    }

    /// Between two readings: grants and withdraws what has to be, then asks for the next reading when there is something
    /// new and the device keeps up.
    fn go_on(&mut self) -> Vec<RelayEffect> {
        if self.leaving || self.reading {
            return Vec::new();
        }
        let sent = self.sent;
        let mut effects = self.at_desk(|desk| desk.reconcile(sent));
        let asked = self.desk.as_ref().is_some_and(Desk::is_waiting);
        if !asked && self.sent < self.head && self.in_flight.len() < FEED_WINDOW {
            self.reading = true;
            effects.push(RelayEffect::Read { after: self.sent });
        }
        effects
    }
}

#[cfg(test)]
mod desk_tests;
#[cfg(test)]
mod tests;
