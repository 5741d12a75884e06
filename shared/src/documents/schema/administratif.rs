//! The `administratif` document: aids, payment, contracts and invoices, which never reach an intervenant's phone.

use super::{Collection, Field, FieldKind, fichiers, fields};
use crate::ids::DocumentKind;

const ADMINISTRATIF: DocumentKind = DocumentKind::Administratif;

const OUI_NON: &[&str] = &["Oui", "Non"];
/// Exemptions of social contributions (seed 004), and what opens them.
pub const EXONERATIONS: &[&str] = &["Aucune", "Plus de 70 ans", "APA", "PCH", "Invalidité", "Autre"];
/// Where a client came from.
pub const ORIGINES: &[&str] = &[
    "Cooptation",
    "Bouche à oreille",
    "Prescripteur médico-social",
    "Mairie ou CCAS",
    "Hôpital",
    "Internet",
    "Presse ou affichage",
    "Autre",
];
/// How a client pays.
pub const PAIEMENTS: &[&str] = &["Prélèvement", "Virement", "Chèque", "CESU préfinancé", "Espèces"];

fields! { FIELDS of ADMINISTRATIF;
    NIR = "administratif.nir", "Numéro de sécurité sociale", FieldKind::Nir, Aides,
        "Nécessaire en mode mandataire seulement.";
    EXONERATION = "aides.exoneration", "Exonération", FieldKind::Choice(EXONERATIONS), Aides;
    AICI = "aides.aici", "Avance immédiate (AICI)",
        FieldKind::Choice(&["Non", "À demander", "Demandée", "Active", "Refusée"]), Aides;
    ALLOCATIONS = "aides.allocations", "Situation vis-à-vis des allocations", FieldKind::Line, Aides;
    FISCAL = "aides.fiscal", "Situation fiscale", FieldKind::Line, Aides;
    PAIEMENT_MODE = "paiement.mode", "Mode de paiement", FieldKind::Choice(PAIEMENTS), Paiement;
    TITULAIRE = "paiement.titulaire", "Titulaire du compte", FieldKind::Line, Paiement;
    IBAN = "paiement.iban", "IBAN", FieldKind::Iban, Paiement;
    BIC = "paiement.bic", "BIC", FieldKind::Bic, Paiement;
    RUM = "paiement.rum", "Référence du mandat SEPA (RUM)", FieldKind::Rum, Paiement;
    MANDAT_SIGNE_LE = "paiement.mandat_signe", "Mandat SEPA signé le", FieldKind::Date, Paiement;
    COUT_MENSUEL = "paiement.cout_mensuel", "Coût mensuel", FieldKind::Money, Paiement, "Avant aides.";
    RESTE_A_CHARGE = "paiement.reste", "Reste à la charge du client", FieldKind::Money, Paiement, "Dès qu’il est connu.";
    FRAIS_GESTION = "paiement.frais_gestion", "Frais de gestion mensuels", FieldKind::Money, Paiement;
    COUT_SALARIE = "paiement.cout_salarie", "Coût mensuel du salarié", FieldKind::Money, Paiement;
    ORIGINE = "gestion.origine", "Origine", FieldKind::Choice(ORIGINES), Gestion;
    PARRAIN = "gestion.parrain", "Parrain", FieldKind::Line, Gestion, "RTU sur le secteur d’un responsable territorial.";
    GERE_PAR = "gestion.responsable", "Géré par", FieldKind::Person, Gestion;
    DERNIER_CONTACT = "gestion.dernier_contact", "Dernier contact de la personne", FieldKind::Date, Gestion;
    HORS_ETABLISSEMENT = "engagement.hors_etablissement", "Contrat signé hors de l’agence",
        FieldKind::Choice(OUI_NON), Engagement, "Domicile ou distance : 14 jours pour se rétracter.";
    DEMANDE_EXPRESSE = "engagement.demande_expresse", "Demande expresse de commencer plus tôt le", FieldKind::Date,
        Engagement;
    URGENCE = "engagement.urgence", "Urgence : intervention commencée le", FieldKind::Date, Engagement,
        "L’accord du client se recueille dans les 14 jours.";
    INFORMATION_RGPD = "engagement.rgpd", "Mention d’information remise le", FieldKind::Date, Engagement;
    LIVRET = "engagement.livret", "Livret d’accueil remis le", FieldKind::Date, Engagement;
}

/// Papers with a life of their own.
pub const TYPES_PIECE: &[&str] =
    &[DEVIS, CONTRAT, AVENANT, MANDAT, CONTRAT_TRAVAIL, MANDAT_SEPA, FACTURE, ATTESTATION, "Plan d’aide", "Autre"];
/// An offer with its price.
pub const DEVIS: &str = "Devis";
/// What binds client and agency.
pub const CONTRAT: &str = "Contrat";
/// A change of a contract.
pub const AVENANT: &str = "Avenant";
/// A contract of mandate: one per intervenant [S4].
pub const MANDAT: &str = "Mandat";
/// The contract between client and intervenant, in mandataire mode.
pub const CONTRAT_TRAVAIL: &str = "Contrat de travail";
/// The client's authorisation of direct debit.
pub const MANDAT_SEPA: &str = "Mandat SEPA";
/// What was invoiced.
pub const FACTURE: &str = "Facture";
/// What the client deducts from tax, yearly.
pub const ATTESTATION: &str = "Attestation fiscale";

/// Where a paper stands.
pub const STATUTS: &[&str] = &["Brouillon", "Prêt", "Envoyé", "Signé", "Accepté", "Refusé", "Réglé", "Remis", "Annulé"];

fields! { PIECE of ADMINISTRATIF;
    PIECE_TYPE = "piece.type", "Type", FieldKind::Choice(TYPES_PIECE), Fiche;
    PIECE_NUMERO = "piece.numero", "Numéro", FieldKind::Line, Fiche;
    PIECE_OBJET = "piece.objet", "Objet", FieldKind::Line, Fiche;
    PIECE_STATUT = "piece.statut", "Statut", FieldKind::Choice(STATUTS), Fiche;
    PIECE_DATE = "piece.date", "Date", FieldKind::Date, Fiche;
    PIECE_VALIDITE = "piece.validite", "Valable jusqu’au", FieldKind::Date, Fiche;
    PIECE_SIGNATURE = "piece.signature", "Signé le", FieldKind::Date, Fiche;
    PIECE_DEBUT = "piece.debut", "Début", FieldKind::Date, Fiche;
    PIECE_FIN = "piece.fin", "Fin", FieldKind::Date, Fiche;
    PIECE_ESSAI_DEBUT = "piece.essai_debut", "Début de la période d’essai", FieldKind::Date, Fiche;
    PIECE_ESSAI_FIN = "piece.essai_fin", "Fin de la période d’essai", FieldKind::Date, Fiche;
    PIECE_INTERVENANT = "piece.intervenant", "Intervenant", FieldKind::Person, Fiche;
    PIECE_LIEU = "piece.lieu", "Lieu d’exécution", FieldKind::Line, Fiche;
    PIECE_FREQUENCE = "piece.frequence", "Fréquence", FieldKind::Line, Fiche;
    PIECE_QUANTITE = "piece.quantite", "Nombre d’heures", FieldKind::Number, Fiche;
    PIECE_PRIX_HT = "piece.prix_ht", "Prix horaire HT", FieldKind::Money, Fiche;
    PIECE_PRIX_TTC = "piece.prix_ttc", "Prix horaire TTC", FieldKind::Money, Fiche;
    PIECE_FRAIS = "piece.frais", "Frais annexes, détaillés", FieldKind::Note, Fiche;
    PIECE_TVA = "piece.tva", "Taux de TVA", FieldKind::Choice(&["5,5 %", "10 %", "20 %", "Exonéré"]), Fiche;
    PIECE_HT = "piece.montant_ht", "Montant HT", FieldKind::Money, Fiche;
    PIECE_TTC = "piece.montant", "Montant TTC", FieldKind::Money, Fiche;
    PIECE_AIDES = "piece.aides", "Aides déduites", FieldKind::Money, Fiche;
    PIECE_REGLE = "piece.regle", "Sommes réglées par le client", FieldKind::Money, Fiche;
    PIECE_REGLE_LE = "piece.regle_le", "Réglé le", FieldKind::Date, Fiche;
    PIECE_COMPTE = "piece.compte", "Compte débité", FieldKind::Line, Fiche;
    PIECE_ORIGINAL = "piece.original", "Où est l’original", FieldKind::Line, Fiche, "L’original papier se conserve.";
    PIECE_NOTE = "piece.note", "Note", FieldKind::Note, Fiche;
}

/// Devis, contrats, avenants, mandats, factures, attestations.
pub static PIECES: Collection = Collection {
    key: "pieces",
    document: ADMINISTRATIF,
    singular: "Pièce",
    plural: "Pièces",
    fields: PIECE,
    title: &[&PIECE_TYPE, &PIECE_NUMERO, &PIECE_OBJET],
};

fields! { AIDE of ADMINISTRATIF;
    AIDE_TYPE = "aide.type", "Aide",
        FieldKind::Choice(&["APA", "PCH", "Caisse de retraite", "Mutuelle", "ARDH", "CAF", "Autre"]), Fiche;
    AIDE_ORGANISME = "aide.organisme", "Organisme", FieldKind::Line, Fiche;
    AIDE_NUMERO = "aide.numero", "Numéro de dossier", FieldKind::Line, Fiche;
    AIDE_HEURES = "aide.heures", "Heures par mois", FieldKind::Number, Fiche;
    AIDE_MONTANT = "aide.montant", "Montant mensuel", FieldKind::Money, Fiche;
    AIDE_PARTICIPATION = "aide.participation", "Participation du client", FieldKind::Line, Fiche;
    AIDE_DEBUT = "aide.debut", "Début", FieldKind::Date, Fiche;
    AIDE_FIN = "aide.fin", "Fin", FieldKind::Date, Fiche;
    AIDE_NOTE = "aide.note", "Note", FieldKind::Note, Fiche;
}

/// Plans d'aide: what somebody else pays, for how many hours, until when.
pub static AIDES: Collection = Collection {
    key: "aides",
    document: ADMINISTRATIF,
    singular: "Plan d’aide",
    plural: "Plans d’aide",
    fields: AIDE,
    title: &[&AIDE_TYPE, &AIDE_ORGANISME],
};

fichiers!(ADMINISTRATIF);

/// The fields that a paper of this type has, in the order of its form; all of them for a type that nobody knows.
#[must_use]
#[rustfmt::skip]
pub fn fields_of_piece(piece_type: &str) -> Vec<&'static Field> {
    match piece_type {
        DEVIS => vec![
            &PIECE_NUMERO, &PIECE_OBJET, &PIECE_DATE, &PIECE_VALIDITE, &PIECE_LIEU, &PIECE_DEBUT, &PIECE_FREQUENCE,
            &PIECE_QUANTITE, &PIECE_PRIX_HT, &PIECE_PRIX_TTC, &PIECE_TVA, &PIECE_FRAIS, &PIECE_HT, &PIECE_TTC,
            &PIECE_SIGNATURE, &PIECE_ORIGINAL, &PIECE_NOTE,
        ],
        CONTRAT | AVENANT => vec![
            &PIECE_NUMERO, &PIECE_OBJET, &PIECE_DATE, &PIECE_DEBUT, &PIECE_FIN, &PIECE_FREQUENCE, &PIECE_QUANTITE,
            &PIECE_PRIX_HT, &PIECE_PRIX_TTC, &PIECE_FRAIS, &PIECE_HT, &PIECE_TTC, &PIECE_SIGNATURE, &PIECE_ORIGINAL,
            &PIECE_NOTE,
        ],
        MANDAT | CONTRAT_TRAVAIL => vec![
            &PIECE_NUMERO, &PIECE_INTERVENANT, &PIECE_DATE, &PIECE_DEBUT, &PIECE_FIN, &PIECE_ESSAI_DEBUT,
            &PIECE_ESSAI_FIN, &PIECE_QUANTITE, &PIECE_SIGNATURE, &PIECE_ORIGINAL, &PIECE_NOTE,
        ],
        MANDAT_SEPA => vec![&PIECE_NUMERO, &PIECE_DATE, &PIECE_SIGNATURE, &PIECE_ORIGINAL, &PIECE_NOTE],
        FACTURE => vec![
            &PIECE_NUMERO, &PIECE_OBJET, &PIECE_DATE, &PIECE_DEBUT, &PIECE_FIN, &PIECE_INTERVENANT, &PIECE_QUANTITE,
            &PIECE_HT, &PIECE_TTC, &PIECE_AIDES, &PIECE_REGLE, &PIECE_REGLE_LE, &PIECE_COMPTE, &PIECE_NOTE,
        ],
        ATTESTATION => vec![&PIECE_NUMERO, &PIECE_DATE, &PIECE_DEBUT, &PIECE_FIN, &PIECE_NOTE],
        "" => PIECE.to_vec(),
        _ => vec![
            &PIECE_NUMERO, &PIECE_OBJET, &PIECE_DATE, &PIECE_DEBUT, &PIECE_FIN, &PIECE_SIGNATURE, &PIECE_ORIGINAL,
            &PIECE_NOTE,
        ],
    }
}

/// Where a paper of this type stands once the client has signed it on a screen; `None` for those that are not signed so.
#[must_use]
pub fn signed_status(piece_type: &str) -> Option<&'static str> {
    match piece_type {
        DEVIS => Some("Accepté"),
        CONTRAT | AVENANT | MANDAT => Some("Signé"),
        _ => None,
    }
}

/// Where a paper of this type may stand, in the order of its life.
#[must_use]
pub fn statuses_of_piece(piece_type: &str) -> &'static [&'static str] {
    match piece_type {
        DEVIS => &["Brouillon", "Envoyé", "Accepté", "Refusé"],
        FACTURE => &["Envoyé", "Réglé", "Annulé"],
        ATTESTATION => &["Brouillon", "Remis"],
        _ => &["Brouillon", "Envoyé", "Signé", "Annulé"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_has_only_fields_and_statuses_that_papers_have() {
        for piece_type in TYPES_PIECE.iter().copied().chain([""]) {
            assert!(fields_of_piece(piece_type).iter().all(|field| PIECE.contains(field)), "{piece_type}");
            assert!(statuses_of_piece(piece_type).iter().all(|status| STATUTS.contains(status)), "{piece_type}");
            let signed = signed_status(piece_type);
            assert!(signed.is_none_or(|status| statuses_of_piece(piece_type).contains(&status)), "{piece_type}");
        }
    }
}
