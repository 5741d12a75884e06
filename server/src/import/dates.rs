//! Days as French people and their spreadsheets write them: `23/11/1948`, `23 nov. 1948`, `23111948`.

use chrono::{Datelike as _, NaiveDate};
use liaison_shared::dossier::folded;

/// What a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// One day.
    Day(NaiveDate),
    /// One of two: its year has two digits.
    TwoCenturies(NaiveDate, NaiveDate),
    /// No day that can be told.
    Nothing,
}

/// The beginnings of the months' names, folded.
const MONTHS: [&str; 12] = ["janv", "fevr", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec"];
const BEFORE: [&str; 10] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "le", "ne", "nee"];

/// Reads a day; `until` is the last one that it can be, when that is known: a birth has been.
pub(super) fn read(text: &str, until: Option<NaiveDate>) -> Said {
    // Its hour does not matter.
    let text = text.trim();
    let text = if text.as_bytes().get(10) == Some(&b'T') { text.get(..10).unwrap_or(text) } else { text };
    let folded = folded(text);
    let mut words: Vec<&str> = folded.split(' ').skip_while(|word| BEFORE.contains(word)).collect();
    if words.len() > 3 && text.contains(':') {
        words.truncate(3);
    }
    match words[..] {
        [digits] if digits.len() == 8 => eight(digits),
        [year, month, day] if year.len() == 4 => said(date(year.parse().ok(), month, day)),
        [day, month, year] if year.len() == 4 => said(date(year.parse().ok(), month, day)),
        [day, month, year] if year.len() == 2 => short(day, month, year, until),
        _ => Said::Nothing,
    }
}

fn said(day: Option<NaiveDate>) -> Said {
    day.map_or(Said::Nothing, Said::Day)
}

fn date(year: Option<i32>, month: &str, day: &str) -> Option<NaiveDate> {
    let named = |month: &str| MONTHS.iter().position(|name| month.starts_with(name) || month == &name[..3]);
    let month = match month.parse() {
        Ok(month) => month,
        // Three letters of `juin` and `juillet` are the same: that is no month.
        Err(_) if month == "jui" => return None,
        Err(_) => u32::try_from(named(month)?).ok()? + 1,
    };
    let day = day.strip_suffix("er").unwrap_or(day);
    NaiveDate::from_ymd_opt(year?, month, day.parse().ok()?).filter(|day| (1850..2200).contains(&day.year()))
}

/// `23111948` or `19481123`, when it can be read in one way only.
fn eight(digits: &str) -> Said {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Said::Nothing;
    }
    let french = date(digits[4..].parse().ok(), &digits[2..4], &digits[..2]);
    let other = date(digits[..4].parse().ok(), &digits[4..6], &digits[6..]);
    match (french, other) {
        (Some(_), Some(_)) => Said::Nothing,
        (one, other) => said(one.or(other)),
    }
}

/// A year of two digits: of this century for what is planned, of the one that is possible for a birth.
fn short(day: &str, month: &str, year: &str, until: Option<NaiveDate>) -> Said {
    let in_century = |century: i32| date(year.parse::<i32>().ok().map(|year| century + year), month, day);
    match (in_century(1900), in_century(2000), until) {
        (_, new, None) => said(new),
        (Some(old), Some(new), Some(until)) if new <= until => Said::TwoCenturies(old, new),
        // The 29th of February 2000 was, that of 1900 was not.
        (old, new, Some(until)) => said(old.or(new.filter(|new| *new <= until))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_read_however_it_is_written() {
        let ways = [
            "23/11/1948",
            "23-11-1948",
            " 23.11.1948 ",
            "23 11 1948",
            "1948-11-23",
            "1948-11-23T00:00:00",
            "23111948",
            "19481123",
            "23 novembre 1948",
            "23 nov. 1948",
            "mardi 23 novembre 1948",
            "Née le 23/11/1948",
            "23/11/1948 00:00",
            "1948/11/23 12:30:00",
            "23/11/48",
        ];
        for way in ways {
            assert_eq!(read(way, Some(day("2026-11-25"))), Said::Day(day("1948-11-23")), "{way}");
        }
        assert_eq!(read("1er août 1950", None), Said::Day(day("1950-08-01")));
        assert_eq!(read("01/09/26", None), Said::Day(day("2026-09-01")), "what is planned is of this century");
    }

    #[test]
    fn what_could_be_two_days_or_none_is_not_decided() {
        let until = Some(day("2026-11-25"));
        assert_eq!(read("03/12/24", until), Said::TwoCenturies(day("1924-12-03"), day("2024-12-03")));
        for none in ["31/02/1948", "11/23/1948", "1948", "demain", "", "23/11/48/1", "5 jui 1950", "23/11/0048"] {
            assert_eq!(read(none, until), Said::Nothing, "{none}");
        }
    }
}
