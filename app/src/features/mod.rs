//! One folder per thing a person does.

pub mod device;
pub mod dossier;
pub mod dossiers;
pub mod new_dossier;
pub mod shell;
pub mod sign_in;
