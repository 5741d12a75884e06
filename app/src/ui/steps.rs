//! Where one is in a short sequence.

use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// The steps of a short sequence, the current one marked.
#[component]
pub fn Steps(
    /// What they lead to: « Étapes de l'installation ».
    #[prop(into)]
    label: String,
    /// In order.
    steps: Vec<String>,
    /// The current one, from 0. Past the last one, all are done.
    #[prop(into)]
    current: Signal<usize>,
    /// Read after a finished step: « terminée ».
    #[prop(into)]
    done_label: String,
) -> impl IntoView {
    let steps = steps.into_iter().enumerate().map(|(index, name)| {
        let done_label = done_label.clone();
        let done = move || current.get() > index;
        view! {
            <li
                class="steps__step"
                class:steps__step--done=done
                aria-current=move || (current.get() == index).then_some("step")
            >
                <span class="steps__mark" aria-hidden="true">
                    {move || if done() {
                        view! { <Icon name=IconName::Check /> }.into_any()
                    } else {
                        (index + 1).into_any()
                    }}
                </span>
                <span class="steps__name">
                    {name}
                    <span class="visually-hidden">{move || done().then(|| format!(", {done_label}"))}</span>
                </span>
            </li>
        }
    });
    view! {
        <ol class="steps" role="list" aria-label=label>{steps.collect_view()}</ol>
    }
}
