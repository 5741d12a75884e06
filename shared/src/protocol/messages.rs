//! The messages. Integer keys never change their meaning; unknown keys are skipped, so that fields can be added.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::refusal::{ChangeRefusal, HelloRefusal};
use crate::access::{Grant, Role};
use crate::ids::{DeviceId, DossierId, Epoch, Seq, UserId};
use crate::time::Timestamp;

/// How far a device has stored the log of one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cursor {
    /// The life of the log that `seq` counts in.
    #[n(0)]
    pub epoch: Epoch,
    /// Everything the device may see up to here is in its store.
    #[n(1)]
    pub seq: Seq,
}

/// From a device to the relay.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub enum ClientMessage {
    /// First frame of a connection.
    #[n(0)]
    Hello {
        /// [`super::PROTOCOL`].
        #[n(0)]
        protocol: u16,
        /// Name and version of the client, for the relay's operator.
        #[n(1)]
        app: String,
        /// The session token, as the login gave it.
        #[n(2)]
        token: String,
        /// What the device holds already; none at first.
        #[n(3)]
        cursor: Option<Cursor>,
        /// [`crate::sync::digest`] of the dossiers held whole, from devices that were granted some.
        #[cbor(n(4), with = "minicbor::bytes")]
        held: Option<[u8; 16]>,
    },
    /// Changes of one document, each after those it depends on.
    #[n(1)]
    Push {
        /// Chosen by the device, comes back in the `Ack`; grows within a connection.
        #[n(0)]
        id: u64,
        /// The document's name.
        #[n(1)]
        document: String,
        /// Automerge change chunks.
        #[n(2)]
        changes: Vec<ByteVec>,
    },
    /// Feed frames up to this position are durable on the device.
    #[n(2)]
    Stored {
        /// The `upto` of the last feed frame stored.
        #[n(0)]
        seq: Seq,
    },
    /// Is anybody there?
    #[n(3)]
    Ping {
        /// Comes back in the `Pong`.
        #[n(0)]
        nonce: u64,
        /// The last `turn` sent on this connection.
        #[n(1)]
        turn: u64,
    },
    /// The answer to [`RelayMessage::TellHeld`].
    #[n(4)]
    Held {
        /// Dossiers held whole.
        #[n(0)]
        whole: Vec<DossierId>,
        /// Dossiers of which a part has come.
        #[n(1)]
        part: Vec<DossierId>,
        /// 1, 2, 3 … over the frames of a connection that have one: a gap means a lost frame.
        #[n(2)]
        turn: u64,
    },
    /// These granted dossiers are durable on the device, whole.
    #[n(5)]
    Granted {
        /// Which.
        #[n(0)]
        dossiers: Vec<DossierId>,
        /// 1, 2, 3 … over the frames of a connection that have one: a gap means a lost frame.
        #[n(1)]
        turn: u64,
    },
    /// Nothing of these dossiers is on the device any more.
    #[n(6)]
    Forgotten {
        /// Which.
        #[n(0)]
        dossiers: Vec<DossierId>,
        /// 1, 2, 3 … over the frames of a connection that have one: a gap means a lost frame.
        #[n(1)]
        turn: u64,
    },
    /// What the person has read on this device, for the access log.
    #[n(7)]
    Readings {
        /// Chosen by the device, comes back in the `Noted`.
        #[n(0)]
        id: u64,
        /// The readings, oldest first.
        #[n(1)]
        readings: Vec<Reading>,
    },
}

/// From the relay to a device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub enum RelayMessage {
    /// The hello was accepted.
    #[n(0)]
    Welcome {
        /// The log's present life.
        #[n(0)]
        epoch: Epoch,
        /// The last position in the log now.
        #[n(1)]
        head: Seq,
        /// The device's cursor is not of this log: start from nothing and push own changes again.
        #[n(2)]
        reset: bool,
        /// Whose session this is.
        #[n(3)]
        user: UserId,
        /// Which device the relay knows this as.
        #[n(4)]
        device: DeviceId,
        /// What the person may do.
        #[n(5)]
        role: Role,
        /// The relay's clock.
        #[n(6)]
        time: Timestamp,
        /// How long the device may stay away before it locks its dossiers, in milliseconds; none: for ever.
        #[n(7)]
        lease: Option<i64>,
        /// What the device holds was chosen for another role: push what is owed, delete everything, come back without a
        /// cursor.
        #[n(8)]
        start_over: bool,
    },
    /// The hello was refused; the relay closes after this.
    #[n(1)]
    Refused {
        /// Why.
        #[n(0)]
        reason: HelloRefusal,
    },
    /// What is new for this device, in the order of the log.
    #[n(2)]
    Feed {
        /// The changes.
        #[n(0)]
        entries: Vec<FeedEntry>,
        /// Once stored, the device's cursor.
        #[n(1)]
        upto: Seq,
        /// 1, 2, 3 … over the frames of a connection that have one: a gap means a lost frame.
        #[n(2)]
        turn: u64,
    },
    /// The answer to one push: what is not refused is durable on the relay.
    #[n(3)]
    Ack {
        /// The push.
        #[n(0)]
        id: u64,
        /// The last position the push was given (0 when nothing was accepted).
        #[n(1)]
        seq: Seq,
        /// The changes that were not accepted.
        #[n(2)]
        refused: Vec<RefusedChange>,
        /// Places in the push of what is durable in the office's review list instead of the dossier.
        #[n(3)]
        review: Vec<u32>,
    },
    /// The answer to a ping.
    #[n(4)]
    Pong {
        /// From the ping.
        #[n(0)]
        nonce: u64,
        /// The relay's clock.
        #[n(1)]
        time: Timestamp,
        /// The last `turn` sent on this connection: a device that is not there lost a frame.
        #[n(2)]
        turn: u64,
    },
    /// A frame was not understood; the connection goes on.
    #[n(5)]
    Malformed {
        /// For the developer of the client.
        #[n(0)]
        detail: String,
    },
    /// The relay is not sure what this device holds; it answers with [`ClientMessage::Held`].
    #[n(6)]
    TellHeld {
        /// 1, 2, 3 … over the frames of a connection that have one: a gap means a lost frame.
        #[n(0)]
        turn: u64,
    },
    /// The person may hold these dossiers from now on, or until another end than was said.
    #[n(7)]
    Grant {
        /// The dossiers.
        #[n(0)]
        grants: Vec<NewGrant>,
        /// 1, 2, 3 … over the frames of a connection that have one: a gap means a lost frame.
        #[n(1)]
        turn: u64,
    },
    /// What came before the grant of a dossier.
    #[n(8)]
    Backfill {
        /// Which dossier.
        #[n(0)]
        dossier: DossierId,
        /// Its changes, in the order of the log.
        #[n(1)]
        entries: Vec<FeedEntry>,
        /// Nothing is missing any more.
        #[n(2)]
        done: bool,
        /// 1, 2, 3 … over the frames of a connection that have one: a gap means a lost frame.
        #[n(3)]
        turn: u64,
    },
    /// The person may not hold these any more: push what is owed in them, delete them, say `Forgotten`.
    #[n(9)]
    Forget {
        /// The dossiers.
        #[n(0)]
        dossiers: Vec<DossierId>,
        /// 1, 2, 3 … over the frames of a connection that have one: a gap means a lost frame.
        #[n(1)]
        turn: u64,
    },
    /// The device was revoked (instead of a welcome): push what is owed, delete everything, then confirm over HTTP.
    #[n(10)]
    ForgetAll {
        /// The device's cursor is not of this log: what was written there is owed again.
        #[n(0)]
        #[cbor(default)]
        reset: bool,
    },
    /// A report of readings is durable.
    #[n(11)]
    Noted {
        /// The report.
        #[n(0)]
        id: u64,
    },
}

impl RelayMessage {
    /// The message with its turn, when it is one that has one.
    #[must_use]
    pub fn numbered(mut self, number: u64) -> Self {
        match &mut self {
            Self::Feed { turn, .. }
            | Self::TellHeld { turn }
            | Self::Grant { turn, .. }
            | Self::Backfill { turn, .. }
            | Self::Forget { turn, .. } => *turn = number,
            _ => {}
        }
        self
    }
}

/// One dossier of a `Grant`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewGrant {
    /// Which dossier, until when.
    #[n(0)]
    pub grant: Grant,
    /// The feed brings all of it: no backfill follows.
    #[n(1)]
    pub whole: bool,
}

/// What [`Reading::volet`] says when a social security number was unmasked.
pub const UNMASKED: &str = "nir";

/// A volet of a dossier that somebody opened.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Reading {
    /// Which dossier.
    #[n(0)]
    pub dossier: DossierId,
    /// Which kind of document was shown, by [`crate::DocumentKind::name`]; or [`UNMASKED`].
    #[n(1)]
    pub volet: String,
    /// When, by the device's clock.
    #[n(2)]
    pub at: Timestamp,
    /// The relay could not be reached then.
    #[n(3)]
    pub offline: bool,
}

/// An accepted change, or a snapshot of all that was accepted of its document up to its position (FEED-8).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FeedEntry {
    /// Its position.
    #[n(0)]
    pub seq: Seq,
    /// Its document's name.
    #[n(1)]
    pub document: String,
    /// An Automerge change or document chunk.
    #[n(2)]
    pub chunk: ByteVec,
}

/// One change of a push that was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RefusedChange {
    /// Its place in the push, from 0.
    #[n(0)]
    pub index: u32,
    /// Why.
    #[n(1)]
    pub reason: ChangeRefusal,
}
