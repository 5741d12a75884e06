//! Rows that lead somewhere: dossiers, visits, requests.

use super::avatar::Avatar;
use super::focus::focus_neighbour;
use super::icon::{Icon, IconName};
use super::long_list::RowPlace;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

/// ↑ and ↓ move between the rows of a list.
pub(super) fn arrows(event: leptos::ev::KeyboardEvent) {
    let forwards = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let row = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(row) = row.filter(|row| row.matches(".list__row").unwrap_or(false)) {
        // Also at both ends, so that the page does not jump under the list.
        event.prevent_default();
        focus_neighbour(&row, ".list__row", ".list", forwards);
    }
}

/// A list of `RowLink`s. ↑ and ↓ move between rows, Enter follows the link.
#[component]
pub fn RowList(
    /// What the rows are: « Dossiers ».
    #[prop(into)]
    label: Signal<String>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! {
        <ul class="list" role="list" aria-label=move || label.get() on:keydown=arrows>
            {children()}
        </ul>
    }
}

/// One row: who or what, a line about it, and at the end what changes (a time, a state).
#[component]
pub fn RowLink(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// Who or what.
    #[prop(into)]
    title: Signal<String>,
    /// One line about it.
    #[prop(optional, into)]
    subtitle: Signal<String>,
    /// Letters in a circle; the tint follows `title`.
    #[prop(optional, into)]
    initials: Option<String>,
    /// Instead of letters.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// At the end, in small: a day, a time.
    #[prop(optional, into)]
    meta: Signal<String>,
    /// At the end, under `meta`: badges, a receipt.
    #[prop(optional, into)]
    trailing: Option<ViewFn>,
    /// The row whose page is open.
    #[prop(optional, into)]
    current: Signal<bool>,
    /// Which row of a long list it is.
    #[prop(optional, into)]
    place: Option<RowPlace>,
) -> impl IntoView {
    let seed = title.get_untracked();
    let leading = match (initials, icon) {
        (Some(initials), _) => Some(view! { <Avatar initials=initials seed=seed /> }.into_any()),
        (None, Some(name)) => Some(view! { <span class="list__icon"><Icon name=name /></span> }.into_any()),
        (None, None) => None,
    };
    let line = move |class: &'static str, text: Signal<String>| {
        move || {
            let text = text.get();
            (!text.is_empty()).then(|| view! { <span class=class>{text}</span> })
        }
    };
    let link = view! {
        <a class="list__row" href=move || href.get() aria-current=move || current.get().then_some("true")>
            {leading}
            <span class="list__words">
                <span class="list__title">{move || title.get()}</span>
                {line("list__subtitle", subtitle)}
            </span>
            <span class="list__end">
                {line("list__meta", meta)}
                {trailing.map(|trailing| trailing.run())}
            </span>
        </a>
    };
    match place {
        None => view! { <li class="list__item">{link}</li> }.into_any(),
        Some(RowPlace { at, of }) => view! {
            <div class="list__item" role="listitem" aria-posinset=move || at.get() aria-setsize=move || of.get()>
                {link}
            </div>
        }
        .into_any(),
    }
}
