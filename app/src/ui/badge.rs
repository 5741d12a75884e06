//! A word or two about a state: « En attente », « ARDH ».

use super::icon::{Icon, IconName};
use super::tone::Tone;
use leptos::prelude::*;

/// A small label. The words carry the meaning; the colour only helps.
#[component]
pub fn Badge(
    /// What it means.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <span class=move || format!("badge badge--{}", tone.get().suffix())>
            {icon.map(|name| view! { <Icon name=name /> })}
            {children()}
        </span>
    }
}
