//! What people wrote apart in one field: both values, until somebody keeps one.

use leptos::prelude::*;
use liaison_shared::documents::Register;
use liaison_shared::documents::schema::Field;

use super::value::shown_value;
use crate::platform::clock;
use crate::state::{OpenDossier, Slot, Toasts, Workspace};
use crate::ui::{Candidate, Tone, TwoValues};

/// Both values, who and when; one tap chooses.
#[component]
pub fn Conflict(field: &'static Field, of: Slot, register: Memo<Register>, read_only: bool) -> impl IntoView {
    let dossier = expect_context::<OpenDossier>();
    let workspace = expect_context::<Workspace>();
    let toasts = expect_context::<Toasts>();
    let candidates = Signal::derive(move || {
        register.with(|register| {
            let candidate = |candidate: &liaison_shared::documents::Candidate| Candidate {
                id: candidate.value.clone(),
                value: if candidate.value.is_empty() {
                    "(effacé)".to_owned()
                } else {
                    shown_value(workspace, field, &candidate.value)
                },
                who: workspace.who(&candidate.signature),
                when: candidate.signature.at.french(clock::now()),
            };
            register.candidates.iter().map(candidate).collect::<Vec<_>>()
        })
    });
    let write = move |value: String| match dossier.set(of, field, value, &dossier.heads(field.document)) {
        Ok(()) => true,
        Err(error) => {
            toasts.say(Tone::Danger, format!("Le choix n’a pas pu être enregistré : {error}"));
            false
        }
    };
    let keep = move |value: String| {
        let other = candidates.with_untracked(|all| {
            all.iter().find(|candidate| candidate.id != value).map(|candidate| candidate.id.clone())
        });
        if read_only || !write(value) {
            return;
        }
        let said = "Valeur gardée. L’autre reste dans l’historique du champ.";
        match other {
            Some(other) => {
                let swap = move || {
                    write(other.clone());
                };
                toasts.offer(Tone::Done, said, "Garder l’autre", swap);
            }
            None => toasts.say(Tone::Done, said),
        }
    };
    move || {
        (candidates.with(Vec::len) > 1).then(|| {
            view! {
                <TwoValues
                    heading="Deux valeurs ont été écrites séparément"
                    text="Gardez la bonne ; en cas de doute, appelez la personne."
                    candidates=candidates
                    keep_label="Garder celui-ci"
                    on_keep=keep
                />
            }
        })
    }
}
