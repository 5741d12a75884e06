//! The weeks of an intervenant: what is planned, what is offered, what the law says of it.

use leptos::prelude::*;

/// The page.
pub fn mon_planning() -> AnyView {
    ().into_any()
}
