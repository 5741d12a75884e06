//! Who may read and write which kind of document: one table, used by the relay to decide
//! and by the page to reflect. Never looks at content.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::DocumentKind;

/// What a person does in the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "lowercase")]
#[cbor(index_only)]
pub enum Role {
    /// Works in the office.
    #[n(0)]
    Bureau,
    /// Works in clients' homes.
    #[n(1)]
    Intervenant,
}

impl Role {
    /// Every role, for tables and tests.
    pub const ALL: [Self; 2] = [Self::Bureau, Self::Intervenant];

    /// The word kept in the relay's store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bureau => "bureau",
            Self::Intervenant => "intervenant",
        }
    }

    /// The role that [`Role::name`] names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// What a role may do with a kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// It never reaches that person's devices.
    Nothing,
    /// It is sent, changes are refused.
    Read,
    /// It is sent and may be changed.
    Write,
}

/// The table (design.md §2): role × kind.
#[must_use]
pub fn access(role: Role, kind: DocumentKind) -> Access {
    use Access::{Nothing, Read, Write};
    match (kind, role) {
        (DocumentKind::Client | DocumentKind::Relation, Role::Bureau) | (DocumentKind::Journal { .. }, _) => Write,
        (DocumentKind::Client, Role::Intervenant) | (DocumentKind::Annuaire, _) => Read,
        (DocumentKind::Relation, Role::Intervenant) => Nothing,
    }
}

/// The kinds (by [`DocumentKind::name`]) that a role may read: what its feed is made of.
#[must_use]
pub fn readable_kinds(role: Role) -> Vec<&'static str> {
    let kinds =
        [DocumentKind::Client, DocumentKind::Journal { year: 2000 }, DocumentKind::Relation, DocumentKind::Annuaire];
    kinds.into_iter().filter(|kind| access(role, *kind) >= Access::Read).map(|kind| kind.name()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intervenant_writes_journals_reads_clients_and_never_sees_relations() {
        assert_eq!(access(Role::Intervenant, DocumentKind::Journal { year: 2026 }), Access::Write);
        assert_eq!(access(Role::Intervenant, DocumentKind::Client), Access::Read);
        assert_eq!(access(Role::Intervenant, DocumentKind::Relation), Access::Nothing);
        assert_eq!(readable_kinds(Role::Intervenant), ["client", "journal", "annuaire"]);
    }

    #[test]
    fn nobody_writes_the_annuaire_from_a_device() {
        for role in Role::ALL {
            assert_eq!(access(role, DocumentKind::Annuaire), Access::Read);
        }
    }
}
