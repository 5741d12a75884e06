//! A visit at nine, followed through its day.

use super::*;
use crate::ids::{DossierId, EntryId};
use crate::planning::{HEURE, Visite};

const SONIA: UserId = UserId([9; 16]);
const NADIA: UserId = UserId([8; 16]);
const NINE: Timestamp = Timestamp(9 * HEURE);

fn visit() -> Planifiee {
    let visite = Visite { debut: NINE, fin: NINE + Millis(HEURE), dossier: DossierId([1; 16]), id: EntryId([1; 16]) };
    Planifiee { intervenant: Some(SONIA), ..Planifiee::new(visite, NINE.date()) }
}

fn pointage(arrivee: bool, minutes: i64, de: UserId) -> Pointage {
    Pointage {
        id: EntryId([u8::try_from(minutes.rem_euclid(200)).unwrap(); 16]),
        visite: EntryId([1; 16]),
        arrivee,
        moyen: Moyen::QrCode,
        lieu: Lieu::AuDomicile,
        heure: NINE + Millis(minutes * MINUTE),
        monotone: Some(("page".to_owned(), u64::try_from((minutes + 100) * MINUTE).unwrap())),
        derive: Some(0),
        de: Some(de),
        motif: String::new(),
    }
}

fn at(minutes: i64, pointages: &[Pointage]) -> Suivi {
    suivi(&visit(), pointages, NINE + Millis(minutes * MINUTE))
}

#[test]
fn a_visit_comes_runs_and_is_done() {
    assert_eq!(at(-60, &[]).deroulement, Deroulement::AVenir);
    assert_eq!(at(15, &[]).deroulement, Deroulement::AVenir);
    assert_eq!(at(16, &[]).deroulement, Deroulement::EnRetard);
    assert_eq!(at(60, &[]).deroulement, Deroulement::NonPointee);
    let came = [pointage(true, 3, SONIA)];
    assert_eq!((at(20, &came).deroulement, at(20, &came).ecarts), (Deroulement::EnCours, vec![]));
    let went = [pointage(true, 3, SONIA), pointage(false, 61, SONIA)];
    let done = at(70, &went);
    assert_eq!((done.deroulement, done.duree()), (Deroulement::Faite, Some(Millis(58 * MINUTE))));
    assert!(done.ecarts.is_empty());
}

#[test]
fn early_late_elsewhere_and_by_hand_are_flagged() {
    assert_eq!(at(20, &[pointage(true, 16, SONIA)]).ecarts, [Ecart::Retard(Millis(16 * MINUTE))]);
    assert_eq!(at(20, &[pointage(true, -16, SONIA)]).ecarts, [Ecart::Avance(Millis(16 * MINUTE))]);
    let elsewhere = Pointage { lieu: Lieu::Ailleurs, ..pointage(true, 0, SONIA) };
    assert_eq!(at(20, &[elsewhere]).ecarts, [Ecart::Ailleurs]);
    let by_hand = Pointage { moyen: Moyen::Manuel, motif: "Étiquette abîmée".into(), ..pointage(true, 0, SONIA) };
    let by_hand = at(20, &[by_hand]);
    assert_eq!(by_hand.ecarts[0].words(&|_| String::new()), "Pointée à la main : Étiquette abîmée");
    assert!(!by_hand.is_serious());
    assert_eq!(at(121, &[pointage(true, 0, SONIA)]).ecarts, [Ecart::SansDepart]);
    assert_eq!(at(70, &[pointage(false, 60, SONIA)]).ecarts, [Ecart::SansArrivee]);
}

#[test]
fn two_phones_at_one_visit_are_both_kept_and_both_named() {
    let both = [pointage(true, 5, NADIA), pointage(true, 2, SONIA), pointage(false, 58, SONIA)];
    let suivi = at(70, &both);
    assert_eq!(suivi.ecarts, [Ecart::Plusieurs(vec![NADIA, SONIA])]);
    assert_eq!(suivi.arrivee.unwrap().de, Some(SONIA), "the first who came");
    assert_eq!(at(20, &[pointage(true, 0, NADIA)]).ecarts, [Ecart::Autre(NADIA)]);
}

#[test]
fn a_wrong_clock_is_set_right_by_the_relay_s_and_a_moved_one_is_seen() {
    let wrong = Pointage { derive: Some(-30 * MINUTE), ..pointage(true, 32, SONIA) };
    assert_eq!(at(40, &[wrong]).ecarts, [Ecart::Derive(Millis(-30 * MINUTE))], "not late: its clock is");
    let never = Pointage { derive: None, ..pointage(true, 0, SONIA) };
    assert_eq!(at(20, &[never]).ecarts, [Ecart::NonComparee]);
    let moved = Pointage { heure: NINE + Millis(120 * MINUTE), ..pointage(false, 60, SONIA) };
    let suivi = at(130, &[pointage(true, 0, SONIA), moved]);
    assert_eq!(suivi.ecarts, [Ecart::Horloge(Millis(120 * MINUTE), Millis(60 * MINUTE))]);
    assert_eq!(suivi.duree(), Some(Millis(60 * MINUTE)));
}
