//! What happens to a device, what it has to do, and what it says of itself.

use minicbor::bytes::ByteVec;

use crate::access::Role;
use crate::documents::{ChangeHeader, is_snapshot, snapshot_hash};
use crate::ids::{ChangeHash, DocumentId, DossierId, Seq};
use crate::protocol::{ChangeRefusal, Cursor, HelloRefusal, Reading};
use crate::sync::holdings::{Holding, Holdings, Lease};
use crate::time::{Millis, Timestamp};

use super::outbox::{Outgoing, Quarantined};

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
    /// The grants of [`DeviceEffect::Hold`] are durable here.
    Kept(Vec<DossierId>),
    /// A dossier's backfill is durable here, whole.
    Backfilled(DossierId),
    /// Nothing of these dossiers is here any more.
    Forgotten(Vec<DossierId>),
    /// What was to be deleted is still owed, or was refused and never offered to the office: it has to be pushed first.
    Reclaimed {
        /// The dossiers that were to be deleted; none when it was everything.
        dossiers: Vec<DossierId>,
        /// What is to be pushed.
        changes: Vec<Outgoing>,
    },
    /// Everything that was chosen for another role is deleted.
    StartedOver,
    /// The person has read something; each under the key it is stored with.
    Read(Vec<(String, Reading)>),
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
        changes: Vec<ReceivedChunk>,
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
    /// Keep durably what is granted; answer with [`DeviceEvent::Kept`].
    Hold(Vec<(DossierId, Holding)>),
    /// Keep durably how long the device may stay away.
    Lease(Lease),
    /// Store what came before a grant; once `done` the dossier is whole: answer with [`DeviceEvent::Backfilled`].
    Backfill {
        /// Which dossier.
        dossier: DossierId,
        /// Its changes.
        changes: Vec<ReceivedChunk>,
        /// Nothing is missing any more.
        done: bool,
    },
    /// Delete everything of these dossiers, unless something is owed in them; answer with [`DeviceEvent::Forgotten`] or
    /// [`DeviceEvent::Reclaimed`].
    Forget(Vec<DossierId>),
    /// Delete every document, unless something is owed; answer with [`DeviceEvent::StartedOver`] or
    /// [`DeviceEvent::Reclaimed`].
    StartOver,
    /// Delete everything, unless something is owed (then [`DeviceEvent::Reclaimed`]), and confirm it over HTTP.
    ForgetEverything,
    /// The relay keeps these for the office to decide; they leave the outbox with the next [`DeviceEffect::Settle`].
    InReview(Vec<(DocumentId, ChangeHash)>),
    /// These readings are in the access log: they need not be kept.
    Noted(Vec<String>),
}

/// A change from the relay, or a snapshot of many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedChunk {
    /// Its document's name, kept as text: a newer version may know kinds that this one does not.
    pub document: String,
    /// The change's identity, or the snapshot's name.
    pub hash: ChangeHash,
    /// The chunk.
    pub bytes: Vec<u8>,
}

impl ReceivedChunk {
    /// A chunk as the relay has sent it; `None` when it is neither a change nor a snapshot. What a snapshot holds is looked
    /// at when its document is opened.
    #[must_use]
    pub fn read(document: String, chunk: ByteVec) -> Option<Self> {
        let (hash, bytes) = if is_snapshot(&chunk) {
            (snapshot_hash(&chunk), chunk.into())
        } else {
            let (header, bytes) = ChangeHeader::read(&chunk).ok()?;
            (header.hash, bytes)
        };
        Some(Self { document, hash, bytes })
    }
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
    /// What was granted, and how long the device may stay away.
    pub holdings: Holdings,
    /// Dossiers of which something is here without a grant, for people who reach some dossiers only.
    pub strays: Vec<DossierId>,
    /// What the person has read, not reported yet.
    pub readings: Vec<(String, Reading)>,
}
