//! What each person at the client's home wants the next one to know.

use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::documents::Record;
use liaison_shared::documents::journal::Transmission;
use liaison_shared::documents::schema::journal::{OBSERVATION_TEXTE, OBSERVATIONS};
use liaison_shared::documents::schema::rapports::{NOTE_TEXTE, NOTES};
use liaison_shared::documents::schema::{Collection, Field};

use super::written::{Nothing, Written, WrittenList, write_down};
use crate::state::{Draft, OpenDossier, Toasts, Workspace};
use crate::ui::sheet::changing;
use crate::ui::{Button, ButtonKind, IconName, TextArea};

const NOTHING: Nothing = Nothing {
    icon: IconName::Chat,
    title: "Aucune transmission",
    text: "La première que vous écrirez sera lue par toute l’équipe, même écrite sans réseau.",
};

/// The page of the volet: write one, read those before.
#[component]
pub fn TransmissionsVolet() -> impl IntoView {
    let dossier = expect_context::<OpenDossier>();
    let workspace = expect_context::<Workspace>();
    let toasts = expect_context::<Toasts>();
    let draft = Draft::open(workspace, format!("transmission/{}", dossier.id));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        write_down(draft, toasts, |texte| dossier.add_transmission(texte, draft.name()));
    };
    let entries =
        Signal::derive(move || dossier.view.with(|view| view.transmissions.iter().cloned().map(written).collect()));
    let empty = Signal::derive(move || draft.text.with(|text| text.trim().is_empty()));
    let form = workspace.writes(DocumentKind::Journal { year: 0 }).then(|| {
        view! {
            <form class="stack" on:submit=send>
                <TextArea
                    id="transmission"
                    label="Pour la personne qui viendra après vous"
                    placeholder="Ce qui s’est passé, ce qu’il faut savoir"
                    value=draft.text
                    on_input=move |typed| draft.text.set(typed)
                    rows=3
                />
                <Button kind=ButtonKind::Primary submit=true wide=true disabled=empty>"Transmettre"</Button>
            </form>
        }
    });
    view! {
        <div class="page stack stack--loose">
            {form}
            <WrittenList title="Transmissions" entries=entries nothing=NOTHING/>
            {list(dossier, "Observations", &OBSERVATIONS, &OBSERVATION_TEXTE)}
            {list(dossier, "Notes au bureau", &NOTES, &NOTE_TEXTE)}
        </div>
    }
}

/// What was written down at visits, when there is any: notes for the office are only where they may be read.
fn list(dossier: OpenDossier, title: &'static str, collection: &'static Collection, text: &'static Field) -> AnyView {
    let entries = Memo::new(move |_| {
        let entry = |record: &Record| Written {
            id: record.id,
            texte: record.value(text).to_owned(),
            badge: None,
            signature: record.signature.clone(),
        };
        dossier.view.with(|view| view.records.of(collection).map(entry).collect::<Vec<_>>())
    });
    let some = Memo::new(move |_| entries.with(|entries| !entries.is_empty()));
    changing(move || {
        if some.get() {
            view! { <WrittenList title=title entries=entries nothing=NOTHING/> }.into_any()
        } else {
            ().into_any()
        }
    })
}

fn written(transmission: Transmission) -> Written {
    let Transmission { id, texte, signature } = transmission;
    Written { id, texte, badge: None, signature }
}
