//! The summary of a dossier: a small record derived from its documents, never edited.

use minicbor::{Decode, Encode};

use crate::documents::client::{self, ClientView};
use crate::documents::journal::Transmission;
use crate::ids::DossierId;
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

impl Summary {
    /// A dossier of which nothing is known yet.
    #[must_use]
    pub fn empty(dossier: DossierId) -> Self {
        Self {
            dossier,
            nom: String::new(),
            prenom: String::new(),
            ville: String::new(),
            telephone: String::new(),
            contested: 0,
            last_transmission: None,
            naissance: String::new(),
        }
    }

    /// The projection of a dossier's documents; `transmissions` in any order.
    #[must_use]
    pub fn project(dossier: DossierId, view: &ClientView, transmissions: &[Transmission]) -> Self {
        let latest = transmissions.iter().max_by_key(|transmission| (transmission.signature.at, transmission.id));
        Self {
            dossier,
            nom: view.value(&client::NOM).trim().to_owned(),
            prenom: view.value(&client::PRENOM).trim().to_owned(),
            ville: view.value(&client::VILLE).trim().to_owned(),
            telephone: view.value(&client::TELEPHONE).trim().to_owned(),
            contested: u32::try_from(view.contested()).unwrap_or(u32::MAX),
            last_transmission: latest.map(|transmission| LastTransmission {
                at: transmission.signature.at,
                excerpt: transmission.texte.chars().take(EXCERPT).collect(),
            }),
            naissance: view.value(&client::NAISSANCE).to_owned(),
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::client::{SetField, set_fields};
    use crate::documents::{Document, Pen};
    use crate::ids::{DocumentId, UserId};

    #[test]
    fn a_summary_is_what_the_documents_say_and_survives_the_wire() {
        let dossier = DossierId([9; 16]);
        let mut document = Document::new(DocumentId::client(dossier));
        let pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
        let base = document.heads();
        let edits = [(&client::NOM, "Petit"), (&client::PRENOM, "Jeanne"), (&client::VILLE, "Grenoble")];
        let edits = edits.map(|(field, value)| SetField { field, value: value.to_owned() });
        set_fields(&mut document, &pen, &base, Timestamp(0), &edits).unwrap();
        let summary = Summary::project(dossier, &ClientView::read(&document), &[]);
        assert_eq!(summary.name(), "PETIT Jeanne");
        assert_eq!(summary.initials(), "JP");
        assert_eq!(summary.ville, "Grenoble");
        let bytes = minicbor::to_vec(&summary).unwrap();
        assert_eq!(minicbor::decode::<Summary>(&bytes).unwrap(), summary);
    }
}
