//! One line of text, a phone number, an e-mail, a number or a date.

use super::field::{Frame, Problem};
use super::focus::focus_neighbour;
use super::receipt::Receipt;
use super::text_edit::show_value;
use leptos::prelude::*;

/// What is written in the field: sets the keyboard of the phone and the browser's own help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextKind {
    /// Any words.
    #[default]
    Text,
    /// A telephone number.
    Tel,
    /// An e-mail address.
    Email,
    /// A number the browser may step up and down (never a number that is a name: postcode, NIR, IBAN).
    Number,
    /// A number that is written with a comma: an amount, hours.
    Decimal,
    /// Digits that are a name: the number pad, without steps.
    Digits,
    /// A day, with the browser's own calendar; the value is `2026-11-23`.
    Date,
    /// A time of day; the value is `08:30`.
    Time,
    /// A password.
    Password,
    /// A code of digits, not shown: the number pad.
    Pin,
    /// A web address.
    Url,
}

impl TextKind {
    /// The `type` and `inputmode` attributes.
    const fn attributes(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Text => ("text", None),
            Self::Tel => ("tel", Some("tel")),
            Self::Email => ("email", Some("email")),
            Self::Number => ("number", Some("decimal")),
            Self::Decimal => ("text", Some("decimal")),
            Self::Digits => ("text", Some("numeric")),
            Self::Date => ("date", None),
            Self::Time => ("time", None),
            Self::Password => ("password", None),
            Self::Pin => ("password", Some("numeric")),
            Self::Url => ("url", Some("url")),
        }
    }
}

/// A field of one line.
///
/// `value` is what should be shown *now*: while someone types, the caller sets it to what `on_input`
/// gave. A value that arrives from elsewhere replaces the text without moving the caret's place in it.
/// Enter goes to the next field, or submits the form from the last one.
#[component]
pub fn TextField(
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
    /// The value was changed and is now finished (the DOM's `change`: on leaving, on Enter, on a choice).
    #[prop(optional, into)]
    on_commit: Option<Callback<()>>,
    /// The field was left, changed or not.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
    /// The field was entered.
    #[prop(optional, into)]
    on_focus: Option<Callback<()>>,
    /// Keyboard and browser help.
    #[prop(optional)]
    kind: TextKind,
    /// The HTML `autocomplete` token; `off` when the data is about someone else.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Beside the label: « facultatif ».
    #[prop(optional, into)]
    mark: Option<String>,
    /// Under the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Shown in the empty field, for in-place fields: « Ajouter ». Never instead of the label.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What is wrong with the value.
    #[prop(optional, into)]
    problem: Signal<Option<Problem>>,
    /// Where the value is safe.
    #[prop(optional, into)]
    receipt: Signal<Option<Receipt>>,
    /// At the right of the label: the history button.
    #[prop(optional, into)]
    action: Option<ViewFn>,
    /// Reads as text until it is touched (a dossier), instead of as a box (a form).
    #[prop(optional)]
    in_place: bool,
    /// Can be read and copied, not changed.
    #[prop(optional, into)]
    read_only: Signal<bool>,
    /// Announced as required.
    #[prop(optional)]
    required: bool,
    /// Takes the focus when its dialog or its page opens. One per screen.
    #[prop(optional)]
    autofocus: bool,
    /// The element, to focus it.
    #[prop(optional)]
    node_ref: NodeRef<leptos::html::Input>,
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
    let (kind, input_mode) = kind.attributes();
    Effect::new(move || {
        if let Some(input) = node_ref.get() {
            value.with(|value| show_value!(&input, value));
        }
    });
    let control = view! {
        <input
            node_ref=node_ref
            class="field__control"
            id=id
            type=kind
            inputmode=input_mode
            enterkeyhint="next"
            autocomplete=autocomplete
            autocapitalize=matches!(kind, "email" | "url" | "password").then_some("none")
            spellcheck=(kind != "text").then_some("false")
            placeholder=placeholder
            required=required
            autofocus=autofocus
            readonly=move || read_only.get()
            aria-describedby=frame.described_by()
            aria-invalid=frame.invalid()
            prop:value=value.get_untracked()
            on:input:target=move |event| on_input.run((event.target().value(),))
            on:change=move |_| run(on_commit)
            on:blur=move |_| run(on_blur)
            on:focus=move |_| run(on_focus)
            on:keydown:target=move |event| {
                if event.key() == "Enter" && !event.is_composing() && !event.ctrl_key() && !event.meta_key()
                    && focus_neighbour(&event.target(), ".field__control", "form, dialog, main, body", true)
                {
                    event.prevent_default();
                }
            }
        />
    };
    frame.around(control.into_any(), children)
}

/// Runs a callback that may be absent.
/// Nothing when the field has gone: the browser says of an element that is taken away that it was left.
pub(super) fn run(callback: Option<Callback<()>>) {
    if let Some(callback) = callback {
        let _gone = callback.try_run(());
    }
}
