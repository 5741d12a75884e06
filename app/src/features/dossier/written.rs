//! What people wrote down once, newest first: used by the transmissions and by the demandes.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::Signature;

use crate::platform::clock;
use crate::state::{Draft, Toasts, Workspace};
use crate::ui::{Badge, EmptyState, IconName, ReceiptMark, Section, Tone};

/// One entry, as it is shown.
#[derive(Clone, PartialEq)]
pub struct Written {
    /// Its identity.
    pub id: EntryId,
    /// What was written.
    pub texte: String,
    /// A word before the name of who wrote, e.g. how a request came.
    pub badge: Option<String>,
    /// Who, when, in which change.
    pub signature: Signature,
}

/// What the list says while there is nothing in it.
#[derive(Clone, Copy)]
pub struct Nothing {
    /// Its picture.
    pub icon: IconName,
    /// What is not there.
    pub title: &'static str,
    /// What belongs there.
    pub text: &'static str,
}

/// The list; `entries` oldest first.
#[component]
pub fn WrittenList(
    title: &'static str,
    #[prop(optional)] text: &'static str,
    #[prop(into)] entries: Signal<Vec<Written>>,
    nothing: Nothing,
) -> impl IntoView {
    let newest_first = move || {
        let mut all = entries.get();
        all.reverse();
        all
    };
    view! {
        <Section title=title text=text flush=true>
            <Show
                when=move || !entries.with(Vec::is_empty)
                fallback=move || view! { <EmptyState icon=nothing.icon title=nothing.title text=nothing.text/> }
            >
                <ul class="entries">
                    <For each=newest_first key=|written| written.id let:written>
                        <Entry written=written/>
                    </For>
                </ul>
            </Show>
        </Section>
    }
}

#[component]
fn Entry(written: Written) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let Written { texte, badge, signature, .. } = written;
    let change = signature.change;
    let receipt = Signal::derive(move || workspace.receipt(change));
    let when = signature.at.french(clock::now());
    view! {
        <li class="entry">
            <p class="entry__text">{texte}</p>
            <p class="entry__signature muted">
                {badge.map(|badge| view! { <Badge>{badge}</Badge> })}
                <span>{move || workspace.who(&signature)}</span>
                <span class="numbers">{when}</span>
                <ReceiptMark receipt=receipt/>
            </p>
        </li>
    }
}

/// Writes down what a draft holds, unless it is empty; the draft starts afresh once that is done.
pub fn write_down<E: std::fmt::Display>(draft: Draft, toasts: Toasts, write: impl FnOnce(&str) -> Result<(), E>) {
    let text = draft.text.with_untracked(|text| text.trim().to_owned());
    if text.is_empty() {
        return;
    }
    match write(&text) {
        Ok(()) => draft.spend(),
        Err(error) => toasts.say(Tone::Danger, format!("Ce texte n’a pas pu être enregistré : {error}")),
    }
}
