//! Clock-ins: who was where when, by which clocks (domain.md §8). Each is a record of its own, and none is ever lost.

use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

use crate::documents::schema::journal as jou;
use crate::documents::{Record, SetField};
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

    /// What its record says; `position` is where the device believed to be, when the person said so.
    #[must_use]
    pub fn values(&self, position: &str) -> Vec<SetField> {
        let monotone = self.monotone.as_ref().map(|(page, at)| format!("{page}:{at}")).unwrap_or_default();
        let sens = if self.arrivee { jou::ARRIVEE } else { jou::DEPART };
        let values = [
            (&jou::POINTAGE_VISITE, self.visite.to_string()),
            (&jou::POINTAGE_SENS, sens.to_owned()),
            (&jou::POINTAGE_MOYEN, self.moyen.name().to_owned()),
            (&jou::POINTAGE_MOTIF, self.motif.clone()),
            (&jou::POINTAGE_LIEU, self.lieu.name().to_owned()),
            (&jou::POINTAGE_HEURE, self.heure.0.to_string()),
            (&jou::POINTAGE_MONOTONE, monotone),
            (&jou::POINTAGE_DERIVE, self.derive.map(|drift| drift.to_string()).unwrap_or_default()),
            (&jou::POINTAGE_POSITION, position.to_owned()),
        ];
        let filled = values.into_iter().filter(|(_, value)| !value.is_empty());
        filled.map(|(field, value)| SetField { field, value }).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{Document, Pen, Records, add_record};
    use crate::ids::DocumentId;

    const DOSSIER: DossierId = DossierId([1; 16]);

    #[test]
    fn a_clock_in_reads_as_it_was_written() {
        let pointage = Pointage {
            id: EntryId([2; 16]),
            visite: EntryId([3; 16]),
            arrivee: true,
            moyen: Moyen::Nfc,
            lieu: Lieu::AuDomicile,
            heure: Timestamp(1_795_419_000_000),
            monotone: Some(("ab12".to_owned(), 4_200)),
            derive: Some(-1_500),
            de: Some(UserId([9; 16])),
            motif: "En avance, à la demande de la famille".to_owned(),
        };
        let mut journal = Document::new(DocumentId::journal(DOSSIER, 2026));
        let pen = Pen { user: UserId([9; 16]), actor: [9; 16] };
        add_record(&mut journal, &pen, Timestamp(0), (&jou::POINTAGES, pointage.id), &pointage.values("")).unwrap();
        let records = Records::read(&journal);
        assert_eq!(Pointage::read(records.get(pointage.id).unwrap()), Some(pointage.clone()));
        let later = Pointage { monotone: Some(("ab12".to_owned(), 64_200)), ..pointage.clone() };
        assert_eq!(later.since(&pointage), Some(Millis(60_000)));
        let reloaded = Pointage { monotone: Some(("cd34".to_owned(), 64_200)), ..pointage.clone() };
        assert_eq!(reloaded.since(&pointage), None);
    }

    #[test]
    fn a_label_is_known_by_its_home_only() {
        let label = "liaison:01:secret";
        let kept = empreinte_etiquette(DOSSIER, label);
        assert!(!kept.contains("secret"));
        assert_eq!(Lieu::of(DOSSIER, label, &kept), Lieu::AuDomicile);
        assert_eq!(Lieu::of(DOSSIER, "liaison:02:other", &kept), Lieu::Ailleurs);
        assert_eq!(Lieu::of(DossierId([2; 16]), label, &kept), Lieu::Ailleurs);
        assert_eq!(Lieu::of(DOSSIER, label, ""), Lieu::NonVerifie);
    }
}
