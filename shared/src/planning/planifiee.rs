//! A visit as the planning has it: who, when, where it stands, and what somebody answered to it.

use chrono::NaiveDate;
use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

use super::Visite;
use crate::documents::Record;
use crate::documents::schema::journal::{ACCEPTEE, REPONSE_CHOIX, REPONSE_MOTIF, REPONSE_PROPOSE, REPONSE_VISITE};
use crate::documents::schema::prestation::{A_VALIDER, ANNULEE, BROUILLON, CONFIRMEE};
use crate::ids::{EntryId, UserId};
use crate::time::Timestamp;

/// Where a visit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Etat {
    /// It is to take place.
    #[default]
    #[n(0)]
    Confirmee,
    /// Published, waiting for an answer.
    #[n(1)]
    AValider,
    /// The office's own.
    #[n(2)]
    Brouillon,
    /// It does not take place.
    #[n(3)]
    Annulee,
}

impl Etat {
    /// What a document says; anything unknown is confirmed: better somebody too many at the door than nobody.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            A_VALIDER => Self::AValider,
            BROUILLON => Self::Brouillon,
            ANNULEE => Self::Annulee,
            _ => Self::Confirmee,
        }
    }

    /// What documents and people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmee => CONFIRMEE,
            Self::AValider => A_VALIDER,
            Self::Brouillon => BROUILLON,
            Self::Annulee => ANNULEE,
        }
    }
}

/// A visit of the planning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planifiee {
    /// When, at whose home, which.
    pub visite: Visite,
    /// The day it begins.
    pub jour: NaiveDate,
    /// Who comes; `None` while nobody does.
    pub intervenant: Option<UserId>,
    /// Where it stands.
    pub etat: Etat,
    /// For what.
    pub activite: String,
    /// The client signs.
    pub signature: bool,
    /// What it comes from, when it comes again.
    pub recurrence: Option<EntryId>,
    /// The day by which to answer.
    pub echeance: Option<NaiveDate>,
    /// To whom it is offered.
    pub proposee: Vec<UserId>,
    /// Why it is not as it was.
    pub motif: String,
    /// The notice that changed it.
    pub avis: Option<EntryId>,
    /// Coordinators have written different things apart: the last one is shown, somebody has to choose.
    pub conteste: bool,
    /// It has something of its own, beside its recurrence.
    pub modifiee: bool,
}

impl Planifiee {
    /// A confirmed visit of nobody.
    #[must_use]
    pub fn new(visite: Visite, jour: NaiveDate) -> Self {
        Self {
            visite,
            jour,
            intervenant: None,
            etat: Etat::Confirmee,
            activite: String::new(),
            signature: false,
            recurrence: None,
            echeance: None,
            proposee: Vec::new(),
            motif: String::new(),
            avis: None,
            conteste: false,
            modifiee: false,
        }
    }

    /// Whether it is on somebody's phone as theirs: a draft of the office is not.
    #[must_use]
    pub fn is_for(&self, user: UserId) -> bool {
        self.intervenant == Some(user) && self.etat != Etat::Brouillon
    }

    /// What somebody is asked to accept, in signs that change when the office changes it.
    #[must_use]
    pub fn propose(&self) -> String {
        format!("{}-{}", self.visite.debut.0 / 60_000, self.visite.fin.0 / 60_000)
    }
}

/// The visits that take place, for the checks.
#[must_use]
pub fn kept<'a>(planned: impl IntoIterator<Item = &'a Planifiee>) -> Vec<Visite> {
    planned.into_iter().filter(|it| it.etat != Etat::Annulee).map(|it| it.visite).collect()
}

/// The identity of one day of a recurrence: the same on every device, so that two coordinators who change that day apart
/// change one visit, and a clock-in finds it again.
#[must_use]
pub fn occurrence_id(recurrence: EntryId, jour: NaiveDate) -> EntryId {
    derived(&[recurrence.as_bytes(), jour.to_string().as_bytes()])
}

/// The identity of what was done of one task at one visit: two phones at the same visit tick the same task.
#[must_use]
pub fn realisation_id(visite: EntryId, tache: &str) -> EntryId {
    derived(&[visite.as_bytes(), tache.trim().as_bytes()])
}

fn derived(parts: &[&[u8]]) -> EntryId {
    let mut id = [0; 16];
    id.copy_from_slice(&Sha256::digest(parts.concat())[..16]);
    EntryId(id)
}

/// What somebody answered to a visit, or to all of a recurrence.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct Reponse {
    /// The visit, or the recurrence.
    #[n(0)]
    pub visite: EntryId,
    /// As it was then ([`Planifiee::propose`]).
    #[n(1)]
    pub propose: String,
    /// Taken, or not.
    #[n(2)]
    pub acceptee: bool,
    /// Why not.
    #[n(3)]
    pub motif: String,
    /// Who.
    #[n(4)]
    pub de: Option<UserId>,
    /// When.
    #[n(5)]
    pub at: Timestamp,
}

impl Reponse {
    /// Reads a record; `None` when it names no visit.
    #[must_use]
    pub fn read(record: &Record) -> Option<Self> {
        Some(Self {
            visite: record.value(&REPONSE_VISITE).parse().ok()?,
            propose: record.value(&REPONSE_PROPOSE).to_owned(),
            acceptee: record.value(&REPONSE_CHOIX) == ACCEPTEE,
            motif: record.value(&REPONSE_MOTIF).to_owned(),
            de: record.signature.author,
            at: record.signature.at,
        })
    }
}
