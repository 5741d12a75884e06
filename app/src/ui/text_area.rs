//! Several lines of text that grow with what is written.

use super::field::{Frame, Problem};
use super::receipt::Receipt;
use super::text_edit::show_value;
use super::text_field::run;
use leptos::prelude::*;

/// A field of several lines. Grows where the browser knows `field-sizing`, else scrolls past `rows`.
///
/// The same rules as for `TextField`: `value` is what should be shown now.
#[component]
pub fn TextArea(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// Always visible.
    #[prop(into)]
    label: Signal<String>,
    /// What is shown.
    #[prop(into)]
    value: Signal<String>,
    /// The whole text, at each keystroke.
    #[prop(into)]
    on_input: Callback<(String,)>,
    /// The text was changed and the field left.
    #[prop(optional, into)]
    on_commit: Option<Callback<()>>,
    /// The field was left, changed or not.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
    /// The field was entered.
    #[prop(optional, into)]
    on_focus: Option<Callback<()>>,
    /// Lines shown at least.
    #[prop(default = 3)]
    rows: u32,
    /// Beside the label: « facultatif ».
    #[prop(optional, into)]
    mark: Option<String>,
    /// Under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Shown in the empty field. Never instead of the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What is wrong with the text.
    #[prop(optional, into)]
    problem: Signal<Option<Problem>>,
    /// Where the text is safe.
    #[prop(optional, into)]
    receipt: Signal<Option<Receipt>>,
    /// At the right of the label: the history button.
    #[prop(optional, into)]
    action: Option<ViewFn>,
    /// Reads as text until it is touched.
    #[prop(optional)]
    in_place: bool,
    /// Can be read and copied, not changed.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// The element, to focus it.
    #[prop(optional)]
    node_ref: NodeRef<leptos::html::Textarea>,
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
    Effect::new(move || {
        if let Some(area) = node_ref.get() {
            value.with(|value| show_value!(&area, value));
        }
    });
    let control = view! {
        <textarea
            node_ref=node_ref
            class="field__control field__control--area"
            id=id
            rows=rows
            autocomplete="off"
            placeholder=placeholder
            readonly=move || read_only.get()
            aria-describedby=frame.described_by()
            aria-invalid=frame.invalid()
            prop:value=value.get_untracked()
            on:input:target=move |event| on_input.run((event.target().value(),))
            on:change=move |_| run(on_commit)
            on:blur=move |_| run(on_blur)
            on:focus=move |_| run(on_focus)
        ></textarea>
    };
    frame.around(control.into_any(), children)
}
