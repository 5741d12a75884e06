//! The planning of one person or one client: visits as instants, what recurs, and what the law says of it (domain.md §8).
//!
//! Pure: the same on the phone, without network, as at the office. What a check finds is a warning with its rule's name;
//! nothing here forbids anything.

mod agenda;
mod attente;
mod charge;
mod checks;
mod convention;
mod deroulement;
mod edition;
mod effectif;
mod feries;
mod garde;
mod journee;
mod notice;
mod planifiee;
mod pointage;
mod presence;
mod publication;
mod recurrence;
mod remplacement;
mod semaine;
mod trajet;
mod versions;

use crate::ids::{DossierId, EntryId};
use crate::time::{Millis, Timestamp};

pub use agenda::{Agenda, AvisOuvert, PERSONNE, Regle, Seance};
pub use attente::anomalie;
pub use charge::{Charge, Mois, charge, decouvertes};
pub use checks::{Alerte, Trajet, checks, words};
pub use convention::Convention;
pub use deroulement::{Deroulement, Ecart, Suivi, suivi};
pub use edition::{Reguliere, Voulue, inverse, nouvelle, reguliere};
pub use effectif::{Absence, Effectif, de_la_semaine, en_meme_temps};
pub use feries::{is_ferie, is_ouvre};
pub use garde::{Garde, chevauchements, de_garde, lacunes};
pub use journee::{Ligne, ORDRE, amplitude, compte, en_ordre, pistes};
pub use notice::notice;
pub use planifiee::{Etat, Planifiee, Reponse, kept, occurrence_id, realisation_id};
pub use pointage::{Lieu, Moyen, Pointage, empreinte_etiquette};
pub use presence::{presence, taches};
pub use publication::Demande;
pub use recurrence::{Occurrence, Recurrence};
pub use remplacement::{Candidat, Intervenant, candidats};
pub use semaine::Semaine;
pub use trajet::trajet;
pub use versions::{Version, conteste, garder, versions};

/// A planned visit: somebody at a client's home, from one instant to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visite {
    /// When it begins.
    pub debut: Timestamp,
    /// When it ends; never before it begins.
    pub fin: Timestamp,
    /// Which client.
    pub dossier: DossierId,
    /// Which visit.
    pub id: EntryId,
}

impl Visite {
    /// How long it lasts, by the clock that does not jump: eight hours across a change to winter time are nine.
    #[must_use]
    pub fn duree(&self) -> Millis {
        self.fin - self.debut
    }
}

const MINUTE: i64 = 60_000;
const HEURE: i64 = 60 * MINUTE;

#[cfg(test)]
mod replan_tests;
