//! What was asked, as it was received: the office's own volet.

use leptos::prelude::*;
use liaison_shared::documents::relation::{CANAUX, Demande};

use crate::platform::clock;
use crate::state::{Draft, OpenDossier, Toasts, Workspace};
use crate::ui::{
    Badge, Button, ButtonKind, EmptyState, IconName, ReceiptMark, Section, SelectField, SelectOption, TextArea, Tone,
};

/// The page of the volet: note one, read those before.
#[component]
pub fn DemandesVolet() -> impl IntoView {
    let dossier = expect_context::<OpenDossier>();
    let workspace = expect_context::<Workspace>();
    let toasts = expect_context::<Toasts>();
    let draft = Draft::open(workspace, format!("demande/{}", dossier.id));
    let text = draft.text;
    let canal = RwSignal::new(CANAUX[0].to_owned());
    let note = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let written = text.with_untracked(|text| text.trim().to_owned());
        if written.is_empty() {
            return;
        }
        match dossier.add_demande(&canal.get_untracked(), &written, draft.name()) {
            Ok(()) => draft.spend(),
            Err(error) => toasts.say(Tone::Danger, format!("La demande n’a pas pu être enregistrée : {error}")),
        }
    };
    let newest_first = move || {
        let mut all = dossier.demandes.get();
        all.reverse();
        all
    };
    let empty = Signal::derive(move || text.with(|text| text.trim().is_empty()));
    view! {
        <div class="page stack stack--loose">
            <form class="stack" on:submit=note>
                <SelectField
                    id="demande-canal"
                    label="Reçue par"
                    value=canal
                    options=canaux()
                    on_change=move |chosen| canal.set(chosen)
                />
                <TextArea
                    id="demande-texte"
                    label="Ce qui a été demandé ou dit"
                    value=text
                    on_input=move |typed| text.set(typed)
                    rows=3
                />
                <Button kind=ButtonKind::Primary submit=true wide=true disabled=empty>"Noter la demande"</Button>
            </form>
            <Section title="Demandes" text="Visible du bureau seulement." flush=true>
                <Show
                    when=move || !dossier.demandes.with(Vec::is_empty)
                    fallback=|| view! {
                        <EmptyState
                            icon=IconName::Inbox
                            title="Aucune demande"
                            text="Notez ici chaque appel, visite ou courrier, au moment où il arrive."
                        />
                    }
                >
                    <ul class="entries">
                        <For each=newest_first key=|demande| demande.id let:demande>
                            <Entry demande=demande/>
                        </For>
                    </ul>
                </Show>
            </Section>
        </div>
    }
}

/// The ways a request arrives, to choose from.
pub fn canaux() -> Vec<SelectOption> {
    CANAUX.iter().map(|canal| SelectOption::new(*canal, *canal)).collect()
}

#[component]
fn Entry(demande: Demande) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let Demande { canal, texte, signature, .. } = demande;
    let change = signature.change;
    let receipt = Signal::derive(move || workspace.receipt(change));
    let when = signature.at.french(clock::now());
    view! {
        <li class="entry">
            <p class="entry__text">{texte}</p>
            <p class="entry__signature muted">
                <Badge>{canal}</Badge>
                <span>{move || workspace.who(&signature)}</span>
                <span class="numbers">{when}</span>
                <ReceiptMark receipt=receipt/>
            </p>
        </li>
    }
}
