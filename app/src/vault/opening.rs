//! Making, opening and re-keying a vault. Each try is counted on the disk before it is looked at, so that a page that
//! is closed at the right moment gives no further one. Where there is no space left to count, a try costs time instead:
//! a full phone must still open its dossiers.

use liaison_shared::Timestamp;
use thiserror::Error;

use super::code::is_digits;
use super::crypto::{self, DataKey, SALT, Secret, Wrapped};
use super::record::Record;
use super::store::{StoredSession, VaultStore};
use crate::platform::device_key::DeviceKey;
use crate::platform::indexed_db::StorageError;
use crate::platform::{clock, random};

/// What a try costs, in milliseconds, when it cannot be counted.
const WITHOUT_COUNT: u32 = 5_000;

/// A vault that is open. Clones are the same vault.
#[derive(Clone)]
pub struct OpenVault {
    /// Its random name.
    pub id: String,
    /// Opens everything in it.
    pub key: DataKey,
}

/// Why a vault did not open.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OpeningError {
    /// Not the right one; so many codes are left.
    #[error("wrong, {0} left")]
    Wrong(u32),
    /// The password was never typed on this device.
    #[error("no password on this device")]
    NoPassword,
    /// The next password may be tried in so many milliseconds.
    #[error("wait for {0} ms")]
    Wait(i64),
    /// The device did not recognise the person, or has no secret for them any more.
    #[error("no passkey")]
    NoPasskey,
    /// The browser lacks what a vault is made of.
    #[error("no cryptography in this browser")]
    NoCryptography,
    /// The device cannot read or store.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Makes a vault for somebody who has just signed in, and keeps it.
///
/// # Errors
/// When the browser lacks cryptography, or cannot store: nothing is kept then.
pub async fn create(
    store: &VaultStore,
    session: &StoredSession,
    code: &str,
    password: Option<&str>,
) -> Result<OpenVault, OpeningError> {
    let id = random::sixteen_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let key = DataKey::create().ok_or(OpeningError::NoCryptography)?;
    let vault = OpenVault { id, key };
    let device = DeviceKey::create().await.ok_or(OpeningError::NoCryptography)?;
    let by_code = wrap(&vault, &device, Secret::Code(code)).await?;
    let by_password = match password {
        Some(password) => Some(wrap(&vault, &device, Secret::Password(password)).await?),
        None => None,
    };
    let record = Record {
        account: crypto::account(&session.email),
        by_code,
        by_password,
        digits: is_digits(code.trim()),
        wrong_codes: 0,
        wrong_passwords: 0,
        password_at: Timestamp::default(),
        lock_after: None,
        aside: false,
    };
    store.begin(&vault.id, &record, &device, session, &vault.key).await?;
    Ok(vault)
}

/// Opens a vault with its code.
///
/// # Errors
/// When it is not the right one, none is left, or the device cannot read or store.
pub async fn open_with_code(store: &VaultStore, id: &str, code: &str) -> Result<OpenVault, OpeningError> {
    let mut record = store.record(id).await?.ok_or(StorageError::Erased)?;
    if record.codes_left() == 0 {
        return Err(OpeningError::Wrong(0));
    }
    record.wrong_codes += 1;
    count_try(store, id, &record).await?;
    let wrapped = record.by_code.clone();
    let Some(vault) = unwrap(store, id, &wrapped, Secret::Code(code)).await? else {
        return Err(OpeningError::Wrong(record.codes_left()));
    };
    forgive(store, id, &Record { wrong_codes: 0, wrong_passwords: 0, ..record }).await?;
    Ok(vault)
}

/// Opens a vault with the password of its account. `checked`: the relay has just said that it is right, so this is no
/// guess and need not wait. Wrong codes are forgotten only with a new code.
///
/// # Errors
/// When it does not open, must wait, is not known here, or the device cannot read or store.
pub async fn open_with_password(
    store: &VaultStore,
    id: &str,
    password: &str,
    checked: bool,
) -> Result<OpenVault, OpeningError> {
    let mut record = store.record(id).await?.ok_or(StorageError::Erased)?;
    let wrapped = record.by_password.clone().ok_or(OpeningError::NoPassword)?;
    let now = clock::now();
    if !checked {
        match record.password_wait(now) {
            0 => {}
            wait => return Err(OpeningError::Wait(wait)),
        }
        record.wrong_passwords = record.wrong_passwords.saturating_add(1);
        record.password_at = now;
        count_try(store, id, &record).await?;
    }
    let Some(vault) = unwrap(store, id, &wrapped, Secret::Password(password)).await? else {
        return Err(OpeningError::Wrong(0));
    };
    forgive(store, id, &Record { wrong_passwords: 0, ..record }).await?;
    Ok(vault)
}

/// Gives an open vault another code; wrong ones are forgotten.
///
/// # Errors
/// When the browser lacks cryptography, or cannot store: the old code stays.
pub async fn change_code(store: &VaultStore, vault: &OpenVault, code: &str) -> Result<(), OpeningError> {
    let by_code = wrap(vault, &store.device_key(&vault.id).await?, Secret::Code(code)).await?;
    let record = store.record(&vault.id).await?.ok_or(StorageError::Erased)?;
    let digits = is_digits(code.trim());
    Ok(store.keep_record(&vault.id, &Record { by_code, digits, wrong_codes: 0, ..record }).await?)
}

/// Lets another password open a vault that is open.
///
/// # Errors
/// When the browser lacks cryptography, or cannot store: the old password stays.
pub async fn change_password(store: &VaultStore, vault: &OpenVault, password: &str) -> Result<(), OpeningError> {
    let by_password = Some(wrap(vault, &store.device_key(&vault.id).await?, Secret::Password(password)).await?);
    let record = store.record(&vault.id).await?.ok_or(StorageError::Erased)?;
    Ok(store.keep_record(&vault.id, &Record { by_password, wrong_passwords: 0, ..record }).await?)
}

/// Counts a try before it is looked at.
async fn count_try(store: &VaultStore, id: &str, record: &Record) -> Result<(), StorageError> {
    match store.keep_record(id, record).await {
        Err(StorageError::Full) => {
            clock::sleep(WITHOUT_COUNT).await;
            Ok(())
        }
        counted => counted,
    }
}

/// Takes the count of wrong tries back after a right one.
async fn forgive(store: &VaultStore, id: &str, record: &Record) -> Result<(), StorageError> {
    match store.keep_record(id, record).await {
        // Then nothing was counted either.
        Err(StorageError::Full) => Ok(()),
        kept => kept,
    }
}

async fn wrap(vault: &OpenVault, device: &DeviceKey, secret: Secret<'_>) -> Result<Wrapped, OpeningError> {
    wrap_with(vault, device, secret, crypto::salt().ok_or(OpeningError::NoCryptography)?).await
}

/// The same, with a salt that the secret was made from.
pub(super) async fn wrap_with(
    vault: &OpenVault,
    device: &DeviceKey,
    secret: Secret<'_>,
    salt: [u8; SALT],
) -> Result<Wrapped, OpeningError> {
    let challenge = crypto::challenge(&salt, secret.way());
    let signature = device.sign(&challenge).await.ok_or(OpeningError::NoCryptography)?;
    let_the_page_draw().await;
    crypto::wrap(&vault.key, &vault.id, secret, salt, &signature).ok_or(OpeningError::NoCryptography)
}

pub(super) async fn unwrap(
    store: &VaultStore,
    id: &str,
    wrapped: &Wrapped,
    secret: Secret<'_>,
) -> Result<Option<OpenVault>, OpeningError> {
    let device = store.device_key(id).await?;
    let signature = device.sign(&wrapped.challenge(secret.way())).await.ok_or(OpeningError::NoCryptography)?;
    let_the_page_draw().await;
    Ok(wrapped.open(id, secret, &signature).map(|key| OpenVault { id: id.to_owned(), key }))
}

/// Argon2id holds the page for a moment: that the button is busy must be on the screen before.
async fn let_the_page_draw() {
    clock::sleep(40).await;
}
