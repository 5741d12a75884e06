//! Opening the vault of this browser, choosing its code, and locking it again.

use leptos::prelude::*;

use super::Workspace;
use super::session::{Arrived, CodeFor, NO_STORAGE, Phase, SessionState};
use crate::platform::indexed_db::StorageError;
use crate::platform::{clock, page, passkey};
use crate::replica::Store;
use crate::vault::{self, Heard, OpenVault, OpeningError, Sharing, VaultStore};

/// A moment for the pages to hand what is being typed to the replica.
const LAST_WORDS: u32 = 150;

impl SessionState {
    fn arrived(&self) -> Option<Arrived> {
        self.held().arrived.borrow().clone()
    }

    /// Minutes without a sign of anybody after which this device locks.
    #[must_use]
    pub fn lock_after(&self) -> u32 {
        self.held().lock_after.get()
    }

    /// Opens the vault of the lock page with its code.
    ///
    /// # Errors
    /// Why it did not open; the phase says how many tries are left.
    pub async fn unlock_with_code(&self, code: &str) -> Result<(), OpeningError> {
        let (Phase::Locked(lock), Some(store)) = (self.phase.get_untracked(), self.store()) else {
            return Ok(());
        };
        match vault::open_with_code(&store, &lock.vault, code).await {
            Ok(vault) => {
                let phase = self.enter(&store, vault).await?;
                self.phase.set(phase);
                Ok(())
            }
            Err(error) => {
                if let OpeningError::Wrong(codes_left) = error {
                    self.phase.set(Phase::Locked(super::Lock { codes_left, ..lock }));
                }
                Err(error)
            }
        }
    }

    /// Opens the vault of the lock page with the passkey of this device.
    ///
    /// # Errors
    /// Why it did not open.
    pub async fn unlock_with_passkey(&self) -> Result<(), OpeningError> {
        let (Phase::Locked(lock), Some(store)) = (self.phase.get_untracked(), self.store()) else {
            return Ok(());
        };
        let vault = vault::open_with_passkey(&store, &lock.vault).await?;
        let phase = self.enter(&store, vault).await?;
        self.phase.set(phase);
        Ok(())
    }

    /// Whether a passkey opens this device; `None` where it has none to offer.
    pub async fn passkey(&self) -> Option<bool> {
        let (store, vault) = (self.store()?, self.vault()?);
        let there = store.passkey(&vault.id).await.ok()?.is_some();
        (there || passkey::available().await).then_some(there)
    }

    /// Lets a passkey open this device from now on, or no longer.
    ///
    /// # Errors
    /// A French sentence: what happened, what to do.
    pub async fn set_passkey(&self, wanted: bool) -> Result<(), String> {
        let Phase::SignedIn(session) = self.phase.get_untracked() else { return Ok(()) };
        let (Some(store), Some(vault)) = (self.store(), self.vault()) else { return Ok(()) };
        let set = if wanted {
            vault::add_passkey(&store, &vault, &session).await
        } else {
            store.keep_passkey(&vault.id, None).await.map_err(OpeningError::from)
        };
        set.map_err(|error| opening_sentence(&error))
    }

    /// Opens the vault of the lock page with the account's password; another code is to be chosen then.
    ///
    /// # Errors
    /// Why it did not open.
    pub async fn unlock_with_password(&self, password: &str) -> Result<(), OpeningError> {
        let (Phase::Locked(lock), Some(store)) = (self.phase.get_untracked(), self.store()) else {
            return Ok(());
        };
        let vault = vault::open_with_password(&store, &lock.vault, password, false).await?;
        let phase = match self.enter(&store, vault).await? {
            Phase::SignedIn(_) => Phase::ChooseCode(CodeFor::AnOpenVault),
            other => other,
        };
        self.phase.set(phase);
        Ok(())
    }

    /// What comes after a vault was opened: its session, or the one of whoever has just signed in.
    async fn enter(&self, store: &VaultStore, vault: OpenVault) -> Result<Phase, OpeningError> {
        let record = store.record(&vault.id).await?.ok_or(StorageError::Erased)?;
        if let Some(Arrived { session, password }) = self.arrived() {
            if let Some(password) = password {
                vault::change_password(store, &vault, &password).await?;
            }
            store.keep_session(&vault.id, &session, &vault.key).await?;
            return Ok(self.entered(vault, &record, session));
        }
        Ok(match store.session(&vault.id, &vault.key).await? {
            Some(session) => self.entered(vault, &record, session),
            None => Phase::SignedOut,
        })
    }

    /// Gives the open vault a new code, or makes a vault for whoever has just signed in.
    ///
    /// # Errors
    /// A French sentence: what happened, what to do.
    pub async fn choose_code(&self, code: &str) -> Result<(), String> {
        let Some(store) = self.store() else { return Err(NO_STORAGE.to_owned()) };
        let phase = self.keep_code(&store, code).await.map_err(|error| opening_sentence(&error))?;
        self.phase.set(phase);
        Ok(())
    }

    async fn keep_code(&self, store: &VaultStore, code: &str) -> Result<Phase, OpeningError> {
        if let Some(vault) = self.vault() {
            vault::change_code(store, &vault, code).await?;
            return self.enter(store, vault).await;
        }
        let Some(Arrived { session, password }) = self.arrived() else { return Ok(Phase::SignedOut) };
        let vault = vault::create(store, &session, code, password.as_deref()).await?;
        *self.held().arrived.borrow_mut() = None;
        self.enter(store, vault).await
    }

    /// Shows the sign-in page: another account, or the same one anew. The vault stays closed.
    pub fn use_other_account(&self) {
        *self.held().arrived.borrow_mut() = None;
        self.phase.set(Phase::SignedOut);
    }

    /// Whether there is a lock page to go back to.
    #[must_use]
    pub fn has_lock(&self) -> bool {
        self.held().can_lock.get()
    }

    /// Begins a new vault beside one that its owner cannot open. That one is kept until they erase it. Nothing happens
    /// where the device cannot store.
    pub async fn set_aside(&self) {
        let (Phase::Locked(lock), Some(store)) = (self.phase.get_untracked(), self.store()) else { return };
        let Ok(Some(record)) = store.record(&lock.vault).await else { return };
        if store.keep_record(&lock.vault, &vault::Record { aside: true, ..record }).await.is_ok() {
            self.phase.set(Phase::ChooseCode(CodeFor::ANewVault));
        }
    }

    /// How much the vault of the lock page held that the relay did not have, when it was last open.
    pub async fn unsent_in_lock(&self) -> u32 {
        match (self.phase.get_untracked(), self.store()) {
            (Phase::Locked(lock), Some(store)) => store.unsent(&lock.vault).await.unwrap_or_default(),
            _ => 0,
        }
    }

    /// The vaults of this account that could not be opened and wait to be erased, with what they hold unsent.
    pub async fn aside(&self, email: &str) -> Vec<(String, u32)> {
        let Some(store) = self.store() else { return Vec::new() };
        let mut found = Vec::new();
        for (id, record) in store.of_account(email).await.unwrap_or_default() {
            if record.aside {
                let unsent = store.unsent(&id).await.unwrap_or_default();
                found.push((id, unsent));
            }
        }
        found
    }

    /// Erases a vault that could not be opened, for good.
    ///
    /// # Errors
    /// A French sentence when the device refuses.
    pub async fn erase_aside(&self, vault: &str) -> Result<(), String> {
        let refused =
            |_| "Le navigateur n’a pas pu effacer ces données. Rien n’a changé : réessayez plus tard.".to_owned();
        Store::erase(vault).await.map_err(refused)?;
        let Some(store) = self.store() else { return Ok(()) };
        store.forget(vault).await.map_err(refused)
    }

    /// Notes how much of the open vault is on this device only, for the day it cannot be opened.
    pub async fn note_unsent(&self, count: usize) {
        if let (Some(store), Some(vault)) = (self.store(), self.vault()) {
            // A number that is a little old is still a help.
            let _kept = store.keep_unsent(&vault.id, u32::try_from(count).unwrap_or(u32::MAX)).await.is_ok();
        }
    }

    /// Sets after how many minutes this device locks.
    ///
    /// # Errors
    /// A French sentence when the device cannot store.
    pub async fn set_lock_after(&self, minutes: u32) -> Result<(), String> {
        let (Some(store), Some(vault)) = (self.store(), self.vault()) else { return Ok(()) };
        let kept = async {
            let mut record = store.record(&vault.id).await?.ok_or(StorageError::Erased)?;
            record.lock_after = Some(minutes);
            store.keep_record(&vault.id, &record).await
        };
        kept.await.map_err(|_: StorageError| NO_STORAGE.to_owned())?;
        self.held().lock_after.set(minutes);
        Ok(())
    }

    /// Keeps the vault open for this browser's other tabs and for a reload, from now on.
    pub fn share(&self, on_heard: impl Fn(Heard) + 'static) {
        if let Some(vault) = self.vault() {
            *self.held().sharing.borrow_mut() = Some(Sharing::begin(vault, on_heard));
        }
    }

    /// Somebody is there: the other tabs hear of it.
    pub fn say_active(&self) {
        if let Some(sharing) = &*self.held().sharing.borrow() {
            sharing.say_active();
        }
    }

    /// `tell`: the other tabs are to lock too.
    pub(super) async fn stop_sharing(&self, tell: bool) {
        let sharing = self.held().sharing.borrow().clone();
        if let Some(sharing) = sharing {
            sharing.end(tell).await;
        }
    }

    /// Locks: what is being typed is stored, the key is forgotten everywhere, and the page starts afresh, so that no text
    /// is left in it. False when something could not be stored: then this page stays as it is, and loses nothing.
    /// `tell`: the other tabs are to lock too.
    pub async fn lock(&self, workspace: Workspace, tell: bool) -> bool {
        let Some(replica) = workspace.replica() else { return false };
        workspace.hidden.update(|turn| *turn += 1);
        clock::sleep(LAST_WORDS).await;
        let stored = replica.all_stored().await;
        replica.store().barrier().await;
        if !stored || workspace.storage.get_untracked().is_some() {
            return false;
        }
        self.note_unsent(replica.pending_count()).await;
        self.stop_sharing(tell).await;
        page::reload();
        true
    }
}

/// What happened and what to do, when a vault did not open or could not be made.
#[must_use]
pub fn opening_sentence(error: &OpeningError) -> String {
    match error {
        OpeningError::Wrong(_) => "Ce n’est pas le bon.".to_owned(),
        OpeningError::NoPassword => {
            "Le mot de passe n’a pas encore été tapé sur cet appareil. Connectez-vous à nouveau.".to_owned()
        }
        OpeningError::Wait(milliseconds) => {
            format!("Trop d’essais : attendez {}\u{a0}s avant le suivant. Rien n’est perdu.", milliseconds / 1000 + 1)
        }
        OpeningError::NoPasskey => {
            "L’appareil n’a pas reconnu votre empreinte ou votre visage. Le code l’ouvre toujours.".to_owned()
        }
        OpeningError::NoCryptography => {
            "Ce navigateur ne sait pas protéger les dossiers. Mettez-le à jour, ou ouvrez Liaison par son adresse en \
             https."
                .to_owned()
        }
        OpeningError::Storage(StorageError::Full) => {
            "Plus de place sur cet appareil. Rien n’est perdu : libérez de la place, puis réessayez.".to_owned()
        }
        OpeningError::Storage(StorageError::Damaged(_)) => {
            "Ce qui est sur cet appareil ne s’ouvre pas. Ce qui est au relais y est toujours : connectez-vous à nouveau."
                .to_owned()
        }
        OpeningError::Storage(_) => NO_STORAGE.to_owned(),
    }
}
