//! A dossier as a whole: what lists, search and alerts know of it without opening its documents.

mod search;
mod summary;

pub use search::matches;
pub use summary::{LastTransmission, Summary};
