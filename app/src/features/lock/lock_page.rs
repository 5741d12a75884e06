//! The page that opens this device: the code, or the password when the code is forgotten or was tried too often.

use std::rc::Rc;

use leptos::prelude::*;

use super::form::{Answer, Form, FormState, NOT_A_PASSWORD, around, button, changing, field, form, quiet};
use crate::platform::clock;
use crate::state::{Lock, SessionState, opening_sentence};
use crate::ui::{ButtonKind, TextKind};
use crate::vault::{CODE_TRIES, OpeningError};

/// The page. A new one is made whenever the number of tries changes; it says what the last one did.
#[component]
pub fn LockPage(lock: Lock) -> impl IntoView {
    let session = expect_context::<SessionState>();
    let exhausted = lock.codes_left == 0;
    let forgotten = RwSignal::new(false);
    let again = move || session.use_other_account();
    let after_login = lock.after_login;
    let content = move || {
        if after_login && exhausted {
            ().into_any()
        } else if !exhausted && !forgotten.get() {
            by_code(session, &lock, forgotten)
        } else if lock.has_password {
            by_password(session, exhausted)
        } else {
            sign_in_again(session)
        }
    };
    let back = move || {
        if forgotten.get() { quiet("Revenir au code", move || forgotten.set(false)) } else { ().into_any() }
    };
    around(
        vec![
            changing(content),
            changing(back),
            if after_login { start_afresh(session) } else { ().into_any() },
            quiet("Utiliser un autre compte", again),
        ]
        .into_any(),
    )
}

/// What there is to say after a try.
fn said(error: &OpeningError) -> String {
    match error {
        OpeningError::Wrong(0) => "Ce n’est pas le bon mot de passe.".to_owned(),
        OpeningError::Wrong(1) => "Ce n’est pas le bon code. Il reste 1\u{a0}essai, puis le mot de passe.".to_owned(),
        OpeningError::Wrong(left) => format!("Ce n’est pas le bon code. Il reste {left}\u{a0}essais."),
        other => opening_sentence(other),
    }
}

fn by_code(session: SessionState, lock: &Lock, forgotten: RwSignal<bool>) -> AnyView {
    let code = RwSignal::new(String::new());
    let wrong_before = (lock.codes_left < CODE_TRIES).then(|| said(&OpeningError::Wrong(lock.codes_left)));
    let (kind, label) = if lock.digits { (TextKind::Pin, "Votre code") } else { (TextKind::Password, "Votre phrase") };
    let text = if lock.after_login {
        "Ce mot de passe n’est pas encore connu de cet appareil. Tapez le code de l’appareil : ce qui y attend son \
         départ est gardé."
    } else {
        "Les dossiers sont ici, même sans réseau."
    };
    let submit = move || -> Answer {
        let code = code.get_untracked();
        Box::pin(async move {
            if code.is_empty() {
                return None;
            }
            session.unlock_with_code(&code).await.err().as_ref().map(said)
        })
    };
    let state = FormState::saying(wrong_before);
    let by_passkey = move || {
        state.wait_for(Box::pin(async move { session.unlock_with_passkey().await.err().as_ref().map(said) }));
    };
    let more = vec![
        if lock.has_passkey {
            button(ButtonKind::Secondary, "Empreinte ou visage", Box::new(by_passkey))
        } else {
            ().into_any()
        },
        if lock.after_login { ().into_any() } else { quiet("Code oublié ?", move || forgotten.set(true)) },
    ]
    .into_any();
    form(Form {
        title: "Liaison est verrouillé",
        text: text.to_owned(),
        fields: view! { <div class="lock__field">{field("code", label, kind, NOT_A_PASSWORD, code)}</div> }.into_any(),
        first: "code",
        button: "Déverrouiller",
        more,
        state,
        submit: Rc::new(submit),
    })
}

fn by_password(session: SessionState, exhausted: bool) -> AnyView {
    let password = RwSignal::new(String::new());
    let submit = move || -> Answer {
        let password = password.get_untracked();
        Box::pin(async move {
            if password.is_empty() {
                return None;
            }
            session.unlock_with_password(&password).await.err().as_ref().map(said)
        })
    };
    let why = if exhausted { "Cinq codes n’étaient pas le bon : seul le mot de passe ouvre. " } else { "" };
    form(Form {
        title: "Votre mot de passe",
        text: format!("{why}C’est celui de votre compte. Vous choisirez ensuite un nouveau code."),
        fields: field("mot-de-passe", "Mot de passe", TextKind::Password, "current-password", password),
        first: "mot-de-passe",
        button: "Déverrouiller",
        more: quiet("Mot de passe changé ?", move || session.use_other_account()),
        state: FormState::saying(None),
        submit: Rc::new(submit),
    })
}

/// Neither the code nor a password opens this vault: the relay is asked.
fn sign_in_again(session: SessionState) -> AnyView {
    form(Form {
        title: "Connectez-vous à nouveau",
        text:
            "Votre mot de passe n’a pas encore été tapé sur cet appareil : il faut le réseau une fois. Ce qui est au \
               relais revient ensuite."
                .to_owned(),
        fields: ().into_any(),
        first: "",
        button: "Se connecter à nouveau",
        more: ().into_any(),
        state: FormState::saying(None),
        submit: Rc::new(move || -> Answer {
            Box::pin(async move {
                session.use_other_account();
                None
            })
        }),
    })
}

/// The way on for somebody whom the relay knows and this vault does not.
fn start_afresh(session: SessionState) -> AnyView {
    let words = RwSignal::new(None::<String>);
    clock::spawn(async move {
        let found = said_unsent(session.unsent_in_lock().await);
        let _gone = words.try_set(Some(found));
    });
    let start = move || {
        // A device that cannot store stays here; the sign-in page says why.
        clock::spawn(async move { session.set_aside().await });
    };
    view! {
        <div class="lock__afresh">
            {changing(move || view! { <p>{words.get()}</p> }.into_any())}
            {button(ButtonKind::Secondary, "Continuer sans le code", Box::new(start))}
        </div>
    }
    .into_any()
}

/// What stays closed without the code.
fn said_unsent(count: u32) -> String {
    match count {
        0 => "Tout ce qui était ici est au relais : sans le code, vous pouvez repartir de là.".to_owned(),
        1 => "Sans le code, 1\u{a0}élément qui n’est pas parti reste fermé ici. Le reste revient du relais.".to_owned(),
        n => {
            format!(
                "Sans le code, {n}\u{a0}éléments qui ne sont pas partis restent fermés ici. Le reste revient du relais."
            )
        }
    }
}
