//! The rota of those on call: who is, and which hours nobody or two people are [S1].

use chrono::{NaiveDate, NaiveTime};

use super::is_ouvre;
use crate::documents::Record;
use crate::documents::schema::agence as age;
use crate::ids::{EntryId, UserId};
use crate::time::{Timestamp, instant};
use crate::validate::{calendar_date, clock_time};

/// On working days the agency itself answers between these hours: they are nobody's gap.
const BUREAU: (u32, u32) = (8, 18);

/// Somebody's turn on call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Garde {
    /// Which.
    pub id: EntryId,
    /// Who.
    pub personne: Option<UserId>,
    /// The number to call them, empty for the agency's on-call line.
    pub telephone: String,
    /// From.
    pub debut: Timestamp,
    /// To.
    pub fin: Timestamp,
}

impl Garde {
    /// Reads a record; `None` while it has no first day, or ends before it begins. Without hours it is whole days.
    #[must_use]
    pub fn read(record: &Record) -> Option<Self> {
        let value = |field| record.value(field).trim();
        let du = calendar_date(value(&age::ASTREINTE_DU))?;
        let au = calendar_date(value(&age::ASTREINTE_AU)).unwrap_or(du);
        let debut = instant(du, clock_time(value(&age::ASTREINTE_DE)).unwrap_or(NaiveTime::MIN));
        let fin = match clock_time(value(&age::ASTREINTE_A)) {
            Some(time) => instant(au, time),
            None => Timestamp::midnight(au.succ_opt()?),
        };
        (fin > debut).then(|| Self {
            id: record.id,
            personne: value(&age::ASTREINTE_PERSONNE).parse().ok(),
            telephone: value(&age::ASTREINTE_TELEPHONE).to_owned(),
            debut,
            fin,
        })
    }
}

/// Those who are on call at a moment.
pub fn de_garde(gardes: &[Garde], now: Timestamp) -> impl Iterator<Item = &Garde> {
    gardes.iter().filter(move |it| it.debut <= now && now < it.fin)
}

/// The times between two moments when nobody is on call and the office is closed.
#[must_use]
pub fn lacunes(gardes: &[Garde], from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let turns = gardes.iter().map(|it| (it.debut, it.fin));
    let mut covered: Vec<_> = turns.chain(bureau(from.date(), to.date())).collect();
    covered.sort_unstable();
    let (mut free, mut found) = (from, Vec::new());
    for (debut, fin) in covered {
        if debut > free && free < to {
            found.push((free, debut.min(to)));
        }
        free = free.max(fin);
    }
    if free < to {
        found.push((free, to));
    }
    found
}

/// The hours of the office between two days.
fn bureau(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = (Timestamp, Timestamp)> {
    let at = |day, hour| instant(day, NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default());
    let days = from.iter_days().take_while(move |day| *day <= to).filter(|day| is_ouvre(*day));
    days.map(move |day| (at(day, BUREAU.0), at(day, BUREAU.1)))
}

/// The times between two moments when two turns overlap, with both turns.
#[must_use]
pub fn chevauchements(gardes: &[Garde], from: Timestamp, to: Timestamp) -> Vec<((Timestamp, Timestamp), [&Garde; 2])> {
    let mut turns: Vec<&Garde> = gardes.iter().filter(|it| it.fin > from && it.debut < to).collect();
    turns.sort_by_key(|it| (it.debut, it.fin, it.id));
    let mut found = Vec::new();
    for (n, one) in turns.iter().enumerate() {
        let over = turns[n + 1..].iter().take_while(|other| other.debut < one.fin);
        found.extend(over.map(|other| ((other.debut, one.fin.min(other.fin)), [*one, *other])));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str, hour: u32) -> Timestamp {
        instant(day.parse().unwrap(), NaiveTime::from_hms_opt(hour, 0, 0).unwrap())
    }

    fn turn(id: u8, debut: Timestamp, fin: Timestamp) -> Garde {
        Garde { id: EntryId([id; 16]), personne: None, telephone: String::new(), debut, fin }
    }

    #[test]
    fn nights_that_nobody_takes_are_gaps_and_the_office_s_hours_are_not() {
        // Thursday evening to Friday morning is taken; the night after is not.
        let night = turn(1, at("2026-11-26", 18), at("2026-11-27", 8));
        let holes = lacunes(&[night], at("2026-11-26", 12), at("2026-11-28", 8));
        assert_eq!(holes, [(at("2026-11-27", 18), at("2026-11-28", 8))]);
        // A holiday is not the office's: nobody answers all day long.
        let holes = lacunes(&[], at("2026-11-11", 8), at("2026-11-11", 18));
        assert_eq!(holes, [(at("2026-11-11", 8), at("2026-11-11", 18))]);
    }

    #[test]
    fn a_turn_inside_another_hides_no_hole_and_overlaps() {
        let week = turn(1, at("2026-11-28", 8), at("2026-11-30", 8));
        let inside = turn(2, at("2026-11-28", 20), at("2026-11-29", 8));
        let all = [week, inside];
        assert_eq!(lacunes(&all, at("2026-11-28", 8), at("2026-11-30", 8)), []);
        let over = chevauchements(&all, at("2026-11-26", 0), at("2026-12-24", 0));
        assert_eq!(
            over.iter().map(|(span, _)| *span).collect::<Vec<_>>(),
            [(at("2026-11-28", 20), at("2026-11-29", 8))]
        );
        assert_eq!(de_garde(&all, at("2026-11-28", 21)).count(), 2);
        assert_eq!(de_garde(&all, at("2026-11-30", 8)).count(), 0, "the turn is over");
    }

    #[test]
    fn turns_that_follow_each_other_do_not_overlap() {
        let all =
            [turn(1, at("2026-11-28", 8), at("2026-11-29", 8)), turn(2, at("2026-11-29", 8), at("2026-11-30", 8))];
        assert!(chevauchements(&all, at("2026-11-26", 0), at("2026-12-24", 0)).is_empty());
    }
}
