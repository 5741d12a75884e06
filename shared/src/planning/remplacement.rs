//! Who can come instead: who is free, knows the client, works in the sector, has hours left, and stays within the law.

use std::collections::BTreeSet;

use super::{Alerte, Convention, HEURE, Trajet, Visite, checks};
use crate::access::normal_sector;
use crate::ids::{DossierId, UserId};
use crate::time::Millis;

/// Somebody who may come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Intervenant {
    /// Who.
    pub user: Option<UserId>,
    /// What they keep already, around the visit.
    pub visites: Vec<Visite>,
    /// Their sector, as written.
    pub secteur: String,
    /// Whether they are away on the day of the visit, and why.
    pub absent: Option<String>,
    /// Hours a week of their contract.
    pub heures: Option<i64>,
    /// The clients they have been to.
    pub connus: BTreeSet<DossierId>,
}

/// How well somebody fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidat {
    /// Who.
    pub user: UserId,
    /// They have been to this client.
    pub connu: bool,
    /// They work in the client's sector.
    pub secteur: bool,
    /// What is left of their week, the visit counted; negative when it is too much.
    pub reste: Option<Millis>,
    /// They are away that day.
    pub absent: Option<String>,
    /// What the law would say if they came, and does not say already.
    pub alertes: Vec<Alerte>,
}

impl Candidat {
    /// Whether nothing speaks against them.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.absent.is_none() && self.alertes.is_empty()
    }
}

/// Everybody but the one who cannot come, the best first: free before not, known before unknown, of the sector, with most
/// hours left.
#[must_use]
pub fn candidats(
    visite: &Visite,
    (sans, secteur): (Option<UserId>, &str),
    people: &[Intervenant],
    trajet: Trajet,
    convention: &Convention,
) -> Vec<Candidat> {
    let mut found: Vec<Candidat> = people
        .iter()
        .filter(|it| it.user.is_some() && it.user != sans)
        .filter_map(|it| candidat(visite, secteur, it, trajet, convention))
        .collect();
    found.sort_by_key(|it| {
        let left = it.reste.map_or(0, |left| -left.0);
        (!it.is_free(), it.absent.is_some(), !it.connu, !it.secteur, left, it.user)
    });
    found
}

fn candidat(
    visite: &Visite,
    secteur: &str,
    person: &Intervenant,
    trajet: Trajet,
    convention: &Convention,
) -> Option<Candidat> {
    let before = checks(&person.visites, trajet, convention);
    let others = person.visites.iter().filter(|other| other.id != visite.id).copied();
    let with: Vec<Visite> = others.chain([*visite]).collect();
    let known = |alerte: &Alerte| before.iter().any(|it| it.rule == alerte.rule && it.debut == alerte.debut);
    let alertes = checks(&with, trajet, convention).into_iter().filter(|alerte| !known(alerte)).collect();
    let week = super::recurrence::monday(visite.debut.date());
    let worked: i64 =
        with.iter().filter(|it| super::recurrence::monday(it.debut.date()) == week).map(|it| it.duree().0).sum();
    Some(Candidat {
        user: person.user?,
        connu: person.connus.contains(&visite.dossier),
        secteur: !secteur.is_empty() && normal_sector(secteur) == normal_sector(&person.secteur),
        reste: person.heures.map(|hours| Millis(hours * HEURE - worked)),
        absent: person.absent.clone(),
        alertes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::EntryId;
    use crate::time::instant;

    fn visite(id: u8, from: u32, to: u32) -> Visite {
        let day = "2026-12-01".parse().unwrap();
        let at = |hour| instant(day, chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap());
        Visite { debut: at(from), fin: at(to), dossier: DossierId([1; 16]), id: EntryId([id; 16]) }
    }

    fn somebody(id: u8) -> Intervenant {
        Intervenant { user: Some(UserId([id; 16])), heures: Some(30), ..Intervenant::default() }
    }

    #[test]
    fn who_is_free_and_knows_the_client_comes_first() {
        let wanted = visite(1, 9, 11);
        let busy =
            Intervenant { visites: vec![visite(2, 10, 12)], connus: BTreeSet::from([wanted.dossier]), ..somebody(2) };
        let away = Intervenant { absent: Some("Congé".to_owned()), ..somebody(3) };
        let near = Intervenant { secteur: " voiron ".to_owned(), ..somebody(4) };
        let known = Intervenant { connus: BTreeSet::from([wanted.dossier]), ..somebody(5) };
        let people = [somebody(1), busy, away, near, known];
        let no_way = |_: DossierId, _: DossierId| Millis(0);
        let found = candidats(&wanted, (Some(UserId([1; 16])), "Voiron"), &people, &no_way, &Convention::default());
        assert_eq!(found.iter().map(|it| it.user.0[0]).collect::<Vec<_>>(), [5, 4, 2, 3]);
        assert_eq!(found[2].alertes[0].rule, "PLAN-CHEVAUCHEMENT");
        assert_eq!(found[0].reste, Some(Millis(28 * HEURE)));
    }
}
