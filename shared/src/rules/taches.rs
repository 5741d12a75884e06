//! Tasks that follow from a new client (seed 004): made from models that the agency may change, once each, the same on
//! every device.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use sha2::{Digest, Sha256};

use crate::documents::schema::administratif as adm;
use crate::documents::schema::agence::{
    MODELE_CATEGORIE, MODELE_DE, MODELE_DESCRIPTION, MODELE_SERVICE, MODELE_TITRE, TACHES_MODELES,
};
use crate::documents::schema::prestation::{HEURES, MANDATAIRE, MODE, PREMIERE_VISITE};
use crate::documents::schema::relation as rel;
use crate::documents::schema::relation::{GESTION, SERVICE_CLIENT};
use crate::documents::{Record, Records, SetField};
use crate::dossier::Dossier;
use crate::ids::{DossierId, EntryId, UserId};
use crate::time::Timestamp;
use crate::validate::calendar_date;

/// When a task is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quand {
    /// So many days after the client is taken on.
    Apres(u64),
    /// Each Friday after the first visit.
    ChaqueVendredi,
    /// So many days before the trial period of a contract of employment ends.
    AvantFinEssai(u64),
    /// Before 31 March of the next year.
    AttestationFiscale,
}

/// A model of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modele {
    /// Stable: the agency's own wording is kept under it.
    pub id: &'static str,
    /// What is to be done.
    pub titre: &'static str,
    /// One of the categories.
    pub categorie: &'static str,
    /// Which service does it.
    pub service: &'static str,
    /// When.
    pub quand: Quand,
    /// For clients in mandataire mode only.
    pub mandataire: bool,
}

const fn modele(
    id: &'static str,
    titre: &'static str,
    categorie: &'static str,
    service: &'static str,
    quand: Quand,
) -> Modele {
    Modele { id, titre, categorie, service, quand, mandataire: false }
}

const fn of_mandataire(modele: Modele) -> Modele {
    Modele { mandataire: true, ..modele }
}

/// The models that come with Liaison, in the order of seed 004.
#[rustfmt::skip]
pub static MODELES: &[Modele] = &[
    modele("nouveau-client", "Nouveau client", "Suivi client", GESTION, Quand::Apres(0)),
    of_mandataire(modele("urssaf", "URSSAF", "URSSAF", GESTION, Quand::ChaqueVendredi)),
    modele("aici", "Demande d’avance immédiate (AICI)", "Aides", GESTION, Quand::Apres(7)),
    of_mandataire(modele("essai", "Suivi de la période d’essai", "Contrat", SERVICE_CLIENT, Quand::AvantFinEssai(7))),
    of_mandataire(modele("contrat-travail", "Contrat de travail à réaliser", "Contrat", SERVICE_CLIENT, Quand::Apres(1))),
    of_mandataire(modele("contrat-mandat", "Contrat de mandat à réaliser", "Contrat", SERVICE_CLIENT, Quand::Apres(1))),
    modele("signature", "Signature des documents", "Contrat", SERVICE_CLIENT, Quand::Apres(3)),
    modele("aide-financiere", "Mise en place d’une aide financière", "Aides", GESTION, Quand::Apres(7)),
    modele("facturation", "Facturation et paie", "Facturation et paie", GESTION, Quand::Apres(30)),
    modele("reglement", "Règlement du client", "Facturation et paie", GESTION, Quand::Apres(45)),
    modele("suivi", "Suivi du client", "Suivi client", SERVICE_CLIENT, Quand::Apres(30)),
    modele("attestation", "Crédit d’impôt : attestation fiscale", "Fiscal", GESTION, Quand::AttestationFiscale),
    modele("cloture", "Clôturer la proposition de mission", "Mission", GESTION, Quand::Apres(1)),
];

/// A task to be added: its identity, and what is written in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTache {
    /// The same on every device that makes it.
    pub id: EntryId,
    /// Its fields.
    pub values: Vec<SetField>,
}

/// The tasks that a dossier should have by now and does not: once the mission is filled, then each Friday's when the one
/// before is done. `models` are the agency's records, `names` turns people into names.
#[must_use]
pub fn missing(
    id: DossierId,
    dossier: &Dossier,
    models: &Records,
    names: &dyn Fn(UserId) -> String,
    today: NaiveDate,
) -> Vec<NewTache> {
    let description = description(dossier, names);
    let mut missing = Vec::new();
    for modele in MODELES {
        if modele.mandataire && dossier.fields.value(&MODE) != MANDATAIRE {
            continue;
        }
        for due in dates(modele, id, dossier, today) {
            let task = entry_id(id, modele.id, due.key);
            if dossier.records.get(task).is_none() {
                missing.push(NewTache { id: task, values: values(modele, models, due.day, &description) });
            }
        }
    }
    missing
}

/// One time that a task is due. The key is what makes it one and not another.
struct Due {
    key: NaiveDate,
    day: NaiveDate,
}

const ONCE: NaiveDate = NaiveDate::MIN;

fn dates(modele: &Modele, id: DossierId, dossier: &Dossier, today: NaiveDate) -> Vec<Due> {
    let day = |field| calendar_date(dossier.fields.value(field));
    match modele.quand {
        Quand::Apres(days) => vec![Due { key: ONCE, day: today + Days::new(days) }],
        Quand::ChaqueVendredi => {
            day(&PREMIERE_VISITE).map(|first| fridays(modele, id, dossier, first)).unwrap_or_default()
        }
        Quand::AvantFinEssai(days) => {
            let contracts =
                dossier.records.of(&adm::PIECES).filter(|it| it.value(&adm::PIECE_TYPE) == adm::CONTRAT_TRAVAIL);
            let ends = contracts.filter_map(|contract| calendar_date(contract.value(&adm::PIECE_ESSAI_FIN)));
            ends.map(|end| Due { key: end, day: end - Days::new(days) }).collect()
        }
        Quand::AttestationFiscale => {
            let year = day(&PREMIERE_VISITE).unwrap_or(today).year() + 1;
            NaiveDate::from_ymd_opt(year, 3, 1).map(|day| Due { key: day, day }).into_iter().collect()
        }
    }
}

/// Every Friday that has a task already, and the one after the last that is done.
fn fridays(modele: &Modele, id: DossierId, dossier: &Dossier, first: NaiveDate) -> Vec<Due> {
    let ahead = (Weekday::Fri.num_days_from_monday() + 7 - first.weekday().num_days_from_monday()) % 7;
    let mut friday = first + Days::new(u64::from(if ahead == 0 { 7 } else { ahead }));
    // A year of Fridays is more than anybody leaves undone; a wrong date must not make the page wait.
    for _ in 0..520 {
        let done = dossier.records.get(entry_id(id, modele.id, friday)).is_some_and(is_over);
        if !done {
            break;
        }
        friday = friday + Days::new(7);
    }
    vec![Due { key: friday, day: friday }]
}

/// Whether nothing is left to do about a task.
#[must_use]
pub fn is_over(tache: &Record) -> bool {
    tache.retire || !matches!(tache.value(&rel::TACHE_STATUT), "" | "À faire")
}

/// SHA-256 over dossier, model and day: two devices that make the same task make one.
fn entry_id(dossier: DossierId, modele: &str, key: NaiveDate) -> EntryId {
    let hash = Sha256::digest([dossier.as_bytes(), modele.as_bytes(), key.to_string().as_bytes()].concat());
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    EntryId(id)
}

fn values(modele: &Modele, models: &Records, day: NaiveDate, description: &str) -> Vec<SetField> {
    let own = models.of(&TACHES_MODELES).rfind(|record| record.value(&MODELE_DE) == modele.id);
    let worded = |field, origin: &str| {
        let own = own.map(|record| record.value(field)).filter(|text| !text.is_empty());
        own.unwrap_or(origin).to_owned()
    };
    let priority = if modele.id == "nouveau-client" { "Ne peut pas être reportée" } else { "Peut être reportée" };
    let told = if modele.id == "nouveau-client" { description } else { "" };
    [
        (&rel::TACHE_TITRE, worded(&MODELE_TITRE, modele.titre)),
        (&rel::TACHE_CATEGORIE, worded(&MODELE_CATEGORIE, modele.categorie)),
        (&rel::TACHE_SERVICE, worded(&MODELE_SERVICE, modele.service)),
        (&rel::TACHE_ECHEANCE, day.to_string()),
        (&rel::TACHE_PRIORITE, priority.to_owned()),
        (&rel::TACHE_STATUT, "À faire".to_owned()),
        (&rel::TACHE_DESCRIPTION, worded(&MODELE_DESCRIPTION, told)),
        (&rel::TACHE_MODELE, modele.id.to_owned()),
    ]
    .into_iter()
    .map(|(field, value)| SetField { field, value })
    .collect()
}

/// Start, hours, intervenants, aids and cost: what seed 004 wants in the task of a new client.
fn description(dossier: &Dossier, names: &dyn Fn(UserId) -> String) -> String {
    let value = |field| Some(dossier.fields.value(field)).filter(|text| !text.is_empty());
    let team: Vec<String> =
        dossier.prestation.equipe.iter().filter(|it| !it.retire).filter_map(|it| it.personne).map(names).collect();
    let now = Timestamp::midnight(calendar_date(dossier.fields.value(&PREMIERE_VISITE)).unwrap_or_default());
    [
        value(&PREMIERE_VISITE)
            .and_then(calendar_date)
            .map(|day| format!("Démarrage : {}", crate::time::french_day(day, now))),
        value(&HEURES).map(|hours| format!("Heures par mois : {hours}")),
        (!team.is_empty()).then(|| format!("Intervenants : {}", team.join(", "))),
        value(&adm::EXONERATION).map(|aid| format!("Exonération : {aid}")),
        value(&adm::AICI).map(|aici| format!("Avance immédiate : {aici}")),
        value(&adm::COUT_MENSUEL).map(|cost| format!("Coût mensuel : {cost}")),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join("\n")
}

#[cfg(test)]
#[path = "taches_tests.rs"]
mod tests;
