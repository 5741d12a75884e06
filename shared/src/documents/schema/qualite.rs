//! The `qualite/<year>` document: the yearly audit of dossiers [S0]: draws, evaluations, improvement actions.

use super::{Collection, FieldKind, fields};
use crate::ids::DocumentKind;

const QUALITE: DocumentKind = DocumentKind::Qualite { year: 2000 };

fields! { TIRAGE of QUALITE;
    TIRAGE_DATE = "tirage.date", "Tiré le", FieldKind::Date, Fiche;
    TIRAGE_GRAINE = "tirage.graine", "Graine", FieldKind::Line, Fiche;
    TIRAGE_SUR = "tirage.sur", "Dossiers au moment du tirage", FieldKind::Number, Fiche;
    TIRAGE_DOSSIERS = "tirage.dossiers", "Dossiers tirés", FieldKind::Number, Fiche;
}

/// Draws: with the seed and the list of that day anybody draws the same dossiers again.
pub static TIRAGES: Collection = Collection {
    key: "tirages",
    document: QUALITE,
    singular: "Tirage",
    plural: "Tirages",
    fields: TIRAGE,
    title: &[&TIRAGE_DATE, &TIRAGE_GRAINE],
};

fields! { EVALUATION of QUALITE;
    EVALUATION_DOSSIER = "evaluation.dossier", "Dossier", FieldKind::Dossier, Fiche;
    EVALUATION_TIRAGE = "evaluation.tirage", "Tirage", FieldKind::Line, Fiche;
    EVALUATION_CONTENU = "evaluation.contenu", "Contenu type", FieldKind::Choice(RESULTATS), Fiche;
    EVALUATION_COMPLETUDE = "evaluation.completude", "Complétude", FieldKind::Choice(RESULTATS), Fiche;
    EVALUATION_ACTUALITE = "evaluation.actualite", "Mise à jour", FieldKind::Choice(RESULTATS), Fiche;
    EVALUATION_CONSTAT = "evaluation.constat", "Constat", FieldKind::Note, Fiche;
}

/// How a criterion is met.
pub const RESULTATS: &[&str] = &["Conforme", "À améliorer", "Non conforme"];

/// One dossier that was drawn, and what was found.
pub static EVALUATIONS: Collection = Collection {
    key: "evaluations",
    document: QUALITE,
    singular: "Évaluation",
    plural: "Évaluations",
    fields: EVALUATION,
    title: &[&EVALUATION_DOSSIER],
};

fields! { ACTION of QUALITE;
    ACTION_QUOI = "action.quoi", "Action", FieldKind::Line, Fiche;
    ACTION_DOSSIER = "action.dossier", "Dossier", FieldKind::Line, Fiche;
    ACTION_QUI = "action.qui", "Menée par", FieldKind::Person, Fiche;
    ACTION_ECHEANCE = "action.echeance", "Pour le", FieldKind::Date, Fiche;
    ACTION_STATUT = "action.statut", "État", FieldKind::Choice(&["À faire", "En cours", "Faite"]), Fiche;
    ACTION_FAITE_LE = "action.faite_le", "Faite le", FieldKind::Date, Fiche;
    ACTION_NOTE = "action.note", "Note", FieldKind::Note, Fiche;
}

/// Improvement actions, to completion.
pub static ACTIONS: Collection = Collection {
    key: "actions",
    document: QUALITE,
    singular: "Action",
    plural: "Actions",
    fields: ACTION,
    title: &[&ACTION_QUOI],
};
