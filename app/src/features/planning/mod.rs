//! The planning of the office: weeks by intervenant and by client.

use leptos::prelude::*;

/// The page.
pub fn planning() -> AnyView {
    ().into_any()
}
