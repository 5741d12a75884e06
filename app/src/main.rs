//! Liaison in the browser: opens the session and its vault, then the replica, then the pages.

mod chunks;
mod features;
mod panic;
mod platform;
mod replica;
mod routes;
mod state;
pub mod ui;
mod vault;

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;

use features::invitation::{InvitationPage, OpenedLink};
use features::lock::{AutoLock, ChooseCodePage, LockPage};
use features::shell::NoStoragePage;
use features::sign_in::{ForgottenPage, SignInPage};
use platform::indexed_db::StorageError;
use platform::{clock, page};
use routes::Pages;
use state::{Phase, SessionState, Toasts, Workspace};
use vault::{OpenVault, StoredSession};

fn main() {
    panic::show_restart_screen_on_panic();
    mount_to_body(App);
}

/// What is shown in each phase.
#[component]
fn App() -> impl IntoView {
    let session = SessionState::start();
    provide_context(session);
    provide_context(Toasts::default());
    let link = OpenedLink::take();
    provide_context(link);
    Effect::new(move || {
        if session.phase.get() != Phase::Starting {
            page::remove_shell();
        }
    });
    move || match session.phase.get() {
        Phase::Starting => ().into_any(),
        Phase::NoStorage(error) => view! { <NoStoragePage error=error/> }.into_any(),
        // Whoever is signed in: a link that lets somebody in comes first.
        _ if link.is_there() => view! { <InvitationPage/> }.into_any(),
        Phase::SignedOut => view! { <SignInPage/> }.into_any(),
        Phase::Locked(lock) => view! { <LockPage lock=lock/> }.into_any(),
        Phase::ChooseCode(code_for) => view! { <ChooseCodePage code_for=code_for/> }.into_any(),
        Phase::Forgotten(confirmed) => view! { <ForgottenPage confirmed=confirmed/> }.into_any(),
        Phase::SignedIn(who) => match session.vault() {
            Some(vault) => view! { <Work who=who vault=vault/> }.into_any(),
            None => view! { <SignInPage/> }.into_any(),
        },
    }
}

/// Opens the replica of the person signed in, in their vault.
#[component]
fn Work(who: StoredSession, vault: OpenVault) -> impl IntoView {
    let session = expect_context::<SessionState>();
    let opened = RwSignal::new(None::<Result<Workspace, StorageError>>);
    // The signals of the workspace belong to this component, not to the task that waits for the database.
    let open = ScopedFuture::new_untracked(Workspace::open(who, vault));
    clock::spawn(async move {
        let result = open.await;
        let _gone = opened.try_set(Some(result));
    });
    move || match opened.get() {
        None => ().into_any(),
        Some(Ok(workspace)) => {
            provide_context(workspace);
            Effect::new(move || {
                if workspace.reach.revoked.get() {
                    clock::spawn(async move { session.forget_everything().await });
                }
            });
            view! { <Pages/><AutoLock/> }.into_any()
        }
        Some(Err(error)) => view! { <NoStoragePage error=error/> }.into_any(),
    }
}
