//! One line to find a dossier by any word of it.

use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// A search field. Esc or the cross empties it; the page decides what `/` focuses, through `node_ref`.
#[component]
pub fn SearchBox(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// What is searched, for screen readers: « Chercher un dossier ».
    #[prop(into)]
    label: String,
    /// An example in the empty field: « Nom, commune, téléphone ».
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What is shown.
    #[prop(into)]
    value: Signal<String>,
    /// The whole text, at each keystroke; empty when cleared.
    #[prop(into)]
    on_input: Callback<(String,)>,
    /// Every key, before the field acts on it: ↓ to enter the results, Enter to open the first.
    #[prop(optional, into)]
    on_key: Option<Callback<(leptos::ev::KeyboardEvent,)>>,
    /// The name of the cross: « Effacer ».
    #[prop(into)]
    clear_label: String,
    /// The key that focuses it, shown with a mouse and a keyboard: « / ».
    #[prop(optional, into)]
    key_hint: Option<String>,
    /// The element, to focus it.
    #[prop(optional)]
    node_ref: NodeRef<leptos::html::Input>,
) -> impl IntoView {
    Effect::new(move || {
        if let Some(input) = node_ref.get() {
            value.with(|value| super::text_edit::show_value!(&input, value));
        }
    });
    let clear = move || {
        on_input.run((String::new(),));
        if let Some(input) = node_ref.get_untracked() {
            input.focus().ok();
        }
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && value.with_untracked(|value| !value.is_empty()) {
            event.prevent_default();
            clear();
        } else if let Some(on_key) = on_key {
            on_key.run((event,));
        }
    };
    let empty = move || value.with(String::is_empty);
    view! {
        <div class="search" role="search">
            <label class="visually-hidden" for=id.clone()>{label}</label>
            <Icon name=IconName::Search />
            <input
                node_ref=node_ref
                class="search__input"
                type="search"
                id=id
                placeholder=placeholder
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                enterkeyhint="search"
                prop:value=value.get_untracked()
                on:input:target=move |event| on_input.run((event.target().value(),))
                on:keydown=key
            />
            {key_hint.map(|hint| view! {
                <kbd class="search__key" aria-hidden="true" hidden=move || !empty()>{hint}</kbd>
            })}
            <button
                class="search__clear"
                type="button"
                aria-label=clear_label
                hidden=empty
                on:click=move |_| clear()
            >
                <Icon name=IconName::Close />
            </button>
        </div>
    }
}
