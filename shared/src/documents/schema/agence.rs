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
    FUSEAU = "agence.fuseau", "Heures de", FieldKind::Choice(crate::time::ZONES), Planification, "Vide : métropole.";
    ASTREINTE_LIGNE = "astreinte.ligne", "Ligne d’astreinte", FieldKind::Phone, Planification,
        "Le numéro que les intervenants appellent en urgence.";
    PUBLIC_FRAGILE = "planning.fragile", "Amplitude de 13 h", FieldKind::Choice(&["Non", "Oui"]), Planification,
        "Publics fragiles : jusqu’à 13 h entre la première et la dernière visite.";
    JOUR_MAX = "planning.jour", "Heures par jour, au plus", FieldKind::Number, Planification, "Vide : 10.";
    SEMAINE_MAX = "planning.semaine", "Heures par semaine, au plus", FieldKind::Number, Planification, "Vide : 48.";
    REPOS_JOUR = "planning.repos_jour", "Heures de repos par jour", FieldKind::Number, Planification, "Vide : 11.";
    REPOS_SEMAINE = "planning.repos_semaine", "Heures de repos par semaine", FieldKind::Number, Planification, "Vide : 35.";
    DELAI = "planning.delai", "Jours ouvrés de prévenance", FieldKind::Number, Planification, "Vide : 3.";
    TRAJET = "planning.trajet", "Minutes de trajet entre deux clients", FieldKind::Number, Planification,
        "Vide : 15 dans la même commune, 25 sinon.";
    SEUIL_VIVIER = "vivier.seuil", "Faire appel au vivier à partir de", FieldKind::Number, Planification,
        "Visites sans intervenant dans les sept jours. Vide : 3.";
    MODELE_ACCUSE = "modele.accuse", "Accusé de réception d’un changement", FieldKind::Text, Modeles,
        "Vide : le texte d’origine. {client}, {agence}, {changement}, {dates}, {suites}, {responsable} sont remplacés.";
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

fields! { ASTREINTE of AGENCE;
    ASTREINTE_PERSONNE = "garde.personne", "Personne", FieldKind::Person, Fiche;
    ASTREINTE_TELEPHONE = "garde.telephone", "Téléphone", FieldKind::Phone, Fiche;
    ASTREINTE_DU = "garde.du", "Du", FieldKind::Date, Fiche;
    ASTREINTE_DE = "garde.de", "À partir de", FieldKind::Time, Fiche;
    ASTREINTE_AU = "garde.au", "Au", FieldKind::Date, Fiche;
    ASTREINTE_A = "garde.a", "Jusqu’à", FieldKind::Time, Fiche;
}

/// The rota of those on call [S1].
pub static ASTREINTES: Collection = Collection {
    key: "astreintes",
    document: AGENCE,
    singular: "Astreinte",
    plural: "Astreintes",
    fields: ASTREINTE,
    title: &[&ASTREINTE_DU, &ASTREINTE_TELEPHONE],
};

fields! { VIVIER_CHAMPS of AGENCE;
    VIVIER_NOM = "vivier.nom", "Nom", FieldKind::Line, Fiche;
    VIVIER_ORIGINE = "vivier.origine", "D’où",
        FieldKind::Choice(&["Autre structure", "Candidature", "Intérim", "Ancien intervenant", "Autre"]), Fiche;
    VIVIER_TELEPHONE = "vivier.telephone", "Téléphone", FieldKind::Phone, Fiche;
    VIVIER_SECTEUR = "vivier.secteur", "Secteur", FieldKind::Line, Fiche;
    VIVIER_COMPETENCES = "vivier.competences", "Compétences", FieldKind::Note, Fiche;
}

/// The pool of people outside of the agency who may be called on [S1].
pub static VIVIER: Collection = Collection {
    key: "vivier",
    document: AGENCE,
    singular: "Personne du vivier",
    plural: "Vivier",
    fields: VIVIER_CHAMPS,
    title: &[&VIVIER_NOM, &VIVIER_ORIGINE],
};
