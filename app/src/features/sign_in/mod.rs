//! Signing in: once per browser; afterwards its code opens the application, without the relay.

mod forgotten;

use std::rc::Rc;

use leptos::prelude::*;

use crate::features::lock::form::{Answer, Form, FormState, around, field, form, quiet};
use crate::platform::page;
use crate::state::SessionState;
use crate::ui::TextKind;

pub use forgotten::ForgottenPage;

/// The form.
#[component]
pub fn SignInPage() -> impl IntoView {
    let session = expect_context::<SessionState>();
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move || -> Answer {
        Box::pin(async move {
            let (email, password) = (email.get_untracked(), password.get_untracked());
            session.sign_in(email.trim(), &password).await.err()
        })
    };
    around(form(Form {
        title: "Se connecter",
        text: "Une seule fois sur cet appareil. Ensuite, les dossiers s’ouvrent aussi sans réseau.".to_owned(),
        fields: vec![
            field("email", "Adresse électronique", TextKind::Email, "username", email),
            field("mot-de-passe", "Mot de passe", TextKind::Password, "current-password", password),
        ]
        .into_any(),
        first: "email",
        button: "Se connecter",
        more: if session.has_lock() { quiet("Revenir au code", page::reload) } else { ().into_any() },
        state: FormState::saying(None),
        submit: Rc::new(submit),
    }))
}
