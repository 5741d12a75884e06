//! A device as it is: the engine that browsers run, over a real socket and a store in memory.
//!
//! Never opens a document: what is measured is how they travel.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use liaison_shared::access::Role;
use liaison_shared::documents::{ChangeHeader, NewChange};
use liaison_shared::protocol::Cursor;
use liaison_shared::sync::Resume;
use liaison_shared::sync::{DeviceEffect, DeviceEngine, DeviceEvent, Holding, Holdings, Link, Outgoing, ReceivedChunk};
use liaison_shared::{ChangeHash, DossierId};
use liaison_tests::client::Session;

use crate::Failure;
use crate::clock;
use crate::wire::Wire;

/// What a device keeps when it is closed.
#[derive(Debug, Default, Clone)]
pub struct Kept {
    pub cursor: Option<Cursor>,
    pub role: Option<Role>,
    pub holdings: BTreeMap<DossierId, Holding>,
    pub outbox: Vec<Outgoing>,
}

/// A device that is connected.
pub struct Device {
    engine: DeviceEngine,
    /// Its line.
    pub wire: Wire,
    pub kept: Kept,
    /// What came and was not looked at yet.
    pub arrived: Vec<ReceivedChunk>,
    /// Chunks received so far, and their bytes.
    pub received: (usize, usize),
    /// Changes the relay has, as it said.
    pub settled: Vec<ChangeHash>,
}

/// A change as the outbox has it.
pub fn outgoing(change: &NewChange) -> Result<Outgoing, Failure> {
    let (header, bytes) = ChangeHeader::read(&change.bytes)?;
    Ok(Outgoing { document: change.document, hash: header.hash, deps: header.deps, bytes })
}

impl Device {
    /// Connects and says hello; what follows is taken by [`Self::step`].
    pub async fn connect(address: SocketAddr, session: &Session, kept: Kept) -> Result<Self, Failure> {
        let holdings = Holdings { dossiers: kept.holdings.clone(), ..Holdings::default() };
        let resume =
            Resume { cursor: kept.cursor, role: kept.role, outbox: kept.outbox.clone(), holdings, ..Resume::default() };
        let mut engine = DeviceEngine::new("banc d’essai", &session.token, 1, resume);
        engine.handle(DeviceEvent::Retry, clock::now());
        let wire = Wire::open(address).await?;
        let mut device = Self { engine, wire, kept, arrived: Vec::new(), received: (0, 0), settled: Vec::new() };
        device.handle(DeviceEvent::Opened).await?;
        Ok(device)
    }

    /// Writes something here, and pushes it.
    pub async fn author(&mut self, changes: Vec<Outgoing>) -> Result<(), Failure> {
        self.kept.outbox.extend(changes.iter().cloned());
        self.handle(DeviceEvent::Authored(changes)).await
    }

    /// Takes the next frame.
    pub async fn step(&mut self) -> Result<(), Failure> {
        let frame = self.wire.frame().await?;
        self.handle(DeviceEvent::Frame(frame)).await
    }

    /// Takes frames until `done` or until there is none for so long; says whether it is done.
    pub async fn until(&mut self, quiet: Duration, done: impl Fn(&Self) -> bool) -> Result<bool, Failure> {
        while !done(self) {
            match tokio::time::timeout(quiet, self.step()).await {
                Ok(taken) => taken?,
                Err(_) => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Whether it is welcome, owes nothing, and has what the log had when it was welcomed.
    pub fn is_up_to_date(&self) -> bool {
        let status = self.engine.status();
        status.link == Link::Online && status.behind.is_none() && self.kept.outbox.is_empty()
    }

    /// Closes it: what it keeps.
    pub fn close(self) -> Kept {
        self.kept
    }

    async fn handle(&mut self, event: DeviceEvent) -> Result<(), Failure> {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.engine.handle(event, clock::now()) {
                events.extend(self.run(effect).await?);
            }
        }
        Ok(())
    }

    /// Carries out an effect; the store in memory answers at once.
    async fn run(&mut self, effect: DeviceEffect) -> Result<Option<DeviceEvent>, Failure> {
        match effect {
            DeviceEffect::Send(frame) => self.wire.send(frame).await?,
            DeviceEffect::Store { changes, cursor, role } => {
                self.take(changes);
                (self.kept.cursor, self.kept.role) = (Some(cursor), Some(role));
                return Ok(Some(DeviceEvent::Stored(cursor.seq)));
            }
            DeviceEffect::Hold(rows) => {
                let dossiers = rows.iter().map(|(dossier, _)| *dossier).collect();
                self.kept.holdings.extend(rows);
                return Ok(Some(DeviceEvent::Kept(dossiers)));
            }
            DeviceEffect::Backfill { dossier, changes, done } => {
                self.take(changes);
                if done {
                    self.kept.holdings.entry(dossier).or_default().complete = true;
                    return Ok(Some(DeviceEvent::Backfilled(dossier)));
                }
            }
            DeviceEffect::Settle(changes) => {
                let hashes: Vec<ChangeHash> = changes.into_iter().map(|(_, hash)| hash).collect();
                self.kept.outbox.retain(|owed| !hashes.contains(&owed.hash));
                self.settled.extend(hashes);
            }
            DeviceEffect::Lease(_) | DeviceEffect::Noted(_) => {}
            other => return Err(format!("unexpected: {other:?}").into()),
        }
        Ok(None)
    }

    fn take(&mut self, chunks: Vec<ReceivedChunk>) {
        self.received.0 += chunks.len();
        self.received.1 += chunks.iter().map(|chunk| chunk.bytes.len()).sum::<usize>();
        self.arrived.extend(chunks);
    }
}
