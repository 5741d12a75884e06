//! The live side of the relay: connections, the one writer, the feed of what is new.
//!
//! Never decides by itself: [`liaison_shared::sync::RelaySession`] says what to do, this carries it out.

mod connection;
mod effects;
mod end;
mod fanout;
mod input;
mod limits;
mod listeners;
mod publisher;
mod socket;
mod upgrade;
mod writer;

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

pub use fanout::Feed;
pub use limits::{ConnectionCounts, Counted, Counts, StreamCounts};
pub use listeners::{Listener, Listeners};
pub use publisher::Publisher;
pub use upgrade::sync;
pub use writer::{Writer, WriterStopped};

use crate::accounts::Sessions;
use crate::audit::Audit;
use crate::config::Limits;
use crate::devices::Devices;
use crate::grants::Grants;
use crate::settings::SettingsStore;

/// What every connection works with.
#[derive(Debug, Clone)]
pub struct Relay {
    /// Appends.
    pub writer: Writer,
    /// Reads.
    pub feed: Feed,
    /// Says whose token it is.
    pub sessions: Sessions,
    /// Notes where devices stand.
    pub devices: Devices,
    /// Says who reaches which dossiers.
    pub grants: Grants,
    /// What the agency has chosen.
    pub settings: SettingsStore,
    /// Where what was read and refused is written down.
    pub audit: Audit,
    /// Counts connections.
    pub counts: Arc<ConnectionCounts>,
    /// The bounds.
    pub limits: Arc<Limits>,
    /// True once the relay stops.
    pub stopping: watch::Receiver<bool>,
    /// Held by each connection: when all are dropped, no connection is left.
    pub alive: mpsc::Sender<()>,
}
