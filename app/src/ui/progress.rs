//! How far long work has come, in things and bytes.

use leptos::prelude::*;

/// A bar with words: « 1 240 dossiers sur 3 000 · 12 Mo ».
#[component]
pub fn ProgressBar(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// What is being done.
    #[prop(into)]
    label: Signal<String>,
    /// How much is done, out of `max`; `None` while nobody knows.
    #[prop(into)]
    value: Signal<Option<f64>>,
    /// The whole.
    #[prop(into)]
    max: Signal<f64>,
    /// Things and bytes.
    #[prop(optional, into)]
    words: Signal<String>,
    /// A button to stop it.
    #[prop(optional, into)]
    action: Option<ViewFn>,
) -> impl IntoView {
    view! {
        <div class="progress">
            <div class="progress__head">
                <label class="progress__label" for=id.clone()>{move || label.get()}</label>
                {action.map(|action| action.run())}
            </div>
            <progress class="progress__bar" id=id max=move || max.get() value=move || value.get()></progress>
            <p class="progress__words">{move || words.get()}</p>
        </div>
    }
}
