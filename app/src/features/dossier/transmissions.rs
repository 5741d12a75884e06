//! What each person at the client's home wants the next one to know.

use leptos::prelude::*;
use liaison_shared::documents::journal::Transmission;

use crate::platform::clock;
use crate::state::{Draft, OpenDossier, Toasts, Workspace};
use crate::ui::{Button, ButtonKind, EmptyState, IconName, ReceiptMark, Section, TextArea, Tone};

/// The page of the volet: write one, read those before.
#[component]
pub fn TransmissionsVolet() -> impl IntoView {
    let dossier = expect_context::<OpenDossier>();
    let workspace = expect_context::<Workspace>();
    let toasts = expect_context::<Toasts>();
    let draft = Draft::open(workspace, format!("transmission/{}", dossier.id));
    let text = draft.text;
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let written = text.with_untracked(|text| text.trim().to_owned());
        if written.is_empty() {
            return;
        }
        match dossier.add_transmission(&written, draft.name()) {
            Ok(()) => draft.spend(),
            Err(error) => toasts.say(Tone::Danger, format!("La transmission n’a pas pu être enregistrée : {error}")),
        }
    };
    let newest_first = move || {
        let mut all = dossier.transmissions.get();
        all.reverse();
        all
    };
    let empty = Signal::derive(move || text.with(|text| text.trim().is_empty()));
    view! {
        <div class="page stack stack--loose">
            <form class="stack" on:submit=send>
                <TextArea
                    id="transmission"
                    label="Pour la personne qui viendra après vous"
                    placeholder="Ce qui s’est passé, ce qu’il faut savoir"
                    value=text
                    on_input=move |typed| text.set(typed)
                    rows=3
                />
                <Button kind=ButtonKind::Primary submit=true wide=true disabled=empty>"Transmettre"</Button>
            </form>
            <Section title="Transmissions" flush=true>
                <Show
                    when=move || !dossier.transmissions.with(Vec::is_empty)
                    fallback=|| view! {
                        <EmptyState
                            icon=IconName::Chat
                            title="Aucune transmission"
                            text="La première que vous écrirez sera lue par toute l’équipe, même écrite sans réseau."
                        />
                    }
                >
                    <ul class="entries">
                        <For each=newest_first key=|transmission| transmission.id let:transmission>
                            <Entry transmission=transmission/>
                        </For>
                    </ul>
                </Show>
            </Section>
        </div>
    }
}

#[component]
fn Entry(transmission: Transmission) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let Transmission { texte, signature, .. } = transmission;
    let change = signature.change;
    let receipt = Signal::derive(move || workspace.receipt(change));
    let when = signature.at.french(clock::now());
    view! {
        <li class="entry">
            <p class="entry__text">{texte}</p>
            <p class="entry__signature muted">
                <span>{move || workspace.who(&signature)}</span>
                <span class="numbers">{when}</span>
                <ReceiptMark receipt=receipt/>
            </p>
        </li>
    }
}
