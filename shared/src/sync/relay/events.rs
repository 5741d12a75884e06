//! What happens to a connection, and what the relay has to do for it.

use crate::access::{Role, Scope};
use crate::ids::{DossierId, Epoch, Seq};
use crate::protocol::{HelloRefusal, Reading, RefusedChange};
use crate::sync::admission::{Candidate, Identity};
use crate::sync::ledger::LogChunk;
use crate::time::Millis;

use super::HoldingRow;

/// Somebody whose token is good, and what the relay knows of their device.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// Who, on which device.
    pub identity: Identity,
    /// What they reach now.
    pub scope: Scope,
    /// The dossiers that the device was ever granted.
    pub holdings: Vec<HoldingRow>,
    /// The role that what the device holds was chosen for; none when it has never been served.
    pub former: Option<Role>,
    /// How long the device may stay away.
    pub lease: Option<Millis>,
    /// The device is to forget everything.
    pub revoked: bool,
}

/// What happens to a connection.
#[derive(Debug, Clone)]
pub enum RelayEvent<'a> {
    /// A binary frame arrived.
    Frame(&'a [u8]),
    /// The session token was looked up.
    Identified {
        /// Whose it is, or why not.
        result: Result<Box<Admitted>, HelloRefusal>,
        /// The log's present life.
        epoch: Epoch,
        /// The last position in the log.
        head: Seq,
    },
    /// A push is durable, but for what is refused.
    Appended {
        /// The push.
        push: u64,
        /// The last position it was given.
        seq: Seq,
        /// What was not taken, in examination and by the log.
        refused: Vec<RefusedChange>,
        /// Places of what is kept for the office to decide.
        review: Vec<u32>,
        /// Positions that are new in the log because of this push.
        fresh: Vec<Seq>,
    },
    /// The log was read for this device.
    Read {
        /// What it may see, in order.
        chunks: Vec<LogChunk>,
        /// How far the reading went.
        upto: Seq,
    },
    /// The log has grown; said when it has grown by something that the device may see.
    Advanced(Seq),
    /// The person reaches other dossiers than before, or until other ends.
    Rescoped(Scope),
    /// A stretch of a dossier was read.
    Backfilled {
        /// Which dossier.
        dossier: DossierId,
        /// What the person may see of it, in order.
        chunks: Vec<LogChunk>,
        /// Where to read on, when that was not all.
        more_after: Option<Seq>,
    },
    /// A report of readings is in the access log.
    Noted(u64),
}

/// What the relay has to do for a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelayEffect {
    /// Look up a session token; answer with [`RelayEvent::Identified`].
    Identify {
        /// The token.
        token: String,
        /// Name and version of the client.
        app: String,
    },
    /// Append durably; answer with [`RelayEvent::Appended`].
    Append {
        /// The push.
        push: u64,
        /// Well-formed changes the role may write.
        candidates: Vec<Candidate>,
        /// Refused already.
        refused: Vec<RefusedChange>,
    },
    /// Read the log after a position for this device, [`RelaySession::visible`] of it; answer with [`RelayEvent::Read`].
    Read {
        /// After this position.
        after: Seq,
    },
    /// Read one dossier after a position; answer with [`RelayEvent::Backfilled`].
    Backfill {
        /// Which dossier.
        dossier: DossierId,
        /// After this position.
        after: Seq,
    },
    /// From now on, say [`RelayEvent::Advanced`] when the log has got something of what is [`RelaySession::visible`]; and
    /// say it once now.
    Listen,
    /// Keep durably, before any later frame is sent, what the device holds.
    Hold(Vec<HoldingRow>),
    /// Write into the access log what the person has read; answer with [`RelayEvent::Noted`].
    Note {
        /// The report.
        id: u64,
        /// The readings.
        readings: Vec<Reading>,
    },
    /// What the device gets from now on is chosen for its person's present role, and it holds nothing else.
    StartedOver,
    /// Send a frame.
    Send(Vec<u8>),
    /// The device has everything up to here.
    Stored(Seq),
    /// Close once everything is sent.
    Close,
}
