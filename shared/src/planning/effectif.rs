//! What the planning needs to know of an intervenant's own file: hours, sector, absences, the end of the contract.

use chrono::{Datelike as _, NaiveDate};

use super::{Alerte, HEURE, Mois, Planifiee, is_ouvre};
use crate::documents::schema::personnel as per;
use crate::dossier::Dossier;
use crate::ids::EntryId;
use crate::time::{Millis, Timestamp};
use crate::validate::calendar_date;

/// Days on which somebody does not come, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Which.
    pub id: EntryId,
    /// Why.
    pub nature: String,
    /// From.
    pub du: NaiveDate,
    /// To; the far future while nobody knows.
    pub au: NaiveDate,
}

/// What the planning knows of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effectif {
    /// Their sector, as written.
    pub secteur: String,
    /// Hours a week of their contract.
    pub semaine: Option<Millis>,
    /// The last day of their contract.
    pub fin: Option<NaiveDate>,
    /// When they are away, in order.
    pub absences: Vec<Absence>,
}

/// More hours than a week has are those of a month.
const DU_MOIS: f64 = 60.0;
/// Weeks in a month.
const SEMAINES: f64 = 52.0 / 12.0;

/// The hours a week that a contract says: `35`, `24 h`, `151,67 par mois`.
fn semaine(text: &str) -> Option<Millis> {
    let number: String = text.trim().chars().take_while(|sign| sign.is_ascii_digit() || ",.".contains(*sign)).collect();
    let hours = number.replace(',', ".").parse::<f64>().ok().filter(|it| it.is_finite() && *it > 0.0)?;
    let hours = if hours > DU_MOIS || text.contains("mois") { hours / SEMAINES } else { hours };
    #[expect(clippy::cast_possible_truncation, reason = "hours of a week in milliseconds")]
    Some(Millis((hours * HEURE as f64).round() as i64))
}

impl Effectif {
    /// Reads somebody's file.
    #[must_use]
    pub fn read(file: &Dossier, today: NaiveDate) -> Self {
        let day = |text: &str| calendar_date(text.trim());
        let current = file.records.of(&per::CONTRATS).rfind(|it| {
            let from = day(it.value(&per::CONTRAT_DEBUT)).is_none_or(|from| from <= today);
            from && day(it.value(&per::CONTRAT_FIN)).is_none_or(|to| to >= today)
        });
        let absence = |it: &crate::documents::Record| {
            let du = day(it.value(&per::ABSENCE_DU))?;
            let au = day(it.value(&per::ABSENCE_AU)).unwrap_or(du);
            Some(Absence { id: it.id, nature: it.value(&per::ABSENCE_NATURE).to_owned(), du, au: au.max(du) })
        };
        let mut absences: Vec<Absence> = file.records.of(&per::ABSENCES).filter_map(absence).collect();
        absences.sort_by_key(|it| (it.du, it.au));
        Self {
            secteur: file.fields.value(&per::SECTEUR).trim().to_owned(),
            semaine: current.and_then(|it| semaine(it.value(&per::CONTRAT_HEURES))),
            fin: current.and_then(|it| day(it.value(&per::CONTRAT_FIN))),
            absences,
        }
    }

    /// Why they are away on a day, if they are.
    #[must_use]
    pub fn absent(&self, day: NaiveDate) -> Option<&Absence> {
        self.absences.iter().find(|it| (it.du..=it.au).contains(&day))
    }

    /// PLAN-ABSENCE: visits while they are away.
    #[must_use]
    pub fn pendant_absences<'a>(&self, planned: impl IntoIterator<Item = &'a Planifiee>) -> Vec<Alerte> {
        let alerte = |it: &Planifiee| {
            let absence = self.absent(it.jour)?;
            let nature = if absence.nature.is_empty() { "absence" } else { &absence.nature };
            Some(Alerte {
                rule: "PLAN-ABSENCE",
                what: format!("Visite pendant une absence ({})", nature.to_lowercase()),
                debut: it.visite.debut,
                visites: vec![it.visite.id],
            })
        };
        planned.into_iter().filter_map(alerte).collect()
    }

    /// What their contract gives in a month: a fifth of the week for each working day that is no public holiday, and the same
    /// without the days on which they are away.
    #[must_use]
    pub fn du_mois(&self, (year, month): Mois) -> Option<(Millis, Millis)> {
        let week = self.semaine?;
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let days = first.iter_days().take_while(|day| day.month() == month);
        let days: Vec<NaiveDate> =
            days.filter(|day| is_ouvre(*day) && self.fin.is_none_or(|fin| *day <= fin)).collect();
        let there = days.iter().filter(|day| self.absent(**day).is_none()).count();
        let of = |days: usize| Millis(week.0 * i64::try_from(days).unwrap_or(0) / 5);
        Some((of(days.len()), of(there)))
    }
}

/// PLAN-CLIENT: visits at one client's home at the same time; of one client, in order.
#[must_use]
pub fn en_meme_temps<'a>(planned: impl IntoIterator<Item = &'a Planifiee>) -> Vec<Alerte> {
    let mut found = Vec::new();
    let mut last: Option<&Planifiee> = None;
    for it in planned.into_iter().filter(|it| it.etat != super::Etat::Annulee) {
        if let Some(before) = last.filter(|before| before.visite.fin > it.visite.debut) {
            found.push(Alerte {
                rule: "PLAN-CLIENT",
                what: "Deux visites en même temps chez le client".to_owned(),
                debut: it.visite.debut,
                visites: vec![before.visite.id, it.visite.id],
            });
        }
        if last.is_none_or(|before: &Planifiee| before.visite.fin < it.visite.fin) {
            last = Some(it);
        }
    }
    found
}

/// The alerts that are about a week: found over many weeks, each said once.
#[must_use]
pub fn de_la_semaine(mut alertes: Vec<Alerte>, semaine: super::Semaine, semaines: usize) -> Vec<Alerte> {
    let (from, to) = (Timestamp::midnight(semaine.lundi()), Timestamp::midnight(semaine.plus_days(7)));
    let span = Millis(i64::try_from(semaines).unwrap_or(0) * 7 * 24 * HEURE);
    alertes.retain(|it| {
        let around = it.rule == "PLAN-MOYENNE" && it.debut < to && from < it.debut + span;
        around || (from..to).contains(&it.debut)
    });
    let mut said = Vec::new();
    alertes.retain(|it| {
        let new = it.rule != "PLAN-MOYENNE" || !said.contains(&it.rule);
        said.push(it.rule);
        new
    });
    alertes
}

#[cfg(test)]
#[path = "effectif_tests.rs"]
mod tests;
