//! The shape of what is being read, shown only when reading takes more than 200 ms.

use leptos::prelude::*;

/// Grey lines in the place of a text or of rows. The delay is in the style sheet: it needs no timer.
#[component]
pub fn Skeleton(
    /// How many.
    #[prop(default = 3)]
    lines: usize,
    /// Rows with a circle, as in a `RowList`.
    #[prop(optional)]
    rows: bool,
    /// Read aloud: « Lecture du dossier ».
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let class = if rows { "skeleton skeleton--rows" } else { "skeleton" };
    view! {
        <div class=class role="status">
            <span class="visually-hidden">{label}</span>
            {(0..lines).map(|_| view! { <span class="skeleton__line" aria-hidden="true"></span> }).collect_view()}
        </div>
    }
}
