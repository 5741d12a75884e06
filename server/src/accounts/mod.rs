//! Who may sign in: accounts, passwords, sessions.
//!
//! Never keeps a password or a token as such, never logs an e-mail address or a name.

mod limits;
mod login;
mod password;
mod sessions;
mod store;

use liaison_shared::UserId;
use liaison_shared::access::Role;
use thiserror::Error;

pub use limits::LoginLimits;
pub use login::{LoggedIn, Login, LoginDevice, LoginError};
pub use password::{Passwords, hash_password};
pub use sessions::{Sessions, TokenHash};
pub use store::AccountStore;

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
    /// The password could not be hashed.
    #[error("the password cannot be hashed")]
    Hash,
}

/// An address as it is compared: without the spaces around it, in lower case.
#[must_use]
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}
