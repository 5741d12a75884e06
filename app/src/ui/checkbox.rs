//! Yes or no, with a target as large as its words.

use leptos::prelude::*;

/// A box to tick; its whole line can be tapped.
#[component]
pub fn Checkbox(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// What is true when it is ticked.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is ticked.
    #[prop(into)]
    checked: Signal<bool>,
    /// The new state.
    #[prop(into)]
    on_change: Callback<(bool,)>,
    /// Under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let described_by = hint.as_ref().map(|_| hint_id.clone());
    view! {
        <div class="checkbox">
            <input
                class="checkbox__box"
                type="checkbox"
                autocomplete="off"
                id=id.clone()
                disabled=move || disabled.get()
                aria-describedby=described_by
                prop:checked=move || checked.get()
                on:change:target=move |event| on_change.run((event.target().checked(),))
            />
            <label class="checkbox__label" for=id>
                {move || label.get()}
            </label>
            {hint.map(|hint| view! { <p class="checkbox__hint" id=hint_id>{hint}</p> })}
        </div>
    }
}
