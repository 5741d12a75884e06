//! Who is signed in on this browser, and how one signs in and out.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::platform::http::{self, HttpError};
use crate::platform::indexed_db::StorageError;
use crate::platform::{clock, page};
use crate::replica::{SessionStore, StoredSession};

/// Where the application stands before any page can be shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// The browser's database is being opened.
    Starting,
    /// The browser gives no database.
    NoStorage(StorageError),
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is.
    SignedIn(StoredSession),
}

/// The session, as a context.
#[derive(Clone, Copy)]
pub struct SessionState {
    /// Where the application stands.
    pub phase: RwSignal<Phase>,
    store: StoredValue<Option<SessionStore>, LocalStorage>,
}

#[derive(Serialize)]
struct LoginRequest<'a> {
    email: &'a str,
    password: &'a str,
    device: LoginDevice,
}

#[derive(Serialize)]
struct LoginDevice {
    id: Option<String>,
    name: String,
}

#[derive(Deserialize)]
struct LoginAnswer {
    token: String,
    user: LoginUser,
    device: LoginDeviceAnswer,
    agency: LoginAgency,
}

#[derive(Deserialize)]
struct LoginUser {
    id: liaison_shared::UserId,
    name: String,
    role: liaison_shared::access::Role,
}

#[derive(Deserialize)]
struct LoginDeviceAnswer {
    id: String,
}

#[derive(Deserialize)]
struct LoginAgency {
    name: String,
}

impl SessionState {
    /// Opens the browser's database and finds out who is signed in.
    #[must_use]
    pub fn start() -> Self {
        let state = Self { phase: RwSignal::new(Phase::Starting), store: StoredValue::new_local(None) };
        clock::spawn(async move {
            let phase = match state.open().await {
                Ok(Some(session)) => Phase::SignedIn(session),
                Ok(None) => Phase::SignedOut,
                Err(error) => Phase::NoStorage(error),
            };
            state.phase.set(phase);
        });
        state
    }

    async fn open(&self) -> Result<Option<StoredSession>, StorageError> {
        let store = SessionStore::open().await?;
        let session = store.session().await?;
        self.store.set_value(Some(store));
        Ok(session)
    }

    /// Signs in; the answer is a sentence to show when it did not work.
    ///
    /// # Errors
    /// A French sentence: what happened, what to do.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<(), String> {
        let Some(store) = self.store.get_value() else { return Err(NO_STORAGE.to_owned()) };
        let id = store.device(email).await.ok().flatten();
        let device = LoginDevice { id, name: page::device_name() };
        let request = LoginRequest { email, password, device };
        let answer: LoginAnswer = http::post("/api/login", None, &request).await.map_err(|error| sentence(&error))?;
        let session = StoredSession {
            token: answer.token,
            user: answer.user.id,
            name: answer.user.name,
            email: email.to_owned(),
            role: answer.user.role,
            agency: answer.agency.name,
        };
        store.keep(Some((&session, &answer.device.id))).await.map_err(|_| NO_STORAGE.to_owned())?;
        self.phase.set(Phase::SignedIn(session));
        Ok(())
    }

    /// Takes the role that the relay gave since the last login, and starts the pages afresh with it.
    pub async fn take_role(&self, role: liaison_shared::access::Role) {
        let Phase::SignedIn(session) = self.phase.get_untracked() else { return };
        let Some(store) = self.store.get_value() else { return };
        let Ok(Some(device)) = store.device(&session.email).await else { return };
        let session = StoredSession { role, ..session };
        // A device that cannot store it keeps the old pages; the relay decides either way.
        if store.keep(Some((&session, &device))).await.is_ok() {
            page::reload();
        }
    }

    /// Signs out of this browser and tells the relay. What has not been sent stays in this browser.
    ///
    /// # Errors
    /// A French sentence when the device could not store it.
    pub async fn sign_out(&self) -> Result<(), String> {
        let Phase::SignedIn(session) = self.phase.get_untracked() else { return Ok(()) };
        let Some(store) = self.store.get_value() else { return Ok(()) };
        store.keep(None).await.map_err(|_| NO_STORAGE.to_owned())?;
        // Without network the session ends at its date; on this browser it is gone.
        let _told = http::post_only("/api/logout", Some(&session.token), &serde_json::json!({})).await.is_ok();
        page::reload();
        Ok(())
    }
}

const NO_STORAGE: &str = "Ce navigateur ne permet pas d’enregistrer. Quittez la navigation privée, puis réessayez.";

fn sentence(error: &HttpError) -> String {
    match error {
        HttpError::Unreachable => {
            "Le relais n’est pas joignable. Vérifiez le réseau, puis réessayez : la première connexion en a besoin."
                .to_owned()
        }
        HttpError::Refused { message, .. } if !message.is_empty() => message.clone(),
        HttpError::Refused { .. } | HttpError::Unexpected => {
            "Le relais a répondu autrement que prévu. Réessayez dans une minute.".to_owned()
        }
    }
}
