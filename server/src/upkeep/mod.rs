//! What the relay makes of its log in its own time: snapshots in the place of changes, and what lists show of each dossier.
//!
//! Never in the way of the writer, and never needed for what is acknowledged: all of it can be made again.

mod follow;
mod summaries;

pub use follow::Upkeep;
pub use summaries::{kept, outdated};
