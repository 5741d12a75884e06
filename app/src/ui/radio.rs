//! One choice among a few that need a word of explanation each.

use leptos::prelude::*;

/// One line of a `RadioList`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RadioChoice {
    /// What is stored.
    pub value: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What it means, in a sentence.
    pub text: &'static str,
}

/// A group of which one is chosen; each whole line can be tapped.
#[component]
pub fn RadioList(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// What is chosen.
    #[prop(into)]
    legend: String,
    /// The stored value of the choice shown.
    #[prop(into)]
    value: Signal<String>,
    /// The choices, in order.
    choices: Vec<RadioChoice>,
    /// The stored value of the new choice.
    #[prop(into)]
    on_change: Callback<(String,)>,
) -> impl IntoView {
    let line = move |choice: RadioChoice| {
        let RadioChoice { value: own, label, text } = choice;
        let (name, text_id) = (id.clone(), format!("{id}-{own}-text"));
        let described_by = text_id.clone();
        let input_id = format!("{id}-{own}");
        let label_for = input_id.clone();
        view! {
            <div class="radio__line">
                <input
                    class="radio__dot"
                    type="radio"
                    id=input_id
                    name=name
                    value=own
                    aria-describedby=described_by
                    prop:checked=move || value.with(|value| value == own)
                    on:change=move |_| on_change.run((own.to_owned(),))
                />
                <label class="radio__label" for=label_for>{label}</label>
                <p class="radio__text" id=text_id>{text}</p>
            </div>
        }
    };
    view! {
        <fieldset class="radio">
            <legend class="radio__legend">{legend}</legend>
            {choices.into_iter().map(line).collect_view()}
        </fieldset>
    }
}
