//! Choosing the code of this device.

use std::rc::Rc;

use leptos::prelude::*;

use super::form::{Answer, Form, FormState, NOT_A_PASSWORD, around, changing, field, form, quiet};
use crate::state::{CodeFor, SessionState};
use crate::ui::TextKind;
use crate::vault::{Weak, is_digits, weakness};

/// The page.
#[component]
pub fn ChooseCodePage(code_for: CodeFor) -> impl IntoView {
    let phrase = RwSignal::new(false);
    around(changing(move || choose(code_for, phrase)))
}

fn choose(code_for: CodeFor, phrase: RwSignal<bool>) -> AnyView {
    let session = expect_context::<SessionState>();
    let (code, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let why = match code_for {
        CodeFor::ANewVault => "Il verrouille les dossiers gardés ici.",
        CodeFor::AnOldSession => {
            "Nouveau : un code verrouille les dossiers gardés ici. Rien de ce que vous avez écrit ne change."
        }
        CodeFor::AnOpenVault => "Il remplace l’ancien. Rien de ce que vous avez écrit ne change.",
    };
    let as_phrase = phrase.get();
    let (kind, label, other) = if as_phrase {
        (TextKind::Password, "Votre phrase, 6 caractères au moins", "Plutôt un code de chiffres")
    } else {
        (TextKind::Pin, "Votre code, 6 chiffres au moins", "Une phrase protège mieux")
    };
    let submit = move || -> Answer {
        let (code, again) = (code.get_untracked(), again.get_untracked());
        Box::pin(async move {
            match what_is_wrong(&code, &again) {
                Some(wrong) => Some(wrong.to_owned()),
                None => session.choose_code(&code).await.err(),
            }
        })
    };
    form(Form {
        title: "Choisissez un code",
        text: format!("{why} Le code reste sur cet appareil : personne d’autre ne le connaît."),
        fields: vec![
            field("code", label, kind, NOT_A_PASSWORD, code),
            field("code-encore", "Encore une fois", kind, NOT_A_PASSWORD, again),
        ]
        .into_any(),
        first: "code",
        button: "Garder ce code",
        more: quiet(other, move || phrase.set(!as_phrase)),
        state: FormState::saying(None),
        submit: Rc::new(submit),
    })
}

/// Why the code cannot be kept, if so.
fn what_is_wrong(code: &str, again: &str) -> Option<&'static str> {
    match weakness(code) {
        Some(Weak::Short) if is_digits(code.trim()) || code.is_empty() => Some("Il faut au moins 6 chiffres."),
        Some(Weak::Short) => Some("Il faut au moins 6 caractères."),
        Some(Weak::Guessable) => Some("C’est un des premiers codes que l’on essaie. Choisissez-en un autre."),
        None if code.trim() != again.trim() => Some("Les deux ne sont pas pareils. Tapez-les à nouveau."),
        None => None,
    }
}
