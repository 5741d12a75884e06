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
const ACTIVITES: &[&str] = &[
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

fichiers!(PRESTATION);
