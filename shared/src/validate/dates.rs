//! Calendar dates as fields keep them, `YYYY-MM-DD`. Today is an argument.

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::Finding;

/// Nobody has lived longer by much: 122 years is the oldest age ever proved.
const OLDEST: u32 = 120;

/// The day a field means; `None` unless it is exactly `YYYY-MM-DD` and exists.
#[must_use]
pub fn calendar_date(text: &str) -> Option<NaiveDate> {
    let shaped = |(place, byte): (usize, u8)| if matches!(place, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    if text.len() != 10 || !text.bytes().enumerate().all(shaped) {
        return None;
    }
    NaiveDate::from_ymd_opt(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
}

/// As people write it: `23/11/2026`.
fn written(day: NaiveDate) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// DATE-1: a day that exists, as `YYYY-MM-DD`. `None` when right or empty.
#[must_use]
pub fn date(text: &str) -> Option<Finding> {
    let text = text.trim();
    if text.is_empty() || calendar_date(text).is_some() {
        return None;
    }
    Some(Finding {
        rule: "DATE-1",
        what: "Ce n’est pas une date du calendrier.".to_owned(),
        why: "Les rappels et les délais sont comptés à partir des dates.",
        example: "23/11/2026",
    })
}

/// The time a field means; `None` unless it is exactly `HH:MM` and exists.
#[must_use]
pub fn clock_time(text: &str) -> Option<NaiveTime> {
    let (hour, minute) = text.split_once(':')?;
    if [hour, minute].iter().any(|part| part.len() != 2 || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)
}

/// HEURE-1: a time of the day, as `HH:MM`. `None` when right or empty.
#[must_use]
pub fn time(text: &str) -> Option<Finding> {
    let text = text.trim();
    if text.is_empty() || clock_time(text).is_some() {
        return None;
    }
    Some(Finding {
        rule: "HEURE-1",
        what: "Ce n’est pas une heure.".to_owned(),
        why: "Le planning est fait avec les heures.",
        example: "08:30",
    })
}

/// NAISS-1: not after `today` and at most 120 years before. Says DATE-1 of what is no date.
/// `None` when right or empty.
#[must_use]
pub fn birth_date(text: &str, today: NaiveDate) -> Option<Finding> {
    let Some(born) = calendar_date(text.trim()) else {
        return date(text);
    };
    let what = match today.years_since(born) {
        None => format!("Cette date de naissance ({}) est dans le futur.", written(born)),
        Some(age) if age > OLDEST => format!("Cette date de naissance donne {age}\u{a0}ans."),
        Some(_) => return None,
    };
    let why = "L’âge ouvre des droits et des exonérations.";
    Some(Finding { rule: "NAISS-1", what, why, example: "03/12/1944" })
}

/// DATES-1: the end is not before the start; one day may be both. Silent about what is empty or no date.
#[must_use]
pub fn dates_in_order(start: &str, end: &str) -> Option<Finding> {
    let (start, end) = (calendar_date(start.trim())?, calendar_date(end.trim())?);
    (end < start).then(|| Finding {
        rule: "DATES-1",
        what: format!("La fin ({}) est avant le début ({}).", written(end), written(start)),
        why: "Rien ne serait planifié ni facturé sur cette période.",
        example: "du 01/09/2026 au 31/08/2027",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    #[test]
    fn heure_1_wants_a_time_of_the_day() {
        for right in ["00:00", "08:30", "23:59", ""] {
            assert_eq!(time(right), None, "{right}");
        }
        for wrong in ["8:30", "24:00", "12:60", "midi", "08:30:00", "+8:30"] {
            assert_eq!(time(wrong).unwrap().rule, "HEURE-1", "{wrong}");
        }
    }

    #[test]
    fn date_1_wants_a_day_that_exists() {
        for right in ["2026-11-23", "2024-02-29", "1900-01-01", ""] {
            assert_eq!(date(right), None, "{right}");
        }
        for wrong in ["2026-02-29", "2026-13-01", "23/11/2026", "2026-1-5", "+2026-01-5", "demain", "2026-11-2é"] {
            assert_eq!(date(wrong).map(|f| f.rule), Some("DATE-1"), "{wrong}");
        }
    }

    #[test]
    fn naiss_1_is_neither_to_come_nor_too_long_ago() {
        for right in ["1944-12-03", "2026-11-23", "1906-11-23", "1905-11-24", ""] {
            assert_eq!(birth_date(right, today()), None, "{right}");
        }
        for wrong in ["2026-11-24", "2044-12-03", "1905-11-23", "0194-12-03"] {
            assert_eq!(birth_date(wrong, today()).map(|f| f.rule), Some("NAISS-1"), "{wrong}");
        }
        assert_eq!(birth_date("1944-13-03", today()).map(|f| f.rule), Some("DATE-1"));
    }

    #[test]
    fn dates_1_the_end_is_not_before_the_start() {
        for (start, end) in [("2026-09-01", "2026-09-01"), ("2026-09-01", ""), ("", "2026-09-01"), ("x", "2026-09-01")]
        {
            assert_eq!(dates_in_order(start, end), None, "{start} {end}");
        }
        let finding = dates_in_order("2026-09-01", "2025-08-31").unwrap();
        assert_eq!((finding.rule, &*finding.what), ("DATES-1", "La fin (31/08/2025) est avant le début (01/09/2026)."));
    }

    proptest::proptest! {
        #[test]
        fn dates_take_any_text(text in ".{0,20}", digits in "[0-9]{4}-[0-9]{2}-[0-9]{2}") {
            let _findings = (date(&text), birth_date(&digits, today()), dates_in_order(&text, &digits));
        }
    }
}
