//! Who may sign in: accounts, passwords, sessions.
//!
//! Never keeps a password or a token as such, never logs an e-mail address or a name.

mod limits;
mod login;
mod password;
mod people;
mod sessions;
mod store;
mod strength;

use liaison_shared::access::Role;
use liaison_shared::{Timestamp, UserId};
use thiserror::Error;

pub use limits::LoginLimits;
pub use login::{LoggedIn, Login, LoginDevice, LoginError};
pub use password::{Passwords, hash_password};
pub use people::{Changed, PersonChange};
pub use sessions::{Revocation, Session, Sessions, TokenHash};
pub use store::AccountStore;
pub(crate) use store::{insert, sectors, sectors_text};
pub use strength::{LONGEST_PASSWORD, SHORTEST_PASSWORD, WeakPassword, check_password};

/// One account, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its identity.
    pub user: UserId,
    /// What the person signs in with, in lower case.
    pub email: String,
    /// First and last name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What they do, in the agency's words.
    pub fonction: String,
    /// The sectors they answer for, in the agency's words.
    pub sectors: Vec<String>,
    /// Since when nobody signs in with it any more.
    pub closed: Option<Timestamp>,
}

/// Why the accounts could not answer.
#[derive(Debug, Error)]
pub enum AccountError {
    /// The database refused or cannot be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The database holds something that this relay never writes.
    #[error("the store holds an invalid {0}")]
    Corrupt(&'static str),
    /// Another account has this address.
    #[error("an account has this e-mail address already")]
    EmailTaken,
    /// There is no such account, device or invitation.
    #[error("there is no such thing")]
    Unknown,
    /// The agency would be left without anybody who may manage accounts.
    #[error("the last gestionnaire stays one")]
    LastGestionnaire,
    /// The store has accounts already.
    #[error("the store has accounts already")]
    AlreadyStarted,
    /// The password could not be hashed.
    #[error("the password cannot be hashed")]
    Hash,
}

/// An address as it is compared: without the spaces around it, in lower case.
#[must_use]
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}
