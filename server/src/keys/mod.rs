//! Encryption at rest: one key per dossier, kept apart from what it seals, wrapped by a master key.
//!
//! The keyring is a file of its own, because a key must never lie in the same backup as its dossier: once
//! the keyring no longer has it, no copy of the store opens that dossier again.
//!
//! Never knows what it seals (changes, and later snapshots, summaries, blobs), never prints a key.

mod cipher;
mod error;
mod files;
mod keyring;
mod master;
mod name;
mod rows;

pub use cipher::{Label, OVERHEAD};
pub use error::KeyError;
pub use files::{KeyFiles, MasterKeySource};
pub use keyring::Keyring;
pub use master::{MasterKey, MasterKeyId, SecretText};
pub use name::KeyName;
pub use rows::KeyringId;
