//! Each rule at its limit, then every rule against an oracle that counts quarters of an hour.

use super::*;
use crate::ids::{DossierId, EntryId};
use crate::time::instant;

const CLIENT: DossierId = DossierId([1; 16]);
const OTHER: DossierId = DossierId([2; 16]);

fn no_way(_: DossierId, _: DossierId) -> Millis {
    Millis(0)
}

/// A visit, from `2026-11-23 08:00` to the hour at the end, of that day or the next.
fn visite(id: u8, debut: &str, fin: &str) -> Visite {
    let (day, from) = debut.split_once(' ').unwrap();
    let day: NaiveDate = day.parse().unwrap();
    let time = |text: &str| format!("{text}:00").parse().unwrap();
    let (debut, mut end) = (instant(day, time(from)), instant(day, time(fin)));
    if end <= debut {
        end = instant(day.succ_opt().unwrap(), time(fin));
    }
    Visite { debut, fin: end, dossier: CLIENT, id: EntryId([id; 16]) }
}

fn found(visites: &[Visite]) -> Vec<&'static str> {
    checks(visites, &no_way, &Convention::default()).into_iter().map(|alerte| alerte.rule).collect()
}

#[test]
fn an_ordinary_week_is_nothing_to_say() {
    let days = ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"];
    let week: Vec<Visite> = (0..)
        .zip(days)
        .flat_map(|(n, day)| {
            [visite(n, &format!("{day} 08:00"), "12:00"), visite(100 + n, &format!("{day} 14:00"), "18:00")]
        })
        .collect();
    assert_eq!(found(&week), Vec::<&str>::new());
    assert_eq!(found(&[]), Vec::<&str>::new());
}

#[test]
fn plan_chevauchement_counts_the_way_in_the_direction_it_is_gone() {
    let way = |from: DossierId, to: DossierId| Millis(if (from, to) == (CLIENT, OTHER) { 20 * MINUTE } else { 0 });
    let one = visite(1, "2026-11-23 08:00", "09:00");
    let there = |debut: &str| Visite { dossier: OTHER, ..visite(2, debut, "10:30") };
    let clashes = |second: Visite| {
        checks(&[one, second], &way, &Convention::default()).iter().filter(|it| it.rule == "PLAN-CHEVAUCHEMENT").count()
    };
    assert_eq!(clashes(there("2026-11-23 09:20")), 0);
    assert_eq!(clashes(there("2026-11-23 09:19")), 1);
    assert_eq!(clashes(there("2026-11-23 08:30")), 1);
    let told = checks(&[one, there("2026-11-23 09:05")], &way, &Convention::default());
    assert_eq!(told[0].what, "5\u{a0}min entre deux visites, pour 20\u{a0}min de trajet");
    assert_eq!(told[0].visites, [EntryId([1; 16]), EntryId([2; 16])]);
}

#[test]
fn plan_jour_ten_hours_are_a_day_and_twelve_an_exception() {
    let day = |afternoon: &str| [visite(1, "2026-11-23 07:00", "12:00"), visite(2, "2026-11-23 12:30", afternoon)];
    assert!(!found(&day("17:30")).contains(&"PLAN-JOUR"));
    assert!(found(&day("17:31")).contains(&"PLAN-JOUR"));
    let told = checks(&day("19:31"), &no_way, &Convention::default());
    assert!(told.iter().any(|it| it.what.contains("12\u{a0}h au plus")), "{told:?}");
}

#[test]
fn plan_amplitude_is_from_the_first_visit_to_the_last() {
    let day = |evening: &str| [visite(1, "2026-11-23 07:00", "09:00"), visite(2, "2026-11-23 18:00", evening)];
    assert_eq!(found(&day("19:00")), Vec::<&str>::new());
    assert_eq!(found(&day("19:01")), ["PLAN-AMPLITUDE"]);
    assert!(checks(&day("20:00"), &no_way, &Convention::publics_fragiles()).is_empty());
}

#[test]
fn plan_repos_jour_eleven_hours_fit_into_any_twenty_four_also_when_clocks_change() {
    let nights = |evening: &str, morning: &str| [visite(1, evening, "20:00"), visite(2, morning, "10:00")];
    assert_eq!(found(&nights("2026-11-23 16:00", "2026-11-24 07:00")), Vec::<&str>::new());
    assert_eq!(found(&nights("2026-11-23 16:00", "2026-11-24 06:59")), ["PLAN-REPOS-JOUR"]);
    // The spring night is an hour shorter: from 20 h to 7 h are ten hours.
    assert_eq!(found(&nights("2026-03-28 16:00", "2026-03-29 07:00")), ["PLAN-REPOS-JOUR"]);
    assert_eq!(found(&nights("2026-03-28 16:00", "2026-03-29 08:00")), Vec::<&str>::new());
    // A night across half past two in autumn is ten hours long.
    let night = [visite(1, "2026-10-24 21:00", "06:00")];
    assert_eq!((night[0].duree().0 / HEURE, found(&night)), (10, vec!["PLAN-PAUSE"]));
    // From ten in the evening to ten in the evening: a rest is there.
    assert_eq!(
        found(&[visite(1, "2026-11-23 22:00", "23:00"), visite(2, "2026-11-24 06:00", "07:00")]),
        Vec::<&str>::new()
    );
}

#[test]
fn plan_semaine_and_plan_repos_semaine_look_at_weeks_from_monday_to_sunday() {
    let week = |days: std::ops::Range<u8>| -> Vec<Visite> {
        days.map(|day| visite(day, &format!("2026-11-{} 08:00", 23 + day), "13:30")).collect()
    };
    assert_eq!(found(&week(0..6)), Vec::<&str>::new());
    assert_eq!(found(&week(0..7)), ["PLAN-REPOS-SEMAINE"]);
    let long = |last: &str| -> Vec<Visite> {
        let mut all: Vec<Visite> = (0..5)
            .flat_map(|day| {
                let date = format!("2026-11-{}", 23 + day);
                [visite(day, &format!("{date} 08:00"), "13:00"), visite(50 + day, &format!("{date} 14:00"), "18:30")]
            })
            .collect();
        all.push(visite(99, "2026-11-28 08:00", last));
        all
    };
    assert_eq!(found(&long("08:30")), Vec::<&str>::new());
    assert_eq!(found(&long("08:31")), ["PLAN-SEMAINE"]);
}

#[test]
fn plan_moyenne_is_of_twelve_weeks_in_a_row() {
    let weeks = |count: u64| -> Vec<Visite> {
        let monday: NaiveDate = "2026-09-07".parse().unwrap();
        let days = (0..count * 7).filter(|day| day % 7 < 5);
        let visits = days.flat_map(|day| {
            let date = monday + Days::new(day);
            let id = u8::try_from(day % 250).unwrap();
            [visite(id, &format!("{date} 08:00"), "12:30"), visite(id, &format!("{date} 13:30"), "18:00")]
        });
        visits.collect()
    };
    assert_eq!(found(&weeks(12)).iter().filter(|rule| **rule == "PLAN-MOYENNE").count(), 1);
    assert_eq!(found(&weeks(11)).iter().filter(|rule| **rule == "PLAN-MOYENNE").count(), 0);
    assert_eq!(found(&weeks(13)).iter().filter(|rule| **rule == "PLAN-MOYENNE").count(), 2);
}

#[test]
fn plan_pause_twenty_minutes_come_before_six_hours_are_full() {
    let morning = |second: &str| [visite(1, "2026-11-23 07:00", "10:00"), visite(2, second, "13:30")];
    assert_eq!(found(&morning("2026-11-23 10:20")), Vec::<&str>::new());
    assert_eq!(found(&morning("2026-11-23 10:19")), ["PLAN-PAUSE"]);
}

/// Quarters of an hour of two winter weeks, at work or not.
const QUARTER: i64 = 15 * MINUTE;
const QUARTERS: usize = 14 * 96;

fn oracle(at_work: &[bool], convention: &Convention) -> Vec<&'static str> {
    let mut rules = Vec::new();
    let long = |quarters: usize| i64::try_from(quarters).unwrap() * QUARTER;
    let count = |from: usize, to: usize| long(at_work[from..to].iter().filter(|work| **work).count());
    for day in 0..14 {
        if count(day * 96, day * 96 + 96) > convention.jour.0 {
            rules.push("PLAN-JOUR");
        }
    }
    let free_from = |at: usize| (at..QUARTERS).take_while(|quarter| !at_work[*quarter]).count();
    for week in 0..2 {
        let (from, to) = (week * 672, week * 672 + 672);
        if count(from, to) > convention.semaine.0 {
            rules.push("PLAN-SEMAINE");
        }
        // Before the first quarter and after the last there is rest without end.
        let rests = (0..=QUARTERS).filter(|at| (*at == 0 || at_work[*at - 1]) && (*at == QUARTERS || !at_work[*at]));
        let enough = |at: usize| {
            let end = at + free_from(at);
            let endless = at == 0 || end == QUARTERS;
            (endless || long(end - at) >= convention.repos_semaine.0)
                && long(end.min(to).saturating_sub(at.max(from))) >= 24 * HEURE
        };
        if count(from, to) > 0 && !rests.clone().any(enough) {
            rules.push("PLAN-REPOS-SEMAINE");
        }
    }
    // From each beginning of work that follows a long rest: a rest that begins within thirteen hours.
    let mut rested = true;
    let mut free = 0;
    for quarter in 0..QUARTERS {
        if !at_work[quarter] {
            free += 1;
            rested |= long(free) >= convention.repos_jour.0;
            continue;
        }
        free = 0;
        if !std::mem::take(&mut rested) {
            continue;
        }
        let most = usize::try_from((24 * HEURE - convention.repos_jour.0) / QUARTER).unwrap();
        let begins = |at: &usize| {
            let length = free_from(*at);
            at + length == QUARTERS || long(length) >= convention.repos_jour.0
        };
        if !(quarter..=(quarter + most).min(QUARTERS)).any(|at| begins(&at) && (at == QUARTERS || !at_work[at])) {
            rules.push("PLAN-REPOS-JOUR");
        }
    }
    rules.sort_unstable();
    rules
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]
    #[test]
    fn the_checks_say_what_counting_quarters_says(
        visits in proptest::collection::vec((0usize..QUARTERS - 40, 1usize..36), 0..40)
    ) {
        let start = Timestamp::midnight("2026-11-16".parse().unwrap());
        let at = |quarter: usize| start + Millis(i64::try_from(quarter).unwrap() * QUARTER);
        let visites: Vec<Visite> = (0..).zip(&visits).map(|(id, (from, length))| Visite {
            debut: at(*from), fin: at(from + length), dossier: CLIENT, id: EntryId([id; 16]),
        }).collect();
        let mut at_work = vec![false; QUARTERS];
        for (from, length) in &visits {
            at_work[*from..from + length].fill(true);
        }
        let convention = Convention::default();
        let counted = ["PLAN-JOUR", "PLAN-SEMAINE", "PLAN-REPOS-JOUR", "PLAN-REPOS-SEMAINE"];
        let mut said: Vec<&str> = checks(&visites, &no_way, &convention).into_iter().map(|it| it.rule)
            .filter(|rule| counted.contains(rule)).collect();
        said.sort_unstable();
        proptest::prop_assert_eq!(said, oracle(&at_work, &convention));
    }

    #[test]
    fn overlaps_are_those_of_the_formula(
        visits in proptest::collection::vec((0i64..200, 1i64..20, 0u8..3), 0..12), ways in proptest::array::uniform9(0i64..30)
    ) {
        let trajet = |from: DossierId, to: DossierId| Millis(ways[usize::from(from.0[0] * 3 + to.0[0])] * MINUTE);
        let start = Timestamp::midnight("2026-11-16".parse().unwrap());
        let visites: Vec<Visite> = (0..).zip(&visits).map(|(id, (from, length, place))| Visite {
            debut: start + Millis(from * 5 * MINUTE), fin: start + Millis((from + length) * 5 * MINUTE),
            dossier: DossierId([*place; 16]), id: EntryId([id; 16]),
        }).collect();
        let mut wanted = 0;
        for (n, a) in visites.iter().enumerate() {
            for b in &visites[n + 1..] {
                let clash = a.debut < b.fin + trajet(b.dossier, a.dossier) && b.debut < a.fin + trajet(a.dossier, b.dossier);
                wanted += usize::from(clash);
            }
        }
        let said = checks(&visites, &trajet, &Convention::default());
        proptest::prop_assert_eq!(said.iter().filter(|it| it.rule == "PLAN-CHEVAUCHEMENT").count(), wanted);
    }
}
