//! A second way to open the vault, for those whose device has one: a fingerprint, a face, the device's own code. Never the
//! only way: the code and the password stay, and after five wrong codes the password alone opens.

use super::crypto::{self, Secret, WRAPPED, Way, Wrapped};
use super::opening::{OpenVault, OpeningError, unwrap, wrap_with};
use super::store::{StoredSession, VaultStore};
use crate::platform::indexed_db::StorageError;
use crate::platform::passkey;

/// A passkey that opens a vault. In clear: its id opens nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// By which the device finds it.
    pub id: Vec<u8>,
    /// The data key under the secret that it gives.
    pub wrapped: Wrapped,
}

impl Passkey {
    /// As it is stored: the wrapping, then the id.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.wrapped.0[..], &self.id].concat()
    }

    /// What was stored; `None` when it is nothing of ours.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (wrapped, id) = bytes.split_first_chunk::<WRAPPED>()?;
        (!id.is_empty()).then(|| Self { id: id.to_vec(), wrapped: Wrapped(*wrapped) })
    }
}

/// Lets a passkey of this device open a vault that is open. The person is asked for it, once or twice.
///
/// # Errors
/// When they refuse, the device gives no secret, or cannot store: nothing has changed then.
pub async fn add(store: &VaultStore, vault: &OpenVault, session: &StoredSession) -> Result<(), OpeningError> {
    let salt = crypto::salt().ok_or(OpeningError::NoCryptography)?;
    let input = crypto::challenge(&salt, Way::Passkey);
    let id = passkey::create(&session.user.0, &session.email, &input).await.ok_or(OpeningError::NoPasskey)?;
    let secret = passkey::secret(&id, &input).await.ok_or(OpeningError::NoPasskey)?;
    let wrapped = wrap_with(vault, &store.device_key(&vault.id).await?, Secret::Passkey(&secret), salt).await?;
    Ok(store.keep_passkey(&vault.id, Some(&Passkey { id, wrapped })).await?)
}

/// Opens a vault with its passkey. Wrong codes stay counted.
///
/// # Errors
/// When the device does not recognise the person, the vault has no passkey, or five codes were wrong.
pub async fn open_with_passkey(store: &VaultStore, id: &str) -> Result<OpenVault, OpeningError> {
    let record = store.record(id).await?.ok_or(StorageError::Erased)?;
    if record.codes_left() == 0 {
        return Err(OpeningError::Wrong(0));
    }
    let Passkey { id: passkey, wrapped } = store.passkey(id).await?.ok_or(OpeningError::NoPasskey)?;
    let secret = passkey::secret(&passkey, &wrapped.challenge(Way::Passkey)).await.ok_or(OpeningError::NoPasskey)?;
    unwrap(store, id, &wrapped, Secret::Passkey(&secret)).await?.ok_or(OpeningError::NoPasskey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passkey_comes_back_as_it_was_kept() {
        let passkey = Passkey { id: vec![1, 2, 3], wrapped: Wrapped([7; WRAPPED]) };
        let bytes = passkey.to_bytes();
        assert_eq!(Passkey::from_bytes(&bytes), Some(passkey));
        assert_eq!(Passkey::from_bytes(&bytes[..WRAPPED]), None);
    }
}
