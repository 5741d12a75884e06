//! What the relay refused: kept whole on the device, with the reason, and a way to take it out.

use leptos::prelude::*;
use liaison_shared::protocol::ChangeRefusal;
use serde_json::json;

use super::unsent::deeds_of;
use crate::platform::{clock, files};
use crate::replica::Refusal;
use crate::state::{Toasts, Workspace};
use crate::ui::{Banner, Button, ButtonKind, IconName, Section, Tone};

/// The section; nothing when nothing was refused.
#[component]
pub fn RefusedChanges() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    move || {
        (!workspace.refusals.with(Vec::is_empty)).then(|| {
            view! {
                <Section
                    title="Refusé par le relais"
                    text="Ces éléments ne sont pas dans les dossiers. Ils restent ici, entiers : recopiez-les ou \
                          remettez le fichier au bureau."
                    flush=true
                >
                    <ul class="entries">
                        <For each=move || workspace.refusals.get() key=|refusal| refusal.hash let:refusal>
                            <Row refusal=refusal/>
                        </For>
                    </ul>
                </Section>
            }
        })
    }
}

#[component]
fn Row(refusal: Refusal) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let toasts = expect_context::<Toasts>();
    let name = refusal.document.dossier().and_then(|id| workspace.dossier_name(id));
    let deeds = deeds_of(refusal.document, &refusal.bytes);
    let when = refusal.at.french(clock::now());
    let reason = sentence(&refusal);
    let export = move || {
        let file = format!("liaison-refus-{}.json", &refusal.hash.to_string()[..12]);
        if !files::download(&file, "application/json", exported(&refusal).as_bytes()) {
            toasts.say(Tone::Danger, "Le navigateur n’a pas accepté le fichier. L’élément reste ici.");
        }
    };
    view! {
        <li class="entry">
            <Banner tone=Tone::Warning title=reason/>
            {deeds.into_iter().map(|deed| view! {
                <p class="entry__text"><strong>{deed.label}" : "</strong>{deed.written}</p>
            }).collect_view()}
            <p class="entry__signature muted">
                <span>{name.unwrap_or_else(|| "Dossier".to_owned())}</span>
                <span class="numbers">{when}</span>
            </p>
            <Button kind=ButtonKind::Secondary icon=IconName::Download on_click=export>"Garder dans un fichier"</Button>
        </li>
    }
}

/// Why, in the words of the person who wrote it.
fn sentence(refusal: &Refusal) -> &'static str {
    if refusal.because_of.is_some() {
        return "Écrit à la suite d’un élément refusé";
    }
    match refusal.reason {
        ChangeRefusal::Forbidden => "Votre rôle ne permet pas d’écrire dans cette partie du dossier",
        ChangeRefusal::TooLarge | ChangeRefusal::TooMany => "Trop long pour être envoyé en une fois",
        ChangeRefusal::ForeignActor | ChangeRefusal::DuplicateActorSeq => {
            "Écrit par une copie de ce navigateur que le relais ne reconnaît pas"
        }
        ChangeRefusal::ForeignAuthor => "Écrit sous un autre compte que celui qui est connecté",
        ChangeRefusal::UnknownDocument => "Cette partie du dossier est inconnue du relais",
        ChangeRefusal::Undecodable
        | ChangeRefusal::MissingDependency
        | ChangeRefusal::ForgedGenesis
        | ChangeRefusal::Inconsistent => "Illisible pour le relais",
    }
}

/// What the office needs to write it again, and whoever mends the relay to understand it.
fn exported(refusal: &Refusal) -> String {
    let deeds = deeds_of(refusal.document, &refusal.bytes);
    let written: Vec<_> = deeds.into_iter().map(|deed| (deed.label, deed.written)).collect();
    let hex: String = refusal.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let exported = json!({
        "document": refusal.document.to_string(),
        "change": refusal.hash.to_string(),
        "reason": refusal.reason.to_string(),
        "because_of": refusal.because_of.map(|hash| hash.to_string()),
        "set_aside_at": refusal.at.0,
        "written": written,
        "automerge_change_hex": hex,
    });
    serde_json::to_string(&exported).unwrap_or_default()
}
