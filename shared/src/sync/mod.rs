//! The sync engine, sans-IO: one state machine per end. Each takes an event and the time and answers
//! with effects; the browser and the relay only carry those out (SPEC.md has the rules).

mod admission;
mod device;
mod ledger;
mod relay;

pub use admission::{Candidate, Examined, Facts, Identity, KnownChange, Verdict, admit, examine};
pub use device::{
    DeviceEffect, DeviceEngine, DeviceEvent, Link, Outgoing, Quarantined, ReceivedChange, Resume, SyncStatus,
};
pub use ledger::{Ledger, LogEntry};
pub use relay::{RelayEffect, RelayEvent, RelaySession};
