//! Signing in: once per browser; afterwards the application opens without the relay.

use leptos::prelude::*;

use crate::platform::clock;
use crate::state::SessionState;
use crate::ui::{Banner, Button, ButtonKind, TextField, TextKind, Tone};

/// The form.
#[component]
pub fn SignInPage() -> impl IntoView {
    let session = expect_context::<SessionState>();
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        clock::spawn(async move {
            let answer = session.sign_in(email.get_untracked().trim(), &password.get_untracked()).await;
            busy.set(false);
            problem.set(answer.err());
        });
    };
    view! {
        <main class="sign-in" id="contenu">
            <div class="sign-in__card">
                <p class="sign-in__brand">
                    <img src="/icons/icon.svg" width="44" height="44" alt=""/>
                    "Liaison"
                </p>
                <h1 class="sign-in__title">"Se connecter"</h1>
                <p class="muted">
                    "Une seule fois sur cet appareil. Ensuite, les dossiers s’ouvrent aussi sans réseau."
                </p>
                {move || problem.get().map(|text| view! {
                    <Banner tone=Tone::Danger title="Connexion impossible" text=text announce=true/>
                })}
                <form class="stack" on:submit=submit>
                    <TextField
                        id="email"
                        label="Adresse électronique"
                        kind=TextKind::Email
                        autocomplete="username"
                        value=email
                        on_input=move |text| email.set(text)
                        autofocus=true
                    />
                    <TextField
                        id="mot-de-passe"
                        label="Mot de passe"
                        kind=TextKind::Password
                        autocomplete="current-password"
                        value=password
                        on_input=move |text| password.set(text)
                    />
                    <Button kind=ButtonKind::Primary submit=true wide=true busy=busy>"Se connecter"</Button>
                </form>
            </div>
        </main>
    }
}
