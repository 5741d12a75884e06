//! What somebody at the client’s home tells the office: a change of situation, something wrong in the dossier.

use leptos::prelude::*;

/// The page.
pub fn avis() -> AnyView {
    ().into_any()
}
