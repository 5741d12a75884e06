//! Links that work once: to make an account, or to add a device to one's own.
//!
//! Never keeps a token as such, and never tells a used link from an unknown, expired or withdrawn one.

mod link;
mod store;

use liaison_shared::access::Role;
use liaison_shared::{Timestamp, UserId};

pub use link::{is_own, link, picture};
pub use store::{InvitationError, InvitationStore};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To make an account.
    Account,
    /// To add a device to this person's account.
    Device(UserId),
}

/// What a link gives, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its identity, 16 random bytes; the token is another matter.
    pub id: [u8; 16],
    /// What it is for.
    pub kind: Kind,
    /// Whose account it makes, or whose it is.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What they do, in the agency's words.
    pub fonction: String,
    /// The sectors they answer for.
    pub sectors: Vec<String>,
    /// Who has made the link.
    pub created_by: UserId,
    /// When.
    pub created: Timestamp,
    /// Until when it works.
    pub expires: Timestamp,
}
