//! Drafts are published to those who come, who accept or refuse until a day; then the office confirms.

use chrono::{Datelike as _, NaiveDate};

use super::{Agenda, Etat, Planifiee, Regle, Voulue};
use crate::documents::RecordEdit;
use crate::documents::schema::prestation as pre;
use crate::ids::{DossierId, EntryId, UserId};

/// What somebody is asked: all days of a recurrence, or one visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demande {
    /// Which recurrence, when it is not one visit.
    pub regle: Option<EntryId>,
    /// Whom.
    pub a: UserId,
    /// The visits, in their order; at least one.
    pub visites: Vec<Planifiee>,
    /// How many of them were accepted.
    pub acceptees: usize,
    /// How many were refused.
    pub refusees: usize,
    /// Why, as it was said last.
    pub motif: String,
    /// The day by which to answer.
    pub echeance: Option<NaiveDate>,
}

impl Demande {
    /// Whether some of it has no answer.
    #[must_use]
    pub fn attend(&self) -> bool {
        self.acceptees + self.refusees < self.visites.len()
    }

    /// Whether it has waited for too long.
    #[must_use]
    pub fn en_retard(&self, today: NaiveDate) -> bool {
        self.attend() && self.echeance.is_some_and(|day| day < today)
    }
}

impl Agenda {
    /// Whether a draft has somebody to be published to.
    fn has_somebody(planned: &Planifiee) -> bool {
        planned.intervenant.is_some() || !planned.proposee.is_empty()
    }

    /// The drafts between two days that can be published, for one person or everybody.
    #[must_use]
    pub fn brouillons(
        &self,
        dossier: DossierId,
        a: Option<UserId>,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Vec<Planifiee> {
        let theirs = |it: &Planifiee| {
            a.is_none_or(|user| it.intervenant == Some(user) || it.proposee.contains(&user)) && Self::has_somebody(it)
        };
        let mut found = self.between(dossier, from, to);
        found.retain(|it| it.etat == Etat::Brouillon && theirs(it));
        found
    }

    /// Publishes drafts with the day by which to answer: a recurrence that has one of them as a whole, other visits one by
    /// one.
    #[must_use]
    pub fn publier(&self, drafts: &[Planifiee], echeance: NaiveDate) -> Vec<RecordEdit> {
        let whole = |it: &&Regle| {
            let of_it = |draft: &&Planifiee| draft.recurrence == Some(it.id) && draft.intervenant == it.intervenant;
            it.etat == Etat::Brouillon && it.intervenant.is_some() && drafts.iter().any(|draft| of_it(&draft))
        };
        let regles: Vec<&Regle> = self.regles.iter().filter(whole).collect();
        let follows = |draft: &Planifiee| {
            let own = self.seances.iter().find(|it| it.id == draft.visite.id);
            let of_whole = draft.recurrence.is_some_and(|id| regles.iter().any(|regle| regle.id == id));
            of_whole && own.is_none_or(|own| own.etat.is_none() && own.intervenant.is_none())
        };
        let one = |draft: &Planifiee| {
            let voulue = Voulue { etat: Etat::AValider, echeance: Some(echeance), ..Voulue::of(draft) };
            self.ecrire(draft, &voulue)
        };
        let all = |regle: &&Regle| {
            let day = echeance.to_string();
            let values = [(&pre::RECURRENCE_ETAT, pre::A_VALIDER), (&pre::RECURRENCE_ECHEANCE, day.as_str())];
            RecordEdit::new(&pre::RECURRENCES, regle.id, &values)
        };
        regles.iter().map(all).chain(drafts.iter().filter(|draft| !follows(draft)).map(one)).collect()
    }

    /// What people are asked between two days, with what they answered.
    #[must_use]
    pub fn demandes(&self, dossier: DossierId, from: NaiveDate, to: NaiveDate) -> Vec<Demande> {
        let mut found: Vec<Demande> = Vec::new();
        for planned in self.between(dossier, from, to).into_iter().filter(|it| it.etat == Etat::AValider) {
            let asked = planned.intervenant.into_iter().chain(planned.proposee.iter().copied());
            let asked: std::collections::BTreeSet<UserId> = asked.collect();
            for a in asked {
                let regle = planned.recurrence.filter(|_| !planned.modifiee);
                let same = |it: &&mut Demande| regle.is_some() && it.regle == regle && it.a == a;
                let at = found.iter_mut().find(same);
                let reponse = self.reponse(&planned, a);
                let demande = match at {
                    Some(demande) => demande,
                    None => {
                        let echeance = planned.echeance;
                        found.push(Demande {
                            regle,
                            a,
                            visites: Vec::new(),
                            acceptees: 0,
                            refusees: 0,
                            motif: String::new(),
                            echeance,
                        });
                        let last = found.len() - 1;
                        &mut found[last]
                    }
                };
                demande.visites.push(planned.clone());
                match reponse {
                    Some(reponse) if reponse.acceptee => demande.acceptees += 1,
                    Some(reponse) => {
                        demande.refusees += 1;
                        demande.motif.clone_from(&reponse.motif);
                    }
                    None => {}
                }
            }
        }
        found
    }

    /// Confirms what was accepted: a recurrence when all of it was, else visit by visit; what was offered is theirs then.
    #[must_use]
    pub fn confirmer(&self, demande: &Demande) -> Vec<RecordEdit> {
        let regle = demande.regle.and_then(|id| self.regles.iter().find(|regle| regle.id == id));
        let to_all = |regle: &&Regle| {
            let propose = regle.propose();
            self.reponses
                .iter()
                .rfind(|it| it.visite == regle.id && it.propose == propose && it.de == Some(demande.a))
                .is_some_and(|it| it.acceptee)
        };
        if let Some(regle) = regle.filter(to_all)
            && demande.acceptees == demande.visites.len()
        {
            let values = [(&pre::RECURRENCE_ETAT, pre::CONFIRMEE), (&pre::RECURRENCE_ECHEANCE, "")];
            return vec![RecordEdit::new(&pre::RECURRENCES, regle.id, &values)];
        }
        let taken = |it: &&Planifiee| self.reponse(it, demande.a).is_some_and(|reponse| reponse.acceptee);
        let confirmed = |it: &Planifiee| {
            let voulue = Voulue {
                etat: Etat::Confirmee,
                intervenant: Some(demande.a),
                proposee: Vec::new(),
                echeance: None,
                ..Voulue::of(it)
            };
            self.ecrire(it, &voulue)
        };
        demande.visites.iter().filter(taken).map(confirmed).collect()
    }
}

impl Regle {
    /// Its days in words: `lun., jeu.`; every other week is said.
    #[must_use]
    pub fn jours_en_mots(&self) -> String {
        const NAMES: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
        let days: Vec<&str> = (0..7).filter(|day| self.jours >> day & 1 == 1).map(|day| NAMES[day]).collect();
        let days = if days.len() == 7 { "tous les jours".to_owned() } else { days.join(", ") };
        match self.toutes_les {
            0 | 1 => days,
            2 => format!("{days}, une semaine sur deux"),
            weeks => format!("{days}, toutes les {weeks} semaines"),
        }
    }

    /// Whether it is over on a day.
    #[must_use]
    pub fn is_over(&self, day: NaiveDate) -> bool {
        self.au.is_some_and(|au| au < day.num_days_from_ce())
    }
}
