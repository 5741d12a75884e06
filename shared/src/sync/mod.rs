//! The sync engine, sans-IO: one state machine per end. Each takes an event and the time and answers
//! with effects; the browser and the relay only carry those out (SPEC.md has the rules).

mod admission;
mod device;
mod holdings;
mod ledger;
mod relay;

pub use admission::{Candidate, Examined, Facts, Identity, KnownChange, Right, Verdict, admit, examine};
pub use device::{
    DeviceEffect, DeviceEngine, DeviceEvent, Link, Outgoing, Quarantined, ReceivedChunk, Resume, SyncStatus,
};
pub use holdings::{Holding, Holdings, Lease, digest};
pub use ledger::{Chunk, Ledger, LogChunk, LogEntry, Outcome};
pub use relay::{Admitted, HoldState, HoldingRow, RelayEffect, RelayEvent, RelaySession};
