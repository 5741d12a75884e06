//! The contracts at a glance: who answers for each, until when, hours agreed against hours planned, tasks that are due [S1].

use chrono::NaiveDate;

use crate::dossier::{Etape, Summary};
use crate::ids::{DossierId, UserId};
use crate::time::Millis;

/// A contract that ends within so many days is flagged.
pub const PROCHE: i64 = 60;
/// Hours planned are as agreed within a tenth of them.
const ECART: i64 = 10;
const HEURE: f64 = 3_600_000.0;

/// One contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contrat {
    /// Which dossier.
    pub dossier: DossierId,
    /// Whose.
    pub nom: String,
    /// Where it stands.
    pub etape: Etape,
    /// Where it is.
    pub secteur: String,
    /// Who answers for it.
    pub responsable: Option<UserId>,
    /// Its last day.
    pub fin: Option<NaiveDate>,
    /// What was agreed a month.
    pub convenu: Option<Millis>,
    /// What is planned this month.
    pub prevu: Millis,
    /// Open tasks that have a day.
    pub taches: usize,
    /// Of these, those whose day is past.
    pub en_retard: usize,
    /// The day of the next one.
    pub prochaine: Option<NaiveDate>,
}

/// What somebody should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alerte {
    /// Its last day is past, and it goes on.
    Depasse,
    /// It ends in so many days.
    Fin(i64),
    /// Nobody answers for it.
    SansResponsable,
    /// Fewer or more hours are planned than agreed.
    Heures(Millis),
    /// So many tasks are late.
    Taches(usize),
}

/// In which order they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tri {
    /// What needs eyes first.
    Alertes,
    /// By name.
    Nom,
    /// The next to end first.
    Fin,
    /// The farthest from what was agreed first.
    Heures,
    /// The next task first.
    Taches,
}

impl Contrat {
    /// Reads a summary; `None` for a dossier without a contract that runs. `prevu` is what is planned for it this month.
    #[must_use]
    pub fn of(summary: &Summary, prevu: Millis, today: NaiveDate) -> Option<Self> {
        let etape = summary.etape();
        if !matches!(etape, Etape::Contrat | Etape::Actif | Etape::Suspendu) || summary.repris_dans.is_some() {
            return None;
        }
        let day = |days: i32| NaiveDate::from_num_days_from_ce_opt(days);
        let taches: Vec<NaiveDate> = summary.agenda.taches.iter().filter_map(|days| day(*days)).collect();
        Some(Self {
            dossier: summary.dossier,
            nom: summary.name(),
            etape,
            secteur: summary.secteur.clone(),
            responsable: summary.responsable,
            fin: summary.agenda.fin.and_then(day),
            convenu: hours(&summary.agenda.heures),
            prevu,
            taches: taches.len(),
            en_retard: taches.iter().filter(|day| **day < today).count(),
            prochaine: taches.first().copied(),
        })
    }

    /// What somebody should look at, the most pressing first.
    #[must_use]
    pub fn alertes(&self, today: NaiveDate) -> Vec<Alerte> {
        let end = self.fin.map(|fin| (fin - today).num_days()).and_then(|days| match days {
            ..0 => Some(Alerte::Depasse),
            0..=PROCHE => Some(Alerte::Fin(days)),
            _ => None,
        });
        let nobody = self.responsable.is_none().then_some(Alerte::SansResponsable);
        let late = (self.en_retard > 0).then_some(Alerte::Taches(self.en_retard));
        let hours = self.ecart().filter(|_| self.is_far() && self.etape != Etape::Suspendu).map(Alerte::Heures);
        [end, late, nobody, hours].into_iter().flatten().collect()
    }

    /// How much more is planned than agreed; less than nothing when it is less.
    #[must_use]
    pub fn ecart(&self) -> Option<Millis> {
        self.convenu.map(|agreed| Millis(self.prevu.0 - agreed.0))
    }

    fn is_far(&self) -> bool {
        let agreed = self.convenu.map_or(0, |agreed| agreed.0);
        self.ecart().is_some_and(|span| span.0.abs() * ECART > agreed)
    }
}

/// Puts contracts in an order; those of which that is not known come last.
pub fn trier(contrats: &mut [Contrat], tri: Tri, today: NaiveDate) {
    contrats.sort_by_cached_key(|it| {
        let key = match tri {
            Tri::Nom => 0,
            Tri::Alertes => it.alertes(today).first().map_or(i64::MAX, |alerte| match alerte {
                Alerte::Depasse => -1,
                Alerte::Fin(days) => *days,
                Alerte::Taches(_) => PROCHE + 1,
                Alerte::SansResponsable => PROCHE + 2,
                Alerte::Heures(_) => PROCHE + 3,
            }),
            Tri::Fin => it.fin.map_or(i64::MAX, |fin| (fin - today).num_days()),
            Tri::Heures => it.ecart().map_or(i64::MAX, |span| -span.0.abs()),
            Tri::Taches => it.prochaine.map_or(i64::MAX, |day| (day - today).num_days()),
        };
        (key, it.nom.to_lowercase(), it.dossier)
    });
}

/// Hours as somebody typed them: `12`, `12,5`.
fn hours(text: &str) -> Option<Millis> {
    let hours: f64 = text.trim().replace(',', ".").parse().ok()?;
    if !(0.0..=750.0).contains(&hours) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "hours of a month")]
    let span = Millis((hours * HEURE) as i64);
    (span.0 > 0).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::Agenda;
    use chrono::Datelike as _;

    fn today() -> NaiveDate {
        "2026-11-26".parse().unwrap()
    }

    fn contract(nom: &str, fin: Option<&str>, agreed: &str, planned: i64, responsable: Option<u8>) -> Contrat {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap().num_days_from_ce();
        let agenda = Agenda { fin: fin.map(day), heures: agreed.to_owned(), ..Agenda::default() };
        let summary = Summary {
            nom: nom.to_owned(),
            etape: Etape::Actif.name().to_owned(),
            responsable: responsable.map(|id| UserId([id; 16])),
            agenda,
            ..Summary::empty(DossierId([1; 16]))
        };
        Contrat::of(&summary, Millis(planned * 3_600_000), today()).unwrap()
    }

    #[test]
    fn a_deadline_within_sixty_days_is_flagged_and_one_after_is_not() {
        let alerts = |fin| contract("Petit", Some(fin), "10", 10, Some(1)).alertes(today());
        assert_eq!(alerts("2026-11-26"), [Alerte::Fin(0)]);
        assert_eq!(alerts("2027-01-25"), [Alerte::Fin(60)]);
        assert_eq!(alerts("2027-01-26"), []);
        assert_eq!(alerts("2026-11-25"), [Alerte::Depasse]);
    }

    #[test]
    fn a_client_of_nobody_and_hours_that_are_not_as_agreed_are_flagged() {
        assert_eq!(contract("Petit", None, "10", 10, None).alertes(today()), [Alerte::SansResponsable]);
        assert_eq!(contract("Petit", None, "10,5", 10, Some(1)).alertes(today()), []);
        assert_eq!(
            contract("Petit", None, "20", 10, Some(1)).alertes(today()),
            [Alerte::Heures(Millis(-10 * 3_600_000))]
        );
        assert_eq!(contract("Petit", None, "", 10, Some(1)).alertes(today()), [], "nothing was agreed");
        let asleep = Contrat { etape: Etape::Suspendu, ..contract("Petit", None, "20", 0, Some(1)) };
        assert_eq!(asleep.alertes(today()), [], "nothing is planned while it is suspended");
    }

    #[test]
    fn tasks_are_counted_by_their_day() {
        let days = ["2026-11-20", "2026-11-26", "2026-12-01"].map(|day| day.parse::<NaiveDate>().unwrap());
        let agenda = Agenda { taches: days.map(|day| day.num_days_from_ce()).to_vec(), ..Agenda::default() };
        let etape = Etape::Actif.name().to_owned();
        let summary =
            Summary { agenda, etape, responsable: Some(UserId([1; 16])), ..Summary::empty(DossierId([1; 16])) };
        let contract = Contrat::of(&summary, Millis(0), today()).unwrap();
        assert_eq!((contract.taches, contract.en_retard, contract.prochaine), (3, 1, Some(days[0])));
        assert_eq!(contract.alertes(today()), [Alerte::Taches(1)]);
        let prospect = Summary { etape: Etape::Prospect.name().to_owned(), ..summary };
        assert_eq!(Contrat::of(&prospect, Millis(0), today()), None);
    }

    #[test]
    fn what_ends_first_comes_first_and_what_has_no_end_last() {
        let mut all = [
            contract("Aubry", None, "10", 10, Some(1)),
            contract("Petit", Some("2026-12-10"), "10", 4, Some(1)),
            contract("Morel", Some("2026-12-01"), "10", 9, None),
        ];
        let names = |all: &[Contrat]| all.iter().map(|it| it.nom.clone()).collect::<Vec<_>>();
        trier(&mut all, Tri::Fin, today());
        assert_eq!(names(&all), ["MOREL", "PETIT", "AUBRY"]);
        trier(&mut all, Tri::Heures, today());
        assert_eq!(names(&all), ["PETIT", "MOREL", "AUBRY"]);
        trier(&mut all, Tri::Nom, today());
        assert_eq!(names(&all), ["AUBRY", "MOREL", "PETIT"]);
    }
}
