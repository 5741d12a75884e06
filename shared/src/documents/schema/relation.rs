//! The `relation` document: letters, complaints and tasks, for the office only. (Requests: `documents/relation`.)

use super::{Collection, FieldKind, anomalies, fichiers, fields};
use crate::ids::DocumentKind;

const RELATION: DocumentKind = DocumentKind::Relation;

fields! { COURRIER of RELATION;
    COURRIER_SENS = "courrier.sens", "Sens", FieldKind::Choice(&["Reçu", "Envoyé"]), Fiche;
    COURRIER_CANAL = "courrier.canal", "Par",
        FieldKind::Choice(&["Courrier", "Recommandé", "Courriel", "Remis en main propre"]), Fiche;
    COURRIER_OBJET = "courrier.objet", "Objet", FieldKind::Line, Fiche;
    COURRIER_DATE = "courrier.date", "Date", FieldKind::Date, Fiche;
    COURRIER_ORIGINAL = "courrier.original", "Où est l’original", FieldKind::Line, Fiche;
    COURRIER_NOTE = "courrier.note", "Note", FieldKind::Note, Fiche;
}

/// Letters.
pub static COURRIERS: Collection = Collection {
    key: "courriers",
    document: RELATION,
    singular: "Courrier",
    plural: "Courriers",
    fields: COURRIER,
    title: &[&COURRIER_SENS, &COURRIER_OBJET],
};

fields! { RECLAMATION of RELATION;
    RECLAMATION_OBJET = "reclamation.objet", "Objet", FieldKind::Line, Fiche;
    RECLAMATION_DATE = "reclamation.date", "Reçue le", FieldKind::Date, Fiche;
    RECLAMATION_DE = "reclamation.de", "De la part de", FieldKind::Line, Fiche;
    RECLAMATION_GRAVITE = "reclamation.gravite", "Gravité", FieldKind::Choice(&["Mineure", "Majeure", "Critique"]), Fiche;
    RECLAMATION_STATUT = "reclamation.statut", "Statut", FieldKind::Choice(&["Ouverte", "En cours", "Close"]), Fiche;
    RECLAMATION_FAITS = "reclamation.faits", "Les faits", FieldKind::Note, Fiche;
    RECLAMATION_REPONSE = "reclamation.reponse", "Réponse apportée", FieldKind::Note, Fiche;
    RECLAMATION_CLOSE_LE = "reclamation.close_le", "Close le", FieldKind::Date, Fiche;
}

/// Complaints: handled, their history kept [S0 §21].
pub static RECLAMATIONS: Collection = Collection {
    key: "reclamations",
    document: RELATION,
    singular: "Réclamation",
    plural: "Réclamations",
    fields: RECLAMATION,
    title: &[&RECLAMATION_OBJET],
};

/// What tasks are about (seed 004).
pub const CATEGORIES: &[&str] = &[
    "Suivi client",
    "Administratif",
    "Contrat",
    "URSSAF",
    "Aides",
    "Facturation et paie",
    "Fiscal",
    "Planning",
    "Mission",
];
/// The three services that hand a new client over (seed 004).
pub const SERVICES: &[&str] = &[CONVERSION, GESTION, SERVICE_CLIENT];
/// Fills the mission.
pub const CONVERSION: &str = "Conversion";
/// Administrative and medico-social service.
pub const GESTION: &str = "Gestion administrative et médico-sociale";
/// Calls, verifies, accompanies.
pub const SERVICE_CLIENT: &str = "Service client";
/// A task that is done.
pub const FAIT: &str = "Fait";

fields! { TACHE of RELATION;
    TACHE_TITRE = "tache.titre", "Titre", FieldKind::Line, Fiche;
    TACHE_CATEGORIE = "tache.categorie", "Catégorie", FieldKind::Choice(CATEGORIES), Fiche;
    TACHE_ECHEANCE = "tache.echeance", "Date d’exécution", FieldKind::Date, Fiche;
    TACHE_PRIORITE = "tache.priorite", "Priorité", FieldKind::Choice(&["Peut être reportée", "Ne peut pas être reportée"]),
        Fiche;
    TACHE_SERVICE = "tache.service", "Service", FieldKind::Choice(SERVICES), Fiche;
    TACHE_GERE_PAR = "tache.responsable", "Gérée par", FieldKind::Person, Fiche;
    TACHE_STATUT = "tache.statut", "État", FieldKind::Choice(&["À faire", FAIT, "Sans objet"]), Fiche;
    TACHE_DESCRIPTION = "tache.description", "Description", FieldKind::Note, Fiche;
    TACHE_MODELE = "tache.modele", "Modèle", FieldKind::Line, Fiche;
}

/// What somebody has to do about the dossier, by when.
pub static TACHES: Collection = Collection {
    key: "taches",
    document: RELATION,
    singular: "Tâche",
    plural: "Tâches",
    fields: TACHE,
    title: &[&TACHE_TITRE],
};

/// What becomes of a consequence that a notice proposed.
pub const DECISIONS: &[&str] = &[ACCEPTEE, MODIFIEE, REFUSEE];
/// As it was proposed.
pub const ACCEPTEE: &str = "Acceptée";
/// Otherwise than proposed.
pub const MODIFIEE: &str = "Modifiée";
/// Not at all, for a reason.
pub const REFUSEE: &str = "Refusée";

fields! { CONSEQUENCE of RELATION;
    CONSEQUENCE_AVIS = "consequence.avis", "Avis", FieldKind::Line, Fiche;
    CONSEQUENCE_REGLE = "consequence.regle", "Règle", FieldKind::Line, Fiche;
    CONSEQUENCE_TEXTE = "consequence.texte", "Conséquence", FieldKind::Note, Fiche;
    CONSEQUENCE_DECISION = "consequence.decision", "Décision", FieldKind::Choice(DECISIONS), Fiche;
    CONSEQUENCE_MOTIF = "consequence.motif", "Motif", FieldKind::Line, Fiche;
    CONSEQUENCE_EFFET = "consequence.effet", "Ce qui a été fait", FieldKind::Line, Fiche;
    CONSEQUENCE_ANNULEE = "consequence.annulee", "Reprise", FieldKind::Choice(&["Non", "Oui"]), Fiche;
}

/// What was decided about each consequence of a notice, and what was done for it, so that it can be undone [S1].
pub static CONSEQUENCES: Collection = Collection {
    key: "consequences",
    document: RELATION,
    singular: "Conséquence",
    plural: "Conséquences",
    fields: CONSEQUENCE,
    title: &[&CONSEQUENCE_TEXTE],
};

anomalies!(RELATION);

fichiers!(RELATION);
