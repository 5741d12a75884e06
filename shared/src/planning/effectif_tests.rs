//! Hours, absences and what follows from them.

use super::*;
use crate::ids::DossierId;
use crate::planning::{Semaine, Visite};
use crate::time::instant;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn planned(id: u8, jour: &str, from: u32, to: u32) -> Planifiee {
    let jour = day(jour);
    let at = |hour| instant(jour, chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap());
    Planifiee::new(Visite { debut: at(from), fin: at(to), dossier: DossierId([1; 16]), id: EntryId([id; 16]) }, jour)
}

#[test]
fn the_hours_of_a_contract_are_those_of_a_week_however_they_are_written() {
    let hours = |text| semaine(text).map(|it| it.0 / 60_000);
    assert_eq!((hours("35"), hours("24 h"), hours("30,5")), (Some(2100), Some(1440), Some(1830)));
    assert_eq!(hours("151,67"), Some(2100));
    assert_eq!((hours("52 h par mois"), hours("à définir")), (Some(720), None));
}

#[test]
fn a_month_without_holidays_and_absences_is_what_is_left_of_it() {
    let away =
        Absence { id: EntryId([1; 16]), nature: "Congé".to_owned(), du: day("2026-11-09"), au: day("2026-11-13") };
    let sonia = Effectif { semaine: Some(Millis(35 * HEURE)), absences: vec![away], ..Effectif::default() };
    // 21 days from Monday to Friday, of which 11 November is a holiday, and of which she is away on four.
    let (whole, left) = sonia.du_mois((2026, 11)).unwrap();
    assert_eq!((whole.0 / HEURE, left.0 / HEURE), (140, 112));
    let ended = Effectif { fin: Some(day("2026-11-06")), ..sonia };
    assert_eq!(ended.du_mois((2026, 11)).unwrap().0.0 / HEURE, 35);
}

#[test]
fn plan_absence_a_visit_while_somebody_is_away_is_said() {
    let away =
        Absence { id: EntryId([1; 16]), nature: "Maladie".to_owned(), du: day("2026-11-24"), au: day("2026-11-25") };
    let sonia = Effectif { absences: vec![away], ..Effectif::default() };
    let found = sonia.pendant_absences(&[planned(1, "2026-11-23", 9, 11), planned(2, "2026-11-25", 9, 11)]);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].rule, found[0].visites[0]), ("PLAN-ABSENCE", EntryId([2; 16])));
    assert_eq!(found[0].what, "Visite pendant une absence (maladie)");
}

#[test]
fn plan_client_two_visits_at_one_home_at_the_same_time_are_said() {
    let all = [planned(1, "2026-11-23", 9, 12), planned(2, "2026-11-23", 10, 11), planned(3, "2026-11-23", 11, 13)];
    let found: Vec<_> = en_meme_temps(&all).into_iter().map(|it| (it.visites[0].0[0], it.visites[1].0[0])).collect();
    assert_eq!(found, [(1, 2), (1, 3)]);
    assert!(en_meme_temps(&[planned(1, "2026-11-23", 9, 11), planned(2, "2026-11-23", 11, 12)]).is_empty());
}

#[test]
fn an_alert_of_many_weeks_is_said_once_in_each_of_them() {
    let alerte = |rule, day: &str| Alerte {
        rule,
        what: String::new(),
        debut: Timestamp::midnight(day.parse().unwrap()),
        visites: Vec::new(),
    };
    let all = vec![
        alerte("PLAN-MOYENNE", "2026-09-14"),
        alerte("PLAN-MOYENNE", "2026-09-21"),
        alerte("PLAN-JOUR", "2026-11-24"),
        alerte("PLAN-JOUR", "2026-12-01"),
        alerte("PLAN-JOUR", "2026-11-25"),
    ];
    let found = de_la_semaine(all, Semaine::of(day("2026-11-26")), 12);
    assert_eq!(found.iter().map(|it| it.rule).collect::<Vec<_>>(), ["PLAN-MOYENNE", "PLAN-JOUR", "PLAN-JOUR"]);
}
