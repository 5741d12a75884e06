//! Where the keys are, and when new ones may be made.
//!
//! Never makes new keys for a store that has sealed something: what it sealed would look lost, or be lost.

use std::path::PathBuf;

use super::{KeyError, Keyring, KeyringId, MasterKey, SecretText};

/// Where the master key comes from.
#[derive(Debug, Clone)]
pub enum MasterKeySource {
    /// A file, which is made for a new store.
    File(PathBuf),
    /// The environment.
    Text(SecretText),
}

impl MasterKeySource {
    /// The file, when it is one.
    #[must_use]
    pub fn into_file(self) -> Option<PathBuf> {
        match self {
            Self::File(path) => Some(path),
            Self::Text(_) => None,
        }
    }
}

/// Where the keys of a store are.
#[derive(Debug, Clone)]
pub struct KeyFiles {
    /// The keyring's file.
    pub keyring: PathBuf,
    /// The master key.
    pub master: MasterKeySource,
    /// Relays on several machines may have the keyring open, in a folder that they share.
    pub shared: bool,
}

impl KeyFiles {
    /// Opens the keyring; `pledged` is the one that a store has sealed with, if it has sealed anything.
    ///
    /// # Errors
    /// When the keyring or the master key is missing or is not the right one.
    pub async fn unlock(&self, pledged: Option<KeyringId>) -> Result<Keyring, KeyError> {
        let file = |source| KeyError::File { path: self.keyring.clone(), source };
        let exists = self.keyring.try_exists().map_err(file)?;
        if pledged.is_some() && !exists {
            return Err(KeyError::MissingKeyring(self.keyring.clone()));
        }
        let master = match &self.master {
            MasterKeySource::Text(text) => MasterKey::parse(text)?,
            MasterKeySource::File(path) if exists => MasterKey::load(path)?,
            MasterKeySource::File(path) => MasterKey::load_or_create(path)?,
        };
        let keyring = Keyring::open(&self.keyring, master, self.shared).await?;
        if pledged.is_some_and(|pledged| pledged != keyring.id()) {
            return Err(KeyError::ForeignKeyring(self.keyring.clone()));
        }
        Ok(keyring)
    }
}
