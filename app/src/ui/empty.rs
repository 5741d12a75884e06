//! Nothing here yet: what belongs here, and the first step.

use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// An empty place, said kindly, with its first action as children.
#[component]
pub fn EmptyState(
    /// What kind of thing is missing.
    icon: IconName,
    /// « Aucune transmission pour l'instant ».
    #[prop(into)]
    title: Signal<String>,
    /// What belongs here and who writes it.
    #[prop(optional, into)]
    text: Signal<String>,
    /// Alone on its page or pane: centred in the height.
    #[prop(optional)]
    tall: bool,
    /// The first step: a button or a link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty" class:empty--tall=tall>
            <span class="empty__icon"><Icon name=icon /></span>
            <p class="empty__title">{move || title.get()}</p>
            {move || {
                let text = text.get();
                (!text.is_empty()).then(|| view! { <p class="empty__text">{text}</p> })
            }}
            {children.map(|children| view! { <div class="empty__action">{children()}</div> })}
        </div>
    }
}
