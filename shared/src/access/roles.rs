//! What people do in the agency (domain.md, Words), and how far each role reaches.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// What a person does in the agency. Numbers and words never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum Role {
    /// Runs the agency: everything, people and devices included.
    #[n(0)]
    #[serde(alias = "bureau")]
    Gestionnaire,
    /// Works in clients' homes.
    #[n(1)]
    Intervenant,
    /// Answers calls and visits.
    #[n(2)]
    ChargeAccueil,
    /// Answers for the dossiers of their sectors.
    #[n(3)]
    ResponsableSecteur,
    /// Answers for the quality of the data.
    #[n(4)]
    ReferentQualite,
    /// Data protection officer: reads, writes nothing, has the access log.
    #[n(5)]
    Dpo,
}

/// Which dossiers a role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every dossier of the agency.
    Agency,
    /// Those of the person's sectors, and those that no sector has yet.
    Sectors,
    /// Those on whose team the person is, for a time.
    Team,
}

impl Role {
    /// Every role, in the order of the tables.
    pub const ALL: [Self; 6] = [
        Self::Gestionnaire,
        Self::ResponsableSecteur,
        Self::ChargeAccueil,
        Self::ReferentQualite,
        Self::Dpo,
        Self::Intervenant,
    ];

    /// Which dossiers it reaches.
    #[must_use]
    pub fn reach(self) -> Reach {
        match self {
            Self::Gestionnaire | Self::ChargeAccueil | Self::ReferentQualite | Self::Dpo => Reach::Agency,
            Self::ResponsableSecteur => Reach::Sectors,
            Self::Intervenant => Reach::Team,
        }
    }

    /// The word kept in the relay's store and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gestionnaire => "gestionnaire",
            Self::Intervenant => "intervenant",
            Self::ChargeAccueil => "charge-accueil",
            Self::ResponsableSecteur => "responsable-secteur",
            Self::ReferentQualite => "referent-qualite",
            Self::Dpo => "dpo",
        }
    }

    /// As people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Gestionnaire => "Gestionnaire",
            Self::Intervenant => "Intervenant",
            Self::ChargeAccueil => "Chargé d’accueil",
            Self::ResponsableSecteur => "Responsable de secteur",
            Self::ReferentQualite => "Référent qualité",
            Self::Dpo => "DPO",
        }
    }

    /// The role that [`Role::name`] names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_has_one_word_everywhere() {
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.name()), Some(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{}\"", role.name()));
        }
        assert_eq!(serde_json::from_str::<Role>("\"bureau\"").unwrap(), Role::Gestionnaire, "of the first version");
    }
}
