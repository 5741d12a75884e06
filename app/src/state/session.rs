//! Who works on this browser: from a page that starts to a vault that is open. Signing in and out are here; opening and
//! locking the vault are in `lock.rs`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use serde_json::Value;

use super::lock::opening_sentence;
use super::login::{log_in, log_out, read, this_device};
use crate::platform::indexed_db::StorageError;
use crate::platform::{clock, page};
use crate::vault::{self, OpenVault, OpeningError, Record, Sharing, StoredSession, VaultStore};

/// Where the application stands before any page can be shown.
///
/// `Starting` → `SignedOut` (nobody) or `Locked` (a vault) → `SignedIn`; a first sign-in goes through `ChooseCode`.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// The browser's database is being opened.
    Starting,
    /// The browser gives no database.
    NoStorage(StorageError),
    /// Nobody is signed in.
    SignedOut,
    /// A vault is closed.
    Locked(Lock),
    /// Somebody is signed in and must choose the code of this device.
    ChooseCode(CodeFor),
    /// Somebody is signed in, and their vault is open.
    SignedIn(StoredSession),
    /// The device was revoked and has forgotten everything; true once the relay knows.
    Forgotten(bool),
}

/// A vault that is closed.
#[derive(Debug, Clone, PartialEq)]
pub struct Lock {
    /// Its random name.
    pub vault: String,
    /// Whether its code is only digits.
    pub digits: bool,
    /// Codes that may still be tried.
    pub codes_left: u32,
    /// Whether the password can open it.
    pub has_password: bool,
    /// Whether a passkey of this device can.
    pub has_passkey: bool,
    /// The relay took the password, which this vault does not know: only the code opens it.
    pub after_login: bool,
}

impl Lock {
    async fn of(store: &VaultStore, vault: String, record: &Record, after_login: bool) -> Result<Self, StorageError> {
        let has_password = record.by_password.is_some() && !after_login;
        let has_passkey = store.passkey(&vault).await?.is_some();
        let (digits, codes_left) = (record.digits, record.codes_left());
        Ok(Self { vault, digits, codes_left, has_password, has_passkey, after_login })
    }
}

/// Why a code is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFor {
    /// The first one on this browser.
    ANewVault,
    /// This browser held a session before there were codes.
    AnOldSession,
    /// The old one was forgotten, or tried too often.
    AnOpenVault,
}

/// Somebody the relay knows, whose vault is not open yet.
#[derive(Clone)]
pub(super) struct Arrived {
    pub session: StoredSession,
    /// As typed a moment ago; none when the session is an old one.
    pub password: Option<String>,
}

/// The session, as a context.
#[derive(Clone, Copy)]
pub struct SessionState {
    /// Where the application stands.
    pub phase: RwSignal<Phase>,
    held: StoredValue<Rc<Held>, LocalStorage>,
}

/// What nobody draws: no signals.
#[derive(Default)]
pub(super) struct Held {
    /// Minutes without a sign of anybody after which this device locks.
    pub lock_after: Cell<u32>,
    /// Whether this page began with a vault that can be opened.
    pub can_lock: Cell<bool>,
    pub store: RefCell<Option<VaultStore>>,
    pub opened: RefCell<Option<OpenVault>>,
    pub arrived: RefCell<Option<Arrived>>,
    pub sharing: RefCell<Option<Sharing>>,
}

impl SessionState {
    /// Opens the browser's database and finds out who is signed in.
    #[must_use]
    pub fn start() -> Self {
        let state = Self { phase: RwSignal::new(Phase::Starting), held: StoredValue::new_local(Rc::default()) };
        clock::spawn(async move {
            let phase = state.first_phase().await.unwrap_or_else(Phase::NoStorage);
            state.phase.set(phase);
        });
        state
    }

    pub(super) fn held(&self) -> Rc<Held> {
        self.held.get_value()
    }

    pub(super) fn store(&self) -> Option<VaultStore> {
        self.held().store.borrow().clone()
    }

    async fn first_phase(&self) -> Result<Phase, StorageError> {
        let store = VaultStore::open().await?;
        *self.held().store.borrow_mut() = Some(store.clone());
        if self.farewell_begun(&store).await? {
            return Ok(self.phase.get_untracked());
        }
        if let Some(session) = store.unsealed_session().await? {
            *self.held().arrived.borrow_mut() = Some(Arrived { session, password: None });
            return Ok(Phase::ChooseCode(CodeFor::AnOldSession));
        }
        let Some((id, record)) = store.last().await? else { return Ok(Phase::SignedOut) };
        self.held().can_lock.set(true);
        if let Some(vault) = vault::find(&id).await
            // A key that does not open the session is not this vault's: the code decides.
            && let Ok(Some(session)) = store.session(&id, &vault.key).await
        {
            return Ok(self.entered(vault, &record, session));
        }
        Ok(Phase::Locked(Lock::of(&store, id, &record, false).await?))
    }

    /// The vault is open: what follows reads it.
    pub(super) fn entered(&self, vault: OpenVault, record: &Record, session: StoredSession) -> Phase {
        let held = self.held();
        held.lock_after.set(record.lock_after.unwrap_or_else(default_minutes));
        *held.arrived.borrow_mut() = None;
        *held.opened.borrow_mut() = Some(vault);
        Phase::SignedIn(session)
    }

    /// The vault that is open.
    #[must_use]
    pub fn vault(&self) -> Option<OpenVault> {
        self.held().opened.borrow().clone()
    }

    /// Signs in. Where this browser has a vault of the account, the password opens it; else a code is chosen.
    ///
    /// # Errors
    /// A French sentence: what happened, what to do.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<(), String> {
        let device = self.login_device(email).await?;
        self.signed_in(&log_in(email, password, device).await?, email, Some(password)).await
    }

    /// This browser, as a login names it.
    pub(super) async fn login_device(&self, email: &str) -> Result<Value, String> {
        let Some(store) = self.store() else { return Err(NO_STORAGE.to_owned()) };
        Ok(this_device(store.device(email).await.ok().flatten().as_deref()))
    }

    /// The one place where somebody becomes the person of this browser: after a login, after an invitation.
    /// `password` is what they have just typed; none when a link alone let them in.
    ///
    /// # Errors
    /// A French sentence when the device could not store it.
    pub(super) async fn signed_in(&self, answer: &Value, email: &str, password: Option<&str>) -> Result<(), String> {
        let Some(store) = self.store() else { return Err(NO_STORAGE.to_owned()) };
        let (session, device) = read(answer, email)?;
        store.keep_device(email, &device).await.map_err(|_| NO_STORAGE.to_owned())?;
        let phase = self.arrive(&store, session, password).await.map_err(|error| opening_sentence(&error))?;
        self.phase.set(phase);
        Ok(())
    }

    async fn arrive(
        &self,
        store: &VaultStore,
        session: StoredSession,
        password: Option<&str>,
    ) -> Result<Phase, OpeningError> {
        let vaults = store.of_account(&session.email).await?;
        let current = vaults.into_iter().find(|(_, record)| !record.aside);
        let arrived = Arrived { session: session.clone(), password: password.map(str::to_owned) };
        *self.held().arrived.borrow_mut() = Some(arrived);
        let Some((id, record)) = current else { return Ok(Phase::ChooseCode(CodeFor::ANewVault)) };
        // A link let them in: the code opens what is here.
        let Some(password) = password else {
            return Ok(Phase::Locked(Lock::of(store, id, &record, true).await?));
        };
        match vault::open_with_password(store, &id, password, true).await {
            Ok(vault) => {
                store.keep_session(&id, &session, &vault.key).await?;
                let phase = self.entered(vault, &record, session);
                Ok(if record.codes_left() == 0 { Phase::ChooseCode(CodeFor::AnOpenVault) } else { phase })
            }
            // The password was changed elsewhere, or was never typed here: the code still opens.
            Err(OpeningError::Wrong(_) | OpeningError::NoPassword) => {
                Ok(Phase::Locked(Lock::of(store, id, &record, true).await?))
            }
            Err(error) => Err(error),
        }
    }

    /// Takes the role that the relay gave since the last login, and starts the pages afresh with it.
    pub async fn take_role(&self, role: liaison_shared::access::Role) {
        let Phase::SignedIn(session) = self.phase.get_untracked() else { return };
        let (Some(store), Some(vault)) = (self.store(), self.vault()) else { return };
        let session = StoredSession { role, ..session };
        // A device that cannot store it keeps the old pages; the relay decides either way.
        if store.keep_session(&vault.id, &session, &vault.key).await.is_ok() {
            page::reload();
        }
    }

    /// Signs out of this browser and tells the relay. What has not been sent stays in this browser, sealed.
    ///
    /// # Errors
    /// A French sentence when the device could not store it.
    pub async fn sign_out(&self) -> Result<(), String> {
        let Phase::SignedIn(session) = self.phase.get_untracked() else { return Ok(()) };
        let (Some(store), Some(vault)) = (self.store(), self.vault()) else { return Ok(()) };
        store.forget_session(&vault.id).await.map_err(|_| NO_STORAGE.to_owned())?;
        self.stop_sharing(true).await;
        log_out(&session).await;
        page::reload();
        Ok(())
    }
}

/// On a phone, which is put down anywhere, sooner than in an office.
pub(super) fn default_minutes() -> u32 {
    if page::is_phone() { 5 } else { 30 }
}

pub(super) const NO_STORAGE: &str =
    "Ce navigateur ne permet pas d’enregistrer. Quittez la navigation privée, puis réessayez.";
