//! Two people changed the same thing apart: both values side by side, one tap to choose.

use super::button::{Button, ButtonKind};
use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// One of the values a field has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What `on_keep` gives back.
    pub id: String,
    /// The value, as it is read.
    pub value: String,
    /// Who wrote it.
    pub who: String,
    /// When, as it is read: « lun. 23 nov., 8 h 30 ».
    pub when: String,
}

/// The values of one field, with who and when, each with its button. Nothing is lost by choosing: the
/// others stay in the field's history.
#[component]
pub fn TwoValues(
    /// « Deux valeurs pour ce numéro ».
    #[prop(into)]
    heading: Signal<String>,
    /// What happened, and that nothing is lost.
    #[prop(optional, into)]
    text: Option<String>,
    /// Two values or more.
    #[prop(into)]
    candidates: Signal<Vec<Candidate>>,
    /// « Garder celui-ci ».
    #[prop(into)]
    keep_label: String,
    /// The `id` of the candidate that was chosen.
    #[prop(into)]
    on_keep: Callback<(String,)>,
) -> impl IntoView {
    let card = move |candidate: Candidate| {
        let Candidate { id, value, who, when } = candidate;
        let words = keep_label.clone();
        let aloud = format!(" : {value}, {who}");
        view! {
            <li class="conflict__candidate">
                <p class="conflict__value">{value}</p>
                <p class="conflict__origin">
                    <span class="conflict__who">{who}</span>
                    " · "
                    {when}
                </p>
                <Button kind=ButtonKind::Secondary on_click=move || on_keep.run((id.clone(),))>
                    {words}
                    <span class="visually-hidden">{aloud}</span>
                </Button>
            </li>
        }
    };
    view! {
        <div class="conflict" role="group" aria-label=move || heading.get()>
            <p class="conflict__heading">
                <Icon name=IconName::Warning />
                {move || heading.get()}
            </p>
            {text.map(|text| view! { <p class="conflict__text">{text}</p> })}
            <ul class="conflict__candidates" role="list">
                {move || candidates.get().into_iter().map(&card).collect_view()}
            </ul>
        </div>
    }
}
