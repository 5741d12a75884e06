//! What every field shares: its label, its hint, what is wrong with it and where it is safe.

use super::icon::{Icon, IconName};
use super::receipt::{Receipt, ReceiptMark};
use leptos::prelude::*;

/// Why a value is flagged. The value itself stays in the field: nothing typed is ever removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong: « Ce numéro ne passe pas le contrôle de clé (46 attendu). »
    pub what: String,
    /// Why it matters: « La demande de prise en charge serait rejetée. »
    pub why: String,
    /// A right value, or where to look: « 2 54 03 75 116 005 46 ». May be empty.
    pub example: String,
}

/// The parts of a field around its control.
pub(super) struct Frame {
    /// The `id` of the control, and the stem of its hint's and problem's.
    pub id: String,
    /// Always visible.
    pub label: Signal<String>,
    /// Beside the label, in a lighter voice: « facultatif ».
    pub mark: Option<String>,
    /// Under the label: what to write, or where to find it.
    pub hint: Option<String>,
    /// What is wrong, under the control.
    pub problem: Signal<Option<Problem>>,
    /// Where the value is safe.
    pub receipt: Signal<Option<Receipt>>,
    /// At the right of the label: the history button.
    pub action: Option<ViewFn>,
    /// Reads as text until it is touched.
    pub in_place: bool,
}

impl Frame {
    /// The value of `aria-describedby` for the control.
    pub fn described_by(&self) -> impl Fn() -> Option<String> + Clone + Send + Sync + use<> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let flagged = format!("{}-problem", self.id);
        let problem = self.problem;
        move || {
            let flagged = problem.with(Option::is_some).then(|| flagged.clone());
            match (flagged, hint.clone()) {
                (Some(flagged), Some(hint)) => Some(format!("{flagged} {hint}")),
                (flagged, hint) => flagged.or(hint),
            }
        }
    }

    /// The value of `aria-invalid` for the control.
    pub fn invalid(&self) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync + use<> {
        let problem = self.problem;
        move || problem.with(Option::is_some).then_some("true")
    }

    /// The whole field: label, control, then what there is to say about the value, then `extra`.
    pub fn around(self, control: AnyView, extra: Option<Children>) -> AnyView {
        let Self { id, label, mark, hint, problem, receipt, action, in_place } = self;
        let hint_id = format!("{id}-hint");
        let problem_id = format!("{id}-problem");
        view! {
            <div
                class="field"
                class:field--in-place=in_place
                class:field--flagged=move || problem.with(Option::is_some)
            >
                <div class="field__head">
                    <label class="field__label" for=id>
                        {move || label.get()}
                        {mark.map(|mark| view! { " " <span class="field__mark">{mark}</span> })}
                    </label>
                    {action.map(|action| view! { <div class="field__action">{action.run()}</div> })}
                </div>
                <div class="field__body">
                    {hint.map(|hint| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
                    {control}
                    {move || problem.get().map(|problem| flagged(&problem_id, problem))}
                </div>
                <div class="field__receipt"><ReceiptMark receipt=receipt /></div>
                {extra.map(|extra| view! { <div class="field__extra">{extra()}</div> })}
            </div>
        }
        .into_any()
    }
}

/// What is wrong, why it matters, an example.
fn flagged(id: &str, problem: Problem) -> AnyView {
    let Problem { what, why, example } = problem;
    view! {
        <div class="field__problem" id=id.to_owned()>
            <Icon name=IconName::Warning />
            <p>
                <strong>{what}</strong>
                {(!why.is_empty()).then(|| view! { " " <span>{why}</span> })}
                {(!example.is_empty()).then(|| view! { " " <span class="field__example">{example}</span> })}
            </p>
        </div>
    }
    .into_any()
}
