//! What the planning needs to know of a dossier without opening its documents: part of its summary.

use chrono::{Datelike as _, NaiveDate, NaiveTime, Timelike as _};
use minicbor::{Decode, Encode};

use super::{Etat, Planifiee, Pointage, Recurrence, Reponse, Visite, attente, occurrence_id};
use crate::documents::schema::journal as jou;
use crate::documents::schema::prestation as pre;
use crate::documents::schema::{Field, client};
use crate::documents::{Record, Records, Register};
use crate::dossier::Dossier;
use crate::ids::{DossierId, EntryId, UserId};
use crate::order;
use crate::time::{Timestamp, instant};
use crate::validate::{calendar_date, clock_time};

/// How far back a summary knows clock-ins and single visits, in days.
const BACK: i64 = 100;
/// What stands for nobody in a visit whose recurrence names somebody.
pub const PERSONNE: &str = "-";

/// The planning of one dossier.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Encode, Decode)]
#[cbor(map)]
pub struct Agenda {
    /// What comes again.
    #[n(0)]
    #[cbor(default)]
    pub regles: Vec<Regle>,
    /// Single visits, and days of a recurrence that are not as it says.
    #[n(1)]
    #[cbor(default)]
    pub seances: Vec<Seance>,
    /// Clock-ins of the last weeks, oldest first.
    #[n(2)]
    #[cbor(default)]
    pub pointages: Vec<Pointage>,
    /// What intervenants answered, oldest first.
    #[n(3)]
    #[cbor(default)]
    pub reponses: Vec<Reponse>,
    /// Notices that wait for the office, oldest first.
    #[n(4)]
    #[cbor(default)]
    pub avis: Vec<AvisOuvert>,
    /// Where the client lives, on one line.
    #[n(6)]
    #[cbor(default)]
    pub adresse: String,
    /// How to get in.
    #[n(7)]
    #[cbor(default)]
    pub code: String,
    /// Hours a month that were agreed, as written.
    #[n(8)]
    #[cbor(default)]
    pub heures: String,
    /// The last day of the contract, in days since 0001-01-01.
    #[n(9)]
    pub fin: Option<i32>,
    /// Notices that were handled lately: when, and by whom.
    #[n(20)]
    #[cbor(default)]
    pub traites: Vec<AvisOuvert>,
    /// Anomalies that nobody has answered; urgent while nobody has taken them in charge.
    #[n(21)]
    #[cbor(default)]
    pub signalees: Vec<AvisOuvert>,
    /// The days by which open tasks are due, soonest first.
    #[n(22)]
    #[cbor(default)]
    pub taches: Vec<i32>,
}

/// Visits that recur, as the summary keeps them. Days are counted since 0001-01-01, times in minutes since midnight.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct Regle {
    /// Which.
    #[n(0)]
    pub id: EntryId,
    /// Days of the week, Monday in the lowest bit.
    #[n(1)]
    pub jours: u8,
    /// From.
    #[n(2)]
    pub debut: u16,
    /// To.
    #[n(3)]
    pub fin: u16,
    /// Every so many weeks.
    #[n(4)]
    pub toutes_les: u8,
    /// First day.
    #[n(5)]
    pub du: i32,
    /// Last day.
    #[n(6)]
    pub au: Option<i32>,
    /// Not on public holidays.
    #[n(7)]
    pub sauf_feries: bool,
    /// Who comes.
    #[n(8)]
    pub intervenant: Option<UserId>,
    /// For what.
    #[n(9)]
    pub activite: String,
    /// The client signs.
    #[n(10)]
    pub signature: bool,
    /// Where it stands.
    #[n(11)]
    pub etat: Etat,
    /// The day by which to answer.
    #[n(12)]
    pub echeance: Option<i32>,
    /// Coordinators have written different things apart.
    #[n(13)]
    pub conteste: bool,
}

/// A single visit, or one day of a recurrence: what is `None` is the recurrence's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct Seance {
    /// Which.
    #[n(0)]
    pub id: EntryId,
    /// The recurrence and its day, when it stands for one.
    #[n(1)]
    pub de: Option<(EntryId, i32)>,
    /// Its day.
    #[n(2)]
    pub date: Option<i32>,
    /// From.
    #[n(3)]
    pub debut: Option<u16>,
    /// To.
    #[n(4)]
    pub fin: Option<u16>,
    /// Who comes; inside, `None` for nobody.
    #[n(5)]
    pub intervenant: Option<Option<UserId>>,
    /// For what.
    #[n(6)]
    pub activite: Option<String>,
    /// The client signs.
    #[n(7)]
    pub signature: Option<bool>,
    /// Where it stands.
    #[n(8)]
    pub etat: Option<Etat>,
    /// The day by which to answer.
    #[n(9)]
    pub echeance: Option<i32>,
    /// To whom it is offered.
    #[n(10)]
    pub proposee: Vec<UserId>,
    /// Why it is not as it was.
    #[n(11)]
    pub motif: String,
    /// The notice that changed it.
    #[n(12)]
    pub avis: Option<EntryId>,
    /// Coordinators have written different things apart.
    #[n(13)]
    pub conteste: bool,
}

/// A notice that waits for the office, or something else that somebody has sent to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct AvisOuvert {
    /// Which.
    #[n(0)]
    pub id: EntryId,
    /// What has changed.
    #[n(1)]
    pub nature: String,
    /// Whether it cannot wait.
    #[n(2)]
    pub urgent: bool,
    /// When it was written.
    #[n(3)]
    pub at: Timestamp,
    /// Who wrote it.
    #[n(4)]
    pub de: Option<UserId>,
}

impl Agenda {
    /// The projection of a dossier's documents, as of today.
    #[must_use]
    pub fn project(dossier: &Dossier, today: NaiveDate) -> Self {
        let since = today.num_days_from_ce() - i32::try_from(BACK).unwrap_or(0);
        let records = &dossier.records;
        let value = |field| dossier.fields.value(field).trim();
        let recent = |day: Option<i32>| day.is_none_or(|day| day >= since);
        let town = format!("{} {}", value(&client::CODE_POSTAL), value(&client::VILLE));
        let address = [value(&client::ADRESSE), value(&client::COMPLEMENT), town.trim()];
        let access =
            [("étage", value(&client::ETAGE)), ("code", value(&client::CODE_PORTE)), ("clés", value(&client::CLES))];
        let said = |(name, value): (&str, &str)| (!value.is_empty()).then(|| format!("{name} {value}"));
        let waits = |record: &&Record| matches!(record.value(&jou::AVIS_STATUT), "" | jou::ENVOYE);
        let mut agenda = Self {
            regles: records.of(&pre::RECURRENCES).filter_map(regle).filter(|regle| recent(regle.au)).collect(),
            seances: records
                .of(&pre::VISITES)
                .filter_map(seance)
                .filter(|it| recent(it.date.or(it.de.map(|(_, day)| day))))
                .collect(),
            pointages: Vec::new(),
            reponses: records.all(&jou::REPONSES).filter_map(Reponse::read).collect(),
            avis: records.of(&jou::AVIS).filter(waits).map(AvisOuvert::read).collect(),
            adresse: address.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", "),
            code: access.into_iter().filter_map(said).collect::<Vec<_>>().join(" · "),
            heures: value(&pre::HEURES).to_owned(),
            fin: calendar_date(value(&pre::FIN_MISSION)).map(|day| day.num_days_from_ce()),
            traites: attente::traites(records, since),
            signalees: attente::signalees(records),
            taches: attente::echeances(records),
        };
        agenda.take_clock_ins(records, since, today);
        agenda
    }

    /// The clock-ins of the last weeks; those of a device whose clock was wrong are known by their visit.
    fn take_clock_ins(&mut self, records: &Records, since: i32, today: NaiveDate) {
        let mut all: Vec<Pointage> = records.all(&jou::POINTAGES).filter_map(Pointage::read).collect();
        let recent = |it: &Pointage| it.heure.date().num_days_from_ce() >= since;
        if !all.iter().all(recent) {
            let first = NaiveDate::from_num_days_from_ce_opt(since).unwrap_or(today);
            let visits = self.between(DossierId([0; 16]), first, today + chrono::Days::new(1));
            let known = order::set(visits.into_iter().map(|it| it.visite.id));
            all.retain(|it| recent(it) || known.contains(&it.visite));
        }
        self.pointages = all;
    }

    /// The visits that begin between two days, both included, in their order: those that were cancelled too.
    #[must_use]
    pub fn between(&self, dossier: DossierId, from: NaiveDate, to: NaiveDate) -> Vec<Planifiee> {
        let mut found: Vec<Planifiee> = Vec::new();
        for regle in &self.regles {
            let Some(recurrence) = regle.recurrence() else { continue };
            let of_its_own = |day: NaiveDate| {
                let day = day.num_days_from_ce();
                self.seances.iter().any(|it| it.de == Some((regle.id, day)))
            };
            let days = recurrence.between(from, to).into_iter().filter(|it| !of_its_own(it.jour));
            found.extend(days.map(|it| regle.planifiee(dossier, it.jour, (it.debut, it.fin))));
        }
        let singles = self.seances.iter().filter_map(|it| self.single(dossier, it));
        found.extend(singles.filter(|it| (from..=to).contains(&it.jour)));
        order::by_key(&mut found, |it| it.visite);
        found
    }

    /// A visit of its own, with what it has from its recurrence.
    fn single(&self, dossier: DossierId, seance: &Seance) -> Option<Planifiee> {
        let regle = seance.de.and_then(|(id, _)| self.regles.iter().find(|regle| regle.id == id));
        let day = seance.date.or(seance.de.map(|(_, day)| day)).and_then(NaiveDate::from_num_days_from_ce_opt)?;
        let debut = seance.debut.or(regle.map(|it| it.debut))?;
        let fin = seance.fin.or(regle.map(|it| it.fin))?;
        let end = if fin > debut { day } else { day.succ_opt()? };
        let (debut, fin) = (instant(day, time_of(debut)?), instant(end, time_of(fin)?));
        let mut planned = match regle {
            Some(regle) => regle.planifiee(dossier, day, (debut, fin)),
            None => Planifiee::new(Visite { debut, fin, dossier, id: seance.id }, day),
        };
        planned.visite.id = seance.id;
        planned.modifiee = true;
        planned.conteste |= seance.conteste;
        planned.proposee.clone_from(&seance.proposee);
        planned.motif.clone_from(&seance.motif);
        planned.avis = seance.avis;
        if let Some(somebody) = seance.intervenant {
            planned.intervenant = somebody;
        }
        if let Some(activite) = &seance.activite {
            planned.activite.clone_from(activite);
        }
        planned.signature = seance.signature.unwrap_or(planned.signature);
        planned.etat = seance.etat.unwrap_or(planned.etat);
        if seance.echeance.is_some() {
            planned.echeance = seance.echeance.and_then(NaiveDate::from_num_days_from_ce_opt);
        }
        Some(planned)
    }

    /// The last answer of a person to a visit as it is proposed now.
    #[must_use]
    pub fn reponse(&self, planned: &Planifiee, user: UserId) -> Option<&Reponse> {
        let regle = planned.recurrence.and_then(|id| self.regles.iter().find(|regle| regle.id == id));
        let answers = |it: &&Reponse| {
            let to_visit = it.visite == planned.visite.id && it.propose == planned.propose();
            let to_all =
                !planned.modifiee && regle.is_some_and(|regle| it.visite == regle.id && it.propose == regle.propose());
            it.de == Some(user) && (to_visit || to_all)
        };
        self.reponses.iter().rfind(answers)
    }

    /// Clock-ins on a day to visits that the planning does not have any more: nothing that somebody did is lost.
    #[must_use]
    pub fn orphelins(&self, dossier: DossierId, day: NaiveDate) -> Vec<&Pointage> {
        let around = self.between(dossier, day.pred_opt().unwrap_or(day), day.succ_opt().unwrap_or(day));
        let known = |it: &&Pointage| around.iter().any(|planned| planned.visite.id == it.visite);
        self.pointages.iter().filter(|it| it.heure.date() == day && !known(it)).collect()
    }
}

impl Regle {
    /// As a recurrence, to know its days.
    #[must_use]
    pub fn recurrence(&self) -> Option<Recurrence> {
        Some(Recurrence {
            jours: order::set((1..=7).filter(|day| self.jours >> (day - 1) & 1 == 1)),
            debut: time_of(self.debut)?,
            fin: time_of(self.fin)?,
            toutes_les: self.toutes_les.into(),
            du: NaiveDate::from_num_days_from_ce_opt(self.du)?,
            au: self.au.and_then(NaiveDate::from_num_days_from_ce_opt),
            sauf: std::collections::BTreeSet::new(),
            sauf_feries: self.sauf_feries,
        })
    }

    /// What somebody is asked to accept, in signs that change when the office changes it.
    #[must_use]
    pub fn propose(&self) -> String {
        format!("{}/{} {}-{} {}-{:?}", self.jours, self.toutes_les, self.debut, self.fin, self.du, self.au)
    }

    fn planifiee(&self, dossier: DossierId, jour: NaiveDate, (debut, fin): (Timestamp, Timestamp)) -> Planifiee {
        let id = occurrence_id(self.id, jour);
        Planifiee {
            intervenant: self.intervenant,
            etat: self.etat,
            activite: self.activite.clone(),
            signature: self.signature,
            recurrence: Some(self.id),
            echeance: self.echeance.and_then(NaiveDate::from_num_days_from_ce_opt),
            conteste: self.conteste,
            ..Planifiee::new(Visite { debut, fin, dossier, id }, jour)
        }
    }
}

fn time_of(minutes: u16) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(u32::from(minutes / 60), u32::from(minutes % 60), 0)
}

fn minutes(text: &str) -> Option<u16> {
    let time = clock_time(text.trim())?;
    u16::try_from(time.hour() * 60 + time.minute()).ok()
}

fn day(text: &str) -> Option<i32> {
    calendar_date(text.trim()).map(|day| day.num_days_from_ce())
}

/// The values of fields that mean something together only, when coordinators wrote several apart: all from the change that
/// was written last, so that nobody is sent at one's hour and called back at the other's.
fn together<const N: usize>(record: &Record, fields: [&'static Field; N]) -> [String; N] {
    let registers: [Register; N] = fields.map(|field| record.register(field));
    let contested = registers.iter().filter(|register| register.is_contested()).flat_map(|it| &it.candidates);
    let last = contested.map(|it| (it.signature.at, it.signature.change)).max();
    registers.map(|register| {
        let of_last = last.and_then(|(_, change)| register.candidates.iter().find(|it| it.signature.change == change));
        of_last.map_or_else(|| register.value().to_owned(), |candidate| candidate.value.clone())
    })
}

fn contested(record: &Record) -> bool {
    record.contested() > 0
}

/// `None` for one that has no days or no hours yet.
fn regle(record: &Record) -> Option<Regle> {
    let [jours, debut, fin, toutes_les, du, au] = together(
        record,
        [
            &pre::RECURRENCE_JOURS,
            &pre::RECURRENCE_DEBUT,
            &pre::RECURRENCE_FIN,
            &pre::RECURRENCE_TOUTES_LES,
            &pre::RECURRENCE_DU,
            &pre::RECURRENCE_AU,
        ],
    );
    let jours = jours.chars().filter_map(|sign| sign.to_digit(10)).filter(|day| (1..=7).contains(day));
    Some(Regle {
        id: record.id,
        jours: jours.fold(0, |bits, day| bits | 1 << (day - 1)),
        debut: minutes(&debut)?,
        fin: minutes(&fin)?,
        toutes_les: toutes_les.trim().parse().unwrap_or(1).max(1),
        du: day(&du)?,
        au: day(&au),
        sauf_feries: record.value(&pre::RECURRENCE_FERIES) == pre::SUSPENDUS,
        intervenant: record.value(&pre::RECURRENCE_INTERVENANT).parse().ok(),
        activite: record.value(&pre::RECURRENCE_ACTIVITE).to_owned(),
        signature: record.value(&pre::RECURRENCE_SIGNATURE) == pre::DEMANDEE,
        etat: Etat::from_name(record.value(&pre::RECURRENCE_ETAT)),
        echeance: day(record.value(&pre::RECURRENCE_ECHEANCE)),
        conteste: contested(record),
    })
}

fn seance(record: &Record) -> Option<Seance> {
    let [date, debut, fin] = together(record, [&pre::VISITE_DATE, &pre::VISITE_DEBUT, &pre::VISITE_FIN]);
    let given = |field| Some(record.value(field)).filter(|value| !value.is_empty());
    let de = given(&pre::VISITE_RECURRENCE).and_then(|it| it.parse().ok()).zip(given(&pre::VISITE_JOUR).and_then(day));
    let date = day(&date);
    if date.is_none() && de.is_none() {
        return None;
    }
    Some(Seance {
        id: record.id,
        de,
        date,
        debut: minutes(&debut),
        fin: minutes(&fin),
        intervenant: given(&pre::VISITE_INTERVENANT).map(|value| value.parse().ok()),
        activite: given(&pre::VISITE_ACTIVITE).map(str::to_owned),
        signature: given(&pre::VISITE_SIGNATURE).map(|value| value == pre::DEMANDEE),
        etat: given(&pre::VISITE_ETAT).map(Etat::from_name),
        echeance: day(record.value(&pre::VISITE_ECHEANCE)),
        proposee: record.value(&pre::VISITE_PROPOSEE).split(',').filter_map(|it| it.trim().parse().ok()).collect(),
        motif: record.value(&pre::VISITE_MOTIF).to_owned(),
        avis: given(&pre::VISITE_AVIS).and_then(|it| it.parse().ok()),
        conteste: contested(record),
    })
}

impl AvisOuvert {
    pub(super) fn read(record: &Record) -> Self {
        Self {
            id: record.id,
            nature: record.value(&jou::AVIS_NATURE).to_owned(),
            urgent: record.value(&jou::AVIS_URGENT) == "Oui",
            at: record.signature.at,
            de: record.signature.author,
        }
    }
}

#[cfg(test)]
#[path = "agenda_tests.rs"]
mod tests;
