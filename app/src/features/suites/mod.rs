//! Notices at the office: all consequences of one on one screen.

use leptos::prelude::*;

/// The page.
pub fn suites() -> AnyView {
    ().into_any()
}
