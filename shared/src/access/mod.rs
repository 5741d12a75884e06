//! Who may read, write and decide what: the relay decides by these tables, the page reflects them. Never looks at content.
//!
//! A role alone opens kinds of documents ([`access`]); which dossiers it reaches follows from its [`Reach`].

mod grants;
mod roles;

pub use grants::{Delays, Grant, Scope, Team, normal_sector};
pub use roles::{Reach, Role};

use crate::ids::DocumentKind;

/// What a role may do with a kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// It never reaches that person's devices.
    Nothing,
    /// Its changes are taken, it is never sent: each device holds what was written on it, and nothing else.
    Deposit,
    /// It is sent, changes are refused.
    Read,
    /// It is sent and may be changed.
    Write,
}

impl Access {
    /// Whether it is sent.
    #[must_use]
    pub fn may_read(self) -> bool {
        self >= Self::Read
    }

    /// Whether changes are taken.
    #[must_use]
    pub fn may_write(self) -> bool {
        matches!(self, Self::Deposit | Self::Write)
    }
}

use Access::{Deposit as WO, Nothing as NO, Read as RO, Write as RW};

/// The matrix (design.md §2): kind × role, in the order of [`Role::ALL`], inside the dossiers that the role reaches.
#[rustfmt::skip]
const DOCUMENTS: [(&str, [Access; 6]); 10] = [
    //                 gestionnaire  secteur  accueil  qualité  DPO  intervenant
    ("client",        [RW,           RW,      RW,      RW,      RO,  RO]),
    ("administratif", [RW,           RW,      RO,      RW,      RO,  NO]),
    ("prestation",    [RW,           RW,      RO,      RO,      RO,  RO]),
    ("journal",       [RW,           RW,      RW,      RO,      RO,  RW]),
    ("relation",      [RW,           RW,      RW,      RW,      RO,  NO]),
    ("rapports",      [RW,           RW,      RW,      RO,      RO,  WO]),
    // Written by the relay alone.
    ("annuaire",      [RO,           RO,      RO,      RO,      RO,  RO]),
    ("agence",        [RW,           RO,      RO,      RO,      RO,  RO]),
    ("personnel",     [RW,           RW,      NO,      NO,      RO,  NO]),
    ("qualite",       [RW,           RO,      NO,      RW,      RO,  NO]),
];

/// What somebody may ask of the relay, beyond documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Power {
    /// See who has an account, and the invitations that wait.
    SeePeople,
    /// Invite, change roles and sectors, close accounts.
    ManagePeople,
    /// See everybody's devices. One's own need no power.
    SeeDevices,
    /// Name and revoke everybody's devices. One's own need no power.
    ManageDevices,
    /// Decide what becomes of changes that arrived after their author had lost the dossier.
    Review,
    /// Read the access log.
    ReadAccessLog,
    /// Change the agency's settings.
    ChangeSettings,
    /// Bring in a file of clients: many dossiers at once.
    Import,
}

/// The second table: power × role, in the order of [`Role::ALL`].
#[rustfmt::skip]
const POWERS: [(Power, [bool; 6]); 8] = [
    //                       gestionnaire  secteur  accueil  qualité  DPO    intervenant
    (Power::SeePeople,      [true,         false,   false,   false,   true,  false]),
    (Power::ManagePeople,   [true,         false,   false,   false,   false, false]),
    (Power::SeeDevices,     [true,         false,   false,   false,   true,  false]),
    (Power::ManageDevices,  [true,         false,   false,   false,   false, false]),
    (Power::Review,         [true,         true,    false,   true,    false, false]),
    (Power::ReadAccessLog,  [false,        false,   false,   false,   true,  false]),
    (Power::ChangeSettings, [true,         false,   false,   false,   false, false]),
    (Power::Import,         [true,         false,   false,   false,   false, false]),
];

fn column(role: Role) -> usize {
    Role::ALL.iter().position(|other| *other == role).unwrap_or(Role::ALL.len() - 1)
}

/// What a role may do with a kind of document, in a dossier that it reaches.
#[must_use]
pub fn access(role: Role, kind: DocumentKind) -> Access {
    let row = DOCUMENTS.iter().find(|(name, _)| *name == kind.name());
    row.map_or(Access::Nothing, |(_, row)| row[column(role)])
}

/// Whether a role has a power.
#[must_use]
pub fn may(role: Role, power: Power) -> bool {
    POWERS.iter().any(|(of, row)| *of == power && row[column(role)])
}

/// The kinds (by [`DocumentKind::name`]) that a role may read: what its feed is made of.
#[must_use]
pub fn readable_kinds(role: Role) -> Vec<&'static str> {
    DOCUMENTS.iter().filter(|(_, row)| row[column(role)].may_read()).map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intervenant_writes_journals_reads_clients_and_never_sees_the_office_s_volets() {
        assert_eq!(access(Role::Intervenant, DocumentKind::Journal { year: 2026 }), Access::Write);
        assert_eq!(access(Role::Intervenant, DocumentKind::Client), Access::Read);
        assert_eq!(access(Role::Intervenant, DocumentKind::Relation), Access::Nothing);
        assert_eq!(access(Role::Intervenant, DocumentKind::Administratif), Access::Nothing);
        assert_eq!(readable_kinds(Role::Intervenant), ["client", "prestation", "journal", "annuaire", "agence"]);
        assert_eq!(access(Role::Intervenant, DocumentKind::Personnel), Access::Nothing);
    }

    #[test]
    fn what_an_intervenant_notes_for_the_office_is_taken_and_never_comes_back() {
        let rapports = access(Role::Intervenant, DocumentKind::Rapports);
        assert!(rapports.may_write() && !rapports.may_read());
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Intervenant) {
            assert!(access(role, DocumentKind::Rapports).may_read(), "{role:?}");
        }
        let levels = [Access::Nothing, Access::Deposit, Access::Read, Access::Write];
        assert!(levels.is_sorted());
        assert_eq!(levels.map(Access::may_read), [false, false, true, true]);
        assert_eq!(levels.map(Access::may_write), [false, true, false, true]);
    }

    #[test]
    fn nobody_writes_the_annuaire_from_a_device() {
        for role in Role::ALL {
            assert_eq!(access(role, DocumentKind::Annuaire), Access::Read);
        }
    }

    #[test]
    fn every_kind_has_a_row_and_every_power_is_somebody_s() {
        for kind in DocumentKind::ALL {
            assert!(DOCUMENTS.iter().any(|(name, _)| *name == kind.name()), "{kind:?}");
        }
        for (power, row) in POWERS {
            assert!(row.contains(&true), "{power:?}");
        }
    }

    #[test]
    fn who_decides_on_people_does_not_read_the_access_log() {
        for role in Role::ALL {
            assert!(!(may(role, Power::ManagePeople) && may(role, Power::ReadAccessLog)), "{role:?}");
        }
    }
}
