//! The relay of the simulation: the real sessions and the real admission over a ledger that survives crashes.

use std::collections::BTreeMap;

use liaison_server::log::View;
use liaison_shared::access::{Delays, Reach, Role, Scope, Team, access};
use liaison_shared::documents::prestation::{PrestationView, add_membre, withdraw};
use liaison_shared::documents::{ChangeHeader, Document, NewChange, Pen, genesis};
use liaison_shared::protocol::{FEED_FRAME, HelloRefusal, RefusedChange};
use liaison_shared::sync::{
    Admitted, Candidate, HoldState, HoldingRow, Identity, Ledger, RelayEffect, RelayEvent, RelaySession, Right,
};
use liaison_shared::time::Millis;
use liaison_shared::{DeviceId, DocumentId, DossierId, EntryId, Epoch, Seq, Timestamp, UserId};

use crate::device::{Device, documents, dossiers};
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
    /// What each line listens for, as it said last.
    listening: BTreeMap<u64, View>,
    pending: Vec<Pending>,
    /// What the relay knows of devices, on its disk too.
    pub devices: BTreeMap<DeviceId, Known>,
    /// Who is on which team, as the documents say.
    teams: BTreeMap<DossierId, Team>,
    /// The coordinator who puts people on teams.
    office: Pen,
    intervenants: Vec<UserId>,
    backup: (Ledger, BTreeMap<DeviceId, Known>),
}

/// What the relay knows of one device.
#[derive(Debug, Clone, Default)]
pub struct Known {
    served: Option<Role>,
    holdings: BTreeMap<DossierId, (HoldState, Option<Timestamp>)>,
}

impl Known {
    fn of(role: Role) -> Self {
        Self { served: Some(role), holdings: BTreeMap::new() }
    }
}

const OFFICE: Identity = Identity { user: UserId([99; 16]), device: DeviceId([99; 16]), role: Role::Gestionnaire };

impl Relay {
    /// At first everybody who visits is on every team.
    pub fn new(seed: u64, devices: &[Device]) -> Self {
        let mut epoch = [0; 16];
        epoch[..8].copy_from_slice(&seed.to_le_bytes());
        let mut relay = Self {
            up: true,
            ledger: Ledger::default(),
            epoch: Epoch(epoch),
            life: 0,
            sessions: BTreeMap::new(),
            listening: BTreeMap::new(),
            pending: Vec::new(),
            // Everybody has signed in as what they were then.
            devices: devices.iter().map(|device| (device.identity.device, Known::of(device.identity.role))).collect(),
            teams: BTreeMap::new(),
            office: Pen { user: OFFICE.user, actor: [99; 16] },
            intervenants: devices.iter().map(|device| device.identity.user).collect(),
            backup: (Ledger::default(), BTreeMap::new()),
        };
        for dossier in dossiers() {
            for step in genesis(DocumentId::prestation(dossier)) {
                relay.write(&step);
            }
            for user in relay.intervenants.clone() {
                relay.toggle(dossier, user, EntryId(user.0));
            }
        }
        relay.backup = (relay.ledger.clone(), relay.devices.clone());
        relay
    }

    fn prestation(&self, dossier: DossierId) -> Document {
        let id = DocumentId::prestation(dossier);
        Document::load(id, self.ledger.chunks_of(id).iter().map(|chunk| &chunk.bytes[..])).0
    }

    fn write(&mut self, change: &NewChange) {
        let (header, bytes) = ChangeHeader::read(&change.bytes).unwrap();
        let candidate = Candidate { index: 0, document: change.document, header, bytes, right: Right::Write };
        let outcome = self.ledger.append(&OFFICE, vec![candidate], Timestamp(0));
        assert!(outcome.refused.is_empty() && outcome.review.is_empty(), "{outcome:?}");
    }

    /// Takes somebody off a team, or puts them on it.
    fn toggle(&mut self, dossier: DossierId, user: UserId, entry: EntryId) {
        let mut document = self.prestation(dossier);
        let on = PrestationView::read(&document).equipe.into_iter();
        let on = on.filter(|membre| membre.personne == Some(user) && !membre.retire).map(|membre| membre.id).next();
        let (pen, base, now) = (self.office.clone(), document.heads(), Timestamp(0));
        let change = match on {
            Some(id) => withdraw(&mut document, &pen, &base, now, id),
            None => add_membre(&mut document, &pen, now, entry, user, (chrono::NaiveDate::default(), None)),
        };
        self.write(&change.unwrap().unwrap());
        self.read_team(dossier);
    }

    fn read_team(&mut self, dossier: DossierId) {
        self.teams.insert(dossier, Team::of(&PrestationView::read(&self.prestation(dossier))));
    }

    /// What somebody reaches, from the documents as they are.
    pub fn scope(&self, identity: &Identity) -> Scope {
        if identity.role.reach() == Reach::Agency {
            return Scope::Agency;
        }
        let grant = |dossier: DossierId| {
            Some((dossier, self.teams.get(&dossier)?.grants(identity.user, Delays::default(), Timestamp(1))?))
        };
        Scope::Dossiers(dossiers().into_iter().filter_map(grant).collect())
    }

    pub fn open(&mut self, line: u64) {
        self.sessions.insert(line, RelaySession::default());
    }

    pub fn close(&mut self, line: u64) {
        self.sessions.remove(&line);
        self.listening.remove(&line);
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
                let result = known.map(|device| Box::new(self.admitted(device.identity)));
                let result = result.ok_or(HelloRefusal::UnknownSession);
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
            RelayEffect::Listen => {
                if let Some(view) = self.view(line) {
                    self.relay.listening.insert(line, view);
                }
                let delay = self.rng.i64(1..10);
                self.after(delay, Happening::Listen { line });
            }
            RelayEffect::Send(frame) => self.send(line, false, &frame),
            RelayEffect::Backfill { dossier, after } => {
                let delay = self.rng.i64(1..10);
                self.after(delay, Happening::Backfill { line, dossier, after });
            }
            RelayEffect::Hold(rows) => {
                let Some(identity) = identity else { return };
                let known = self.relay.devices.entry(identity.device).or_default();
                known.holdings.extend(rows.into_iter().map(|row| (row.dossier, (row.state, row.ends))));
            }
            RelayEffect::StartedOver => {
                let Some(identity) = identity else { return };
                self.relay.devices.entry(identity.device).or_default().served = Some(identity.role);
            }
            RelayEffect::Note { id, .. } => self.relay_event(line, RelayEvent::Noted(id)),
            RelayEffect::Stored(_) => {}
            RelayEffect::Close => self.cut(line),
        }
    }

    /// Group commit: everything pushed so far becomes durable, and only then is answered.
    pub fn relay_commit(&mut self, life: u32) {
        if life != self.relay.life || self.relay.pending.is_empty() {
            return;
        }
        let (mut answers, before_all) = (Vec::new(), self.relay.ledger.head());
        for Pending { line, identity, push, candidates, mut refused } in std::mem::take(&mut self.relay.pending) {
            let before = self.relay.ledger.head();
            let outcome = self.relay.ledger.append(&identity, candidates, self.now);
            refused.extend(outcome.refused);
            let (seq, review) = (outcome.seq, outcome.review);
            let fresh: Vec<Seq> = (before.0 + 1..=self.relay.ledger.head().0).map(Seq).collect();
            answers.push((line, RelayEvent::Appended { push, seq, refused, review, fresh }));
        }
        for (line, answer) in answers {
            self.relay_event(line, answer);
        }
        self.relay_announce(before_all);
    }

    /// Tells those who may see something of what stands after a position, and nobody else.
    fn relay_announce(&mut self, after: Seq) {
        let (chunks, head) = self.relay.ledger.read(after, usize::MAX, |_| true);
        let sees = |view: &View| chunks.iter().any(|chunk| view.shows(&chunk.document));
        let lines: Vec<u64> =
            self.relay.listening.iter().filter(|(_, view)| sees(view)).map(|(line, _)| *line).collect();
        for line in lines {
            self.relay_event(line, RelayEvent::Advanced(head));
        }
    }

    pub fn relay_listened(&mut self, line: u64) {
        self.relay_event(line, RelayEvent::Advanced(self.relay.ledger.head()));
    }

    fn view(&self, line: u64) -> Option<View> {
        let session = self.relay.sessions.get(&line)?;
        Some(View { role: session.identity()?.role, dossiers: session.visible() })
    }

    pub fn relay_read(&mut self, line: u64, after: Seq) {
        let Some(view) = self.view(line) else { return };
        let most = if self.rng.bool() { FEED_FRAME } else { 600 };
        let (chunks, upto) = self.relay.ledger.read(after, most, |document| view.shows(document));
        self.relay_event(line, RelayEvent::Read { chunks, upto });
    }

    pub fn relay_backfill(&mut self, line: u64, dossier: DossierId, after: Seq) {
        let Some(role) = self.relay.sessions.get(&line).and_then(RelaySession::identity).map(|it| it.role) else {
            return;
        };
        let readable =
            |document: &DocumentId| document.dossier() == Some(dossier) && access(role, document.kind()).may_read();
        let (chunks, reached) = self.relay.ledger.read(after, 600, readable);
        let more_after = (reached < self.relay.ledger.head()).then_some(reached);
        self.relay_event(line, RelayEvent::Backfilled { dossier, chunks, more_after });
    }

    /// A snapshot takes the place of some document's changes, whoever is reading the log.
    pub fn relay_compact(&mut self) {
        let documents = documents();
        let document = documents[self.rng.usize(..documents.len())];
        if self.relay.up && self.relay.ledger.chunks_of(document).len() > 1 {
            self.relay.ledger.compact(document).unwrap();
            self.compactions.0 += 1;
        }
    }

    fn admitted(&self, identity: Identity) -> Admitted {
        let known = self.relay.devices.get(&identity.device).cloned().unwrap_or_default();
        let row = |(dossier, (state, ends))| HoldingRow { dossier, state, ends };
        Admitted {
            identity,
            scope: self.relay.scope(&identity),
            holdings: known.holdings.into_iter().map(row).collect(),
            former: known.served,
            lease: Some(Millis(3_600_000)),
            revoked: false,
        }
    }

    /// A coordinator changes a team; the phones that are connected are told.
    pub fn relay_regrant(&mut self) {
        if !self.relay.up {
            return;
        }
        let dossier = dossiers()[self.rng.usize(..2)];
        let user = self.relay.intervenants[self.rng.usize(..self.relay.intervenants.len())];
        let mut entry = [0; 16];
        self.rng.fill(&mut entry);
        let before = self.relay.ledger.head();
        self.relay.toggle(dossier, user, EntryId(entry));
        let lines: Vec<(u64, Option<Identity>)> =
            self.relay.sessions.iter().map(|(line, session)| (*line, session.identity())).collect();
        self.relay_announce(before);
        for (line, identity) in lines {
            let Some(identity) = identity else { continue };
            let scope = self.relay.scope(&identity);
            self.relay_event(line, RelayEvent::Rescoped(scope));
        }
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
            self.relay.backup = (self.relay.ledger.clone(), self.relay.devices.clone());
            return;
        }
        self.relay_crash();
        (self.relay.ledger, self.relay.devices) = self.relay.backup.clone();
        for dossier in dossiers() {
            self.relay.read_team(dossier);
        }
        self.relay.epoch.0[15] = self.relay.epoch.0[15].wrapping_add(1);
        self.relay.epoch.0[14] = self.rng.u8(..);
    }
}
