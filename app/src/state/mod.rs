//! What the pages share: who is signed in, what the replica says, the dossier that is open. A few typed contexts.

mod dossier;
mod draft;
mod session;
mod toasts;
mod workspace;

pub use dossier::OpenDossier;
pub use draft::Draft;
pub use session::{Phase, SessionState};
pub use toasts::Toasts;
pub use workspace::{Workspace, here};
