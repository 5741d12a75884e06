//! The messages. Integer keys never change their meaning; unknown keys are skipped, so that fields can be added.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::refusal::{ChangeRefusal, HelloRefusal};
use crate::access::Role;
use crate::ids::{DeviceId, Epoch, Seq, UserId};
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
        /// Where the feed frame before this one ended, or the cursor of the hello: a gap means a lost frame.
        #[n(2)]
        after: Seq,
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
        /// Where the last feed frame sent on this connection ended: a device that is not there lost one.
        #[n(2)]
        sent: Seq,
    },
    /// A frame was not understood; the connection goes on.
    #[n(5)]
    Malformed {
        /// For the developer of the client.
        #[n(0)]
        detail: String,
    },
}

/// One accepted change.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FeedEntry {
    /// Its position.
    #[n(0)]
    pub seq: Seq,
    /// Its document's name.
    #[n(1)]
    pub document: String,
    /// The Automerge change chunk.
    #[n(2)]
    pub change: ByteVec,
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
