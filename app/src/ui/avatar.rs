//! Initials in a tinted circle: a landmark for the eye in a list of names.

use leptos::prelude::*;

/// Up to three letters in a circle whose tint depends on `seed`, so that it never changes for a person.
#[component]
pub fn Avatar(
    /// The letters: « MD ».
    #[prop(into)]
    initials: String,
    /// What chooses the tint: the person's id, or the name.
    #[prop(into)]
    seed: String,
    /// For the head of a page.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let class = match tint(&seed) {
        0 => "avatar avatar--teal",
        1 => "avatar avatar--blue",
        2 => "avatar avatar--violet",
        3 => "avatar avatar--green",
        _ => "avatar avatar--sand",
    };
    view! {
        <span class=class class:avatar--large=large aria-hidden="true">
            {initials}
        </span>
    }
}

/// One of five tints.
fn tint(seed: &str) -> u32 {
    seed.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 5
}
