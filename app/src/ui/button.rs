//! Buttons and links that look like them. Words say what happens: « Enregistrer l'arrivée », not « OK ».

use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// How much a button asks for attention. One `Primary` per screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing this screen is for.
    Primary,
    /// Any other action.
    #[default]
    Secondary,
    /// An action that should not be seen before it is looked for.
    Quiet,
    /// Removes or ends something.
    Danger,
}

impl ButtonKind {
    /// The classes of a button of this kind.
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button--primary",
            Self::Secondary => "button button--secondary",
            Self::Quiet => "button button--quiet",
            Self::Danger => "button button--danger",
        }
    }
}

/// A button with words, and an icon if it helps.
#[component]
pub fn Button(
    /// How it looks.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// While true, clicks do nothing and a turning mark replaces the icon; focus stays.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// While true, the button cannot be used. Say nearby why.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Takes the full width on phones.
    #[prop(optional)]
    wide: bool,
    /// Submits the form around it.
    #[prop(optional)]
    submit: bool,
    /// Called on a click, a tap, Enter or Space.
    #[prop(optional, into)]
    on_click: Option<Callback<()>>,
    /// The element, to focus it.
    #[prop(optional)]
    node_ref: NodeRef<leptos::html::Button>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let click = move |event: leptos::ev::MouseEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        } else if let Some(on_click) = on_click {
            on_click.run(());
        }
    };
    view! {
        <button
            node_ref=node_ref
            class=kind.class()
            class:button--wide=wide
            type=if submit { "submit" } else { "button" }
            disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            on:click=click
        >
            {move || match (busy.get(), icon) {
                (true, _) => Some(view! { <span class="button__spinner" aria-hidden="true"></span> }.into_any()),
                (false, Some(name)) => Some(view! { <Icon name=name /> }.into_any()),
                (false, None) => None,
            }}
            <span class="button__label">{children()}</span>
        </button>
    }
}

/// A link that looks like a button: it goes somewhere, so it can be opened in another tab.
#[component]
pub fn ButtonLink(
    /// Where it goes (`/…`, `tel:…`, `mailto:…`).
    #[prop(into)]
    href: Signal<String>,
    /// How it looks.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// Takes the full width on phones.
    #[prop(optional)]
    wide: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=kind.class() class:button--wide=wide href=move || href.get()>
            {icon.map(|name| view! { <Icon name=name /> })}
            <span class="button__label">{children()}</span>
        </a>
    }
}

/// A square button with only an icon; the label is read aloud and shown by the browser on hover.
#[component]
pub fn IconButton(
    /// Which picture.
    icon: IconName,
    /// What it does, and to what: « Historique du téléphone ».
    #[prop(into)]
    label: Signal<String>,
    /// While true, the button cannot be used.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called on a click, a tap, Enter or Space.
    #[prop(into)]
    on_click: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            class="button button--quiet button--icon"
            type="button"
            aria-label=move || label.get()
            title=move || label.get()
            disabled=move || disabled.get()
            on:click=move |_| on_click.run(())
        >
            <Icon name=icon />
        </button>
    }
}
