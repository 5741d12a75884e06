//! The day of the office as it goes: each visit with how it goes, what needs eyes first, and the day's line.

use chrono::Timelike as _;

use super::{Deroulement, Etat, Planifiee, Pointage, Suivi, suivi};
use crate::time::Timestamp;

/// The states of a visit, in the order in which the office looks at them.
pub const ORDRE: [Deroulement; 6] = [
    Deroulement::EnRetard,
    Deroulement::NonPointee,
    Deroulement::EnCours,
    Deroulement::AVenir,
    Deroulement::Faite,
    Deroulement::Annulee,
];

/// A visit of the day, and how it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ligne {
    /// As planned.
    pub planifiee: Planifiee,
    /// As it goes.
    pub suivi: Suivi,
}

impl Ligne {
    /// Follows a visit at one moment; `None` for the office's drafts, which nobody is to come for. `pointages` are those of
    /// its dossier.
    #[must_use]
    pub fn of(planifiee: Planifiee, pointages: &[Pointage], now: Timestamp) -> Option<Self> {
        let suivi = suivi(&planifiee, pointages, now);
        let draft = planifiee.etat == Etat::Brouillon && suivi.arrivee.is_none() && suivi.depart.is_none();
        (!draft).then_some(Self { planifiee, suivi })
    }
}

/// Puts the visits in the order in which the office looks at them: by state, what is serious first, then by the clock.
pub fn en_ordre(lignes: &mut [Ligne]) {
    lignes.sort_by_key(|it| (it.suivi.deroulement, !it.suivi.is_serious(), it.planifiee.visite));
}

/// How many visits are in a state.
#[must_use]
pub fn compte(lignes: &[Ligne], deroulement: Deroulement) -> usize {
    lignes.iter().filter(|it| it.suivi.deroulement == deroulement).count()
}

/// The hours that the day's line shows: from 7 to 21, and more when there are visits.
#[must_use]
pub fn amplitude(lignes: &[Ligne]) -> (u32, u32) {
    let mut span = (7, 21);
    for it in lignes {
        let (debut, fin) = (it.planifiee.visite.debut, it.planifiee.visite.fin);
        let end = fin.time();
        let late = if fin.date() > it.planifiee.jour { 24 } else { end.hour() + u32::from(end.minute() > 0) };
        span = (span.0.min(debut.time().hour()), span.1.max(late));
    }
    span
}

/// On which track each visit is drawn, so that none hides another: the first that is free when it begins. The visits in the
/// order of their beginning.
#[must_use]
pub fn pistes(lignes: &[&Ligne]) -> Vec<usize> {
    let mut free: Vec<Timestamp> = Vec::new();
    let place = |it: &&Ligne| {
        let visite = it.planifiee.visite;
        let track = free.iter().position(|until| *until <= visite.debut).unwrap_or(free.len());
        if track == free.len() {
            free.push(visite.fin);
        } else {
            free[track] = visite.fin;
        }
        track
    };
    lignes.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{DossierId, EntryId, UserId};
    use crate::planning::{Lieu, Moyen, Visite};
    use crate::time::{Millis, instant};

    fn at(hour: u32, minute: u32) -> Timestamp {
        instant("2026-11-26".parse().unwrap(), chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
    }

    fn planned(id: u8, debut: (u32, u32), fin: (u32, u32)) -> Planifiee {
        let visite = Visite {
            debut: at(debut.0, debut.1),
            fin: at(fin.0, fin.1),
            dossier: DossierId([1; 16]),
            id: EntryId([id; 16]),
        };
        Planifiee { intervenant: Some(UserId([9; 16])), ..Planifiee::new(visite, "2026-11-26".parse().unwrap()) }
    }

    fn clocked(visite: u8, arrivee: bool, when: Timestamp) -> Pointage {
        Pointage {
            id: EntryId([visite + 100; 16]),
            visite: EntryId([visite; 16]),
            arrivee,
            moyen: Moyen::QrCode,
            lieu: Lieu::AuDomicile,
            heure: when,
            monotone: None,
            derive: Some(0),
            de: Some(UserId([9; 16])),
            motif: String::new(),
        }
    }

    #[test]
    fn who_is_late_comes_first_then_what_is_serious_then_the_clock() {
        let pointages = [clocked(3, true, at(9, 50)), clocked(4, true, at(9, 0)), clocked(4, false, at(9, 58))];
        let visits = [
            planned(1, (9, 0), (9, 30)),   // nobody came
            planned(2, (9, 30), (11, 0)),  // late
            planned(3, (9, 0), (11, 0)),   // running, began 50 min late
            planned(4, (9, 0), (10, 0)),   // done
            planned(5, (14, 0), (15, 0)),  // to come
            planned(6, (8, 45), (10, 30)), // late too
        ];
        let mut lignes: Vec<Ligne> = visits.into_iter().filter_map(|it| Ligne::of(it, &pointages, at(10, 0))).collect();
        en_ordre(&mut lignes);
        assert_eq!(lignes.iter().map(|it| it.planifiee.visite.id.0[0]).collect::<Vec<_>>(), [6, 2, 1, 3, 5, 4]);
        assert_eq!(ORDRE.map(|state| compte(&lignes, state)), [2, 1, 1, 1, 1, 0]);
        let mut order = ORDRE;
        order.sort_unstable();
        assert_eq!(order, ORDRE);
    }

    #[test]
    fn a_draft_of_the_office_is_nobody_s_visit() {
        let draft = Planifiee { etat: Etat::Brouillon, ..planned(1, (9, 0), (10, 0)) };
        assert_eq!(Ligne::of(draft.clone(), &[], at(10, 0)), None);
        assert!(Ligne::of(draft, &[clocked(1, true, at(9, 0))], at(10, 0)).is_some(), "somebody came all the same");
    }

    #[test]
    fn the_line_shows_every_visit_and_hides_none_behind_another() {
        let visits = [planned(1, (6, 30), (8, 0)), planned(2, (7, 0), (9, 0)), planned(3, (8, 0), (10, 0))];
        let night = Planifiee {
            visite: Visite { fin: at(23, 0) + Millis(3 * 3_600_000), ..planned(4, (21, 0), (23, 0)).visite },
            ..planned(4, (21, 0), (23, 0))
        };
        let lignes: Vec<Ligne> =
            visits.into_iter().chain([night]).filter_map(|it| Ligne::of(it, &[], at(5, 0))).collect();
        assert_eq!(amplitude(&lignes), (6, 24));
        assert_eq!(amplitude(&[]), (7, 21));
        assert_eq!(pistes(&lignes.iter().collect::<Vec<_>>()), [0, 1, 0, 0]);
    }
}
