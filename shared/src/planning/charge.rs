//! How much there is to do: hours by month against what was agreed, and visits that nobody keeps.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};

use super::{Etat, Planifiee};
use crate::time::{Millis, Timestamp};

/// A month: year and month, 1 to 12.
pub type Mois = (i32, u32);

/// The hours of one person or one client, month by month.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Charge {
    /// Planned, what was cancelled left out.
    pub prevu: BTreeMap<Mois, Millis>,
    /// Of these, in drafts that nobody has published.
    pub brouillon: BTreeMap<Mois, Millis>,
    /// Of these, without anybody to come.
    pub sans: BTreeMap<Mois, Millis>,
}

/// Adds visits up by the month in which they begin.
#[must_use]
pub fn charge<'a>(planned: impl IntoIterator<Item = &'a Planifiee>) -> Charge {
    let mut charge = Charge::default();
    for it in planned.into_iter().filter(|it| it.etat != Etat::Annulee) {
        let month = (it.jour.year(), it.jour.month());
        let add = |sums: &mut BTreeMap<Mois, Millis>| sums.entry(month).or_default().0 += it.visite.duree().0;
        add(&mut charge.prevu);
        if it.etat == Etat::Brouillon {
            add(&mut charge.brouillon);
        }
        if it.intervenant.is_none() {
            add(&mut charge.sans);
        }
    }
    charge
}

/// The visits without anybody to come, from now on for so many days: what the pool is called on for.
#[must_use]
pub fn decouvertes<'a>(
    planned: impl IntoIterator<Item = &'a Planifiee>,
    now: Timestamp,
    days: u64,
) -> Vec<&'a Planifiee> {
    let until: NaiveDate = now.date() + chrono::Days::new(days);
    let open = |it: &&Planifiee| {
        it.etat != Etat::Annulee && it.intervenant.is_none() && it.visite.fin > now && it.jour < until
    };
    planned.into_iter().filter(open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{DossierId, EntryId, UserId};
    use crate::planning::Visite;
    use crate::time::instant;

    fn planned(id: u8, day: &str, hours: u32, intervenant: Option<u8>) -> Planifiee {
        let jour: NaiveDate = day.parse().unwrap();
        let at = |hour| instant(jour, chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap());
        let visite = Visite { debut: at(8), fin: at(8 + hours), dossier: DossierId([1; 16]), id: EntryId([id; 16]) };
        Planifiee { intervenant: intervenant.map(|id| UserId([id; 16])), ..Planifiee::new(visite, jour) }
    }

    #[test]
    fn hours_add_up_by_month_without_what_was_cancelled() {
        let cancelled = Planifiee { etat: Etat::Annulee, ..planned(3, "2026-12-02", 5, Some(9)) };
        let draft = Planifiee { etat: Etat::Brouillon, ..planned(4, "2026-12-03", 1, None) };
        let all = [planned(1, "2026-11-30", 2, Some(9)), planned(2, "2026-12-01", 3, Some(9)), cancelled, draft];
        let charge = charge(&all);
        let hours = |sums: &BTreeMap<Mois, Millis>| {
            sums.iter().map(|(month, it)| (*month, it.0 / 3_600_000)).collect::<Vec<_>>()
        };
        assert_eq!(hours(&charge.prevu), [((2026, 11), 2), ((2026, 12), 4)]);
        assert_eq!((hours(&charge.brouillon), hours(&charge.sans)), (vec![((2026, 12), 1)], vec![((2026, 12), 1)]));
    }

    #[test]
    fn a_visit_of_nobody_in_the_next_days_is_what_the_pool_is_for() {
        let all =
            [planned(1, "2026-11-25", 1, None), planned(2, "2026-11-28", 1, None), planned(3, "2026-12-09", 1, None)];
        let now = Timestamp::midnight("2026-11-26".parse().unwrap());
        assert_eq!(decouvertes(&all, now, 7).iter().map(|it| it.visite.id.0[0]).collect::<Vec<_>>(), [2]);
    }
}
