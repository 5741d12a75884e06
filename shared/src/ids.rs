//! Newtypes for everything that is identified, and their text and wire forms.
//!
//! Never generates an identifier by itself: callers pass the random bytes in.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An identifier that is not written as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a valid {what}: {text:?}")]
pub struct InvalidId {
    /// Which identifier was expected.
    pub what: &'static str,
    /// What was found (at most 80 characters of it).
    pub text: String,
}

impl InvalidId {
    fn new(what: &'static str, text: &str) -> Self {
        Self { what, text: text.chars().take(80).collect() }
    }
}

macro_rules! bytes_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// The raw bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), hex::encode(&self.0[..4]))
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let mut bytes = [0; $len];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| InvalidId::new(stringify!($name), text))?;
                Ok(Self(bytes))
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = InvalidId;
            fn try_from(bytes: &[u8]) -> Result<Self, InvalidId> {
                bytes.try_into().map(Self).map_err(|_| InvalidId::new(stringify!($name), &hex::encode(bytes)))
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
                let at = d.position();
                Self::try_from(d.bytes()?).map_err(|_| decode::Error::message(concat!("length of ", stringify!($name))).at(at))
            }
        }
    };
}

bytes_id!(
    /// One dossier client: 16 random bytes, drawn by the device that opens it.
    DossierId, 16
);
bytes_id!(
    /// One person with an account.
    UserId, 16
);
bytes_id!(
    /// One browser profile that has signed in. Two browsers of one person are two devices.
    DeviceId, 16
);
bytes_id!(
    /// One entry of a collection inside a document (a transmission, a demande).
    EntryId, 16
);
bytes_id!(
    /// One life of the relay's log. A log restored from a backup starts a new one.
    Epoch, 16
);
bytes_id!(
    /// SHA-256 identity of an Automerge change.
    ChangeHash, 32
);
bytes_id!(
    /// SHA-256 of what a file holds: its name, on devices and at the relay.
    FileHash, 32
);

impl From<automerge::ChangeHash> for ChangeHash {
    fn from(hash: automerge::ChangeHash) -> Self {
        Self(hash.0)
    }
}

impl From<ChangeHash> for automerge::ChangeHash {
    fn from(hash: ChangeHash) -> Self {
        Self(hash.0)
    }
}

/// An Automerge actor: one per tab session, bound by the relay to the device that first used it.
/// 16 random bytes, or those behind the prefix Automerge adds for an edit made against an older view.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorId(pub Vec<u8>);

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

/// Position in the relay's log: 1 for the first change ever accepted; 0 means "nothing yet".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, Encode, Decode)]
#[cbor(transparent)]
pub struct Seq(#[n(0)] pub u64);

impl Seq {
    /// The position after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// What a document holds; access and retention are decided per kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// Identity, contacts, home and access, needs of one client.
    Client,
    /// What happened at the client's home in one calendar year (Europe/Paris).
    Journal {
        /// The calendar year, 2000–2199.
        year: u16,
    },
    /// Aid, payment, contracts and invoices: the office's own.
    Administratif,
    /// The team, their time and the sector: decides who else holds the dossier.
    Prestation,
    /// Requests, complaints, letters and calls: the office's own.
    Relation,
    /// What intervenants note for the office alone: none of them is ever sent it.
    Rapports,
    /// The agency's people, by user: names to show beside what they wrote.
    Annuaire,
    /// The agency itself: what its papers say of it, its models of papers and tasks.
    Agence,
    /// An intervenant's own file: identity, contract, payment.
    Personnel,
    /// The audit of dossiers of one year: what was drawn, found and done about it.
    Qualite {
        /// The calendar year, 2000–2199.
        year: u16,
    },
}

/// The name of a document: `<dossier>/client`, `<dossier>/journal/2026` and so on; or the agency's: `annuaire`, `agence`,
/// `personnel/<user>`, `qualite/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentId {
    /// A document of one dossier.
    Dossier(DossierId, DossierDocument),
    /// The directory of the agency.
    Annuaire,
    /// See [`DocumentKind::Agence`].
    Agence,
    /// See [`DocumentKind::Personnel`].
    Personnel(UserId),
    /// See [`DocumentKind::Qualite`].
    Qualite(u16),
}

/// Which document of a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DossierDocument {
    /// See [`DocumentKind::Client`].
    Client,
    /// See [`DocumentKind::Journal`].
    Journal(u16),
    /// See [`DocumentKind::Relation`].
    Relation,
    /// See [`DocumentKind::Rapports`].
    Rapports,
    /// See [`DocumentKind::Administratif`].
    Administratif,
    /// See [`DocumentKind::Prestation`].
    Prestation,
}

impl DocumentId {
    /// The `client` document of a dossier.
    #[must_use]
    pub fn client(dossier: DossierId) -> Self {
        Self::Dossier(dossier, DossierDocument::Client)
    }

    /// The `journal` of a dossier for a calendar year.
    #[must_use]
    pub const fn journal(dossier: DossierId, year: u16) -> Self {
        Self::Dossier(dossier, DossierDocument::Journal(year))
    }

    /// The `relation` document of a dossier.
    #[must_use]
    pub fn relation(dossier: DossierId) -> Self {
        Self::Dossier(dossier, DossierDocument::Relation)
    }

    /// The `rapports` document of a dossier.
    #[must_use]
    pub fn rapports(dossier: DossierId) -> Self {
        Self::Dossier(dossier, DossierDocument::Rapports)
    }

    /// The `administratif` document of a dossier.
    #[must_use]
    pub fn administratif(dossier: DossierId) -> Self {
        Self::Dossier(dossier, DossierDocument::Administratif)
    }

    /// The `prestation` document of a dossier.
    #[must_use]
    pub fn prestation(dossier: DossierId) -> Self {
        Self::Dossier(dossier, DossierDocument::Prestation)
    }

    /// The dossier this document belongs to, if any.
    #[must_use]
    pub fn dossier(&self) -> Option<DossierId> {
        match self {
            Self::Dossier(dossier, _) => Some(*dossier),
            Self::Annuaire | Self::Agence | Self::Personnel(_) | Self::Qualite(_) => None,
        }
    }

    /// The kind, which decides schema and access.
    #[must_use]
    pub fn kind(&self) -> DocumentKind {
        match self {
            Self::Dossier(_, DossierDocument::Client) => DocumentKind::Client,
            Self::Dossier(_, DossierDocument::Journal(year)) => DocumentKind::Journal { year: *year },
            Self::Dossier(_, DossierDocument::Relation) => DocumentKind::Relation,
            Self::Dossier(_, DossierDocument::Rapports) => DocumentKind::Rapports,
            Self::Dossier(_, DossierDocument::Administratif) => DocumentKind::Administratif,
            Self::Dossier(_, DossierDocument::Prestation) => DocumentKind::Prestation,
            Self::Annuaire => DocumentKind::Annuaire,
            Self::Agence => DocumentKind::Agence,
            Self::Personnel(_) => DocumentKind::Personnel,
            Self::Qualite(year) => DocumentKind::Qualite { year: *year },
        }
    }
}

impl DocumentKind {
    /// Every kind, for tables and tests; a journal stands for those of every year.
    pub const ALL: [Self; 10] = [
        Self::Client,
        Self::Administratif,
        Self::Prestation,
        Self::Journal { year: 2000 },
        Self::Relation,
        Self::Rapports,
        Self::Annuaire,
        Self::Agence,
        Self::Personnel,
        Self::Qualite { year: 2000 },
    ];

    /// The word that stands for the kind in access rules and in the relay's store.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Journal { .. } => "journal",
            Self::Relation => "relation",
            Self::Rapports => "rapports",
            Self::Administratif => "administratif",
            Self::Prestation => "prestation",
            Self::Annuaire => "annuaire",
            Self::Agence => "agence",
            Self::Personnel => "personnel",
            Self::Qualite { .. } => "qualite",
        }
    }

    /// Whether it belongs to a dossier.
    #[must_use]
    pub fn is_of_a_dossier(&self) -> bool {
        !matches!(self, Self::Annuaire | Self::Agence | Self::Personnel | Self::Qualite { .. })
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dossier(dossier, DossierDocument::Client) => write!(f, "{dossier}/client"),
            Self::Dossier(dossier, DossierDocument::Journal(year)) => {
                write!(f, "{dossier}/journal/{year}")
            }
            Self::Dossier(dossier, DossierDocument::Relation) => write!(f, "{dossier}/relation"),
            Self::Dossier(dossier, DossierDocument::Rapports) => write!(f, "{dossier}/rapports"),
            Self::Dossier(dossier, DossierDocument::Administratif) => write!(f, "{dossier}/administratif"),
            Self::Dossier(dossier, DossierDocument::Prestation) => write!(f, "{dossier}/prestation"),
            Self::Annuaire => f.write_str("annuaire"),
            Self::Agence => f.write_str("agence"),
            Self::Personnel(user) => write!(f, "personnel/{user}"),
            Self::Qualite(year) => write!(f, "qualite/{year}"),
        }
    }
}

impl FromStr for DocumentId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = || InvalidId::new("DocumentId", text);
        let id = match text.split_once('/') {
            None if text == "annuaire" => Self::Annuaire,
            None if text == "agence" => Self::Agence,
            None => return Err(invalid()),
            Some(("personnel", user)) => Self::Personnel(user.parse().map_err(|_| invalid())?),
            Some(("qualite", year)) => Self::Qualite(year_of(year).ok_or_else(invalid)?),
            Some((dossier, rest)) => {
                let document = match rest {
                    "client" => DossierDocument::Client,
                    "relation" => DossierDocument::Relation,
                    "rapports" => DossierDocument::Rapports,
                    "administratif" => DossierDocument::Administratif,
                    "prestation" => DossierDocument::Prestation,
                    _ => {
                        let year = rest.strip_prefix("journal/").and_then(year_of);
                        DossierDocument::Journal(year.ok_or_else(invalid)?)
                    }
                };
                Self::Dossier(dossier.parse().map_err(|_| invalid())?, document)
            }
        };
        // One document has one name: upper-case hexadecimal would be a second one.
        if id.to_string() == text { Ok(id) } else { Err(invalid()) }
    }
}

/// A year of documents, in four digits.
fn year_of(text: &str) -> Option<u16> {
    text.parse().ok().filter(|year| text.len() == 4 && (2000..2200).contains(year))
}

impl<C> Encode<C> for DocumentId {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.str(&self.to_string())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for DocumentId {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let at = d.position();
        d.str()?.parse().map_err(|_| decode::Error::message("document id").at(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_id_survives_its_text_form() {
        let dossier = DossierId([7; 16]);
        for id in [
            DocumentId::client(dossier),
            DocumentId::journal(dossier, 2026),
            DocumentId::relation(dossier),
            DocumentId::rapports(dossier),
            DocumentId::administratif(dossier),
            DocumentId::prestation(dossier),
            DocumentId::Annuaire,
            DocumentId::Agence,
            DocumentId::Personnel(UserId([7; 16])),
            DocumentId::Qualite(2026),
        ] {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn doc_1_a_document_has_one_name_only() {
        let dossier = DossierId([0xab; 16]);
        let upper = format!("{}/client", dossier.to_string().to_uppercase());
        assert!(upper.parse::<DocumentId>().is_err());
        let of_dossier = [format!("{dossier}/journal/26"), format!("{dossier}/autre")];
        let agency = ["annuaire/", "agence/", "personnel/moi", "qualite/26", "qualite/2026/"];
        for bad in ["", "xyz/client"].into_iter().chain(agency).chain(of_dossier.iter().map(String::as_str)) {
            assert!(bad.parse::<DocumentId>().is_err(), "{bad}");
        }
    }
}
