//! A titled part of a page: a card of fields, a card of rows.

use leptos::prelude::*;

/// A card with a heading. Fields inside it that read in place sit beside their labels when it is wide.
#[component]
pub fn Section(
    /// The heading (`h2`).
    #[prop(into)]
    title: Signal<String>,
    /// A sentence under the heading.
    #[prop(optional, into)]
    text: Option<String>,
    /// At the right of the heading.
    #[prop(optional, into)]
    action: Option<ViewFn>,
    /// Lets rows touch the edges of the card (for a `RowList`).
    #[prop(optional)]
    flush: bool,
    /// An anchor in the page.
    #[prop(optional, into)]
    id: Option<String>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section" class:section--flush=flush id=id>
            <header class="section__head">
                <div class="section__words">
                    <h2 class="section__title">{move || title.get()}</h2>
                    {text.map(|text| view! { <p class="section__text">{text}</p> })}
                </div>
                {action.map(|action| view! { <div class="section__action">{action.run()}</div> })}
            </header>
            <div class="section__body">{children()}</div>
        </section>
    }
}
