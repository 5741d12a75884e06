//! The day of an intervenant: visits in order, and each from arrival to departure. Works without network, all of it.

mod clocks;
mod compte_rendu;
mod jour;
mod mission;
mod pointer;
mod signature;
mod visite;

pub use jour::{aujourdhui, badge, href};
pub use visite::visite;
