//! The `personnel/<user>` document: an intervenant's own file (domain.md §2, seed 004).

use super::client::CIVILITES;
use super::{Collection, FieldKind, fichiers, fields};
use crate::ids::DocumentKind;

const PERSONNEL: DocumentKind = DocumentKind::Personnel;

fields! { FIELDS of PERSONNEL;
    CIVILITE = "agent.civilite", "Civilité", FieldKind::Choice(CIVILITES), Identite;
    PRENOM = "agent.prenom", "Prénom", FieldKind::Line, Identite;
    NOM = "agent.nom", "Nom", FieldKind::Line, Identite;
    NOM_NAISSANCE = "agent.nom_naissance", "Nom de naissance", FieldKind::Line, Identite;
    NAISSANCE = "agent.naissance", "Date de naissance", FieldKind::BirthDate, Identite;
    LIEU_NAISSANCE = "agent.lieu_naissance", "Lieu de naissance", FieldKind::Line, Identite;
    PAYS_NAISSANCE = "agent.pays_naissance", "Département et pays de naissance", FieldKind::Line, Identite;
    NATIONALITE = "agent.nationalite", "Nationalité", FieldKind::Line, Identite;
    NIR = "agent.nir", "Numéro de sécurité sociale", FieldKind::Nir, Identite;
    TELEPHONE = "agent.telephone", "Téléphone", FieldKind::Phone, Coordonnees;
    EMAIL = "agent.email", "Adresse électronique", FieldKind::Email, Coordonnees;
    ADRESSE = "agent.adresse", "Adresse", FieldKind::Line, Coordonnees;
    CODE_POSTAL = "agent.code_postal", "Code postal", FieldKind::Postcode, Coordonnees;
    VILLE = "agent.ville", "Ville", FieldKind::Line, Coordonnees;
    IBAN = "agent.iban", "IBAN", FieldKind::Iban, Paiement;
    ORIGINE = "agent.origine", "Origine", FieldKind::Line, Gestion;
    SECTEUR = "agent.secteur", "Secteur", FieldKind::Line, Gestion;
    GERE_PAR = "agent.responsable", "Géré par", FieldKind::Person, Gestion;
    OUTILS_LE = "agent.outils", "Outils présentés le", FieldKind::Date, Gestion,
        "Connexion, télépointage, agenda, propositions de mission, ressources.";
}

fields! { CONTRAT of PERSONNEL;
    CONTRAT_EMPLOYEUR = "emploi.employeur", "Employeur", FieldKind::Line, Fiche;
    CONTRAT_TYPE = "emploi.type", "Type de contrat", FieldKind::Choice(&["CDI", "CDD", "CDI temps partiel", "CESU"]), Fiche;
    CONTRAT_DEBUT = "emploi.debut", "Début", FieldKind::Date, Fiche;
    CONTRAT_FIN = "emploi.fin", "Fin", FieldKind::Date, Fiche;
    CONTRAT_ESSAI_DEBUT = "emploi.essai_debut", "Début de la période d’essai", FieldKind::Date, Fiche;
    CONTRAT_ESSAI_FIN = "emploi.essai_fin", "Fin de la période d’essai", FieldKind::Date, Fiche;
    CONTRAT_EXONERATION = "emploi.exoneration", "Exonération", FieldKind::Line, Fiche;
    CONTRAT_REMUNERATION = "emploi.remuneration", "Rémunération horaire", FieldKind::Money, Fiche;
    CONTRAT_TRANSPORT = "emploi.transport", "Indemnités de transport", FieldKind::Line, Fiche;
    CONTRAT_HEURES = "emploi.heures", "Nombre d’heures", FieldKind::Line, Fiche;
}

/// Contracts of employment.
pub static CONTRATS: Collection = Collection {
    key: "contrats",
    document: PERSONNEL,
    singular: "Contrat de travail",
    plural: "Contrats de travail",
    fields: CONTRAT,
    title: &[&CONTRAT_TYPE, &CONTRAT_EMPLOYEUR],
};

fields! { ABSENCE of PERSONNEL;
    ABSENCE_NATURE = "absence.nature", "Motif",
        FieldKind::Choice(&["Congé", "Maladie", "RTT", "Formation", "Indisponible", "Autre"]), Fiche;
    ABSENCE_DU = "absence.du", "Du", FieldKind::Date, Fiche;
    ABSENCE_AU = "absence.au", "Au", FieldKind::Date, Fiche;
    ABSENCE_NOTE = "absence.note", "Note", FieldKind::Note, Fiche;
}

/// Days on which somebody does not come, both ends included.
pub static ABSENCES: Collection = Collection {
    key: "absences",
    document: PERSONNEL,
    singular: "Absence",
    plural: "Absences",
    fields: ABSENCE,
    title: &[&ABSENCE_NATURE, &ABSENCE_DU],
};

fichiers!(PERSONNEL);
