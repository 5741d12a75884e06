//! A week by its ISO number, as addresses name it: `2026-W48`.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};

use super::recurrence::monday;

/// A week from Monday to Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Semaine(NaiveDate);

impl Semaine {
    /// The week of a day.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self(monday(day))
    }

    /// The week that an address names.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (year, week) = name.split_once("-W")?;
        NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon).map(Self)
    }

    /// Its name in an address.
    #[must_use]
    pub fn name(self) -> String {
        format!("{}-W{:02}", self.0.iso_week().year(), self.number())
    }

    /// Its number in its year.
    #[must_use]
    pub fn number(self) -> u32 {
        self.0.iso_week().week()
    }

    /// Its first day.
    #[must_use]
    pub fn lundi(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    #[must_use]
    pub fn dimanche(self) -> NaiveDate {
        self.plus_days(6)
    }

    /// Its days.
    #[must_use]
    pub fn jours(self) -> [NaiveDate; 7] {
        [0, 1, 2, 3, 4, 5, 6].map(|days| self.plus_days(days))
    }

    /// The day so many days after its Monday.
    #[must_use]
    pub fn plus_days(self, days: u64) -> NaiveDate {
        self.0.checked_add_days(Days::new(days)).unwrap_or(self.0)
    }

    /// The week so many weeks later, or earlier.
    #[must_use]
    pub fn plus(self, weeks: i64) -> Self {
        let days = Days::new(weeks.unsigned_abs() * 7);
        let there = if weeks < 0 { self.0.checked_sub_days(days) } else { self.0.checked_add_days(days) };
        Self(there.unwrap_or(self.0))
    }

    /// Whether a day is one of its.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        (self.0..=self.dimanche()).contains(&day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_named_by_its_iso_number_around_the_new_year_too() {
        let week = |day: &str| Semaine::of(day.parse().unwrap());
        assert_eq!(week("2026-11-26").name(), "2026-W48");
        assert_eq!(week("2027-01-01").name(), "2026-W53");
        assert_eq!(Semaine::parse("2026-W53").unwrap().plus(1).name(), "2027-W01");
        assert_eq!(Semaine::parse("2026-W48").unwrap().plus(-1).lundi().to_string(), "2026-11-16");
        assert_eq!(Semaine::parse("2026-W48").unwrap().jours()[6].to_string(), "2026-11-29");
        assert!(Semaine::parse("2026-W60").is_none() && Semaine::parse("demain").is_none());
    }
}
