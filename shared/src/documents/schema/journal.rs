//! The `journal/<year>` document: what happened at the client's home. (Transmissions: `documents/journal`.)

use super::{Collection, FieldKind, anomalies, fichiers, fields};
use crate::ids::DocumentKind;

const JOURNAL: DocumentKind = DocumentKind::Journal { year: 2000 };

/// Somebody arrives.
pub const ARRIVEE: &str = "Arrivée";
/// Somebody leaves.
pub const DEPART: &str = "Départ";
/// The label at the client's home was read with the camera.
pub const QR_CODE: &str = "QR code";
/// The tag at the client's home was touched.
pub const NFC: &str = "NFC";
/// By hand, with a reason.
pub const MANUEL: &str = "Manuel";
/// The label or tag read was that of this home.
pub const AU_DOMICILE: &str = "Au domicile";
/// It was another one.
pub const AILLEURS: &str = "Ailleurs";
/// Nothing at the home was read.
pub const NON_VERIFIE: &str = "Non vérifié";

fields! { POINTAGE of JOURNAL;
    POINTAGE_VISITE = "pointage.visite", "Visite", FieldKind::Line, Fiche;
    POINTAGE_SENS = "pointage.sens", "Pointage", FieldKind::Choice(&[ARRIVEE, DEPART]), Fiche;
    POINTAGE_MOYEN = "pointage.moyen", "Par", FieldKind::Choice(&[QR_CODE, NFC, MANUEL]), Fiche;
    POINTAGE_MOTIF = "pointage.motif", "Motif", FieldKind::Line, Fiche;
    POINTAGE_LIEU = "pointage.lieu", "Lieu", FieldKind::Choice(&[AU_DOMICILE, AILLEURS, NON_VERIFIE]), Fiche;
    POINTAGE_HEURE = "pointage.heure", "Heure de l’appareil", FieldKind::Moment, Fiche;
    POINTAGE_MONOTONE = "pointage.monotone", "Chronomètre de l’appareil", FieldKind::Line, Fiche;
    POINTAGE_DERIVE = "pointage.derive", "Écart de l’appareil à l’heure du relais (ms)", FieldKind::Number, Fiche;
    POINTAGE_POSITION = "pointage.position", "Position", FieldKind::Line, Fiche;
}

/// Clock-ins: one record each, never merged with another (domain.md §8). `monotone` is the page session and the milliseconds
/// since it began, with a colon between; `derive` what the device's clock has to gain to show the relay's time, filled in once
/// the relay was heard: nothing else of it is ever changed.
pub static POINTAGES: Collection = Collection {
    key: "pointages",
    document: JOURNAL,
    singular: "Pointage",
    plural: "Pointages",
    fields: POINTAGE,
    title: &[&POINTAGE_SENS, &POINTAGE_MOYEN],
};

/// A task that was done.
pub const FAIT: &str = "Fait";
/// A task that was not.
pub const NON_FAIT: &str = "Non fait";

fields! { REALISATION of JOURNAL;
    REALISATION_VISITE = "realisation.visite", "Visite", FieldKind::Line, Fiche;
    REALISATION_TACHE = "realisation.tache", "Tâche", FieldKind::Line, Fiche;
    REALISATION_FAIT = "realisation.fait", "Réalisation", FieldKind::Choice(&[FAIT, NON_FAIT]), Fiche;
    REALISATION_MOTIF = "realisation.motif", "Pourquoi", FieldKind::Line, Fiche;
}

/// What was done at a visit, task by task (their identity: `planning::realisation_id`).
pub static REALISATIONS: Collection = Collection {
    key: "realisations",
    document: JOURNAL,
    singular: "Tâche réalisée",
    plural: "Tâches réalisées",
    fields: REALISATION,
    title: &[&REALISATION_TACHE, &REALISATION_FAIT],
};

fields! { OBSERVATION of JOURNAL;
    OBSERVATION_VISITE = "observation.visite", "Visite", FieldKind::Line, Fiche;
    OBSERVATION_TEXTE = "observation.texte", "Observation", FieldKind::Note, Fiche;
}

/// What was seen at a visit.
pub static OBSERVATIONS: Collection = Collection {
    key: "observations",
    document: JOURNAL,
    singular: "Observation",
    plural: "Observations",
    fields: OBSERVATION,
    title: &[&OBSERVATION_TEXTE],
};

/// What may change in a client's situation [S1].
pub const NATURES: &[&str] = &[ABSENCE, HOSPITALISATION, DECES, DEMENAGEMENT, VACANCES, ATTENTES, SCOLARITE, AUTRE];
/// Not at home for a time.
pub const ABSENCE: &str = "Absence";
/// In hospital.
pub const HOSPITALISATION: &str = "Hospitalisation";
/// The client has died.
pub const DECES: &str = "Décès";
/// Another home.
pub const DEMENAGEMENT: &str = "Déménagement";
/// On holiday.
pub const VACANCES: &str = "Vacances";
/// The client wants something else.
pub const ATTENTES: &str = "Nouvelles attentes";
/// A child goes to school.
pub const SCOLARITE: &str = "Scolarité";
/// Something else.
pub const AUTRE: &str = "Autre";

/// Where a notice stands. What is empty was sent.
pub const STATUTS_AVIS: &[&str] = &[ENVOYE, TRAITE, SANS_SUITE];
/// It waits for the office.
pub const ENVOYE: &str = "Envoyé";
/// Its consequences were drawn.
pub const TRAITE: &str = "Traité";
/// It has none.
pub const SANS_SUITE: &str = "Sans suite";

fields! { AVIS_CHAMPS of JOURNAL;
    AVIS_NATURE = "avis.nature", "Changement", FieldKind::Choice(NATURES), Fiche;
    AVIS_DU = "avis.du", "À partir du", FieldKind::Date, Fiche;
    AVIS_AU = "avis.au", "Jusqu’au", FieldKind::Date, Fiche, "Vide : on ne sait pas.";
    AVIS_URGENT = "avis.urgent", "Urgent", FieldKind::Choice(&["Non", "Oui"]), Fiche;
    AVIS_DE = "avis.de", "De la part de", FieldKind::Choice(&["Client", "Famille", "Intervenant", "Agence", "Autre"]), Fiche;
    AVIS_DETAILS = "avis.details", "Précisions", FieldKind::Note, Fiche;
    AVIS_STATUT = "avis.statut", "État", FieldKind::Choice(STATUTS_AVIS), Fiche;
    AVIS_ACCUSE = "avis.accuse", "Accusé de réception", FieldKind::Note, Fiche;
    AVIS_ACCUSE_LE = "avis.accuse_le", "Accusé le", FieldKind::Moment, Fiche;
}

/// Notices of a change of situation, with the acknowledgement that the office gives [S1].
pub static AVIS: Collection = Collection {
    key: "avis",
    document: JOURNAL,
    singular: "Avis de changement de situation",
    plural: "Avis de changement de situation",
    fields: AVIS_CHAMPS,
    title: &[&AVIS_NATURE],
};

/// An offer that is taken.
pub const ACCEPTEE: &str = "Acceptée";
/// One that is not.
pub const REFUSEE: &str = "Refusée";

fields! { REPONSE of JOURNAL;
    REPONSE_VISITE = "reponse.visite", "Visite", FieldKind::Line, Fiche;
    REPONSE_PROPOSE = "reponse.propose", "Ce qui était proposé", FieldKind::Line, Fiche;
    REPONSE_CHOIX = "reponse.choix", "Réponse", FieldKind::Choice(&[ACCEPTEE, REFUSEE]), Fiche;
    REPONSE_MOTIF = "reponse.motif", "Motif", FieldKind::Line, Fiche;
}

/// What an intervenant answers to a draft or an offer: to the visit as it was proposed.
pub static REPONSES: Collection = Collection {
    key: "reponses",
    document: JOURNAL,
    singular: "Réponse",
    plural: "Réponses",
    fields: REPONSE,
    title: &[&REPONSE_CHOIX],
};

anomalies!(JOURNAL);

fichiers!(JOURNAL);
