//! The cryptography of the vault, and nothing else: sealing values under the data key, and wrapping the data key under
//! what a person knows. Draws no randomness but through the platform; decides nothing about tries or phases.

use std::cell::OnceCell;
use std::rc::Rc;

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use argon2::{Algorithm, Argon2, Params, Version};
use futures_util::future::LocalBoxFuture;
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use crate::platform::aes_key::AesKey;
use crate::platform::indexed_db::Seal;
use crate::platform::random;

/// Bytes of a nonce, of a tag, of a key.
const NONCE: usize = 12;
const TAG: usize = 16;
const KEY: usize = 32;

/// What Argon2id costs: 19 MiB, three passes, one lane. Measured: 0.1 s on a computer, 0.35 s at a quarter of its speed.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 3;

/// The key under which everything of one person is stored in this browser. Clones are the same key.
#[derive(Clone)]
pub struct DataKey {
    bytes: [u8; KEY],
    cipher: Rc<Aes256Gcm>,
    /// The same key in the browser's hands, once something large was to be opened.
    aside: Rc<OnceCell<AesKey>>,
}

impl DataKey {
    /// Makes one. `None` when the browser gives no randomness.
    #[must_use]
    pub fn create() -> Option<Self> {
        let mut bytes = [0; KEY];
        random::fill(&mut bytes).then(|| Self::from_bytes(bytes))
    }

    /// The key with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY]) -> Self {
        Self { bytes, cipher: Rc::new(Aes256Gcm::new(&bytes.into())), aside: Rc::default() }
    }

    /// Its bytes, for those that may hold it: the service worker and the other tabs of this browser.
    #[must_use]
    pub fn bytes(&self) -> &[u8; KEY] {
        &self.bytes
    }

    /// nonce ‖ ciphertext ‖ tag.
    fn seal_with(&self, nonce: [u8; NONCE], place: &[u8], value: &[u8]) -> Option<Vec<u8>> {
        let mut sealed = Vec::with_capacity(NONCE + value.len() + TAG);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(value);
        let text = InOutBuf::from(&mut sealed[NONCE..]);
        let tag = self.cipher.encrypt_inout_detached(&Nonce::from(nonce), place, text).ok()?;
        sealed.extend_from_slice(&tag);
        Some(sealed)
    }
}

impl Seal for DataKey {
    fn seal(&self, place: &str, value: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE];
        random::fill(&mut nonce).then(|| self.seal_with(nonce, place.as_bytes(), value))?
    }

    fn open(&self, place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE>()?;
        let (text, tag) = rest.split_last_chunk::<TAG>()?;
        let mut value = text.to_vec();
        let text = InOutBuf::from(value.as_mut_slice());
        self.cipher.decrypt_inout_detached(&Nonce::from(*nonce), place.as_bytes(), text, &Tag::from(*tag)).ok()?;
        Some(value)
    }

    fn open_aside<'a>(&'a self, place: &'a str, sealed: &'a [u8]) -> LocalBoxFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            if self.aside.get().is_none()
                && let Some(key) = AesKey::of(&self.bytes).await
            {
                // Two that wait for it get the same key.
                let _first = self.aside.set(key).is_ok();
            }
            match self.aside.get() {
                Some(key) => key.open(place.as_bytes(), sealed).await,
                None => self.open(place, sealed),
            }
        })
    }
}

/// What a person gives to open the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The code of this device.
    Code,
    /// The password of the account.
    Password,
    /// What the device gives for a fingerprint, a face or its own code.
    Passkey,
}

impl Way {
    const fn name(self) -> &'static str {
        match self {
            Self::Code => "liaison/vault/1/code",
            Self::Password => "liaison/vault/1/password",
            Self::Passkey => "liaison/vault/1/passkey",
        }
    }
}

/// What opens the vault.
#[derive(Clone, Copy)]
pub enum Secret<'a> {
    /// As it was typed.
    Code(&'a str),
    /// As it was typed.
    Password(&'a str),
    /// Drawn by hardware: nobody can guess it.
    Passkey(&'a [u8; KEY]),
}

impl Secret<'_> {
    /// Which of them.
    #[must_use]
    pub const fn way(self) -> Way {
        match self {
            Self::Code(_) => Way::Code,
            Self::Password(_) => Way::Password,
            Self::Passkey(_) => Way::Passkey,
        }
    }

    /// As many bytes as a key has, which cost whoever guesses a word. `None` when the browser gives no memory.
    fn stretched(self, salt: &[u8; SALT]) -> Option<[u8; KEY]> {
        let word = match self {
            Self::Passkey(bytes) => return Some(*bytes),
            Self::Code(word) | Self::Password(word) => word,
        };
        let params = Params::new(MEMORY, PASSES, 1, Some(KEY)).ok()?;
        let mut stretched = [0; KEY];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(word.trim().as_bytes(), salt, &mut stretched)
            .ok()?;
        Some(stretched)
    }
}

/// Bytes of a wrapping's salt, and of a wrapping.
pub(super) const SALT: usize = 16;
pub(super) const WRAPPED: usize = SALT + NONCE + KEY + TAG;

/// The data key, wrapped under what a person knows and what the browser holds: salt ‖ sealed key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped(pub(super) [u8; WRAPPED]);

impl Wrapped {
    fn parts(&self) -> Option<(&[u8; SALT], &[u8])> {
        self.0.split_first_chunk()
    }

    /// What the browser's own key must sign to open it.
    #[must_use]
    pub fn challenge(&self, way: Way) -> Vec<u8> {
        self.parts().map(|(salt, _)| challenge(salt, way)).unwrap_or_default()
    }

    /// The data key; `None` when the secret is not the right one. Takes a while.
    #[must_use]
    pub fn open(&self, vault: &str, secret: Secret, signature: &[u8]) -> Option<DataKey> {
        let (salt, sealed) = self.parts()?;
        let bytes = wrapping_key(secret, salt, signature)?.open(&wrapped_place(vault, secret.way()), sealed)?;
        bytes.try_into().ok().map(DataKey::from_bytes)
    }
}

/// Salt of a wrapping to come. `None` when the browser gives no randomness.
#[must_use]
pub fn salt() -> Option<[u8; SALT]> {
    let mut salt = [0; SALT];
    random::fill(&mut salt).then_some(salt)
}

/// What the browser's own key must sign for a wrapping with this salt.
#[must_use]
pub fn challenge(salt: &[u8; SALT], way: Way) -> Vec<u8> {
    [way.name().as_bytes(), salt].concat()
}

/// Wraps the data key; `signature` is the browser's, of the challenge. Takes a while. `None` when the browser gives no
/// randomness or no memory.
#[must_use]
pub fn wrap(key: &DataKey, vault: &str, secret: Secret, salt: [u8; SALT], signature: &[u8]) -> Option<Wrapped> {
    let sealed = wrapping_key(secret, &salt, signature)?.seal(&wrapped_place(vault, secret.way()), &key.bytes)?;
    [&salt[..], &sealed].concat().try_into().ok().map(Wrapped)
}

fn wrapped_place(vault: &str, way: Way) -> String {
    format!("{}/{vault}", way.name())
}

/// HKDF-SHA-256 (Argon2id (secret, salt) ‖ signature): neither the secret nor the browser's key is enough. A passkey's
/// secret needs no Argon2id.
fn wrapping_key(secret: Secret, salt: &[u8; SALT], signature: &[u8]) -> Option<DataKey> {
    let mut bytes = [0; KEY];
    let material = [&secret.stretched(salt)?, signature].concat();
    Hkdf::<Sha256>::new(None, &material).expand(secret.way().name().as_bytes(), &mut bytes).ok()?;
    Some(DataKey::from_bytes(bytes))
}

/// Under which name things of an account are kept: SHA-256 of its e-mail address, which is thus not on the disk.
#[must_use]
pub fn account(email: &str) -> [u8; 32] {
    Sha256::digest(email.trim().to_lowercase()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_opens_at_its_place_only_and_only_whole() {
        let key = DataKey::from_bytes([7; 32]);
        let sealed = key.seal_with([1; 12], b"changes\0a", b"Odette").unwrap();
        assert_eq!(sealed.len(), 12 + 6 + 16);
        assert!(!sealed.windows(6).any(|part| part == b"Odette"));
        assert_eq!(key.open("changes\0a", &sealed).unwrap(), b"Odette");
        assert_eq!(key.open("changes\0b", &sealed), None, "moved");
        assert_eq!(DataKey::from_bytes([8; 32]).open("changes\0a", &sealed), None, "another key");
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert_eq!(key.open("changes\0a", &damaged), None, "byte {at}");
        }
        assert_eq!(key.open("changes\0a", &sealed[..20]), None);
        assert_eq!(key.open("changes\0a", &[]), None);
    }

    #[test]
    fn aes_256_gcm_is_the_standard_one() {
        // NIST, "The Galois/Counter Mode of Operation", test case 14.
        let key = DataKey::from_bytes([0; 32]);
        let sealed = key.seal_with([0; 12], b"", &[0; 16]).unwrap();
        let hex: String = sealed[12..].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
    }

    #[test]
    fn the_key_opens_with_the_secret_and_the_signature_and_not_with_one_of_them() {
        let key = DataKey::from_bytes([7; 32]);
        let salt = [3; 16];
        let wrapping = wrapping_key(Secret::Code("274951"), &salt, b"signed").unwrap();
        let sealed = wrapping.seal_with([9; 12], wrapped_place("v", Way::Code).as_bytes(), &key.bytes).unwrap();
        let wrapped = Wrapped([&salt[..], &sealed].concat().try_into().unwrap());
        let open = |vault, secret, signature: &[u8]| wrapped.open(vault, secret, signature).is_some();
        assert!(open("v", Secret::Code(" 274951 "), b"signed"));
        assert!(!open("v", Secret::Code("274952"), b"signed"));
        assert!(!open("v", Secret::Code("274951"), b"other"));
        assert!(!open("v", Secret::Password("274951"), b"signed"));
        assert!(!open("v", Secret::Passkey(&[2; 32]), b"signed"));
        assert!(!open("w", Secret::Code("274951"), b"signed"));
    }

    #[test]
    fn an_account_is_the_same_however_its_address_is_typed() {
        assert_eq!(account(" Claire.Martin@liaison.demo "), account("claire.martin@liaison.demo"));
    }
}
