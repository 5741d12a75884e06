//! Liaison in the browser: opens the session, then the replica, then the pages.

mod features;
mod panic;
mod platform;
mod replica;
mod routes;
mod state;
pub mod ui;

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;

use features::shell::NoStoragePage;
use features::sign_in::SignInPage;
use platform::indexed_db::StorageError;
use platform::{clock, page};
use replica::StoredSession;
use routes::Pages;
use state::{Phase, SessionState, Toasts, Workspace};

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
    Effect::new(move || {
        if session.phase.get() != Phase::Starting {
            page::remove_shell();
        }
    });
    move || match session.phase.get() {
        Phase::Starting => ().into_any(),
        Phase::NoStorage(error) => view! { <NoStoragePage error=error/> }.into_any(),
        Phase::SignedOut => view! { <SignInPage/> }.into_any(),
        Phase::SignedIn(who) => view! { <Work who=who/> }.into_any(),
    }
}

/// Opens the replica of the person signed in.
#[component]
fn Work(who: StoredSession) -> impl IntoView {
    let opened = RwSignal::new(None::<Result<Workspace, StorageError>>);
    // The signals of the workspace belong to this component, not to the task that waits for the database.
    let open = ScopedFuture::new_untracked(Workspace::open(who));
    clock::spawn(async move {
        let result = open.await;
        let _gone = opened.try_set(Some(result));
    });
    move || match opened.get() {
        None => ().into_any(),
        Some(Ok(workspace)) => {
            provide_context(workspace);
            view! { <Pages/> }.into_any()
        }
        Some(Err(error)) => view! { <NoStoragePage error=error/> }.into_any(),
    }
}
