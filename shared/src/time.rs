//! Instants and durations, always given by the caller.
//!
//! Never reads a clock. Instants are UTC milliseconds; what people read is the agency's time: Europe/Paris, unless it is
//! overseas ([`set_zone`], once, when the application or the relay starts).

use std::ops::{Add, Sub};
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Datelike, MappedLocalTime, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, Encode, Decode)]
#[cbor(transparent)]
pub struct Timestamp(#[n(0)] pub i64);

/// A span of time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Millis(pub i64);

/// Where an agency may be, as people say it; the first is where most are.
pub const ZONES: &[&str] = &[
    "Métropole",
    "La Réunion",
    "Mayotte",
    "Martinique",
    "Guadeloupe",
    "Guyane",
    "Saint-Pierre-et-Miquelon",
    "Nouvelle-Calédonie",
    "Polynésie française",
    "Wallis-et-Futuna",
];
const TZ: [Tz; 10] = [
    Tz::Europe__Paris,
    Tz::Indian__Reunion,
    Tz::Indian__Mayotte,
    Tz::America__Martinique,
    Tz::America__Guadeloupe,
    Tz::America__Cayenne,
    Tz::America__Miquelon,
    Tz::Pacific__Noumea,
    Tz::Pacific__Tahiti,
    Tz::Pacific__Wallis,
];

/// The one thing here that is not an argument: it is the same for everything an agency does, and hardly ever changes.
static ZONE: AtomicUsize = AtomicUsize::new(0);

/// Says where the agency is, by one of [`ZONES`]; anything else is metropolitan France.
pub fn set_zone(name: &str) {
    ZONE.store(ZONES.iter().position(|zone| *zone == name).unwrap_or_default(), Ordering::Relaxed);
}

fn zone() -> Tz {
    TZ.get(ZONE.load(Ordering::Relaxed)).copied().unwrap_or(Tz::Europe__Paris)
}

/// The instant of a time on the clock on the wall. One that the spring night leaves out is an hour later; one that the
/// autumn night has twice is the first.
#[must_use]
pub fn instant(day: NaiveDate, time: NaiveTime) -> Timestamp {
    instant_in(zone(), day, time)
}

fn instant_in(zone: Tz, day: NaiveDate, time: NaiveTime) -> Timestamp {
    let local = day.and_time(time);
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(there) | MappedLocalTime::Ambiguous(there, _) => Timestamp(there.timestamp_millis()),
        // Clocks go forward there: the time before they did still counts.
        MappedLocalTime::None => {
            let before = zone.from_local_datetime(&(local - chrono::TimeDelta::hours(2))).earliest();
            let before = before.map_or_else(|| local.and_utc().timestamp_millis(), |there| there.timestamp_millis());
            Timestamp(before + 2 * 3_600_000)
        }
    }
}

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

    fn there(self) -> DateTime<Tz> {
        self.in_zone(zone())
    }

    fn in_zone(self, zone: Tz) -> DateTime<Tz> {
        zone.from_utc_datetime(&DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default().naive_utc())
    }

    /// The calendar year there: the year of the journal an entry belongs to.
    #[must_use]
    pub fn year(self) -> u16 {
        u16::try_from(self.there().year()).unwrap_or(2000).clamp(2000, 2199)
    }

    /// The calendar day there.
    #[must_use]
    pub fn date(self) -> chrono::NaiveDate {
        self.there().date_naive()
    }

    /// The time on the clock on the wall there.
    #[must_use]
    pub fn time(self) -> NaiveTime {
        self.there().time()
    }

    /// As people write a time: `8 h 30`, with spaces that do not break.
    #[must_use]
    pub fn hours(self) -> String {
        hours(self.time())
    }

    /// The first instant of a calendar day.
    #[must_use]
    pub fn midnight(day: NaiveDate) -> Self {
        instant(day, NaiveTime::MIN)
    }

    /// As people read it: `lun. 23 nov., 8 h 30` with spaces that do not break (and the year when it is not `now`'s).
    #[must_use]
    pub fn french(self, now: Self) -> String {
        let there = self.there();
        let time = format!("{}\u{a0}h\u{a0}{:02}", there.hour(), there.minute());
        if there.date_naive() == now.there().date_naive() {
            return format!("aujourd’hui, {time}");
        }
        let year = if there.year() == now.there().year() { String::new() } else { format!(" {}", there.year()) };
        format!("{}, {time}", format_args!("{}{year}", french_date(there.date_naive())))
    }
}

impl Timestamp {
    /// For a narrow column: the time today, else the day (`23 nov.`), with the year when it is not `now`'s.
    #[must_use]
    pub fn french_short(self, now: Self) -> String {
        let there = self.there();
        if there.date_naive() == now.date() {
            return format!("{}\u{a0}h\u{a0}{:02}", there.hour(), there.minute());
        }
        let date = french_date(there.date_naive());
        let day = date.split_once(' ').map_or(date.as_str(), |(_, day)| day);
        if there.year() == now.date().year() { day.to_owned() } else { format!("{day} {}", there.year()) }
    }
}

/// A time as people write it: `8 h 30`, with spaces that do not break.
#[must_use]
pub fn hours(time: NaiveTime) -> String {
    format!("{}\u{a0}h\u{a0}{:02}", time.hour(), time.minute())
}

/// The same of a field's `08:30`; what is no time stays as it is.
#[must_use]
pub fn hours_written(value: &str) -> String {
    crate::validate::clock_time(value).map_or_else(|| value.to_owned(), hours)
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
    fn overseas_days_are_those_of_the_island() {
        let day: NaiveDate = "2026-07-01".parse().unwrap();
        let eight: NaiveTime = "08:00:00".parse().unwrap();
        let hours = |zone| instant_in(zone, day, eight).seconds() % 86_400 / 3600;
        assert_eq!([TZ[0], TZ[1], TZ[3], TZ[7]].map(hours), [6, 4, 12, 21]);
        assert_eq!(instant_in(TZ[3], day, eight).in_zone(TZ[3]).date_naive(), day);
        // Miquelon changes its clocks, as Paris does: 8 March 2026, 2:30 is not there.
        let spring = "2026-03-08".parse().unwrap();
        let missing = instant_in(TZ[6], spring, "02:30:00".parse().unwrap());
        assert_eq!(missing, instant_in(TZ[6], spring, "03:30:00".parse().unwrap()));
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
