//! One choice in a short list, with the browser's own control.

use super::field::{Frame, Problem};
use super::receipt::Receipt;
use leptos::prelude::*;

/// One line of a `SelectField`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectOption {
    /// What is stored.
    pub value: String,
    /// What is read.
    pub label: String,
}

impl SelectOption {
    /// A choice, stored as `value` and read as `label`.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }

    /// One for each word, stored as it is read.
    #[must_use]
    pub fn words(words: &[&str]) -> Vec<Self> {
        words.iter().map(|word| Self::new(*word, *word)).collect()
    }

    /// The same after « Choisir… », or whatever stands for nothing.
    #[must_use]
    pub fn words_or(nothing: &str, words: &[&str]) -> Vec<Self> {
        [Self::new("", nothing)].into_iter().chain(Self::words(words)).collect()
    }
}

/// A field whose value is one of a few. A value that is not among the options shows nothing chosen.
#[component]
pub fn SelectField(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// Always visible.
    #[prop(into)]
    label: Signal<String>,
    /// The stored value of the choice shown.
    #[prop(into)]
    value: Signal<String>,
    /// The choices, in order. Begin with an empty value (« Choisir… ») when nothing may be chosen.
    #[prop(into)]
    options: Signal<Vec<SelectOption>>,
    /// The stored value of the new choice: it is finished, to be kept at once.
    #[prop(into)]
    on_change: Callback<(String,)>,
    /// Beside the label: « facultatif ».
    #[prop(optional, into)]
    mark: Option<String>,
    /// Under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with the choice.
    #[prop(optional, into)]
    problem: Signal<Option<Problem>>,
    /// Where the choice is safe.
    #[prop(optional, into)]
    receipt: Signal<Option<Receipt>>,
    /// At the right of the label: the history button.
    #[prop(optional, into)]
    action: Option<ViewFn>,
    /// Reads as text until it is touched.
    #[prop(optional)]
    in_place: bool,
    /// Cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The element, to focus it.
    #[prop(optional)]
    node_ref: NodeRef<leptos::html::Select>,
    /// Under the field: the panel of two values.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let frame = Frame {
        id: id.clone(),
        label,
        mark,
        hint: hint.filter(|hint| !hint.is_empty()),
        problem,
        receipt,
        action,
        in_place,
    };
    let choices = move || {
        options
            .get()
            .into_iter()
            .map(|option| view! { <option value=option.value>{option.label}</option> })
            .collect_view()
    };
    // After the options are in the page: a select ignores a value it has no option for.
    Effect::new(move || {
        options.track();
        let value = value.get();
        if let Some(select) = node_ref.get()
            && select.value() != value
        {
            select.set_value(&value);
        }
    });
    let control = view! {
        <select
            node_ref=node_ref
            class="field__control field__control--select"
            id=id
            autocomplete="off"
            disabled=move || disabled.get()
            aria-describedby=frame.described_by()
            aria-invalid=frame.invalid()
            on:change:target=move |event| on_change.run((event.target().value(),))
        >
            {choices}
        </select>
    };
    frame.around(control.into_any(), children)
}
