//! Which key seals what.

use std::fmt;
use std::str::FromStr;

use liaison_shared::ids::InvalidId;
use liaison_shared::{DocumentId, DossierId};

/// What the key of the agency-wide documents is called.
const AGENCE: &str = "agence";

/// The name of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyName {
    /// The key of everything that belongs to one dossier.
    Dossier(DossierId),
    /// The key of what belongs to no dossier.
    Agence,
}

impl KeyName {
    /// The key that seals a document.
    #[must_use]
    pub fn of(document: &DocumentId) -> Self {
        document.dossier().map_or(Self::Agence, Self::Dossier)
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dossier(dossier) => write!(f, "{dossier}"),
            Self::Agence => f.write_str(AGENCE),
        }
    }
}

impl FromStr for KeyName {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        if text == AGENCE { Ok(Self::Agence) } else { text.parse().map(Self::Dossier) }
    }
}
