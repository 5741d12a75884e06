//! The discreet line that is always there: what is safe, and where.

use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// The state of the whole device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatusKind {
    /// Everything is at the relay.
    #[default]
    AllSafe,
    /// So many entries are on this device only, and on their way.
    Pending(usize),
    /// No network: normal, nothing is lost.
    Offline,
    /// Something needs a person: refused, storage full, session ended.
    Attention,
}

impl StatusKind {
    /// The class and the icon.
    const fn look(self) -> (&'static str, IconName) {
        match self {
            Self::AllSafe => ("status-line status-line--safe", IconName::CloudCheck),
            Self::Pending(_) => ("status-line status-line--pending", IconName::Device),
            Self::Offline => ("status-line status-line--offline", IconName::CloudOff),
            Self::Attention => ("status-line status-line--attention", IconName::Warning),
        }
    }
}

/// A button with a shape and words: « Hors ligne · 3 éléments sur ce téléphone ». A tap shows the list.
#[component]
pub fn StatusLine(
    /// What it is about.
    #[prop(into)]
    kind: Signal<StatusKind>,
    /// The words.
    #[prop(into)]
    label: Signal<String>,
    /// Shows the list, item by item.
    #[prop(into)]
    on_click: Callback<()>,
) -> impl IntoView {
    view! {
        <button class=move || kind.get().look().0 type="button" on:click=move |_| on_click.run(())>
            {move || view! { <Icon name=kind.get().look().1 /> }}
            <span class="status-line__label">{move || label.get()}</span>
        </button>
    }
}
