//! What went wrong, in words: what happened, what is safe, what to do.

use leptos::prelude::*;
use liaison_shared::protocol::HelloRefusal;
use liaison_shared::sync::Link;

use super::reach::ReachNews;
use crate::features::device::NOT_STORED;
use crate::platform::indexed_db::StorageError;
use crate::platform::service_worker::{self, Updates};
use crate::platform::{clock, page};
use crate::state::{SessionState, Toasts, Workspace};
use crate::ui::{Banner, Button, ButtonKind, Tone};

/// The banners over the page, none when all is well.
#[component]
pub fn Troubles() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let refused = Memo::new(move |_| match workspace.status.get().map(|status| status.link) {
        Some(Link::Refused(reason)) => Some(reason),
        _ => None,
    });
    view! {
        <div class="troubles">
            {move || workspace.storage.get().map(|error| view! { <StorageTrouble error=error/> })}
            {move || refused.get().map(|reason| view! { <SessionTrouble reason=reason/> })}
            <RoleChange/>
            <ReachNews/>
            <UpdateOffer/>
        </div>
    }
}

#[component]
fn StorageTrouble(error: StorageError) -> impl IntoView {
    let (title, text) = storage_words(&error);
    let reload = matches!(error, StorageError::Superseded | StorageError::Erased);
    view! {
        <Banner tone=Tone::Danger title=title text=text announce=true actions=move || reload.then(|| view! {
            <Button kind=ButtonKind::Primary on_click=page::reload>"Recharger la page"</Button>
        })/>
    }
}

/// What happened and what to do when the device does not store.
fn storage_words(error: &StorageError) -> (&'static str, &'static str) {
    match error {
        StorageError::Full => (
            "Plus de place sur cet appareil",
            "Ce que vous venez d’écrire n’est pas encore enregistré ; ce qui l’était avant le reste. Gardez cette \
             page ouverte et libérez de la place (photos, applications) : l’enregistrement reprendra tout seul.",
        ),
        StorageError::Superseded => (
            "Une version plus récente est ouverte dans un autre onglet",
            "Ce qui était enregistré le reste. Copiez ce que vous étiez en train d’écrire, puis rechargez cette page.",
        ),
        StorageError::Erased => (
            "Les données de Liaison ont été effacées de cet appareil",
            "Ce qui était au relais y est toujours. Copiez ce que vous étiez en train d’écrire, puis rechargez : vous \
             vous reconnecterez et les dossiers reviendront.",
        ),
        StorageError::Damaged(_) => (
            "Une partie de ce qui est sur cet appareil ne s’ouvre pas",
            "Rien n’est effacé, et ce qui est au relais y est toujours. Gardez cet appareil tel quel et prévenez la \
             personne qui vous dépanne.",
        ),
        StorageError::NotHere => (
            "Ce dossier n’est pas encore arrivé sur cet appareil",
            "Tout ce qui est au relais y est toujours. Les dossiers arrivent l’un après l’autre : gardez cette page ouverte, \
             avec du réseau, puis recommencez.",
        ),
        StorageError::Unavailable(_) | StorageError::Failed(_) => (
            "Cet appareil n’enregistre pas",
            "Ce que vous venez d’écrire est encore dans cette page, mais pas sur l’appareil. Gardez-la ouverte : \
             l’enregistrement est retenté toutes les 3 secondes.",
        ),
    }
}

#[component]
fn SessionTrouble(reason: HelloRefusal) -> impl IntoView {
    let session = expect_context::<SessionState>();
    let outdated = reason == HelloRefusal::UnknownProtocol;
    let (title, text) = if outdated {
        (
            "Cette version de Liaison est trop ancienne pour le relais",
            "Ce que vous écrivez reste enregistré sur cet appareil. Passez à la nouvelle version pour l’envoyer.",
        )
    } else {
        (
            "Le relais demande de vous reconnecter",
            "Votre session a pris fin. Ce qui n’est pas parti reste sur cet appareil et partira après la connexion.",
        )
    };
    let reconnect = move || {
        clock::spawn(async move {
            // A device that cannot store the end of the session stays signed in: nothing is lost.
            let _signed_out = session.sign_out().await.is_ok();
        });
    };
    view! {
        <Banner tone=Tone::Warning title=title text=text actions=move || if outdated {
            view! { <Button kind=ButtonKind::Primary on_click=page::reload>"Recharger"</Button> }.into_any()
        } else {
            view! { <Button kind=ButtonKind::Primary on_click=reconnect>"Se reconnecter"</Button> }.into_any()
        }/>
    }
}

/// The relay gave another role than the one these pages were made for. What was here was chosen for the old one and has
/// gone, after everything owed was pushed: the pages begin anew with the new role, of which the next contact tells.
#[component]
fn RoleChange() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let session = expect_context::<SessionState>();
    let mine = workspace.session.with_value(|session| session.role);
    let other = Memo::new(move |_| workspace.status.get().and_then(|status| status.role).filter(|role| *role != mine));
    Effect::new(move || {
        if let Some(role) = other.get() {
            clock::spawn(async move { session.take_role(role).await });
        }
    });
    move || {
        workspace.reach.started_over.get().then(|| {
            view! {
                <Banner
                    tone=Tone::Information
                    title="Vos droits ont changé"
                    text="Tout ce que vous aviez écrit est parti au relais. Les dossiers de votre nouveau rôle arrivent."
                />
            }
        })
    }
}

/// A new version is ready: offered, never imposed.
#[component]
fn UpdateOffer() -> impl IntoView {
    let ready = RwSignal::new(false);
    let later = RwSignal::new(false);
    let updates = StoredValue::new_local(None::<Updates>);
    clock::spawn(async move {
        let registered = service_worker::register(move || ready.set(true)).await;
        if updates.try_set_value(registered).is_some() {
            return;
        }
        while let Some(Some(registered)) = updates.try_get_value() {
            registered.fetch_chunks();
            clock::sleep(30 * 60_000).await;
            registered.check().await;
        }
    });
    let workspace = expect_context::<Workspace>();
    let toasts = expect_context::<Toasts>();
    let activate = move || {
        clock::spawn(async move {
            if let Some(replica) = workspace.replica()
                && !replica.all_stored().await
            {
                toasts.say(Tone::Danger, NOT_STORED);
            } else if let Some(registered) = updates.try_get_value().flatten() {
                registered.activate();
            }
        });
    };
    move || {
        (ready.get() && !later.get()).then(|| {
            view! {
                <Banner
                    tone=Tone::Information
                    title="Une nouvelle version de Liaison est prête"
                    text="Ce que vous avez écrit est enregistré. La page se recharge en une seconde."
                    actions=move || view! {
                        <Button kind=ButtonKind::Primary on_click=activate>"Passer à la nouvelle version"</Button>
                        <Button kind=ButtonKind::Quiet on_click=move || later.set(true)>"Plus tard"</Button>
                    }
                />
            }
        })
    }
}

/// Shown instead of everything when the browser gives no database.
#[expect(clippy::needless_pass_by_value, reason = "a component owns what it is given")]
#[component]
pub fn NoStoragePage(error: StorageError) -> impl IntoView {
    let (title, text) = match error {
        StorageError::Full => (
            "Plus de place sur cet appareil",
            "Liaison n’a pas la place d’ouvrir les dossiers. Ce qui était enregistré sur cet appareil y reste. Libérez de \
             la place (photos, applications), puis réessayez.",
        ),
        StorageError::Damaged(_) => storage_words(&error),
        _ => (
            "Ce navigateur n’enregistre pas",
            "Liaison garde les dossiers dans ce navigateur pour qu’ils s’ouvrent sans réseau, et le navigateur le \
             refuse : c’est le cas en navigation privée, ou quand les cookies sont bloqués. Rien n’a été perdu. Ouvrez \
             Liaison dans une fenêtre normale, ou autorisez les données de ce site, puis réessayez.",
        ),
    };
    view! {
        <main class="page page--narrow" id="contenu">
            <h1>{title}</h1>
            <p>{text}</p>
            <Button kind=ButtonKind::Primary wide=true on_click=page::reload>"Réessayer"</Button>
            <p class="muted">"Pour la personne qui vous dépanne : "<code>{error.to_string()}</code></p>
        </main>
    }
}
