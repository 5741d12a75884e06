//! The devis (domain.md §1): when it is owed, and the mentions without which it is not ready to be sent.
//! Source: arrêté du 17 mars 2015 (prior information on services à la personne), seed 000 §5.

use crate::documents::FieldsView;
use crate::documents::Record;
use crate::documents::schema::administratif as adm;
use crate::documents::schema::{agence, client, prestation};
use crate::validate::euros;

/// A devis is owed from this total on, in cents, all taxes included; or whenever the client asks.
pub const OWED_FROM: i64 = 10_000;

/// A mandatory mention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Stable name of the rule.
    pub rule: &'static str,
    /// What must be on the devis.
    pub what: &'static str,
    /// Whether it can be.
    pub there: bool,
}

/// The mentions of a devis; `dossier` has the client's fields, `agence` the agency's.
#[must_use]
pub fn mentions(devis: &Record, dossier: &FieldsView, agence: &FieldsView) -> Vec<Mention> {
    let of_devis = |field| !devis.value(field).trim().is_empty();
    let of_agence = |field| agence.is_filled(field);
    let of_client = |field| dossier.is_filled(field);
    let mention = |rule, what, there| Mention { rule, what, there };
    vec![
        mention("DEVIS-1", "Date d’établissement", of_devis(&adm::PIECE_DATE)),
        mention("DEVIS-2", "Durée de validité de l’offre", of_devis(&adm::PIECE_VALIDITE)),
        mention(
            "DEVIS-3",
            "Nom et adresse de l’agence",
            of_agence(&agence::RAISON_SOCIALE) && of_agence(&agence::ADRESSE) && of_agence(&agence::VILLE),
        ),
        mention("DEVIS-4", "SIRET de l’agence", of_agence(&agence::SIRET)),
        mention(
            "DEVIS-5",
            "Numéro de déclaration, d’agrément ou d’autorisation",
            of_agence(&agence::SAP) || of_agence(&agence::AGREMENT),
        ),
        mention(
            "DEVIS-6",
            "Nom du client et lieu d’exécution",
            of_client(&client::NOM) && (of_devis(&adm::PIECE_LIEU) || of_client(&client::ADRESSE)),
        ),
        mention("DEVIS-7", "Mode d’intervention", of_client(&prestation::MODE)),
        mention("DEVIS-8", "Nature de la prestation", of_devis(&adm::PIECE_OBJET) || of_client(&prestation::ACTIVITE)),
        mention(
            "DEVIS-9",
            "Prix horaire ou forfaitaire, HT et TTC",
            of_devis(&adm::PIECE_PRIX_HT) && of_devis(&adm::PIECE_PRIX_TTC),
        ),
        mention("DEVIS-10", "Quantité prévue", of_devis(&adm::PIECE_QUANTITE)),
        mention("DEVIS-11", "Taux de TVA", of_devis(&adm::PIECE_TVA)),
        mention("DEVIS-12", "Frais annexes détaillés, ou « aucun »", of_devis(&adm::PIECE_FRAIS)),
        mention("DEVIS-13", "Total à payer, HT et TTC", of_devis(&adm::PIECE_HT) && of_devis(&adm::PIECE_TTC)),
    ]
}

/// What is missing before a devis may be sent.
#[must_use]
pub fn missing(devis: &Record, dossier: &FieldsView, agence: &FieldsView) -> Vec<Mention> {
    mentions(devis, dossier, agence).into_iter().filter(|mention| !mention.there).collect()
}

/// DEVIS-100: whether a devis is owed for this total. `None` while the total is no amount.
#[must_use]
pub fn is_owed(total: &str) -> Option<bool> {
    euros(total).map(|cents| cents >= OWED_FROM)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{Document, Pen, Records, SetField, add_record, set_fields};
    use crate::ids::{DocumentId, DossierId, EntryId, UserId};
    use crate::time::Timestamp;

    #[test]
    fn devis_100_is_owed_from_a_hundred_euros_on() {
        assert_eq!(is_owed("99,99 €"), Some(false));
        assert_eq!(is_owed("100"), Some(true));
        assert_eq!(is_owed("à voir"), None);
    }

    #[test]
    fn devis_1_to_13_each_mention_is_asked_for_until_it_is_there() {
        let pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
        let mut document = Document::new(DocumentId::administratif(DossierId([1; 16])));
        let set = |field, value: &str| SetField { field, value: value.to_owned() };
        let id = EntryId([1; 16]);
        add_record(&mut document, &pen, Timestamp(0), (&adm::PIECES, id), &[set(&adm::PIECE_TYPE, adm::DEVIS)])
            .unwrap();
        let empty = FieldsView::default();
        let records = Records::read(&document);
        let lacking = missing(records.get(id).unwrap(), &empty, &empty);
        assert_eq!(lacking.len(), 13);
        let mut agency = Document::new(DocumentId::Agence);
        let base = agency.heads();
        let filled = [set(&agence::SIRET, "73282932000074"), set(&agence::SAP, "SAP732829320")];
        set_fields(&mut agency, &pen, &base, Timestamp(0), &filled).unwrap();
        let lacking = missing(records.get(id).unwrap(), &empty, &FieldsView::read(&agency));
        assert_eq!(lacking.len(), 11, "the number of SAP is there too");
    }
}
