//! The week as plain data, computed once when it changes: rows, days, cards, hours, alerts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use leptos::prelude::*;
use liaison_shared::planning::{
    Alerte, Effectif, Etat, Planifiee, Semaine, checks, de_la_semaine, decouvertes, en_meme_temps, is_ferie, kept,
};
use liaison_shared::time::Millis;
use liaison_shared::{DossierId, UserId};

use super::desk::Desk;
use super::vue::{Onglet, Vue};
use crate::platform::clock;

/// Rows shown before anybody asks for more.
pub const ROWS: usize = 40;
/// Weeks looked at before and after the one that is shown.
const AROUND: (i64, i64) = (-5, 6);

/// Whose row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Qui {
    /// Nobody's: visits that are uncovered.
    Personne,
    /// An intervenant's.
    Intervenant(UserId),
    /// A client's.
    Client(DossierId),
}

impl Qui {
    /// As the page keeps it in an attribute.
    pub fn key(self) -> String {
        match self {
            Self::Personne => "-".to_owned(),
            Self::Intervenant(user) => user.to_string(),
            Self::Client(dossier) => dossier.to_string(),
        }
    }
}

/// One visit.
pub struct Carte {
    /// The visit.
    pub planned: Planifiee,
    /// The client, or who comes.
    pub titre: String,
    /// The rules that say something of it.
    pub rules: Vec<&'static str>,
}

/// One day of a row.
#[derive(Default)]
pub struct Jour {
    /// Why they are away.
    pub absence: Option<String>,
    /// Their visits.
    pub cartes: Vec<Carte>,
}

/// One row.
pub struct Ligne {
    /// Whose.
    pub qui: Qui,
    /// Their name.
    pub nom: String,
    /// What is planned that week.
    pub prevu: Millis,
    /// What their contract says of a week.
    pub contrat: Option<Millis>,
    /// What there is to look at.
    pub alertes: Vec<Alerte>,
    /// Monday to Sunday.
    pub jours: [Jour; 7],
}

/// The week.
#[derive(Default)]
pub struct Tableau {
    /// Its days, and whether each is a public holiday; empty before it was computed.
    pub jours: Vec<(NaiveDate, bool)>,
    /// The rows that are shown.
    pub lignes: Vec<Ligne>,
    /// How many more there are.
    pub autres: usize,
    /// Visits without anybody in the next seven days.
    pub decouvertes: usize,
}

/// Computes the week that an address names.
pub fn tableau(desk: Desk, vue: &Vue, rows: usize) -> Tableau {
    let semaine = vue.semaine;
    let around = desk.planned(semaine.plus(AROUND.0).lundi(), semaine.plus(AROUND.1).dimanche());
    let clients = vue.onglet == Onglet::Clients;
    let mut of: BTreeMap<Qui, Vec<&Planifiee>> = BTreeMap::new();
    for it in &around {
        let qui = match it.intervenant {
            _ if clients => Qui::Client(it.visite.dossier),
            None => Qui::Personne,
            Some(user) => Qui::Intervenant(user),
        };
        of.entry(qui).or_default().push(it);
    }
    let effectifs = desk.effectifs.get_untracked();
    let whose = shown(desk, vue, &of, &effectifs);
    let now = clock::now();
    let soon = desk.planned(now.date(), now.date() + chrono::Days::new(7));
    let doubles = doubles(&around, semaine);
    let way = desk.ways();
    let convention = untrack(|| desk.workspace.convention());
    let nobody = Effectif::default();
    let lignes: Vec<Ligne> = whose
        .iter()
        .take(rows)
        .map(|(qui, nom)| {
            let all: &[&Planifiee] = of.get(qui).map_or(&[], Vec::as_slice);
            let mine: Vec<&Planifiee> = all.iter().copied().filter(|it| semaine.contains(it.jour)).collect();
            let mut alertes = Vec::new();
            let effectif = match qui {
                Qui::Intervenant(user) => {
                    alertes = checks(&kept(all.iter().copied()), &way, &convention);
                    effectifs.get(user).unwrap_or(&nobody)
                }
                _ => &nobody,
            };
            alertes = de_la_semaine(alertes, semaine, convention.semaines);
            let there = mine.iter().copied().filter(|it| it.etat != Etat::Annulee);
            alertes.extend(effectif.pendant_absences(there.clone()));
            alertes.extend(
                doubles.iter().filter(|it| mine.iter().any(|own| it.visites.contains(&own.visite.id))).cloned(),
            );
            let prevu = Millis(there.map(|it| it.visite.duree().0).sum());
            let contrat = match qui {
                Qui::Client(dossier) => desk.summary(*dossier, |it| month(&it.agenda.heures)).flatten(),
                _ => effectif.semaine,
            };
            let jours = semaine.jours().map(|day| jour(desk, clients, day, &mine, effectif, &alertes));
            Ligne { qui: *qui, nom: nom.clone(), prevu, contrat, alertes, jours }
        })
        .collect();
    Tableau {
        jours: semaine.jours().map(|day| (day, is_ferie(day))).into(),
        autres: whose.len().saturating_sub(lignes.len()),
        decouvertes: decouvertes(&soon, now, 7).len(),
        lignes,
    }
}

/// Whose rows there are, by name; visits of nobody first.
fn shown(
    desk: Desk,
    vue: &Vue,
    of: &BTreeMap<Qui, Vec<&Planifiee>>,
    effectifs: &BTreeMap<UserId, Effectif>,
) -> Vec<(Qui, String)> {
    let secteur = |dossier| desk.summary(dossier, |it| it.secteur.clone()).unwrap_or_default();
    let in_sector =
        |all: &[&Planifiee]| vue.secteur.is_empty() || all.iter().any(|it| vue.takes(&secteur(it.visite.dossier)));
    let mut whose: BTreeSet<Qui> = BTreeSet::new();
    for (qui, all) in of {
        let week: Vec<&Planifiee> = all.iter().copied().filter(|it| vue.semaine.contains(it.jour)).collect();
        if !week.is_empty() && in_sector(&week) {
            whose.insert(*qui);
        }
    }
    if vue.onglet == Onglet::Clients {
        if vue.tous {
            desk.workspace.summaries.with_untracked(|all| {
                whose.extend(all.values().filter(|it| vue.takes(&it.secteur)).map(|it| Qui::Client(it.dossier)));
            });
        }
    } else {
        whose.insert(Qui::Personne);
        let own = |user: &UserId| effectifs.get(user);
        for person in untrack(|| desk.workspace.intervenants()) {
            let away =
                own(&person.user).is_some_and(|it| vue.semaine.jours().into_iter().any(|day| it.absent(day).is_some()));
            let theirs = vue.secteur.is_empty() || own(&person.user).is_some_and(|it| vue.takes(&it.secteur));
            if (away || vue.tous) && theirs {
                whose.insert(Qui::Intervenant(person.user));
            }
        }
    }
    let name = |qui: Qui| match qui {
        Qui::Personne => String::new(),
        Qui::Intervenant(user) => desk.name(Some(user)),
        Qui::Client(dossier) => desk.client(dossier),
    };
    let mut named: Vec<(Qui, String)> = whose.into_iter().map(|qui| (qui, name(qui))).collect();
    named.sort_by_cached_key(|(_, name)| name.to_lowercase());
    if let Some((Qui::Personne, name)) = named.first_mut() {
        "Sans intervenant".clone_into(name);
    }
    named
}

/// Visits at one home at the same time.
fn doubles(around: &[Planifiee], semaine: Semaine) -> Vec<Alerte> {
    let mut of: BTreeMap<DossierId, Vec<&Planifiee>> = BTreeMap::new();
    for it in around.iter().filter(|it| semaine.contains(it.jour)) {
        of.entry(it.visite.dossier).or_default().push(it);
    }
    of.into_values().flat_map(en_meme_temps).collect()
}

fn jour(
    desk: Desk,
    clients: bool,
    day: NaiveDate,
    mine: &[&Planifiee],
    effectif: &Effectif,
    alertes: &[Alerte],
) -> Jour {
    let carte = |it: &&Planifiee| {
        // What is said of a whole week is said on the row.
        let about = |alerte: &&Alerte| {
            let week = matches!(alerte.rule, "PLAN-SEMAINE" | "PLAN-MOYENNE" | "PLAN-REPOS-SEMAINE");
            !week && it.etat != Etat::Annulee && alerte.concerns(&it.visite)
        };
        let mut rules: Vec<&'static str> = alertes.iter().filter(about).map(|alerte| alerte.rule).collect();
        rules.dedup();
        let titre = if clients { desk.name(it.intervenant) } else { desk.client(it.visite.dossier) };
        Carte { planned: (*it).clone(), titre, rules }
    };
    Jour {
        absence: effectif
            .absent(day)
            .map(|it| if it.nature.is_empty() { "Absence".to_owned() } else { it.nature.clone() }),
        cartes: mine.iter().filter(|it| it.jour == day).map(carte).collect(),
    }
}

/// Alerts by rule, each said once with how often.
pub fn grouped(alertes: &[Alerte]) -> Vec<(&'static str, String)> {
    let mut said: Vec<(&'static str, String)> = Vec::new();
    for it in alertes {
        if !said.iter().any(|(rule, _)| *rule == it.rule) {
            let all = alertes.iter().filter(|other| other.rule == it.rule).count();
            let times = if all > 1 { format!(" (× {all})") } else { String::new() };
            said.push((it.rule, format!("{}{times}", it.what)));
        }
    }
    said
}

/// Hours a month, as a week's share.
fn month(text: &str) -> Option<Millis> {
    let hours = text.trim().replace(',', ".").parse::<f64>().ok().filter(|it| it.is_finite() && *it > 0.0)?;
    #[expect(clippy::cast_possible_truncation, reason = "hours of a week in milliseconds")]
    Some(Millis((hours * 3_600_000.0 * 12.0 / 52.0) as i64))
}
