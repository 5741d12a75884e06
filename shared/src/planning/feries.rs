//! Public holidays of metropolitan France (code du travail L3133-1).

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Easter Sunday, by the anonymous Gregorian computus (Meeus, Jones, Butcher).
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

/// Whether a day is a public holiday.
#[must_use]
pub fn is_ferie(day: NaiveDate) -> bool {
    const FIXED: [(u32, u32); 8] = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
    // Easter Monday, Ascension, Whit Monday.
    let moving = |days| easter(day.year()).and_then(|sunday| sunday.checked_add_days(Days::new(days))) == Some(day);
    FIXED.contains(&(day.month(), day.day())) || [1, 39, 50].into_iter().any(moving)
}

/// Whether a day is a *jour ouvré*: Monday to Friday, no public holiday.
#[must_use]
pub fn is_ouvre(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !is_ferie(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holidays_of_2026_and_2027() {
        let days = |year: i32| {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            let all = first.iter_days().take_while(move |day| day.year() == year).filter(|day| is_ferie(*day));
            all.map(|day| day.format("%d/%m").to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(days(2026), "01/01 06/04 01/05 08/05 14/05 25/05 14/07 15/08 01/11 11/11 25/12");
        assert_eq!(days(2027), "01/01 29/03 01/05 06/05 08/05 17/05 14/07 15/08 01/11 11/11 25/12");
    }
}
