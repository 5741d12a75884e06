//! This device: what has not left it, what the relay refused, and how safe what is on it is.

mod files;
mod lock_setting;
mod refusals;
mod unsent;

use leptos::prelude::*;
use liaison_shared::sync::Link;

use crate::features::shell::status_words;
use crate::platform::storage::{self, Persistence};
use crate::platform::{clock, page};
use crate::state::{SessionState, Toasts, Workspace};
use crate::ui::{Banner, Button, ButtonKind, ButtonLink, Dialog, PageHeader, Section, Tone};

use files::unsent_files;
use lock_setting::LockSetting;
use refusals::RefusedChanges;
pub use unsent::UnsentChanges;

/// Said when leaving now would lose something.
pub const NOT_STORED: &str =
    "Cet appareil n’a pas encore enregistré ce que vous venez d’écrire. Libérez de la place, puis réessayez.";

/// The page.
#[component]
pub fn DevicePage() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let line = move || {
        status_words(workspace.status.get(), workspace.arriving.get(), workspace.owed(), clock::now(), page::is_phone())
            .1
    };
    let online = move || matches!(workspace.status.get().map(|status| status.link), Some(Link::Online));
    view! {
        <PageHeader title="Cet appareil" subtitle=Signal::derive(line)/>
        <div class="page page--narrow stack stack--loose">
            <WrongClock/>
            {move || (!online()).then(|| view! {
                <Button kind=ButtonKind::Secondary wide=true on_click=move || workspace.retry_now()>
                    "Essayer le relais maintenant"
                </Button>
            })}
            <UnsentChanges/>
            {unsent_files()}
            <RefusedChanges/>
            <LockSetting/>
            <Kept/>
            <Section title="Vos appareils" text="Les voir, en relier un autre, en révoquer un.">
                <ButtonLink href="/reglages/mes-appareils" wide=true>"Voir vos appareils"</ButtonLink>
            </Section>
            <Account/>
        </div>
    }
}

/// The device's clock is off: dates written here will be too.
#[component]
fn WrongClock() -> impl IntoView {
    const TOLERATED: i64 = 120_000;
    let workspace = expect_context::<Workspace>();
    let drift = Memo::new(move |_| workspace.status.get().and_then(|status| status.drift).map(|drift| drift.0));
    move || {
        drift.get().filter(|drift| drift.abs() > TOLERATED).map(|drift| {
            view! {
                <Banner
                    tone=Tone::Warning
                    title=off_by(drift)
                    text="Les heures affichées à côté de ce que vous écrivez sont décalées d’autant. Réglez l’heure \
                          automatique dans les réglages de l’appareil."
                />
            }
        })
    }
}

/// How far the clock is off, as one would say it.
fn off_by(drift: i64) -> String {
    let direction = if drift > 0 { "retarde" } else { "avance" };
    let much = match drift.abs() / 60_000 {
        minutes @ ..120 => format!("{minutes}\u{a0}min"),
        minutes @ 120..2880 => format!("{}\u{a0}h", minutes / 60),
        minutes => format!("{}\u{a0}jours", minutes / 1440),
    };
    format!("L’horloge de cet appareil {direction} de {much}")
}

/// How far the browser promises to keep what is stored here.
#[component]
fn Kept() -> impl IntoView {
    let persistence = RwSignal::new(Persistence::Unknown);
    let used = RwSignal::new(None::<(f64, f64)>);
    clock::spawn(async move {
        let _gone = used.try_set(storage::estimate().await);
        let _gone = persistence.try_set(storage::ask_to_persist().await);
    });
    let words = move || match persistence.get() {
        Persistence::Granted => "Le navigateur s’engage à garder les dossiers sur cet appareil.",
        Persistence::BestEffort => {
            "Le navigateur ne s’engage pas à garder les dossiers si l’appareil manque de place. Ce qui est au relais \
             ne risque rien. Installez Liaison sur l’écran d’accueil pour plus de sûreté."
        }
        Persistence::Unknown => {
            "Le navigateur ne dit pas s’il gardera les dossiers. Ce qui est au relais ne risque rien."
        }
    };
    let megabytes = |bytes: f64| format!("{:.1}", bytes / 1e6).replace('.', ",");
    view! {
        <Section title="Enregistrement sur cet appareil">
            <p>{words}</p>
            <p class="muted">
                {move || used.get().map(|(used, quota)| {
                    format!("{}\u{a0}Mo utilisés sur {}\u{a0}Mo accordés.", megabytes(used), megabytes(quota))
                })}
                {(!storage::is_installed()).then_some(
                    " Pour l’avoir sous la main : menu du navigateur, « Ajouter à l’écran d’accueil ».",
                )}
            </p>
        </Section>
    }
}

/// Who is signed in, and the way out.
#[component]
fn Account() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let session = expect_context::<SessionState>();
    let toasts = expect_context::<Toasts>();
    let asking = RwSignal::new(false);
    let (name, email) = workspace.session.with_value(|session| (session.name.clone(), session.email.clone()));
    let sign_out = move || {
        clock::spawn(async move {
            if let Some(replica) = workspace.replica()
                && !replica.all_stored().await
            {
                toasts.say(Tone::Danger, NOT_STORED);
                return;
            }
            if let Err(sentence) = session.sign_out().await {
                toasts.say(Tone::Danger, sentence);
            }
        });
    };
    // Files that the relay refused are here only, too.
    let owed = move || workspace.pending.get() + workspace.uploads.with(Vec::len);
    let ask = move || if untrack(owed) == 0 { sign_out() } else { asking.set(true) };
    view! {
        <Section title="Votre compte">
            <p>{name}<br/><span class="muted">{email}</span></p>
            <Button kind=ButtonKind::Secondary wide=true on_click=ask>"Se déconnecter de cet appareil"</Button>
        </Section>
        <Dialog
            id="deconnexion"
            open=asking
            on_close=move || asking.set(false)
            title="Tout n’est pas encore parti"
            close_label="Annuler"
            actions=move || view! {
                <Button kind=ButtonKind::Danger on_click=sign_out>"Se déconnecter quand même"</Button>
                <Button kind=ButtonKind::Primary on_click=move || asking.set(false)>"Rester connecté"</Button>
            }
        >
            <p>
                {move || format!(
                    "{} élément(s) sont sur cet appareil seulement. Ils y resteront, et partiront quand vous vous \
                     reconnecterez ici avec le même compte.",
                    owed(),
                )}
            </p>
        </Dialog>
    }
}
