//! Why the relay says no. Codes never change their meaning.

use minicbor::{Decode, Encode};
use thiserror::Error;

/// Why a hello was refused; the connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, Error)]
#[cbor(index_only)]
pub enum HelloRefusal {
    /// VER-1.
    #[n(0)]
    #[error("this relay speaks another version of the protocol")]
    UnknownProtocol,
    /// HELLO-2.
    #[n(1)]
    #[error("the session is unknown, expired or revoked")]
    UnknownSession,
    /// HELLO-3.
    #[n(2)]
    #[error("the first frame must be a hello")]
    HelloExpected,
    /// HELLO-4.
    #[n(3)]
    #[error("too many connections for this account")]
    TooManyConnections,
}

/// Why one change was refused; the others of the push are judged on their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode, Error)]
#[cbor(index_only)]
pub enum ChangeRefusal {
    /// PUSH-4.
    #[n(0)]
    #[error("not an Automerge change")]
    Undecodable,
    /// PUSH-3.
    #[n(1)]
    #[error("larger than the relay takes")]
    TooLarge,
    /// PUSH-5.
    #[n(2)]
    #[error("the document's name is not one")]
    UnknownDocument,
    /// PUSH-6.
    #[n(3)]
    #[error("the role may not write this kind of document")]
    Forbidden,
    /// PUSH-7.
    #[n(4)]
    #[error("the actor belongs to another device")]
    ForeignActor,
    /// PUSH-8.
    #[n(5)]
    #[error("the author is not the person signed in")]
    ForeignAuthor,
    /// PUSH-9.
    #[n(6)]
    #[error("it depends on a change the relay does not have")]
    MissingDependency,
    /// PUSH-10.
    #[n(7)]
    #[error("the actor has already made another change with this number")]
    DuplicateActorSeq,
    /// PUSH-11.
    #[n(8)]
    #[error("it claims to be the beginning of the document and is not")]
    ForgedGenesis,
    /// PUSH-2.
    #[n(9)]
    #[error("more changes than a push may carry")]
    TooMany,
    /// PUSH-12.
    #[n(10)]
    #[error("its operation numbers do not follow those it depends on")]
    Inconsistent,
}

impl ChangeRefusal {
    /// Every reason, for tables and tests.
    pub const ALL: [Self; 11] = [
        Self::Undecodable,
        Self::TooLarge,
        Self::UnknownDocument,
        Self::Forbidden,
        Self::ForeignActor,
        Self::ForeignAuthor,
        Self::MissingDependency,
        Self::DuplicateActorSeq,
        Self::ForgedGenesis,
        Self::TooMany,
        Self::Inconsistent,
    ];
}
