//! Instants and durations, always given by the caller.
//!
//! Never reads a clock. Instants are UTC milliseconds; what people read is Europe/Paris.

use std::ops::{Add, Sub};

use chrono::{DateTime, Datelike, NaiveDate, TimeZone, Timelike, Utc};
use chrono_tz::Europe::Paris;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, Encode, Decode)]
#[cbor(transparent)]
pub struct Timestamp(#[n(0)] pub i64);

/// A span of time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Millis(pub i64);

impl Add<Millis> for Timestamp {
    type Output = Self;
    fn add(self, span: Millis) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub for Timestamp {
    type Output = Millis;
    fn sub(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }
}

impl Timestamp {
    /// From the whole seconds an Automerge change carries.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Whole seconds, as an Automerge change carries them.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    fn paris(self) -> DateTime<chrono_tz::Tz> {
        Paris.from_utc_datetime(&DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default().naive_utc())
    }

    /// The calendar year in Europe/Paris: the year of the journal an entry belongs to.
    #[must_use]
    pub fn year(self) -> u16 {
        u16::try_from(self.paris().year()).unwrap_or(2000).clamp(2000, 2199)
    }

    /// The calendar day in Europe/Paris.
    #[must_use]
    pub fn date(self) -> chrono::NaiveDate {
        self.paris().date_naive()
    }

    /// The first instant of a calendar day in Europe/Paris.
    #[must_use]
    pub fn midnight(day: chrono::NaiveDate) -> Self {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        // Paris has never changed its clocks at midnight in this century; UTC stands in for a day that has none.
        let instant = Paris.from_local_datetime(&midnight).earliest().map(|there| there.timestamp_millis());
        Self(instant.unwrap_or_else(|| midnight.and_utc().timestamp_millis()))
    }

    /// As people read it: `lun. 23 nov., 8 h 30` with spaces that do not break (and the year when it is not `now`'s).
    #[must_use]
    pub fn french(self, now: Self) -> String {
        let there = self.paris();
        let time = format!("{}\u{a0}h\u{a0}{:02}", there.hour(), there.minute());
        if there.date_naive() == now.paris().date_naive() {
            return format!("aujourd’hui, {time}");
        }
        let year = if there.year() == now.paris().year() { String::new() } else { format!(" {}", there.year()) };
        format!("{}, {time}", format_args!("{}{year}", french_date(there.date_naive())))
    }
}

impl Timestamp {
    /// For a narrow column: the time today, else the day (`23 nov.`), with the year when it is not `now`'s.
    #[must_use]
    pub fn french_short(self, now: Self) -> String {
        let there = self.paris();
        if there.date_naive() == now.date() {
            return format!("{}\u{a0}h\u{a0}{:02}", there.hour(), there.minute());
        }
        let date = french_date(there.date_naive());
        let day = date.split_once(' ').map_or(date.as_str(), |(_, day)| day);
        if there.year() == now.date().year() { day.to_owned() } else { format!("{day} {}", there.year()) }
    }
}

/// A day as people read it: `lun. 23 nov.` (and the year when it is not `now`'s).
#[must_use]
pub fn french_day(day: NaiveDate, now: Timestamp) -> String {
    let date = french_date(day);
    if day.year() == now.date().year() { date } else { format!("{date} {}", day.year()) }
}

fn french_date(date: NaiveDate) -> String {
    const DAYS: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
    const MONTHS: [&str; 12] =
        ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
    let day = DAYS[date.weekday().num_days_from_monday() as usize];
    let number = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{day} {number} {}", MONTHS[date.month0() as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_year_begins_in_paris() {
        assert_eq!(Timestamp::from_seconds(1_798_758_000).year(), 2027); // 2026-12-31T23:00:00Z
        assert_eq!(Timestamp::from_seconds(1_798_757_999).year(), 2026);
    }

    #[test]
    fn dates_read_as_people_say_them() {
        let written = Timestamp::from_seconds(1_795_419_000); // 2026-11-23T07:30:00Z
        assert_eq!(written.french(Timestamp::from_seconds(1_795_600_000)), "lun. 23 nov., 8\u{a0}h\u{a0}30");
        assert_eq!(written.french(written), "aujourd’hui, 8\u{a0}h\u{a0}30");
        let day = written.date();
        assert_eq!(french_day(day, written), "lun. 23 nov.");
        assert_eq!(french_day(day, Timestamp::from_seconds(1_830_000_000)), "lun. 23 nov. 2026");
        assert_eq!(written.french_short(written), "8\u{a0}h\u{a0}30");
        assert_eq!(written.french_short(Timestamp::from_seconds(1_795_600_000)), "23 nov.");
        assert_eq!(written.french_short(Timestamp::from_seconds(1_830_000_000)), "23 nov. 2026");
        assert_eq!(written.french(Timestamp::from_seconds(1_830_000_000)), "lun. 23 nov. 2026, 8\u{a0}h\u{a0}30");
    }
}
