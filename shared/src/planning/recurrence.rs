//! What comes again: every Monday and Thursday at nine, every other week, until a day, except on some.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDate, NaiveTime, Weekday};

use crate::time::{Timestamp, instant};

/// Visits that recur. Times are those of the clock on the wall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence {
    /// On these days of the week.
    pub jours: BTreeSet<u8>,
    /// From this hour.
    pub debut: NaiveTime,
    /// To this one; the next day's when it is not later.
    pub fin: NaiveTime,
    /// Every so many weeks, counted from the week of `du`; nought is one.
    pub toutes_les: u32,
    /// The first day that counts.
    pub du: NaiveDate,
    /// The last day that counts; `None` for no end.
    pub au: Option<NaiveDate>,
    /// Not on these days.
    pub sauf: BTreeSet<NaiveDate>,
    /// Whether public holidays are left out.
    pub sauf_feries: bool,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// The day it begins, which names it.
    pub jour: NaiveDate,
    /// When it begins.
    pub debut: Timestamp,
    /// When it ends.
    pub fin: Timestamp,
}

impl Recurrence {
    /// Those that begin between two days, both included, in their order.
    #[must_use]
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> Vec<Occurrence> {
        let (first, last) = (self.du.max(from), self.au.map_or(to, |au| au.min(to)));
        first
            .iter_days()
            .take_while(|day| *day <= last)
            .filter(|day| self.is_on(*day))
            .map(|day| self.on(day))
            .collect()
    }

    fn is_on(&self, day: NaiveDate) -> bool {
        let weeks = (monday(day) - monday(self.du)).num_weeks();
        self.jours.contains(&weekday(day.weekday()))
            && weeks % i64::from(self.toutes_les.max(1)) == 0
            && !self.sauf.contains(&day)
            && !(self.sauf_feries && super::is_ferie(day))
    }

    fn on(&self, jour: NaiveDate) -> Occurrence {
        let end = if self.fin > self.debut { jour } else { jour.checked_add_days(Days::new(1)).unwrap_or(jour) };
        Occurrence { jour, debut: instant(jour, self.debut), fin: instant(end, self.fin) }
    }
}

/// The number of a day of the week: 1 for Monday, 7 for Sunday.
fn weekday(day: Weekday) -> u8 {
    u8::try_from(day.number_from_monday()).unwrap_or(7)
}

/// The Monday of a day's week.
pub(super) fn monday(day: NaiveDate) -> NaiveDate {
    day.week(Weekday::Mon).first_day()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::HEURE;

    fn time(text: &str) -> NaiveTime {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn mornings() -> Recurrence {
        Recurrence {
            jours: BTreeSet::from([1, 4]),
            debut: time("09:00:00"),
            fin: time("11:00:00"),
            toutes_les: 1,
            du: day("2026-11-01"),
            au: None,
            sauf: BTreeSet::new(),
            sauf_feries: false,
        }
    }

    fn days(recurrence: &Recurrence, from: &str, to: &str) -> String {
        let all = recurrence.between(day(from), day(to)).into_iter().map(|it| it.jour.format("%d/%m").to_string());
        all.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_recurs_comes_on_its_days_until_its_end_and_not_on_its_exceptions() {
        assert_eq!(days(&mornings(), "2026-11-01", "2026-11-15"), "02/11 05/11 09/11 12/11");
        let ended = Recurrence { au: Some(day("2026-11-09")), sauf: BTreeSet::from([day("2026-11-05")]), ..mornings() };
        assert_eq!(days(&ended, "2026-10-01", "2026-12-31"), "02/11 09/11");
        let wednesdays = Recurrence { jours: BTreeSet::from([3]), sauf_feries: true, ..mornings() };
        assert_eq!(days(&wednesdays, "2026-11-01", "2026-11-20"), "04/11 18/11", "11 November is a holiday");
    }

    #[test]
    fn every_other_week_counts_from_the_week_of_the_first_day() {
        let other = Recurrence { toutes_les: 2, du: day("2026-11-04"), ..mornings() };
        assert_eq!(days(&other, "2026-11-01", "2026-11-30"), "05/11 16/11 19/11 30/11");
    }

    #[test]
    fn a_night_across_half_past_two_is_an_hour_shorter_in_spring_and_longer_in_autumn() {
        let night =
            Recurrence { jours: (1..=7).collect(), debut: time("22:00:00"), fin: time("06:00:00"), ..mornings() };
        let hours = |evening: &str| {
            let night = Recurrence { du: day(evening), ..night.clone() }.between(day(evening), day(evening))[0];
            (night.fin - night.debut).0 / HEURE
        };
        assert_eq!((hours("2026-03-28"), hours("2026-10-24"), hours("2026-11-24")), (7, 9, 8));
    }

    #[test]
    fn a_visit_that_begins_at_a_time_that_does_not_exist_begins_an_hour_later() {
        let early = instant(day("2026-03-29"), time("02:30:00"));
        assert_eq!(early, instant(day("2026-03-29"), time("03:30:00")));
        // Twice there in autumn: the first.
        let twice = instant(day("2026-10-25"), time("02:30:00"));
        assert_eq!((instant(day("2026-10-25"), time("03:30:00")) - twice).0, 2 * HEURE);
    }
}
