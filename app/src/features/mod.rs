//! One folder per thing a person does.

pub mod access_log;
pub mod agency_documents;
pub mod device;
pub mod devices;
pub mod dictation;
pub mod dossier;
pub mod dossiers;
pub mod import;
pub mod invitation;
pub mod lock;
pub mod mon_planning;
pub mod new_dossier;
pub mod people;
pub mod planning;
pub mod quality;
pub mod reviews;
pub mod scan;
pub mod settings;
pub mod shell;
pub mod sign_in;
pub mod signaler;
pub mod suites;
pub mod tableau;
pub mod visites;
