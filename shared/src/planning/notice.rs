//! How early a change of the planning is known to the person it is for.

use super::checks::Alerte;
use super::{Convention, Visite, is_ouvre};
use crate::time::Timestamp;

/// PLAN-DELAI: a visit that is set or moved later than so many working days before it. In an emergency it may be: that is
/// for people to say.
#[must_use]
pub fn notice(visite: &Visite, changed: Timestamp, convention: &Convention) -> Option<Alerte> {
    let (from, to) = (changed.date(), visite.debut.date());
    let between = from.iter_days().skip(1).take_while(|day| *day < to).filter(|day| is_ouvre(*day)).count();
    let late = to >= from && between < convention.delai;
    late.then(|| Alerte {
        rule: "PLAN-DELAI",
        what: format!("Prévenu {between} jours ouvrés avant, au lieu de {}", convention.delai),
        debut: visite.debut,
        visites: vec![visite.id],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{DossierId, EntryId};

    fn noticed(changed: &str, visit: &str) -> bool {
        let at = |day: &str| Timestamp::midnight(day.parse().unwrap());
        let visite = Visite { debut: at(visit), fin: at(visit), dossier: DossierId([1; 16]), id: EntryId([1; 16]) };
        notice(&visite, at(changed), &Convention::default()).is_none()
    }

    #[test]
    fn plan_delai_three_working_days_stand_between_a_change_and_the_visit() {
        // Monday to Friday: Tuesday, Wednesday and Thursday.
        assert!(noticed("2026-11-23", "2026-11-27"));
        assert!(!noticed("2026-11-24", "2026-11-27"));
        // Over a week-end, and over 11 November.
        assert!(!noticed("2026-11-27", "2026-12-02"));
        assert!(noticed("2026-11-27", "2026-12-03"));
        assert!(!noticed("2026-11-09", "2026-11-13"));
        // What is past is nobody's notice.
        assert!(noticed("2026-11-27", "2026-11-20"));
    }
}
