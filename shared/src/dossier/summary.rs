//! The summary of a dossier: a small record derived from its documents, never edited.

use chrono::NaiveDate;
use minicbor::{Decode, Encode};

use super::{Dossier, Etape, Known, fusion};
use crate::documents::schema::administratif::GERE_PAR;
use crate::documents::schema::client;
use crate::ids::{DocumentKind, DossierId, UserId};
use crate::planning::Agenda;
use crate::rules::{evaluate, pack_of};
use crate::time::Timestamp;

/// What a list shows of one dossier. Stored beside the documents; rebuilt from them at will.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct Summary {
    /// Which dossier.
    #[n(0)]
    pub dossier: DossierId,
    /// Family name.
    #[n(1)]
    pub nom: String,
    /// First name.
    #[n(2)]
    pub prenom: String,
    /// Town.
    #[n(3)]
    pub ville: String,
    /// The number to call first, as typed.
    #[n(4)]
    pub telephone: String,
    /// Fields that wait for somebody's choice between several values.
    #[n(5)]
    pub contested: u32,
    /// The latest transmission this device knows.
    #[n(6)]
    pub last_transmission: Option<LastTransmission>,
    /// Birth date, `YYYY-MM-DD`, empty when unknown.
    #[n(7)]
    pub naissance: String,
    /// Family name at birth.
    #[n(8)]
    #[cbor(default)]
    pub nom_naissance: String,
    /// The number that people read on the dossier.
    #[n(9)]
    #[cbor(default)]
    pub numero: String,
    /// The other number to call, as typed.
    #[n(10)]
    #[cbor(default)]
    pub telephone_2: String,
    /// The stage, by [`Etape::name`].
    #[n(11)]
    #[cbor(default)]
    pub etape: String,
    /// The sector.
    #[n(12)]
    #[cbor(default)]
    pub secteur: String,
    /// Who answers for the dossier.
    #[n(13)]
    pub responsable: Option<UserId>,
    /// How much of the checklist is done, 0 to 100.
    #[n(14)]
    #[cbor(default)]
    pub conformite: u32,
    /// The id of the checklist's next line that is not done; empty when all are.
    #[n(15)]
    #[cbor(default)]
    pub manque: String,
    /// The dossier of the same person that this one was taken over into.
    #[n(16)]
    pub repris_dans: Option<DossierId>,
    /// What the planning needs to know.
    #[n(17)]
    #[cbor(default)]
    pub agenda: Agenda,
}

/// The beginning of the latest transmission.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct LastTransmission {
    /// When it was written.
    #[n(0)]
    pub at: Timestamp,
    /// Its first characters.
    #[n(1)]
    pub excerpt: String,
}

/// How much of a transmission a list shows, in characters.
const EXCERPT: usize = 120;

/// Grows when summaries are made in another way: those that a device keeps are then made again.
pub const SUMMARIES_VERSION: u8 = 4;

impl Summary {
    /// A dossier of which nothing is known yet.
    #[must_use]
    pub fn empty(dossier: DossierId) -> Self {
        let text = String::new;
        Self {
            dossier,
            nom: text(),
            prenom: text(),
            ville: text(),
            telephone: text(),
            contested: 0,
            last_transmission: None,
            naissance: text(),
            nom_naissance: text(),
            numero: text(),
            telephone_2: text(),
            etape: text(),
            secteur: text(),
            responsable: None,
            conformite: 0,
            manque: text(),
            repris_dans: None,
            agenda: Agenda::default(),
        }
    }

    /// The projection of a dossier's documents, as of today.
    #[must_use]
    pub fn project(id: DossierId, dossier: &Dossier, today: NaiveDate) -> Self {
        let value = |field| dossier.fields.value(field).trim().to_owned();
        let latest =
            dossier.transmissions.iter().max_by_key(|transmission| (transmission.signature.at, transmission.id));
        let conformite = evaluate(pack_of(DocumentKind::Client, today), dossier, today);
        Self {
            dossier: id,
            nom: value(&client::NOM),
            prenom: value(&client::PRENOM),
            ville: value(&client::VILLE),
            telephone: value(&client::TELEPHONE),
            contested: u32::try_from(dossier.contested()).unwrap_or(u32::MAX),
            last_transmission: latest.map(|transmission| LastTransmission {
                at: transmission.signature.at,
                excerpt: transmission.texte.chars().take(EXCERPT).collect(),
            }),
            naissance: value(&client::NAISSANCE),
            nom_naissance: value(&client::NOM_NAISSANCE),
            numero: number(id, &value(&client::NUMERO)),
            telephone_2: value(&client::TELEPHONE_2),
            etape: Etape::of(dossier).0.name().to_owned(),
            secteur: dossier.prestation.secteur.value().to_owned(),
            responsable: value(&GERE_PAR).parse().ok(),
            conformite: conformite.percent(),
            manque: conformite.next().map(|item| item.id.to_owned()).unwrap_or_default(),
            repris_dans: fusion::taken_into(dossier),
            agenda: Agenda::project(dossier, today),
        }
    }

    /// What search and duplicates look at.
    pub fn with_known<T>(&self, look: impl FnOnce(&Known<'_>) -> T) -> T {
        look(&Known {
            nom: &self.nom,
            nom_naissance: &self.nom_naissance,
            prenom: &self.prenom,
            ville: &self.ville,
            numero: &self.numero,
            telephones: &[&self.telephone, &self.telephone_2],
            naissance: &self.naissance,
        })
    }

    /// The stage.
    #[must_use]
    pub fn etape(&self) -> Etape {
        Etape::from_name(&self.etape).unwrap_or_default()
    }

    /// The age at `now` in Europe/Paris, in years; `None` while the birth date is unknown or not one.
    #[must_use]
    pub fn age(&self, now: Timestamp) -> Option<u32> {
        chrono::NaiveDate::parse_from_str(&self.naissance, "%Y-%m-%d")
            .ok()
            .and_then(|born| now.date().years_since(born))
    }

    /// First letters of the first and family names, for where a name is too long.
    #[must_use]
    pub fn initials(&self) -> String {
        let first = |text: &str| text.chars().next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
        format!("{}{}", first(&self.prenom), first(&self.nom))
    }

    /// The name as a list shows it: `PETIT Jeanne`, or what to show while there is none.
    #[must_use]
    pub fn name(&self) -> String {
        let name = format!("{} {}", self.nom.to_uppercase(), self.prenom);
        let name = name.trim();
        if name.is_empty() { "Sans nom".to_owned() } else { name.to_owned() }
    }
}

/// The number of a dossier: the agency's own, else one that follows from its identity and that two people can read to each
/// other (eight signs of Crockford's base 32: 1 chance in 20,000 that two of 10,000 dossiers share one).
#[must_use]
pub fn number(dossier: DossierId, own: &str) -> String {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    if !own.is_empty() {
        return own.to_owned();
    }
    let bits = dossier.0[..5].iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let sign = |place: u32| char::from(SIGNS[usize::try_from(bits >> (35 - 5 * place) & 31).unwrap_or_default()]);
    let (first, last): (String, String) = ((0..4).map(sign).collect(), (4..8).map(sign).collect());
    format!("{first}-{last}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{Document, Pen, SetField, set_fields};
    use crate::ids::DocumentId;

    #[test]
    fn a_summary_is_what_the_documents_say_and_survives_the_wire() {
        let dossier = DossierId([9; 16]);
        let mut document = Document::new(DocumentId::client(dossier));
        let pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
        let base = document.heads();
        let edits = [(&client::NOM, "Petit"), (&client::PRENOM, "Jeanne"), (&client::VILLE, "Grenoble")];
        let edits = edits.map(|(field, value)| SetField { field, value: value.to_owned() });
        set_fields(&mut document, &pen, &base, Timestamp(0), &edits).unwrap();
        let summary = Summary::project(dossier, &Dossier::read([&document]), Timestamp(0).date());
        assert_eq!(summary.name(), "PETIT Jeanne");
        assert_eq!(summary.initials(), "JP");
        assert_eq!(summary.ville, "Grenoble");
        assert_eq!((summary.etape(), summary.numero.as_str()), (Etape::Prospect, "144G-J289"));
        assert_eq!(summary.manque, "conversion.mission");
        let bytes = minicbor::to_vec(&summary).unwrap();
        assert_eq!(minicbor::decode::<Summary>(&bytes).unwrap(), summary);
    }

    #[test]
    fn a_summary_of_the_first_version_still_reads() {
        let old = minicbor::to_vec(Summary { nom: "Petit".into(), ..Summary::empty(DossierId([9; 16])) }).unwrap();
        // The first version wrote eight keys.
        let mut eight = vec![0xa7];
        let seven = old.len() - minicbor_tail(&old);
        eight.extend_from_slice(&old[1..seven]);
        assert_eq!(minicbor::decode::<Summary>(&eight).unwrap().nom, "Petit");
    }

    /// How many bytes the keys from 8 on take in an encoded summary without a transmission.
    fn minicbor_tail(bytes: &[u8]) -> usize {
        let from = bytes.windows(2).position(|pair| pair == [0x08, 0x60]).unwrap();
        bytes.len() - from
    }
}
