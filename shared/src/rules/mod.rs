//! Rules of the domain: pure functions over what a dossier says, today given. Every rule has a stable ID, and what changes
//! with the years (checklists, thresholds, mentions) is data with the day it holds from.

mod coherence;
mod conformite;
pub mod consequences;
pub mod devis;
pub mod echeances;
mod ouverture;
mod pack;
mod pack_client;
mod pack_personnel;
pub mod taches;
pub mod tirage;

pub use coherence::{Incoherence, incoherences};
pub use conformite::{Conformite, Line, evaluate};
pub use ouverture::{Manque, what_is_missing};
pub use pack::{Check, Item, Pack, Target, When, pack_of};
