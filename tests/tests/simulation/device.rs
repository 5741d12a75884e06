//! A device of the simulation: the real engine and real documents over a disk that survives crashes.

mod disk;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use liaison_shared::access::{Reach, Role, access};
use liaison_shared::documents::client::{NOTE, TELEPHONE};
use liaison_shared::documents::schema::rapports::{NOTE_TEXTE, NOTES};
use liaison_shared::documents::{ChangeHeader, Document, Heads, NewChange, Pen, Snapshot};
use liaison_shared::documents::{FieldsView, SetField, add_record, set_field};
use liaison_shared::documents::{changes_of, genesis, is_snapshot, journal, relation};
use liaison_shared::protocol::Cursor;
use liaison_shared::sync::{
    Candidate, DeviceEffect, DeviceEngine, DeviceEvent, Facts, Holding, Holdings, Identity, Link, Outgoing,
    Quarantined, ReceivedChunk, Resume,
};
use liaison_shared::{ChangeHash, DeviceId, DocumentId, DocumentKind, DossierId, EntryId, UserId};

use crate::world::{Happening, World};

pub const YEAR: u16 = 2026;
/// Of 256 pieces of work on a disk, so many cannot be done.
const FAILING: u8 = 6;

/// A piece of disk work, done whole or not at all.
pub enum Job {
    Append(Vec<NewChange>, Vec<Edit>),
    Receive(Vec<ReceivedChunk>, Cursor, Role),
    Settle(Vec<(DocumentId, ChangeHash)>),
    Quarantine(Vec<Quarantined>),
    PushAgain,
    Hold(Vec<(DossierId, Holding)>),
    Backfill(DossierId, Vec<ReceivedChunk>, bool),
    Forget(Vec<DossierId>),
    StartOver,
}

impl Job {
    /// Whether it is not done any more once something before it could not be.
    fn hangs_on_others(&self) -> bool {
        !matches!(self, Self::Append(..) | Self::Settle(_) | Self::Quarantine(_) | Self::PushAgain)
    }

    /// Whether the device hangs up when it cannot be done.
    fn may_fail(&self) -> bool {
        self.hangs_on_others() || matches!(self, Self::PushAgain)
    }
}

/// What somebody wrote, so that it can be looked for at the end.
#[derive(Debug, Clone)]
pub struct Edit {
    pub document: DocumentId,
    pub hash: ChangeHash,
    pub token: String,
    pub kind: EditKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditKind {
    Field,
    Text,
    Entry,
}

#[derive(Default)]
pub struct Disk {
    pub changes: BTreeMap<(DocumentId, ChangeHash), Vec<u8>>,
    pub outbox: BTreeSet<(DocumentId, ChangeHash)>,
    pub refused: Vec<Quarantined>,
    pub cursor: Option<Cursor>,
    role: Option<Role>,
    /// What is durable here and must therefore never be lost.
    pub edits: Vec<Edit>,
    actors: BTreeSet<Vec<u8>>,
    pub holdings: BTreeMap<DossierId, Holding>,
    reclaimed: BTreeSet<ChangeHash>,
}

struct Running {
    engine: DeviceEngine,
    line: Option<u64>,
    pen: Pen,
    open: HashMap<DocumentId, Document>,
    /// What the person was looking at a while ago.
    seen: HashMap<DocumentId, Heads>,
    disk_free_at: i64,
    /// What was to be done until then is not, where it hangs on what could not be.
    failed_until: i64,
}

pub struct Device {
    /// As the relay knows it.
    pub identity: Identity,
    /// What its person believes to be.
    pub believes: Role,
    /// Lost a role before the relay had served it as that: what it wrote as that never had the right.
    pub never_was: bool,
    pub disk: Disk,
    index: usize,
    life: u32,
    running: Option<Running>,
}

pub fn dossiers() -> [DossierId; 2] {
    [DossierId([1; 16]), DossierId([2; 16])]
}

/// The documents of this small world.
pub fn documents() -> Vec<DocumentId> {
    dossiers()
        .into_iter()
        .flat_map(|id| {
            [DocumentId::client(id), DocumentId::journal(id, YEAR), DocumentId::relation(id), DocumentId::rapports(id)]
        })
        .collect()
}

impl Device {
    pub fn new(index: usize, seed: u64) -> Self {
        let tag = u8::try_from(index).unwrap() + 1;
        // The first device is an office; the others are what the seed says.
        let role = if index == 0 || (seed >> index) & 1 == 0 { Role::Gestionnaire } else { Role::Intervenant };
        let identity = Identity { user: UserId([tag; 16]), device: DeviceId([tag; 16]), role };
        Self { identity, believes: role, never_was: false, disk: Disk::default(), index, life: 0, running: None }
    }

    pub fn dialled(&mut self, line: u64) {
        if let Some(running) = &mut self.running {
            running.line = Some(line);
        }
    }

    pub fn dials(&self, line: u64) -> bool {
        self.running.as_ref().is_some_and(|running| running.line == Some(line))
    }

    /// How the device stands, for the message of a failure.
    pub fn told(&self) -> String {
        let status = self.running.as_ref().map(|running| running.engine.status());
        let Disk { cursor, outbox, holdings, refused, .. } = &self.disk;
        format!("{status:?}, stored {cursor:?}, owes {outbox:?}, holds {holdings:?}, refused {refused:?}")
    }

    pub fn is_idle(&self) -> bool {
        let status = self.running.as_ref().map(|running| running.engine.status());
        status.is_some_and(|it| it.link == Link::Online && it.pending == 0 && it.behind.is_none())
    }
}

impl World {
    pub fn device_start(&mut self, index: usize) {
        let seed = self.rng.u64(..);
        let mut actor = [0; 16];
        self.rng.fill(&mut actor);
        let device = &mut self.devices[index];
        if device.running.is_some() {
            return;
        }
        let resume = Resume {
            cursor: device.disk.cursor,
            role: device.disk.role,
            outbox: device.disk.outgoing(device.disk.outbox.clone()),
            refused: device.disk.refused.iter().map(|change| (change.hash, change.reason)).collect(),
            holdings: Holdings { dossiers: device.disk.holdings.clone(), ..Holdings::default() },
            strays: device.disk.strays(),
            readings: Vec::new(),
        };
        device.running = Some(Running {
            engine: DeviceEngine::new("simulation", &device.index.to_string(), seed, resume),
            line: None,
            pen: Pen { user: device.identity.user, actor },
            open: HashMap::new(),
            seen: HashMap::new(),
            disk_free_at: 0,
            failed_until: 0,
        });
        self.device_event(index, DeviceEvent::Retry);
    }

    pub fn device_crash(&mut self, index: usize) {
        if self.devices[index].running.is_none() {
            return;
        }
        self.crashes += 1;
        let line = self.devices[index].running.take().and_then(|running| running.line);
        self.devices[index].life += 1;
        if let Some(line) = line {
            self.cut(line);
        }
        let pause = self.rng.i64(500..20_000);
        self.after(pause, Happening::DeviceStart { device: index });
    }

    pub fn device_opened(&mut self, index: usize, line: u64) {
        if self.devices[index].dials(line) {
            self.device_event(index, DeviceEvent::Opened);
        }
    }

    pub fn device_closed(&mut self, index: usize, line: u64) {
        if self.devices[index].dials(line) {
            if let Some(running) = &mut self.devices[index].running {
                running.line = None;
            }
            self.device_event(index, DeviceEvent::Closed);
        }
    }

    pub fn device_frame(&mut self, index: usize, line: u64, frame: Vec<u8>) {
        if self.devices[index].dials(line) {
            self.device_event(index, DeviceEvent::Frame(frame));
        }
    }

    pub fn device_tick(&mut self, index: usize, life: u32) {
        if self.devices[index].life == life {
            self.device_event(index, DeviceEvent::Tick);
        }
    }

    fn device_event(&mut self, index: usize, event: DeviceEvent) {
        let now = self.now;
        let Some(running) = &mut self.devices[index].running else { return };
        let effects = running.engine.handle(event, now);
        let wake = running.engine.next_wake();
        for effect in effects {
            self.device_effect(index, effect);
        }
        if let Some(wake) = wake {
            let life = self.devices[index].life;
            self.at(wake.0, Happening::Tick { device: index, life });
        }
    }

    fn device_effect(&mut self, index: usize, effect: DeviceEffect) {
        let line = self.devices[index].running.as_ref().and_then(|running| running.line);
        match effect {
            DeviceEffect::Connect => self.dial(index),
            DeviceEffect::Disconnect => {
                if let Some(running) = &mut self.devices[index].running {
                    running.line = None;
                }
                if let Some(line) = line {
                    self.cut(line);
                }
            }
            DeviceEffect::Send(frame) => {
                if let Some(line) = line {
                    self.send(line, true, &frame);
                }
            }
            DeviceEffect::Store { changes, cursor, role } => {
                self.device_job(index, Job::Receive(changes, cursor, role));
            }
            DeviceEffect::Settle(changes) => {
                for (document, hash) in &changes {
                    let late = |(candidate, _): &(Candidate, Identity)| candidate.header.hash == *hash;
                    let durable =
                        self.relay.ledger.known(document, hash).is_some() || self.relay.ledger.late().any(late);
                    assert!(durable, "shown as « au relais » before the relay has it on its disk");
                }
                self.device_job(index, Job::Settle(changes));
            }
            DeviceEffect::Quarantine(changes) => self.device_job(index, Job::Quarantine(changes)),
            DeviceEffect::PushAgain => self.device_job(index, Job::PushAgain),
            DeviceEffect::Hold(holdings) => self.device_job(index, Job::Hold(holdings)),
            DeviceEffect::Backfill { dossier, changes, done } => {
                self.device_job(index, Job::Backfill(dossier, changes, done));
            }
            DeviceEffect::Forget(dossiers) => self.device_job(index, Job::Forget(dossiers)),
            DeviceEffect::StartOver => self.device_job(index, Job::StartOver),
            DeviceEffect::ForgetEverything => panic!("nobody is revoked here"),
            DeviceEffect::Lease(_) | DeviceEffect::InReview(_) | DeviceEffect::Noted(_) => {}
        }
    }

    fn device_job(&mut self, index: usize, job: Job) {
        let (now, delay) = (self.now.0, self.rng.i64(1..40));
        let device = &mut self.devices[index];
        let Some(running) = &mut device.running else { return };
        running.disk_free_at = running.disk_free_at.max(now) + delay;
        let (time, life) = (running.disk_free_at, device.life);
        self.at(time, Happening::JobDone { device: index, life, job });
    }

    pub fn device_job_done(&mut self, index: usize, life: u32, job: Job) {
        let mut actor = [0; 16];
        self.rng.fill(&mut actor);
        let fails = !self.healing && job.may_fail() && self.rng.u8(..) < FAILING;
        let now = self.now.0;
        let device = &mut self.devices[index];
        let (Some(running), true) = (&mut device.running, device.life == life) else { return };
        if job.hangs_on_others() && now <= running.failed_until {
            return;
        }
        if fails {
            running.failed_until = running.disk_free_at;
            self.failures += 1;
            return self.device_event(index, DeviceEvent::StoreFailed);
        }
        let disk = &mut device.disk;
        match job {
            Job::Append(changes, edits) => {
                let keys: Vec<_> = changes.iter().map(|change| (change.document, change.hash)).collect();
                disk.actors.insert(running.pen.actor.to_vec());
                disk.outbox.extend(keys.iter().copied());
                disk.edits.extend(edits);
                disk.changes.extend(changes.into_iter().map(|change| ((change.document, change.hash), change.bytes)));
                let outgoing = disk.outgoing(keys);
                self.device_event(index, DeviceEvent::Authored(outgoing));
            }
            Job::Receive(changes, cursor, role) => {
                disk.role = Some(role);
                receive(disk, running, changes);
                disk.cursor = Some(cursor);
                self.device_event(index, DeviceEvent::Stored(cursor.seq));
            }
            Job::Settle(changes) => disk.outbox.retain(|key| !changes.contains(key)),
            Job::Quarantine(changes) => {
                for change in &changes {
                    running.open.remove(&change.document);
                    running.seen.remove(&change.document);
                    disk.changes.remove(&(change.document, change.hash));
                    disk.outbox.remove(&(change.document, change.hash));
                }
                disk.refused.extend(changes);
                // What was set aside must not share its numbers with what comes after.
                running.pen.actor = actor;
            }
            Job::Hold(holdings) => {
                let dossiers = holdings.iter().map(|(dossier, _)| *dossier).collect();
                disk.holdings.extend(holdings);
                self.device_event(index, DeviceEvent::Kept(dossiers));
            }
            Job::Backfill(dossier, changes, done) => {
                receive(disk, running, changes);
                if done {
                    disk.holdings.entry(dossier).or_default().complete = true;
                    self.device_event(index, DeviceEvent::Backfilled(dossier));
                }
            }
            Job::Forget(dossiers) => self.device_forget(index, dossiers),
            Job::StartOver => self.device_start_over(index),
            Job::PushAgain => {
                // Also what is in snapshots: each on its own again.
                let own: Vec<_> = disk.own().into_iter().map(|it| ((it.document, it.hash), it.bytes)).collect();
                let keys: Vec<_> = own.iter().map(|(key, _)| *key).collect();
                disk.changes.extend(own);
                disk.outbox.extend(keys.iter().copied());
                let outgoing = disk.outgoing(keys);
                self.device_event(index, DeviceEvent::Authored(outgoing));
            }
        }
    }

    fn device_forget(&mut self, index: usize, dossiers: Vec<DossierId>) {
        let goes = |document: &DocumentId| document.dossier().is_some_and(|dossier| dossiers.contains(&dossier));
        let mut actor = [0; 16];
        self.rng.fill(&mut actor);
        let device = &mut self.devices[index];
        let changes = device.disk.reclaim(goes);
        if !changes.is_empty() {
            return self.device_event(index, DeviceEvent::Reclaimed { dossiers, changes });
        }
        device.disk.changes.retain(|(document, _), _| !goes(document));
        device.disk.holdings.retain(|dossier, _| !dossiers.contains(dossier));
        let Some(running) = &mut device.running else { return };
        running.open.retain(|document, _| !goes(document));
        running.seen.retain(|document, _| !goes(document));
        // What was made before the documents went must not share its numbers with what comes after.
        running.pen.actor = actor;
        self.device_event(index, DeviceEvent::Forgotten(dossiers));
    }

    fn device_start_over(&mut self, index: usize) {
        let mut actor = [0; 16];
        self.rng.fill(&mut actor);
        let device = &mut self.devices[index];
        let changes = device.disk.reclaim(|_| true);
        if !changes.is_empty() {
            return self.device_event(index, DeviceEvent::Reclaimed { dossiers: Vec::new(), changes });
        }
        let Disk { edits, refused, reclaimed, .. } = std::mem::take(&mut device.disk);
        device.disk = Disk { edits, refused, reclaimed, ..Disk::default() };
        device.believes = device.identity.role;
        let Some(running) = &mut device.running else { return };
        running.open.clear();
        running.seen.clear();
        running.pen.actor = actor;
        self.device_event(index, DeviceEvent::StartedOver);
    }

    /// Somebody writes something, then pauses.
    pub fn device_act(&mut self, index: usize) {
        if self.healing {
            return;
        }
        if self.devices[index].running.is_some() {
            self.write_something(index);
        }
        let pause = self.rng.i64(200..9_000);
        self.after(pause, Happening::Act { device: index });
    }

    /// A snapshot takes the place of some document's changes, while the page is open or not.
    pub fn device_compact(&mut self, index: usize) {
        let documents = documents();
        let document = documents[self.rng.usize(..documents.len())];
        self.compactions.1 += u64::from(self.devices[index].disk.compact(document));
    }

    fn write_something(&mut self, index: usize) {
        let dossier = dossiers()[self.rng.usize(..2)];
        let office = self.devices[index].believes == Role::Gestionnaire;
        if !office && !self.devices[index].disk.holdings.contains_key(&dossier) {
            return;
        }
        let (what, stale) = (self.rng.u8(0..6), self.rng.u8(..) < 40);
        let mut entry = [0; 16];
        self.rng.fill(&mut entry);
        let token = format!("«{}»", hex(&entry[..6]));
        let (id, kind) = match what {
            0 if office => (DocumentId::client(dossier), EditKind::Text),
            1 | 2 if office => (DocumentId::client(dossier), EditKind::Field),
            3 if office => (DocumentId::relation(dossier), EditKind::Entry),
            3 | 4 => (DocumentId::rapports(dossier), EditKind::Entry),
            _ => (DocumentId::journal(dossier, YEAR), EditKind::Entry),
        };
        let now = self.now;
        let device = &mut self.devices[index];
        let Some(running) = &mut device.running else { return };
        let document = running.open.entry(id).or_insert_with(|| device.disk.document(id));
        let heads = document.heads();
        let base = if stale { running.seen.get(&id).cloned().unwrap_or_else(|| heads.clone()) } else { heads.clone() };
        let view = (kind != EditKind::Entry).then(|| FieldsView::read(document));
        self.contested += view.as_ref().map_or(0, |view| view.contested() as u64);
        let pen = running.pen.clone();
        let change = match (kind, view) {
            (EditKind::Text, Some(view)) => {
                // A text is written on top of what is on the screen, so never against an older state.
                let edit = SetField { field: &NOTE, value: format!("{} {token}", view.value(&NOTE)) };
                set_field(document, &pen, &heads, now, &edit)
            }
            (EditKind::Field, _) => {
                let edit = SetField { field: &TELEPHONE, value: token.clone() };
                set_field(document, &pen, &base, now, &edit)
            }
            _ if id.kind() == DocumentKind::Relation => {
                relation::add_demande(document, &pen, now, EntryId(entry), "Téléphone", &token)
            }
            _ if id.kind() == DocumentKind::Rapports => {
                let note = [SetField { field: &NOTE_TEXTE, value: token.clone() }];
                add_record(document, &pen, now, (&NOTES, EntryId(entry)), &note)
            }
            _ => journal::add_transmission(document, &pen, now, EntryId(entry), &token),
        };
        let change = change.unwrap().expect("a new token is a change");
        running.seen.insert(id, heads);
        let edit = Edit { document: id, hash: change.hash, token, kind };
        self.device_job(index, Job::Append(genesis(id).into_iter().chain([change]).collect(), vec![edit]));
    }
}

fn receive(disk: &mut Disk, running: &mut Running, changes: Vec<ReceivedChunk>) {
    let role = disk.role.expect("the role is stored before anything comes");
    for change in changes {
        let id: DocumentId = change.document.parse().unwrap();
        assert!(access(role, id.kind()).may_read(), "{role:?} is sent {id}");
        if let Some(open) = running.open.get_mut(&id) {
            open.apply(&change.bytes).unwrap();
        }
        disk.changes.insert((id, change.hash), change.bytes);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
