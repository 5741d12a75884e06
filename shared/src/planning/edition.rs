//! What the office does to the planning, as edits of records: a visit is moved, given to somebody, offered, called off, put
//! back; visits are begun. One day of a recurrence is a record that holds only what is not the recurrence's.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};

use super::{Agenda, Etat, PERSONNE, Planifiee, Regle, occurrence_id};
use crate::documents::schema::{Field, prestation as pre};
use crate::documents::{RecordEdit, Records, SetField};
use crate::ids::{EntryId, UserId};

/// What a visit is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voulue {
    /// The day it begins.
    pub jour: NaiveDate,
    /// From.
    pub debut: NaiveTime,
    /// To; the next day's when it is not later.
    pub fin: NaiveTime,
    /// Who comes.
    pub intervenant: Option<UserId>,
    /// For what.
    pub activite: String,
    /// The client signs.
    pub signature: bool,
    /// Where it stands.
    pub etat: Etat,
    /// The day by which to answer.
    pub echeance: Option<NaiveDate>,
    /// To whom it is offered.
    pub proposee: Vec<UserId>,
    /// Why it is not as it was.
    pub motif: String,
}

impl Voulue {
    /// As it is.
    #[must_use]
    pub fn of(planned: &Planifiee) -> Self {
        Self {
            jour: planned.jour,
            debut: planned.visite.debut.time(),
            fin: planned.visite.fin.time(),
            intervenant: planned.intervenant,
            activite: planned.activite.clone(),
            signature: planned.signature,
            etat: planned.etat,
            echeance: planned.echeance,
            proposee: planned.proposee.clone(),
            motif: planned.motif.clone(),
        }
    }

    fn values(&self) -> Vec<(&'static Field, String)> {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let proposee: Vec<String> = self.proposee.iter().map(UserId::to_string).collect();
        vec![
            (&pre::VISITE_DATE, self.jour.to_string()),
            (&pre::VISITE_DEBUT, clock(self.debut)),
            (&pre::VISITE_FIN, clock(self.fin)),
            (&pre::VISITE_INTERVENANT, self.intervenant.map(|it| it.to_string()).unwrap_or_default()),
            (&pre::VISITE_ACTIVITE, self.activite.clone()),
            (&pre::VISITE_SIGNATURE, signature(self.signature)),
            (&pre::VISITE_ETAT, self.etat.name().to_owned()),
            (&pre::VISITE_ECHEANCE, day(self.echeance)),
            (&pre::VISITE_PROPOSEE, proposee.join(",")),
            (&pre::VISITE_MOTIF, self.motif.clone()),
        ]
    }
}

fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

fn signature(wanted: bool) -> String {
    if wanted { pre::DEMANDEE } else { pre::SIGNATURES[0] }.to_owned()
}

fn edit(id: EntryId, values: Vec<(&'static Field, String)>) -> RecordEdit {
    let values = values.into_iter().map(|(field, value)| SetField { field, value }).collect();
    RecordEdit { collection: &pre::VISITES, id, values, retire: Some(false) }
}

/// A single visit.
#[must_use]
pub fn nouvelle(id: EntryId, voulue: &Voulue) -> RecordEdit {
    edit(id, voulue.values())
}

/// Visits that are to recur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reguliere {
    /// On these days of the week, 1 for Monday.
    pub jours: BTreeSet<u8>,
    /// From.
    pub debut: NaiveTime,
    /// To.
    pub fin: NaiveTime,
    /// Every so many weeks.
    pub toutes_les: u8,
    /// First day.
    pub du: NaiveDate,
    /// Last day.
    pub au: Option<NaiveDate>,
    /// Not on public holidays.
    pub sauf_feries: bool,
    /// Who comes.
    pub intervenant: Option<UserId>,
    /// For what.
    pub activite: String,
    /// The client signs.
    pub signature: bool,
    /// Where they stand.
    pub etat: Etat,
    /// The day by which to answer.
    pub echeance: Option<NaiveDate>,
}

impl Reguliere {
    /// One of them: what it is on a day that has nothing of its own.
    #[must_use]
    pub fn on(&self, jour: NaiveDate) -> Voulue {
        Voulue {
            jour,
            debut: self.debut,
            fin: self.fin,
            intervenant: self.intervenant,
            activite: self.activite.clone(),
            signature: self.signature,
            etat: self.etat,
            echeance: self.echeance,
            proposee: Vec::new(),
            motif: String::new(),
        }
    }
}

/// Writes visits that recur.
#[must_use]
pub fn reguliere(id: EntryId, it: &Reguliere) -> RecordEdit {
    let jours: Vec<String> = it.jours.iter().map(u8::to_string).collect();
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let every = if it.toutes_les > 1 { it.toutes_les.to_string() } else { String::new() };
    let values = [
        (&pre::RECURRENCE_JOURS, jours.join(",")),
        (&pre::RECURRENCE_DEBUT, clock(it.debut)),
        (&pre::RECURRENCE_FIN, clock(it.fin)),
        (&pre::RECURRENCE_TOUTES_LES, every),
        (&pre::RECURRENCE_DU, it.du.to_string()),
        (&pre::RECURRENCE_AU, day(it.au)),
        (&pre::RECURRENCE_FERIES, if it.sauf_feries { pre::SUSPENDUS } else { "Maintenus" }.to_owned()),
        (&pre::RECURRENCE_INTERVENANT, it.intervenant.map(|it| it.to_string()).unwrap_or_default()),
        (&pre::RECURRENCE_ACTIVITE, it.activite.clone()),
        (&pre::RECURRENCE_SIGNATURE, signature(it.signature)),
        (&pre::RECURRENCE_ETAT, it.etat.name().to_owned()),
        (&pre::RECURRENCE_ECHEANCE, day(it.echeance)),
    ];
    let values = values.into_iter().map(|(field, value)| SetField { field, value }).collect();
    RecordEdit { collection: &pre::RECURRENCES, id, values, retire: Some(false) }
}

impl Regle {
    /// As one would write it anew; `None` when its hours or days are no hours or days.
    #[must_use]
    pub fn reguliere(&self) -> Option<Reguliere> {
        let it = self.recurrence()?;
        Some(Reguliere {
            jours: it.jours,
            debut: it.debut,
            fin: it.fin,
            toutes_les: self.toutes_les,
            du: it.du,
            au: it.au,
            sauf_feries: it.sauf_feries,
            intervenant: self.intervenant,
            activite: self.activite.clone(),
            signature: self.signature,
            etat: self.etat,
            echeance: self.echeance.and_then(NaiveDate::from_num_days_from_ce_opt),
        })
    }
}

impl Agenda {
    /// The recurrence that a visit is a day of, and which day.
    #[must_use]
    pub fn origine(&self, planned: &Planifiee) -> Option<(&Regle, NaiveDate)> {
        let own = self.seances.iter().find(|it| it.id == planned.visite.id);
        let (id, jour) = match own {
            Some(own) => own.de.and_then(|(id, day)| Some((id, NaiveDate::from_num_days_from_ce_opt(day)?)))?,
            None => (planned.recurrence?, planned.jour),
        };
        self.regles.iter().find(|regle| regle.id == id).map(|regle| (regle, jour))
    }

    /// Makes of a visit what it is to be.
    #[must_use]
    pub fn ecrire(&self, planned: &Planifiee, voulue: &Voulue) -> RecordEdit {
        let Some((regle, jour)) = self.origine(planned) else { return edit(planned.visite.id, voulue.values()) };
        let usual = regle.reguliere().map(|usual| usual.on(jour).values()).unwrap_or_default();
        let of_its_own = |(field, value): (&'static Field, String)| {
            let same = usual.contains(&(field, value.clone()));
            let nobody = field == &pre::VISITE_INTERVENANT && value.is_empty();
            (
                field,
                if same {
                    String::new()
                } else if nobody {
                    PERSONNE.to_owned()
                } else {
                    value
                },
            )
        };
        let mut values = vec![(&pre::VISITE_RECURRENCE, regle.id.to_string()), (&pre::VISITE_JOUR, jour.to_string())];
        values.extend(voulue.values().into_iter().map(of_its_own));
        edit(occurrence_id(regle.id, jour), values)
    }

    /// Makes one day of a recurrence what the recurrence says again; `None` for what is no such day, or is so already.
    #[must_use]
    pub fn remettre(&self, planned: &Planifiee) -> Option<RecordEdit> {
        self.origine(planned).filter(|_| planned.modifiee)?;
        Some(RecordEdit { retire: Some(true), ..RecordEdit::new(&pre::VISITES, planned.visite.id, &[]) })
    }
}

/// What takes edits back, made from the records as they were before: what was begun is put away.
#[must_use]
pub fn inverse(edits: &[RecordEdit], before: &Records) -> Vec<RecordEdit> {
    let back = |edit: &RecordEdit| match before.get(edit.id) {
        Some(record) => {
            let values = edit.values.iter().map(|set| SetField { value: record.value(set.field).to_owned(), ..*set });
            RecordEdit { values: values.collect(), retire: edit.retire.map(|_| record.retire), ..edit.clone() }
        }
        None => RecordEdit { values: Vec::new(), retire: Some(true), ..edit.clone() },
    };
    edits.iter().map(back).collect()
}

#[cfg(test)]
#[path = "edition_tests.rs"]
mod tests;
