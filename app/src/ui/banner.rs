//! A message at the head of a page or a section. Not for a normal loss of network: that is the status line's.

use super::icon::Icon;
use super::tone::Tone;
use leptos::prelude::*;

/// What happened, what is safe, what to do.
#[component]
pub fn Banner(
    /// What it means; the icon follows.
    tone: Tone,
    /// What happened, in a few words.
    #[prop(into)]
    title: Signal<String>,
    /// What is safe and what to do. May be empty.
    #[prop(optional, into)]
    text: Signal<String>,
    /// Buttons.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// Read aloud when it appears.
    #[prop(optional)]
    announce: bool,
    /// More, under the text: a list.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class=format!("banner banner--{}", tone.suffix()) role=announce.then_some("status")>
            <Icon name=tone.icon() />
            <div class="banner__words">
                <p class="banner__title">{move || title.get()}</p>
                {move || {
                    let text = text.get();
                    (!text.is_empty()).then(|| view! { <p class="banner__text">{text}</p> })
                }}
                {children.map(|children| children())}
                {actions.map(|actions| view! { <div class="banner__actions">{actions.run()}</div> })}
            </div>
        </div>
    }
}
