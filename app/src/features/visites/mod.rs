//! The day of an intervenant: visits in order, and each from arrival to departure.

use leptos::prelude::*;

/// The page.
pub fn aujourdhui() -> AnyView {
    ().into_any()
}

/// The page.
pub fn visite() -> AnyView {
    ().into_any()
}
