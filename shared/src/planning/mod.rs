//! The planning of one person or one client: visits as instants, what recurs, and what the law says of it (domain.md §8).
//!
//! Pure: the same on the phone, without network, as at the office. What a check finds is a warning with its rule's name;
//! nothing here forbids anything.

mod checks;
mod convention;
mod feries;
mod notice;
mod recurrence;

use crate::ids::{DossierId, EntryId};
use crate::time::{Millis, Timestamp};

pub use checks::{Alerte, Trajet, checks};
pub use convention::Convention;
pub use feries::{is_ferie, is_ouvre};
pub use notice::notice;
pub use recurrence::{Occurrence, Recurrence, instant};

/// A planned visit: somebody at a client's home, from one instant to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visite {
    /// When it begins.
    pub debut: Timestamp,
    /// When it ends; never before it begins.
    pub fin: Timestamp,
    /// Which client.
    pub dossier: DossierId,
    /// Which visit.
    pub id: EntryId,
}

impl Visite {
    /// How long it lasts, by the clock that does not jump: eight hours across a change to winter time are nine.
    #[must_use]
    pub fn duree(&self) -> Millis {
        self.fin - self.debut
    }
}

const MINUTE: i64 = 60_000;
const HEURE: i64 = 60 * MINUTE;
