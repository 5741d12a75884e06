//! Short news at the foot of the page, with a way back: « Transmission supprimée · Annuler ».

use super::button::IconButton;
use super::icon::{Icon, IconName};
use super::tone::Tone;
use leptos::prelude::*;

/// One piece of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// Told apart by this number.
    pub id: u64,
    /// What it means.
    pub tone: Tone,
    /// What happened.
    pub text: String,
    /// The words of its button: « Annuler ».
    pub action: Option<String>,
}

/// Shows toasts, the newest last. Holds no timer: the caller adds and removes them, and leaves one with
/// an action for ten seconds at least.
#[component]
pub fn Toaster(
    /// What to show.
    #[prop(into)]
    toasts: Signal<Vec<Toast>>,
    /// The button of this toast was used.
    #[prop(into)]
    on_action: Callback<(u64,)>,
    /// The cross of this toast was used.
    #[prop(into)]
    on_dismiss: Callback<(u64,)>,
    /// The name of the cross: « Fermer ».
    #[prop(into)]
    dismiss_label: String,
) -> impl IntoView {
    let toast = move |toast: Toast| {
        let Toast { id, tone, text, action } = toast;
        view! {
            <div class="toast">
                {(tone != Tone::Neutral).then(|| view! { <Icon name=tone.icon() /> })}
                <p class="toast__text">{text}</p>
                {action
                    .map(|action| {
                        view! {
                            <button class="toast__action" type="button" on:click=move |_| on_action.run((id,))>
                                {action}
                            </button>
                        }
                    })}
                <IconButton
                    icon=IconName::Close
                    label=dismiss_label.clone()
                    on_click=move || on_dismiss.run((id,))
                />
            </div>
        }
    };
    view! {
        <div class="toaster" role="status">
            <For each=move || toasts.get() key=|toast| toast.id children=toast />
        </div>
    }
}
