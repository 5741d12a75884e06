//! The `agence` document: the agency as its papers name it, and its models.

use super::relation::{CATEGORIES, SERVICES};
use super::{Collection, FieldKind, fields};
use crate::ids::DocumentKind;

const AGENCE: DocumentKind = DocumentKind::Agence;

fields! { FIELDS of AGENCE;
    RAISON_SOCIALE = "agence.raison_sociale", "Raison sociale", FieldKind::Line, Agence;
    ADRESSE = "agence.adresse", "Adresse", FieldKind::Line, Agence;
    CODE_POSTAL = "agence.code_postal", "Code postal", FieldKind::Postcode, Agence;
    VILLE = "agence.ville", "Ville", FieldKind::Line, Agence;
    TELEPHONE = "agence.telephone", "Téléphone", FieldKind::Phone, Agence;
    EMAIL = "agence.email", "Adresse électronique", FieldKind::Email, Agence;
    SIRET = "agence.siret", "SIRET", FieldKind::Siret, Agence;
    SAP = "agence.sap", "Numéro de déclaration SAP", FieldKind::Line, Agence, "SAP suivi de neuf chiffres.";
    AGREMENT = "agence.agrement", "Agrément ou autorisation", FieldKind::Line, Agence, "Numéro et date, s’il y en a un.";
    ICS = "agence.ics", "Identifiant créancier SEPA (ICS)", FieldKind::Ics, Agence;
    MEDIATEUR = "agence.mediateur", "Médiateur de la consommation", FieldKind::Line, Agence;
    MODELE_DEVIS = "modele.devis", "Devis : conditions", FieldKind::Text, Modeles,
        "Vide : le texte d’origine. {client}, {agence}, {date} sont remplacés.";
    MODELE_CONTRAT = "modele.contrat", "Contrat de prestation", FieldKind::Text, Modeles;
    MODELE_MANDAT = "modele.mandat", "Contrat de mandat", FieldKind::Text, Modeles;
    MODELE_MISE_A_DISPOSITION = "modele.mise_a_disposition", "Contrat de mise à disposition", FieldKind::Text, Modeles;
    MODELE_ATTESTATION = "modele.attestation", "Attestation fiscale", FieldKind::Text, Modeles;
    MODELE_RGPD = "modele.rgpd", "Mention d’information (RGPD)", FieldKind::Text, Modeles;
}

fields! { TACHE_MODELE of AGENCE;
    MODELE_TITRE = "modele_tache.titre", "Titre", FieldKind::Line, Fiche;
    MODELE_CATEGORIE = "modele_tache.categorie", "Catégorie", FieldKind::Choice(CATEGORIES), Fiche;
    MODELE_SERVICE = "modele_tache.service", "Service", FieldKind::Choice(SERVICES), Fiche;
    MODELE_QUAND = "modele_tache.quand", "Quand", FieldKind::Line, Fiche;
    MODELE_DESCRIPTION = "modele_tache.description", "Description", FieldKind::Note, Fiche;
    MODELE_DE = "modele_tache.de", "Modèle d’origine", FieldKind::Line, Fiche;
}

/// Models of tasks that the agency has changed or added.
pub static TACHES_MODELES: Collection = Collection {
    key: "modeles_taches",
    document: AGENCE,
    singular: "Modèle de tâche",
    plural: "Modèles de tâches",
    fields: TACHE_MODELE,
    title: &[&MODELE_TITRE],
};
