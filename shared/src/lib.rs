//! What a dossier is, how it changes and how changes travel.
//!
//! Everything here is pure: no IO, no clock, no randomness of its own. Time and seeds are arguments,
//! so the same code runs in the browser, on the relay and in the simulation.

pub mod access;
pub mod documents;
pub mod dossier;
pub mod ids;
pub mod order;
pub mod papers;
pub mod planning;
pub mod protocol;
pub mod rules;
pub mod sync;
pub mod time;
pub mod validate;

pub use ids::{
    ActorId, ChangeHash, DeviceId, DocumentId, DocumentKind, DossierId, EntryId, Epoch, FileHash, Seq, UserId,
};
pub use time::Timestamp;
