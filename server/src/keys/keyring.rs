//! The keys of one store: made before anything is sealed with them, destroyed for good, locked anew.
//!
//! All of them are unwrapped in memory (an agency has thousands, not millions), so that sealing and opening
//! never wait. Another process may change the file: [`Keyring::refresh`] notices, at the cost of one row, and reads what is new.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use liaison_shared::{DossierId, Timestamp};
use sqlx::sqlite::SqlitePool;
use sqlx::{Connection as _, SqliteConnection};

use super::cipher::Key;
use super::rows::{self, Head};
use super::{KeyError, KeyName, KeyringId, Label, MasterKey};
use crate::entropy;

/// What is known of the file.
#[derive(Default)]
struct Known {
    generation: i64,
    /// `None` for a key that was destroyed.
    keys: HashMap<KeyName, Option<Key>>,
}

/// An open keyring. Clones are the same keyring.
#[derive(Clone)]
pub struct Keyring {
    pool: SqlitePool,
    id: KeyringId,
    master: Arc<MasterKey>,
    known: Arc<RwLock<Known>>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Keyring {
    /// Opens the file, and makes it, locked with this master key, when it does not exist. `shared`: relays on several
    /// machines may have it open.
    ///
    /// # Errors
    /// When another master key locks it, one of its keys does not open, or the file cannot be used.
    pub async fn open(path: &Path, master: MasterKey, shared: bool) -> Result<Self, KeyError> {
        let pool = rows::open(path, shared).await?;
        let mut connection = pool.acquire().await?;
        rows::begin(&mut connection, KeyringId(entropy::bytes()), master.id()).await?;
        let id = rows::head(&mut connection).await?.id;
        drop(connection);
        let keyring = Self { pool, id, master: Arc::new(master), known: Arc::default() };
        keyring.refresh().await?;
        Ok(keyring)
    }

    /// Which keyring this is.
    #[must_use]
    pub fn id(&self) -> KeyringId {
        self.id
    }

    /// How many keys there are, and how many were destroyed.
    #[must_use]
    pub fn count(&self) -> (usize, usize) {
        self.read(|known| {
            let destroyed = known.keys.values().filter(|key| key.is_none()).count();
            (known.keys.len() - destroyed, destroyed)
        })
    }

    /// Whether there is such a key, or was one.
    #[must_use]
    pub fn knows(&self, name: KeyName) -> bool {
        self.read(|known| known.keys.contains_key(&name))
    }

    /// Whether the key was destroyed: nothing may be sealed with it any more, nothing opens.
    #[must_use]
    pub fn is_destroyed(&self, name: KeyName) -> bool {
        self.read(|known| known.keys.get(&name).is_some_and(Option::is_none))
    }

    /// Takes in what another process has changed.
    ///
    /// # Errors
    /// When the master key has been changed meanwhile, or the file cannot be read.
    pub async fn refresh(&self) -> Result<(), KeyError> {
        let mut connection = self.pool.acquire().await?;
        let head = rows::head(&mut connection).await?;
        if head.generation == self.read(|known| known.generation) {
            return Ok(());
        }
        // What was just read and what follows must be of one moment.
        let mut transaction = connection.begin().await?;
        self.load(&mut transaction).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Makes the keys that do not exist yet; they are durable before this returns.
    ///
    /// # Errors
    /// When one of them was destroyed, or the file cannot be written.
    pub async fn ensure(&self, names: impl IntoIterator<Item = KeyName>, now: Timestamp) -> Result<(), KeyError> {
        let wanted: BTreeSet<KeyName> = self
            .read(|known| names.into_iter().filter(|name| !matches!(known.keys.get(name), Some(Some(_)))).collect());
        if wanted.is_empty() {
            return Ok(());
        }
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        self.load(&mut transaction).await?;
        let (mut new, mut wrapped) = (Vec::new(), Vec::new());
        for name in wanted {
            match self.read(|known| known.keys.get(&name).cloned()) {
                Some(Some(_)) => {}
                Some(None) => return Err(KeyError::Destroyed(name)),
                None => {
                    let key = Key::random();
                    wrapped.push((name, self.master.wrap(&wrapping(name), &key)?));
                    new.push((name, Some(key)));
                }
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        rows::insert(&mut transaction, &wrapped, now).await?;
        rows::changed(&mut transaction, self.master.id()).await?;
        transaction.commit().await?;
        self.write(|known| {
            known.keys.extend(new);
            known.generation += 1;
        });
        Ok(())
    }

    /// Seals bytes as what the label says. [`Self::ensure`] has made the key.
    ///
    /// # Errors
    /// When there is no such key, or it was destroyed.
    pub fn seal(&self, name: KeyName, label: &Label, plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.with_key(name, |key| key.seal(label, plain).ok_or(KeyError::TooLarge))
    }

    /// What was sealed as what the label says.
    ///
    /// # Errors
    /// When there is no such key, it was destroyed, or the bytes are not what it sealed under this label.
    pub fn unseal(&self, name: KeyName, label: &Label, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.with_key(name, |key| key.open(label, sealed).ok_or(KeyError::Unreadable(name)))
    }

    /// Destroys the key of a dossier: nothing it sealed opens again, in this store or in any copy of it. Doing it
    /// twice is doing it once.
    ///
    /// # Errors
    /// When there is no such key or the file cannot be written; [`KeyError::Busy`] when it is destroyed but
    /// traces remain in the write-ahead log for now.
    pub async fn destroy(&self, dossier: DossierId, now: Timestamp) -> Result<(), KeyError> {
        let name = KeyName::Dossier(dossier);
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        self.load(&mut transaction).await?;
        if !self.knows(name) {
            return Err(KeyError::Unknown(name));
        }
        rows::destroy(&mut transaction, name, now).await?;
        rows::changed(&mut transaction, self.master.id()).await?;
        transaction.commit().await?;
        self.load(&mut connection).await?;
        rows::wipe(&mut connection).await
    }

    /// Locks every key with another master key, in one transaction: at any moment one of the two opens all of them.
    /// The keyring must be opened again, with the new one; gives the number of keys.
    ///
    /// # Errors
    /// When it is the same master key or the file cannot be written; [`KeyError::Busy`] when it is done but what
    /// the former master key opens remains in the write-ahead log for now.
    pub async fn rotate(self, new: &MasterKey) -> Result<usize, KeyError> {
        if new.id() == self.master.id() {
            return Err(KeyError::SameMasterKey);
        }
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        self.load(&mut transaction).await?;
        let keys: Vec<(KeyName, Key)> =
            self.read(|known| known.keys.iter().filter_map(|(name, key)| Some((*name, key.clone()?))).collect());
        for (name, key) in &keys {
            rows::rewrap(&mut transaction, *name, &new.wrap(&wrapping(*name), key)?).await?;
        }
        rows::changed(&mut transaction, new.id()).await?;
        transaction.commit().await?;
        rows::wipe(&mut connection).await?;
        drop(connection);
        self.close().await;
        Ok(keys.len())
    }

    /// Finishes what is under way and closes the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Reads what is new since what is known. Whoever calls this holds the one connection, so that what is known never goes
    /// back in time.
    async fn load(&self, connection: &mut SqliteConnection) -> Result<(), KeyError> {
        let Head { master, generation, .. } = rows::head(connection).await?;
        if master != self.master.id() {
            return Err(KeyError::WrongMasterKey { given: self.master.id(), expected: master });
        }
        let since = self.read(|known| known.generation);
        if generation == since {
            return Ok(());
        }
        let mut keys = Vec::new();
        for (name, wrapped) in rows::since(connection, since).await? {
            let unwrap =
                |wrapped: Vec<u8>| self.master.unwrap(&wrapping(name), &wrapped).ok_or(KeyError::Unreadable(name));
            keys.push((name, wrapped.map(unwrap).transpose()?));
        }
        self.write(|known| {
            known.keys.extend(keys);
            known.generation = generation;
        });
        Ok(())
    }

    fn with_key<T>(&self, name: KeyName, then: impl FnOnce(&Key) -> Result<T, KeyError>) -> Result<T, KeyError> {
        self.read(|known| match known.keys.get(&name) {
            Some(Some(key)) => then(key),
            Some(None) => Err(KeyError::Destroyed(name)),
            None => Err(KeyError::Unknown(name)),
        })
    }

    /// A panic elsewhere cannot leave what is known half-written: it is replaced whole or extended.
    fn read<T>(&self, read: impl FnOnce(&Known) -> T) -> T {
        read(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self, write: impl FnOnce(&mut Known)) {
        write(&mut self.known.write().unwrap_or_else(PoisonError::into_inner));
    }
}

/// A wrapped key is bound to its name: it does not open as the key of another dossier.
fn wrapping(name: KeyName) -> Label {
    Label::new("key", &name.to_string(), b"")
}

#[cfg(test)]
mod tests;
