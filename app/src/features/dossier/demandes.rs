//! What was asked, as it was received: the office's own volet.

use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::documents::relation::{CANAUX, Demande};

use super::written::{Nothing, Written, WrittenList, write_down};
use crate::state::{Draft, OpenDossier, Toasts, Workspace};
use crate::ui::{Button, ButtonKind, IconName, SelectField, SelectOption, TextArea};

const NOTHING: Nothing = Nothing {
    icon: IconName::Inbox,
    title: "Aucune demande",
    text: "Notez ici chaque appel, visite ou courrier, au moment où il arrive.",
};

/// The page of the volet: note one, read those before.
#[component]
pub fn DemandesVolet() -> impl IntoView {
    let dossier = expect_context::<OpenDossier>();
    let workspace = expect_context::<Workspace>();
    let toasts = expect_context::<Toasts>();
    let draft = Draft::open(workspace, format!("demande/{}", dossier.id));
    let canal = RwSignal::new(CANAUX[0].to_owned());
    let note = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        write_down(draft, toasts, |texte| dossier.add_demande(&canal.get_untracked(), texte, draft.name()));
    };
    let entries =
        Signal::derive(move || dossier.view.with(|view| view.demandes.iter().cloned().map(written).collect()));
    let empty = Signal::derive(move || draft.text.with(|text| text.trim().is_empty()));
    let form = workspace.writes(DocumentKind::Relation).then(|| {
        view! {
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
                    value=draft.text
                    on_input=move |typed| draft.text.set(typed)
                    rows=3
                />
                <Button kind=ButtonKind::Primary submit=true wide=true disabled=empty>"Noter la demande"</Button>
            </form>
        }
    });
    view! {
        <div class="page stack stack--loose">
            {form}
            <WrittenList
                title="Demandes"
                text="Visible du bureau seulement."
                entries=entries
                nothing=NOTHING
            />
            {super::relation_cards()}
        </div>
    }
}

/// The ways a request arrives, to choose from.
pub fn canaux() -> Vec<SelectOption> {
    SelectOption::words(&CANAUX)
}

fn written(demande: Demande) -> Written {
    let Demande { id, canal, texte, signature } = demande;
    Written { id, texte, badge: Some(canal), signature }
}
