//! Time, the network and its faults.

use std::collections::{BTreeMap, HashMap};

use liaison_shared::access::Role;
use liaison_shared::sync::RelayEvent;
use liaison_shared::time::Millis;
use liaison_shared::{DossierId, Seq, Timestamp};

use crate::device::{Device, Job};
use crate::relay::Relay;

/// What kind of bad day a run simulates.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Frames are dropped, repeated and reordered inside a connection, which no WebSocket does.
    pub lossy: bool,
    /// The relay is sometimes put back to an older copy of its log.
    pub restores: bool,
    /// The relay sometimes takes the office's rights from somebody who does not know it yet.
    pub demotes: bool,
    /// People are put on teams and taken off them, whether their phones are there or not.
    pub regrants: bool,
}

/// Something that will happen.
pub enum Happening {
    Opened { device: usize, line: u64 },
    NotOpened { device: usize, line: u64 },
    ToRelay { line: u64, frame: Vec<u8> },
    ToDevice { line: u64, frame: Vec<u8> },
    Commit { life: u32 },
    Read { line: u64, after: Seq },
    Listen { line: u64 },
    Backfill { line: u64, dossier: DossierId, after: Seq },
    RelayStart,
    DeviceStart { device: usize },
    Tick { device: usize, life: u32 },
    JobDone { device: usize, life: u32, job: Job },
    Act { device: usize },
    Fault,
}

/// What a run was made of.
pub struct Story {
    pub edits: u64,
    pub crashes: u64,
    pub contested: u64,
    pub compactions: (u64, u64),
    pub failures: u64,
    /// Changes that were left to the office.
    pub late: u64,
}

pub struct World {
    pub plan: Plan,
    pub rng: fastrand::Rng,
    pub now: Timestamp,
    pub devices: Vec<Device>,
    pub relay: Relay,
    /// Open lines and whose they are.
    pub lines: HashMap<u64, usize>,
    pub crashes: u64,
    pub contested: u64,
    /// Snapshots that took the place of changes, at the relay and on devices.
    pub compactions: (u64, u64),
    /// Work on a device's disk that could not be done.
    pub failures: u64,
    /// Faults and people stop when the world heals.
    pub healing: bool,
    queue: BTreeMap<(i64, u64), Happening>,
    order: u64,
    last_line: u64,
    /// When the last frame of a line arrives, for lines that keep the order.
    arrivals: HashMap<(u64, bool), i64>,
}

impl World {
    pub fn new(seed: u64, plan: Plan) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let count = rng.usize(2..=4);
        let devices: Vec<Device> = (0..count).map(|index| Device::new(index, seed)).collect();
        let mut world = Self {
            plan,
            relay: Relay::new(seed, &devices),
            rng,
            now: Timestamp(1_000_000),
            devices,
            lines: HashMap::new(),
            crashes: 0,
            contested: 0,
            compactions: (0, 0),
            failures: 0,
            healing: false,
            queue: BTreeMap::new(),
            order: 0,
            last_line: 0,
            arrivals: HashMap::new(),
        };
        for device in 0..count {
            world.after(0, Happening::DeviceStart { device });
            let first = world.rng.i64(0..2000);
            world.after(first, Happening::Act { device });
        }
        world.after(1000, Happening::Fault);
        world
    }

    pub fn after(&mut self, milliseconds: i64, happening: Happening) {
        self.at(self.now.0 + milliseconds.max(0), happening);
    }

    pub fn at(&mut self, time: i64, happening: Happening) {
        self.order += 1;
        self.queue.insert((time.max(self.now.0), self.order), happening);
    }

    /// Lets things happen for a while.
    pub fn live(&mut self, milliseconds: i64) {
        let end = self.now + Millis(milliseconds);
        while let Some(((time, _), _)) = self.queue.first_key_value()
            && *time <= end.0
        {
            let Some(((time, _), happening)) = self.queue.pop_first() else { return };
            self.now = Timestamp(time);
            self.happen(happening);
        }
        self.now = end;
    }

    /// No more faults: everybody is started, and everything on its way arrives.
    pub fn heal(&mut self) {
        self.healing = true;
        self.after(0, Happening::RelayStart);
        for device in 0..self.devices.len() {
            self.after(0, Happening::DeviceStart { device });
        }
        self.live(600_000);
    }

    pub fn story(&self) -> Story {
        let edits = self.devices.iter().map(|device| device.disk.edits.len() as u64).sum();
        let late = self.relay.ledger.late().count() as u64;
        let World { crashes, contested, compactions, failures, .. } = *self;
        Story { edits, crashes, contested, compactions, failures, late }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Opened { device, line } => self.line_opened(device, line),
            Happening::NotOpened { device, line } => self.device_closed(device, line),
            Happening::ToRelay { line, frame } => {
                if self.lines.contains_key(&line) {
                    self.relay_event(line, RelayEvent::Frame(&frame));
                }
            }
            Happening::ToDevice { line, frame } => {
                if let Some(device) = self.lines.get(&line).copied() {
                    self.device_frame(device, line, frame);
                }
            }
            Happening::Commit { life } => self.relay_commit(life),
            Happening::Read { line, after } => self.relay_read(line, after),
            Happening::Listen { line } => self.relay_listened(line),
            Happening::Backfill { line, dossier, after } => self.relay_backfill(line, dossier, after),
            Happening::RelayStart => self.relay.up = true,
            Happening::DeviceStart { device } => self.device_start(device),
            Happening::Tick { device, life } => self.device_tick(device, life),
            Happening::JobDone { device, life, job } => self.device_job_done(device, life, job),
            Happening::Act { device } => self.device_act(device),
            Happening::Fault => self.fault(),
        }
    }

    /// A device tries to connect.
    pub fn dial(&mut self, device: usize) {
        self.last_line += 1;
        let line = self.last_line;
        self.devices[device].dialled(line);
        let delay = self.rng.i64(5..200);
        let reachable = self.healing || self.rng.u8(..) > 40;
        let happening =
            if reachable { Happening::Opened { device, line } } else { Happening::NotOpened { device, line } };
        self.after(delay, happening);
    }

    fn line_opened(&mut self, device: usize, line: u64) {
        if !self.relay.up || !self.devices[device].dials(line) {
            self.device_closed(device, line);
            return;
        }
        self.lines.insert(line, device);
        self.relay.open(line);
        self.device_opened(device, line);
    }

    /// A frame leaves; it arrives later, or not, or twice.
    pub fn send(&mut self, line: u64, to_relay: bool, frame: &[u8]) {
        if !self.lines.contains_key(&line) {
            return;
        }
        let lossy = self.plan.lossy && !self.healing;
        let copies = match self.rng.u8(..) {
            0..=10 if lossy => 0,
            11..=20 if lossy => 2,
            _ => 1,
        };
        for _ in 0..copies {
            let mut time = self.now.0 + self.rng.i64(1..150);
            if !lossy {
                let last = self.arrivals.entry((line, to_relay)).or_default();
                time = time.max(*last + 1);
                *last = time;
            }
            let frame = frame.to_vec();
            let happening =
                if to_relay { Happening::ToRelay { line, frame } } else { Happening::ToDevice { line, frame } };
            self.at(time, happening);
        }
    }

    /// The line is gone for both ends; what was on its way is lost.
    pub fn cut(&mut self, line: u64) {
        let Some(device) = self.lines.remove(&line) else { return };
        self.relay.close(line);
        self.device_closed(device, line);
    }

    fn fault(&mut self) {
        if self.healing {
            return;
        }
        match self.rng.u8(0..10) {
            0..=3 => {
                let mut lines: Vec<u64> = self.lines.keys().copied().collect();
                lines.sort_unstable();
                if !lines.is_empty() {
                    let line = lines[self.rng.usize(..lines.len())];
                    self.cut(line);
                }
            }
            4..=6 => {
                let device = self.rng.usize(..self.devices.len());
                self.device_crash(device);
            }
            8 if self.plan.restores => self.relay_restore(),
            9 if self.plan.demotes => self.demote(),
            _ => self.relay_crash(),
        }
        if self.plan.regrants && self.rng.bool() {
            self.relay_regrant();
        }
        self.relay_compact();
        let device = self.rng.usize(..self.devices.len());
        self.device_compact(device);
        let next = self.rng.i64(500..12_000);
        self.after(next, Happening::Fault);
    }

    /// Not the first device: somebody must go on writing.
    fn demote(&mut self) {
        let device = self.rng.usize(1..self.devices.len());
        if self.devices[device].identity.role == Role::Intervenant {
            return;
        }
        self.devices[device].identity.role = Role::Intervenant;
        self.devices[device].never_was = self.devices[device].disk.cursor.is_none();
        // The relay ends the connections of those whose rights it changes.
        let line = self.lines.iter().find(|(_, whose)| **whose == device).map(|(line, _)| *line);
        if let Some(line) = line {
            self.cut(line);
        }
    }
}
