//! Devices that push what they have as fast as the relay acknowledges it.
//!
//! Never makes a change while time is taken: they are all written before.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use liaison_shared::documents::journal::add_transmission;
use liaison_shared::documents::{Document, genesis};
use liaison_shared::protocol::{ClientMessage, RelayMessage, decode, encode};
use liaison_shared::{DocumentId, DossierId, EntryId};
use liaison_tests::client::Session;
use tokio::sync::Barrier;

use crate::Failure;
use crate::clock::{self, Stopwatch};
use crate::wire::Wire;

/// Longest time that one load keeps pushing.
pub const BUDGET: Duration = Duration::from_millis(1_500);

const TEXTE: &str = "Courses faites, médicaments pris à midi. Le robinet de la cuisine fuit encore : \
                     j’ai laissé un mot au gardien de l’immeuble.";

/// How hard a load is.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Devices, each with its connection.
    pub connections: usize,
    /// Pushes of one connection without their acknowledgement.
    pub in_flight: usize,
    /// Changes in one push.
    pub per_push: usize,
    /// Whether devices report what they are fed as stored: otherwise the relay stops feeding them.
    pub take_feed: bool,
}

/// Pushes of one device.
pub type Pushes = VecDeque<(DocumentId, Vec<Vec<u8>>)>;

/// What a load came to.
#[derive(Debug)]
pub struct Outcome {
    /// Changes acknowledged per second.
    pub rate: f64,
    /// From push to `Ack`, in milliseconds.
    pub latencies: Vec<f64>,
    /// Bytes of changes that others wrote and that were received meanwhile.
    pub fed: usize,
}

/// Transmissions of one device, as the app writes them: at least 32 to a journal, beginning with its genesis.
pub fn write(
    session: &Session,
    changes: usize,
    per_push: usize,
    random: &mut fastrand::Rng,
) -> Result<Pushes, Failure> {
    const JOURNAL: usize = 32;
    let mut pushes = Pushes::new();
    let mut written = 0;
    while written < changes {
        let id = DocumentId::journal(DossierId(random.u128(..).to_le_bytes()), 2026);
        let mut document = Document::new(id);
        let mut bytes: Vec<_> = genesis(id).into_iter().map(|step| step.bytes).collect();
        while bytes.len() < JOURNAL.max(per_push) {
            let entry = EntryId(random.u128(..).to_le_bytes());
            let change = add_transmission(&mut document, &session.pen(1), clock::now(), entry, TEXTE)?;
            bytes.push(change.ok_or("an entry was there already")?.bytes);
        }
        written += bytes.len();
        pushes.extend(bytes.chunks(per_push).map(|push| (id, push.to_vec())));
    }
    Ok(pushes)
}

/// Runs every device at once.
pub async fn run(address: SocketAddr, shape: Shape, devices: Vec<(Session, Pushes)>) -> Result<Outcome, Failure> {
    let start = Arc::new(Barrier::new(devices.len() + 1));
    let mut tasks = Vec::new();
    for (session, pushes) in devices {
        let device = Device::connect(address, &session, shape, pushes).await?;
        let start = Arc::clone(&start);
        tasks.push(tokio::spawn(async move {
            start.wait().await;
            device.push_all().await
        }));
    }
    start.wait().await;
    let watch = Stopwatch::start();
    let mut outcome = Outcome { rate: 0.0, latencies: Vec::new(), fed: 0 };
    let mut changes = 0;
    for task in tasks {
        let done = task.await??;
        changes += done.acked;
        outcome.latencies.extend(done.latencies);
        outcome.fed += done.fed;
    }
    outcome.rate = changes as f64 / watch.elapsed().as_secs_f64();
    Ok(outcome)
}

struct Device {
    wire: Wire,
    shape: Shape,
    pushes: Pushes,
    next: u64,
    waiting: HashMap<u64, (usize, Stopwatch)>,
    acked: usize,
    latencies: Vec<f64>,
    fed: usize,
}

impl Device {
    async fn connect(address: SocketAddr, session: &Session, shape: Shape, pushes: Pushes) -> Result<Self, Failure> {
        let wire = Wire::at_head(address, session).await?;
        let waiting = HashMap::new();
        Ok(Self { wire, shape, pushes, next: 0, waiting, acked: 0, latencies: Vec::new(), fed: 0 })
    }

    async fn push_all(mut self) -> Result<Self, Failure> {
        let watch = Stopwatch::start();
        for _ in 0..self.shape.in_flight {
            self.push().await?;
        }
        while !self.waiting.is_empty() {
            match decode(&self.wire.frame().await?)? {
                RelayMessage::Ack { id, refused, .. } => {
                    if let Some(refusal) = refused.first() {
                        return Err(format!("the relay refused a change: {refusal:?}").into());
                    }
                    let (changes, pushed) = self.waiting.remove(&id).ok_or("an ack for nothing")?;
                    self.acked += changes;
                    self.latencies.push(pushed.elapsed().as_secs_f64() * 1e3);
                    if watch.elapsed() < BUDGET {
                        self.push().await?;
                    }
                }
                RelayMessage::Feed { entries, upto, .. } => {
                    self.fed += entries.iter().map(|entry| entry.chunk.len()).sum::<usize>();
                    if self.shape.take_feed {
                        self.wire.send(encode(&ClientMessage::Stored { seq: upto })).await?;
                    }
                }
                other => return Err(format!("unexpected: {other:?}").into()),
            }
        }
        Ok(self)
    }

    async fn push(&mut self) -> Result<(), Failure> {
        let Some((document, changes)) = self.pushes.pop_front() else { return Ok(()) };
        self.next += 1;
        let count = changes.len();
        let changes = changes.into_iter().map(Into::into).collect();
        let frame = encode(&ClientMessage::Push { id: self.next, document: document.to_string(), changes });
        self.waiting.insert(self.next, (count, Stopwatch::start()));
        self.wire.send(frame).await
    }
}
