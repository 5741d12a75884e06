//! A dossier as a whole: what lists, search and alerts know of it without opening its documents.

mod domicile;
mod duplicates;
mod etape;
pub mod fusion;
mod known;
mod phonetics;
mod search;
mod summary;
mod timeline;
mod typos;
mod view;

pub use duplicates::{Certainty, Likeness, Portrait, alike, likeness, pairs};
pub use etape::{Condition, Etape};
pub use known::{Known, folded};
pub use search::{Query, Score, Searchable, matches};
pub use summary::{LastTransmission, SUMMARIES_VERSION, Summary, number};
pub use timeline::{Event, EventKind, timeline};
pub use view::Dossier;
