//! Clock-ins: who was where when, by which clocks (domain.md §8). Each is a record of its own, and none is ever lost.

use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

use crate::documents::Record;
use crate::documents::schema::journal as jou;
use crate::ids::{DossierId, EntryId, UserId};
use crate::time::{Millis, Timestamp};

/// How somebody clocked in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Moyen {
    /// The label was read with the camera.
    #[n(0)]
    QrCode,
    /// The tag was touched.
    #[n(1)]
    Nfc,
    /// By hand, with a reason.
    #[n(2)]
    Manuel,
}

impl Moyen {
    /// What documents and people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::QrCode => jou::QR_CODE,
            Self::Nfc => jou::NFC,
            Self::Manuel => jou::MANUEL,
        }
    }
}

/// Whether what was read belongs to that home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Lieu {
    /// It does.
    #[n(0)]
    AuDomicile,
    /// It does not.
    #[n(1)]
    Ailleurs,
    /// Nothing was read, or there is nothing to compare it with.
    #[n(2)]
    NonVerifie,
}

impl Lieu {
    /// What documents and people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AuDomicile => jou::AU_DOMICILE,
            Self::Ailleurs => jou::AILLEURS,
            Self::NonVerifie => jou::NON_VERIFIE,
        }
    }

    /// What a label says of the place, given what the dossier keeps of its own ([`empreinte_etiquette`]).
    #[must_use]
    pub fn of(dossier: DossierId, lu: &str, etiquette: &str) -> Self {
        match etiquette.trim() {
            "" => Self::NonVerifie,
            kept if kept == empreinte_etiquette(dossier, lu) => Self::AuDomicile,
            _ => Self::Ailleurs,
        }
    }
}

/// What a dossier keeps of the label at the client's home: enough to recognise it, not enough to print another.
#[must_use]
pub fn empreinte_etiquette(dossier: DossierId, etiquette: &str) -> String {
    let hash =
        Sha256::digest([b"liaison-etiquette".as_slice(), dossier.as_bytes(), etiquette.trim().as_bytes()].concat());
    hex::encode(&hash[..16])
}

/// One clock-in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct Pointage {
    /// Which.
    #[n(0)]
    pub id: EntryId,
    /// At which visit.
    #[n(1)]
    pub visite: EntryId,
    /// Arrives; else leaves.
    #[n(2)]
    pub arrivee: bool,
    /// How.
    #[n(3)]
    pub moyen: Moyen,
    /// Where.
    #[n(4)]
    pub lieu: Lieu,
    /// By the device's clock.
    #[n(5)]
    pub heure: Timestamp,
    /// The page's session and the milliseconds since it began: two of one session are as far apart as they really were.
    #[n(6)]
    pub monotone: Option<(String, u64)>,
    /// What the device's clock lacks to show the relay's time, in milliseconds; `None` when it had not heard the relay.
    #[n(7)]
    pub derive: Option<i64>,
    /// Who.
    #[n(8)]
    pub de: Option<UserId>,
    /// Why by hand, or early, or late.
    #[n(9)]
    pub motif: String,
}

impl Pointage {
    /// Reads a record; `None` when it names no visit or no time.
    #[must_use]
    pub fn read(record: &Record) -> Option<Self> {
        let monotone = record.value(&jou::POINTAGE_MONOTONE).split_once(':');
        Some(Self {
            id: record.id,
            visite: record.value(&jou::POINTAGE_VISITE).parse().ok()?,
            arrivee: record.value(&jou::POINTAGE_SENS) == jou::ARRIVEE,
            moyen: match record.value(&jou::POINTAGE_MOYEN) {
                jou::QR_CODE => Moyen::QrCode,
                jou::NFC => Moyen::Nfc,
                _ => Moyen::Manuel,
            },
            lieu: match record.value(&jou::POINTAGE_LIEU) {
                jou::AU_DOMICILE => Lieu::AuDomicile,
                jou::AILLEURS => Lieu::Ailleurs,
                _ => Lieu::NonVerifie,
            },
            heure: record.value(&jou::POINTAGE_HEURE).parse().map(Timestamp).ok()?,
            monotone: monotone.and_then(|(page, at)| Some((page.to_owned(), at.parse().ok()?))),
            derive: record.value(&jou::POINTAGE_DERIVE).parse().ok(),
            de: record.signature.author,
            motif: record.value(&jou::POINTAGE_MOTIF).to_owned(),
        })
    }

    /// When it was by the relay's clock; by the device's when the relay had not been heard.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.heure + Millis(self.derive.unwrap_or_default())
    }

    /// How long after another it really was, when both are of one session of a page.
    #[must_use]
    pub fn since(&self, other: &Self) -> Option<Millis> {
        let ((page, at), (before, then)) = (self.monotone.as_ref()?, other.monotone.as_ref()?);
        (page == before).then(|| at.checked_sub(*then)).flatten().and_then(|span| i64::try_from(span).ok()).map(Millis)
    }
}
