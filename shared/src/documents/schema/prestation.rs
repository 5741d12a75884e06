//! The `prestation` document: mode, public, mission and the stages of a dossier. (Sector and team: `documents/prestation`.)

use super::{Collection, FieldKind, fichiers, fields};
use crate::ids::DocumentKind;

const PRESTATION: DocumentKind = DocumentKind::Prestation;

/// Who employs the intervenant, and in which contract (domain.md, Words).
pub const MODES: &[&str] = &[PRESTATAIRE, MANDATAIRE, MISE_A_DISPOSITION];
/// The agency employs and carries out.
pub const PRESTATAIRE: &str = "Prestataire";
/// The client employs, the agency helps.
pub const MANDATAIRE: &str = "Mandataire";
/// The agency employs, the client directs.
pub const MISE_A_DISPOSITION: &str = "Mise à disposition";
/// For whom: with the mode it decides the regime (declaration, agrément, autorisation).
pub const PUBLICS: &[&str] =
    &["Tout public", "Enfants de moins de 3 ans", "Personnes âgées", "Personnes en situation de handicap"];
/// What is done there.
pub const ACTIVITES: &[&str] = &[
    "Assistance aux actes quotidiens",
    "Entretien de la maison",
    "Préparation de repas",
    "Courses et accompagnement",
    "Garde d’enfants",
    "Garde-malade",
    "Petit jardinage",
    "Petit bricolage",
    "Assistance administrative",
    "Autre",
];

fields! { FIELDS of PRESTATION;
    MODE = "mission.mode", "Mode", FieldKind::Choice(MODES), Mission;
    PUBLIC = "mission.public", "Public", FieldKind::Choice(PUBLICS), Mission;
    ACTIVITE = "mission.activite", "Activité principale", FieldKind::Choice(ACTIVITES), Mission;
    POURVUE = "mission.pourvue", "Mission", FieldKind::Choice(&["À pourvoir", "Pourvue"]), Mission;
    PREMIERE_VISITE = "mission.premiere_visite", "Première prestation le", FieldKind::Date, Mission;
    FIN_MISSION = "mission.fin", "Fin prévue le", FieldKind::Date, Mission, "Vide : sans date de fin.";
    HEURES = "mission.heures", "Heures par mois", FieldKind::Number, Mission;
    FREQUENCE = "mission.frequence", "Jours et fréquence", FieldKind::Line, Mission;
    PRESENTATION_LE = "mission.presentation", "Visite de présentation le", FieldKind::Date, Mission;
    PLANNING_JUSQU_AU = "mission.planning", "Planning fait jusqu’au", FieldKind::Date, Mission, "Sur un an.";
    REPOS = "mission.repos", "Jour de repos", FieldKind::Line, Mission;
    TACHES = "mission.taches", "Tâches", FieldKind::Text, Mission;
    CONSIGNES = "mission.consignes", "Consignes", FieldKind::Text, Mission;
}

fields! { ETAPE of PRESTATION;
    ETAPE_NOM = "etape.nom", "Étape", FieldKind::Line, Fiche;
    ETAPE_DATE = "etape.date", "Depuis le", FieldKind::Date, Fiche;
    ETAPE_MOTIF = "etape.motif", "Motif", FieldKind::Line, Fiche;
}

/// The stages that the dossier went through; written once each.
pub static ETAPES: Collection = Collection {
    key: "etapes",
    document: PRESTATION,
    singular: "Étape",
    plural: "Étapes",
    fields: ETAPE,
    title: &[&ETAPE_NOM],
};

/// Where a visit stands in the planning.
pub const ETATS_VISITE: &[&str] = &[CONFIRMEE, A_VALIDER, BROUILLON, ANNULEE];
/// It is to take place. What is empty is confirmed.
pub const CONFIRMEE: &str = "Confirmée";
/// Published: whom it is for is asked to accept it, until a day.
pub const A_VALIDER: &str = "À valider";
/// The office's own: not shown on phones.
pub const BROUILLON: &str = "Brouillon";
/// It does not take place.
pub const ANNULEE: &str = "Annulée";

fields! { RECURRENCE of PRESTATION;
    RECURRENCE_JOURS = "recurrence.jours", "Jours", FieldKind::Line, Fiche, "1 pour lundi, 7 pour dimanche.";
    RECURRENCE_DEBUT = "recurrence.debut", "De", FieldKind::Time, Fiche;
    RECURRENCE_FIN = "recurrence.fin", "À", FieldKind::Time, Fiche, "Plus tôt que le début : le lendemain.";
    RECURRENCE_TOUTES_LES = "recurrence.toutes_les", "Toutes les … semaines", FieldKind::Number, Fiche, "Vide : chaque semaine.";
    RECURRENCE_DU = "recurrence.du", "À partir du", FieldKind::Date, Fiche;
    RECURRENCE_AU = "recurrence.au", "Jusqu’au", FieldKind::Date, Fiche, "Vide : sans date de fin.";
    RECURRENCE_FERIES = "recurrence.feries", "Jours fériés", FieldKind::Choice(&["Maintenus", SUSPENDUS]), Fiche;
    RECURRENCE_INTERVENANT = "recurrence.intervenant", "Intervenant", FieldKind::Person, Fiche;
    RECURRENCE_ACTIVITE = "recurrence.activite", "Activité", FieldKind::Choice(ACTIVITES), Fiche;
    RECURRENCE_SIGNATURE = "recurrence.signature", "Signature du client", FieldKind::Choice(SIGNATURES), Fiche;
    RECURRENCE_ETAT = "recurrence.etat", "État", FieldKind::Choice(ETATS_VISITE), Fiche;
    RECURRENCE_ECHEANCE = "recurrence.echeance", "Réponse avant le", FieldKind::Date, Fiche;
}

/// No visit on public holidays.
pub const SUSPENDUS: &str = "Suspendus";
/// Whether the client signs for a visit.
pub const SIGNATURES: &[&str] = &["Non demandée", DEMANDEE];
/// The client signs.
pub const DEMANDEE: &str = "Demandée";

/// Visits that come again. One of their days is changed by a visit of its own (`planning::occurrence_id`).
pub static RECURRENCES: Collection = Collection {
    key: "recurrences",
    document: PRESTATION,
    singular: "Visites régulières",
    plural: "Visites régulières",
    fields: RECURRENCE,
    title: &[&RECURRENCE_ACTIVITE],
};

fields! { VISITE of PRESTATION;
    VISITE_RECURRENCE = "visite.recurrence", "Visites régulières", FieldKind::Line, Fiche;
    VISITE_JOUR = "visite.jour", "En remplacement du", FieldKind::Date, Fiche;
    VISITE_DATE = "visite.date", "Date", FieldKind::Date, Fiche;
    VISITE_DEBUT = "visite.debut", "De", FieldKind::Time, Fiche;
    VISITE_FIN = "visite.fin", "À", FieldKind::Time, Fiche, "Plus tôt que le début : le lendemain.";
    VISITE_INTERVENANT = "visite.intervenant", "Intervenant", FieldKind::Person, Fiche;
    VISITE_ACTIVITE = "visite.activite", "Activité", FieldKind::Choice(ACTIVITES), Fiche;
    VISITE_SIGNATURE = "visite.signature", "Signature du client", FieldKind::Choice(SIGNATURES), Fiche;
    VISITE_ETAT = "visite.etat", "État", FieldKind::Choice(ETATS_VISITE), Fiche;
    VISITE_ECHEANCE = "visite.echeance", "Réponse avant le", FieldKind::Date, Fiche;
    VISITE_PROPOSEE = "visite.proposee", "Proposée à", FieldKind::Line, Fiche;
    VISITE_MOTIF = "visite.motif", "Motif", FieldKind::Line, Fiche;
    VISITE_AVIS = "visite.avis", "Avis de changement", FieldKind::Line, Fiche;
}

/// Fields that mean something together only: whoever writes one of them writes all of them, so that the beginning of one
/// coordinator's hours is never read with the end of another's.
pub static TOGETHER: &[&[&super::Field]] = &[
    &[&VISITE_DATE, &VISITE_DEBUT, &VISITE_FIN],
    &[&RECURRENCE_JOURS, &RECURRENCE_DEBUT, &RECURRENCE_FIN, &RECURRENCE_TOUTES_LES, &RECURRENCE_DU, &RECURRENCE_AU],
];

/// Single visits, and what one day of a recurrence has of its own: its fields that are empty are the recurrence's.
pub static VISITES: Collection = Collection {
    key: "visites",
    document: PRESTATION,
    singular: "Visite",
    plural: "Visites",
    fields: VISITE,
    title: &[&VISITE_DATE, &VISITE_DEBUT],
};

fichiers!(PRESTATION);
