//! What the pages share: who is signed in, what the replica says, the dossier that is open. A few typed contexts.

mod documents;
mod dossier;
mod draft;
mod farewell;
mod files;
mod invitation;
mod lock;
mod login;
mod place;
mod planning;
mod reach;
mod remote;
mod search;
mod session;
mod signing;
mod toasts;
mod workspace;

pub use dossier::{OpenDossier, Slot};
pub use draft::Draft;
pub use files::{TAKEN, file_of, share, unfit_sentence, upload_receipt, weight};
pub use lock::opening_sentence;
pub use place::Place;
pub use reach::Reach;
pub use remote::{Record, Trouble, in_order, keep_as_file};
pub use session::{CodeFor, Lock, Phase, SessionState};
pub use signing::Given;
pub use toasts::Toasts;
pub use workspace::{Workspace, here};
