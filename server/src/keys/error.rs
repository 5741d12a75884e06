//! Why something cannot be sealed or opened, said to whoever runs the relay: what is wrong and what to do.
//!
//! Never holds a key or what it seals.

use std::path::PathBuf;

use thiserror::Error;

use super::{KeyName, MasterKeyId};

/// Why the keys cannot be used.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The keyring's database refused or cannot be reached.
    #[error("keyring: {0}")]
    Database(#[from] sqlx::Error),
    /// A file of keys cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What should be a master key is none.
    #[error("{0} does not hold a master key: 64 hexadecimal digits are expected")]
    InvalidMasterKey(String),
    /// There are sealed dossiers, and nothing to open them with.
    #[error(
        "the dossiers are encrypted and there is no master key at {path}: give its file with --master-key-file \
         or LIAISON_MASTER_KEY_FILE, or the key itself in LIAISON_MASTER_KEY", path = .0.display()
    )]
    MissingMasterKey(PathBuf),
    /// The master key is not the one that wraps the keyring.
    #[error(
        "this is master key {given}, but the keyring is locked with master key {expected}: give the right one \
         with --master-key-file (after a rotation: the new one)"
    )]
    WrongMasterKey {
        /// The one given.
        given: MasterKeyId,
        /// The one that would do.
        expected: MasterKeyId,
    },
    /// The rotation would change nothing.
    #[error("the keyring is locked with this master key already")]
    SameMasterKey,
    /// There are sealed dossiers, and no keyring.
    #[error(
        "the store is encrypted and its keyring is not at {path}: put the newest copy of it there, or say where it is \
         with --keys", path = .0.display()
    )]
    MissingKeyring(PathBuf),
    /// There is a keyring, but of another store.
    #[error("{path} is not the keyring of this store: say where that one is with --keys", path = .0.display())]
    ForeignKeyring(PathBuf),
    /// Keys are missing that the store needs: the keyring is older than the store.
    #[error(
        "the keyring lacks the keys of {0} dossiers of the store: it is an older copy; put the newest one in its place"
    )]
    LostKeys(usize),
    /// The dossier's key was destroyed: what it sealed is gone, and nothing more may be written there.
    #[error("the key of {0} was destroyed")]
    Destroyed(KeyName),
    /// There has never been such a key.
    #[error("there is no key of {0}")]
    Unknown(KeyName),
    /// Sealed bytes were changed, moved, or sealed with another key.
    #[error("what the key of {0} should open does not open")]
    Unreadable(KeyName),
    /// Nothing is that large.
    #[error("too large to be sealed")]
    TooLarge,
    /// The change is made, but its traces could not be wiped out of the keyring's write-ahead log.
    #[error(
        "done, but another program reads the keyring: stop the relay, so that the former keys leave the -wal file too"
    )]
    Busy,
    /// The keyring holds something that this relay never writes.
    #[error("the keyring holds an invalid {0}")]
    Corrupt(&'static str),
}
