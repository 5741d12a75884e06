//! The numbers of the law, which a convention may change.

use super::{HEURE, MINUTE};
use crate::documents::schema::agence as age;
use crate::dossier::Dossier;
use crate::time::Millis;

/// What is allowed. The law's own numbers by default (code du travail L3121-16 to L3121-22, L3131-1, L3132-2; convention
/// collective des entreprises de services à la personne).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Convention {
    /// Work in a day, 0 h to 24 h.
    pub jour: Millis,
    /// The same, on a few days a year.
    pub jour_exceptionnel: Millis,
    /// How many of these days in a calendar year.
    pub jours_exceptionnels: usize,
    /// From the first visit of a day to the end of the last.
    pub amplitude: Millis,
    /// Work in a week, Monday to Sunday.
    pub semaine: Millis,
    /// Its mean over the weeks below.
    pub moyenne: Millis,
    /// Any so many weeks in a row.
    pub semaines: usize,
    /// Rest in any 24 hours, without a break.
    pub repos_jour: Millis,
    /// Rest in a week, without a break.
    pub repos_semaine: Millis,
    /// Work after which there is a break.
    pub avant_pause: Millis,
    /// How long the break is.
    pub pause: Millis,
    /// Working days between a change of the planning and the visit.
    pub delai: usize,
}

impl Default for Convention {
    fn default() -> Self {
        Self {
            jour: Millis(10 * HEURE),
            jour_exceptionnel: Millis(12 * HEURE),
            jours_exceptionnels: 70,
            amplitude: Millis(12 * HEURE),
            semaine: Millis(48 * HEURE),
            moyenne: Millis(44 * HEURE),
            semaines: 12,
            repos_jour: Millis(11 * HEURE),
            repos_semaine: Millis(35 * HEURE),
            avant_pause: Millis(6 * HEURE),
            pause: Millis(20 * MINUTE),
            delai: 3,
        }
    }
}

impl Convention {
    /// What the agency has set; what it has not is the law's.
    #[must_use]
    pub fn of(agence: &Dossier) -> Self {
        let value = |field| agence.fields.value(field).trim();
        let number =
            |field| value(field).replace(',', ".").parse::<f64>().ok().filter(|it| it.is_finite() && *it > 0.0);
        #[expect(clippy::cast_possible_truncation, reason = "hours of a week in milliseconds")]
        let hours = |field, law: Millis| number(field).map_or(law, |it| Millis((it * HEURE as f64) as i64));
        let law = if value(&age::PUBLIC_FRAGILE) == "Oui" { Self::publics_fragiles() } else { Self::default() };
        Self {
            jour: hours(&age::JOUR_MAX, law.jour),
            semaine: hours(&age::SEMAINE_MAX, law.semaine),
            repos_jour: hours(&age::REPOS_JOUR, law.repos_jour),
            repos_semaine: hours(&age::REPOS_SEMAINE, law.repos_semaine),
            delai: value(&age::DELAI).parse().unwrap_or(law.delai),
            ..law
        }
    }

    /// For those who care for fragile people: a day may stretch over thirteen hours.
    #[must_use]
    pub fn publics_fragiles() -> Self {
        Self { amplitude: Millis(13 * HEURE), ..Self::default() }
    }
}
