//! Argon2id, a few at a time, off the threads that serve connections.
//!
//! Never tells an unknown account from a wrong password, neither in the answer nor in the time it takes.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use super::AccountError;
use crate::entropy;

/// Each verification takes 19 MiB and a core for some 20 ms.
const AT_ONCE: usize = 2;

/// Hashes a password for the store (PHC text).
///
/// # Errors
/// When Argon2 refuses, as for a password of gigabytes.
pub fn hash_password(password: &str) -> Result<String, AccountError> {
    let salt: [u8; 16] = entropy::bytes();
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|_| AccountError::Hash)
}

/// Verifies passwords.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// What a password is compared with when there is no such account.
    nobody: Arc<str>,
}

impl Passwords {
    /// Ready to verify.
    ///
    /// # Errors
    /// As [`hash_password`].
    pub fn new() -> Result<Self, AccountError> {
        let nobody = hash_password(&hex::encode(entropy::bytes::<16>()))?;
        Ok(Self { turns: Arc::new(Semaphore::new(AT_ONCE)), nobody: nobody.into() })
    }

    /// Hashes a password, in its turn and off the threads that serve.
    ///
    /// # Errors
    /// As [`hash_password`].
    pub async fn hash(&self, password: String) -> Result<String, AccountError> {
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| AccountError::Hash)?;
        let hashed = tokio::task::spawn_blocking(move || {
            let hash = hash_password(&password);
            drop(turn);
            hash
        });
        hashed.await.map_err(|_| AccountError::Hash)?
    }

    /// Whether the password is that of the stored hash. `None` takes the same time and is never right.
    pub async fn verify(&self, password: String, stored: Option<String>) -> bool {
        let Ok(turn) = self.turns.clone().acquire_owned().await else { return false };
        let (exists, hash) = match stored {
            Some(hash) => (true, hash),
            None => (false, self.nobody.to_string()),
        };
        let verified = tokio::task::spawn_blocking(move || {
            let right = Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok();
            drop(turn);
            right
        });
        verified.await.unwrap_or(false) && exists
    }
}
