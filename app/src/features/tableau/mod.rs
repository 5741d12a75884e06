//! The day of the office as it goes: visits, on-call rota, contracts.

use leptos::prelude::*;

/// The page.
pub fn tableau() -> AnyView {
    ().into_any()
}
