//! The change log: the relay's canonical copy of everything, in the order it became durable.
//!
//! Never merges documents and knows nothing of connections.

mod contract;
mod facts;
mod insert;
mod memory;
mod sqlite;
mod tail;

pub use contract::{Appended, ChangeLog, LogError, Page, Push};
pub use memory::MemoryLog;
pub use sqlite::SqliteLog;
pub use tail::Tail;
