//! What somebody at the client's home tells the office: a change of situation, something wrong in the dossier. Two taps each.

mod anomalie;
mod avis;

pub use anomalie::signaler_champ;
pub use avis::avis;
