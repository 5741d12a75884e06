//! The lock of this device: now, by itself, and what it could not open.

use leptos::prelude::*;

use super::NOT_STORED;
use crate::features::lock::form::{button, changing};
use crate::platform::clock;
use crate::state::{SessionState, Toasts, Workspace};
use crate::ui::{ButtonKind, Section, SelectField, SelectOption, Tone};

/// Minutes without a sign of anybody that one can choose.
const CHOICES: [u32; 5] = [1, 5, 15, 30, 60];

/// The section.
#[component]
pub fn LockSetting() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let session = expect_context::<SessionState>();
    let toasts = expect_context::<Toasts>();
    let lock = move || {
        clock::spawn(async move {
            if !session.lock(workspace, true).await {
                toasts.say(Tone::Danger, NOT_STORED);
            }
        });
    };
    let chosen = RwSignal::new(session.lock_after().to_string());
    let choose = move |text: String| {
        let Ok(minutes) = text.parse() else { return };
        chosen.set(text);
        clock::spawn(async move {
            if let Err(sentence) = session.set_lock_after(minutes).await {
                toasts.say(Tone::Danger, sentence);
            }
        });
    };
    let options: Vec<SelectOption> = CHOICES
        .iter()
        .map(|minutes| {
            let label = if *minutes == 60 { "1\u{a0}heure".to_owned() } else { format!("{minutes}\u{a0}min") };
            SelectOption::new(minutes.to_string(), label)
        })
        .collect();
    view! {
        <Section title="Verrouillage">
            <div class="stack">
                <SelectField
                    id="verrouiller-apres"
                    label="Verrouiller quand rien ne bouge pendant"
                    value=chosen
                    options=options
                    on_change=choose
                />
                <PasskeySetting/>
                {button(ButtonKind::Secondary, "Verrouiller maintenant", Box::new(lock))}
                <Aside/>
            </div>
        </Section>
    }
}

/// The fingerprint or the face as another way in, where the device has it.
#[component]
fn PasskeySetting() -> impl IntoView {
    let session = expect_context::<SessionState>();
    let toasts = expect_context::<Toasts>();
    let there = RwSignal::new(None::<bool>);
    let read = move || {
        clock::spawn(async move {
            let found = session.passkey().await;
            let _gone = there.try_set(found);
        });
    };
    read();
    let set = move |wanted: bool| {
        clock::spawn(async move {
            match session.set_passkey(wanted).await {
                Ok(()) => read(),
                Err(sentence) => toasts.say(Tone::Danger, sentence),
            }
        });
    };
    changing(move || match there.get() {
        None => ().into_any(),
        Some(false) => {
            let add = Box::new(move || set(true));
            button(ButtonKind::Secondary, "Ouvrir aussi par l’empreinte ou le visage", add)
        }
        Some(true) => {
            let remove = Box::new(move || set(false));
            button(ButtonKind::Secondary, "Ne plus ouvrir par l’empreinte ou le visage", remove)
        }
    })
}

/// What this account left here closed, and the way to erase it.
#[component]
fn Aside() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let session = expect_context::<SessionState>();
    let toasts = expect_context::<Toasts>();
    let found = RwSignal::new(None::<String>);
    let asking = RwSignal::new(false);
    let email = workspace.session.with_value(|session| session.email.clone());
    let read = move |email: String, erase: bool| {
        clock::spawn(async move {
            let mut left = 0;
            let mut vaults = session.aside(&email).await;
            if erase {
                for (vault, _) in &vaults {
                    if let Err(sentence) = session.erase_aside(vault).await {
                        toasts.say(Tone::Danger, sentence);
                    }
                }
                vaults = session.aside(&email).await;
            }
            for (_, unsent) in &vaults {
                left += unsent;
            }
            let _gone = found.try_set((!vaults.is_empty()).then(|| said_unsent(left)));
        });
    };
    read(email.clone(), false);
    let erase = move || {
        asking.set(false);
        read(email.clone(), true);
    };
    changing(move || {
        let Some(unsent) = found.get() else { return ().into_any() };
        let (words, buttons) = if asking.get() {
            let erase = button(ButtonKind::Danger, "Effacer pour toujours", Box::new(erase.clone()));
            let keep = button(ButtonKind::Primary, "Les garder", Box::new(move || asking.set(false)));
            (" Une fois effacées, elles ne reviennent pas.", vec![erase, keep])
        } else {
            let ask = move || asking.set(true);
            ("", vec![button(ButtonKind::Danger, "Effacer ces anciennes données", Box::new(ask))])
        };
        view! {
            <p>{format!("D’anciennes données restent ici, fermées par un code que vous n’avez plus. {unsent}{words}")}</p>
            {buttons}
        }
        .into_any()
    })
}

/// What was lost with them.
fn said_unsent(count: u32) -> String {
    match count {
        0 => "Tout ce qu’elles contenaient est au relais.".to_owned(),
        1 => "1\u{a0}élément n’était pas parti au relais.".to_owned(),
        n => format!("{n}\u{a0}éléments n’étaient pas partis au relais."),
    }
}
