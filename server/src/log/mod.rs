//! The change log: the relay's canonical copy of everything, in the order it became durable.
//!
//! Changes are sealed in the store ([`crate::keys`]) and plain in memory. Never merges documents and knows nothing
//! of connections.

mod chunks;
mod compact;
mod contract;
mod documents;
mod facts;
mod insert;
mod memory;
mod seal_old;
mod sealing;
mod stored;
mod stretch;
mod tail;

pub use contract::{Appended, ChangeLog, Compacted, LogError, Page, Push, View};
pub use documents::{Sizes, Stored};
pub use memory::MemoryLog;
pub(crate) use seal_old::seal_old;
pub use stored::{Checked, StoredLog};
pub(crate) use stored::{number, position};
pub use tail::Tail;
