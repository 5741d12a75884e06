//! How a visit goes, from the clock-ins: not begun, late, running, done; and what is not as planned. Flagged, never blocked.

use super::checks::words;
use super::pointage::{Lieu, Moyen};
use super::{Etat, MINUTE, Planifiee, Pointage};
use crate::ids::UserId;
use crate::time::{Millis, Timestamp};

/// How long before or after the planned time is still on time.
const TOLERANCE: Millis = Millis(15 * MINUTE);
/// How far a device's clock may be from the relay's, or from its own stopwatch, without a word.
const HORLOGE: Millis = Millis(2 * MINUTE);

/// How a visit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deroulement {
    /// It should have begun, and nobody has clocked in.
    EnRetard,
    /// Its time is over, and nobody has clocked in.
    NonPointee,
    /// Somebody is there.
    EnCours,
    /// Its time has not come.
    AVenir,
    /// Somebody came and went.
    Faite,
    /// It does not take place, and nobody came.
    Annulee,
}

impl Deroulement {
    /// In words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::EnRetard => "En retard",
            Self::NonPointee => "Non pointée",
            Self::EnCours => "En cours",
            Self::AVenir => "À venir",
            Self::Faite => "Faite",
            Self::Annulee => "Annulée",
        }
    }
}

/// Something that is not as planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ecart {
    /// Somebody came to a visit that the office had cancelled: the time counts, the office has to say what becomes of it.
    Annulee,
    /// Several people clocked in to it.
    Plusieurs(Vec<UserId>),
    /// Somebody else than planned.
    Autre(UserId),
    /// Before its time.
    Avance(Millis),
    /// After its time.
    Retard(Millis),
    /// The label was that of another home.
    Ailleurs,
    /// By hand, and why.
    Manuel(String),
    /// Its time is long over, and nobody has left.
    SansDepart,
    /// Somebody left without having arrived.
    SansArrivee,
    /// The device's clock was so far from the relay's.
    Derive(Millis),
    /// The device had not heard the relay: its clock was not compared.
    NonComparee,
    /// The device's clock was moved during the visit: it says the first, its stopwatch the second.
    Horloge(Millis, Millis),
}

impl Ecart {
    /// In words; `name` gives people their names.
    #[must_use]
    pub fn words(&self, name: &dyn Fn(UserId) -> String) -> String {
        match self {
            Self::Annulee => "Pointée alors que le bureau l’avait annulée".to_owned(),
            Self::Plusieurs(users) => {
                format!("Pointée par {}", users.iter().map(|user| name(*user)).collect::<Vec<_>>().join(" et "))
            }
            Self::Autre(user) => format!("Faite par {}", name(*user)),
            Self::Avance(span) => format!("{} en avance", words(*span)),
            Self::Retard(span) => format!("{} de retard", words(*span)),
            Self::Ailleurs => "L’étiquette lue est celle d’un autre domicile".to_owned(),
            Self::Manuel(why) if why.is_empty() => "Pointée à la main".to_owned(),
            Self::Manuel(why) => format!("Pointée à la main : {why}"),
            Self::SansDepart => "Pas de départ pointé".to_owned(),
            Self::SansArrivee => "Pas d’arrivée pointée".to_owned(),
            Self::Derive(span) => {
                format!("L’heure de l’appareil diffère de {} de celle du relais", words(Millis(span.0.abs())))
            }
            Self::NonComparee => "Heure de l’appareil, pas encore comparée à celle du relais".to_owned(),
            Self::Horloge(wall, real) => format!(
                "Heure de l’appareil déplacée pendant la visite : {} affichées, {} réelles",
                words(*wall),
                words(*real)
            ),
        }
    }

    /// Whether the office should look at it: coming by hand for a reason is nothing to look at by itself.
    #[must_use]
    pub fn is_serious(&self) -> bool {
        !matches!(self, Self::Manuel(_) | Self::NonComparee)
    }
}

/// How one visit goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suivi {
    /// In one word.
    pub deroulement: Deroulement,
    /// The first who came.
    pub arrivee: Option<Pointage>,
    /// The last who left.
    pub depart: Option<Pointage>,
    /// What is not as planned.
    pub ecarts: Vec<Ecart>,
}

impl Suivi {
    /// How long it lasted, by the stopwatch where there is one.
    #[must_use]
    pub fn duree(&self) -> Option<Millis> {
        let (arrivee, depart) = (self.arrivee.as_ref()?, self.depart.as_ref()?);
        Some(depart.since(arrivee).unwrap_or_else(|| depart.at() - arrivee.at()))
    }

    /// Whether the office should look at it.
    #[must_use]
    pub fn is_serious(&self) -> bool {
        self.ecarts.iter().any(Ecart::is_serious)
    }
}

/// Follows a visit at one moment. `pointages` are those of its dossier.
#[must_use]
pub fn suivi(planned: &Planifiee, pointages: &[Pointage], now: Timestamp) -> Suivi {
    let of_visit: Vec<&Pointage> = pointages.iter().filter(|it| it.visite == planned.visite.id).collect();
    let arrivee = of_visit.iter().filter(|it| it.arrivee).min_by_key(|it| (it.at(), it.id)).copied();
    let depart = of_visit.iter().filter(|it| !it.arrivee).max_by_key(|it| (it.at(), it.id)).copied();
    let deroulement = match (arrivee, depart) {
        (_, Some(_)) => Deroulement::Faite,
        (Some(_), None) => Deroulement::EnCours,
        _ if planned.etat == Etat::Annulee => Deroulement::Annulee,
        _ if now >= planned.visite.fin => Deroulement::NonPointee,
        _ if now > planned.visite.debut + TOLERANCE => Deroulement::EnRetard,
        _ => Deroulement::AVenir,
    };
    let ecarts = if of_visit.is_empty() { Vec::new() } else { ecarts(planned, &of_visit, (arrivee, depart), now) };
    Suivi { deroulement, arrivee: arrivee.cloned(), depart: depart.cloned(), ecarts }
}

fn ecarts(
    planned: &Planifiee,
    pointages: &[&Pointage],
    (arrivee, depart): (Option<&Pointage>, Option<&Pointage>),
    now: Timestamp,
) -> Vec<Ecart> {
    let mut found = Vec::new();
    if planned.etat == Etat::Annulee {
        found.push(Ecart::Annulee);
    }
    let mut people: Vec<UserId> = pointages.iter().filter_map(|it| it.de).collect();
    people.sort_unstable();
    people.dedup();
    match people[..] {
        [one] if planned.intervenant.is_some_and(|planned| planned != one) => found.push(Ecart::Autre(one)),
        [] | [_] => {}
        _ => found.push(Ecart::Plusieurs(people)),
    }
    if let Some(arrivee) = arrivee {
        let late = arrivee.at() - planned.visite.debut;
        if late > TOLERANCE {
            found.push(Ecart::Retard(late));
        } else if late < Millis(-TOLERANCE.0) {
            found.push(Ecart::Avance(Millis(-late.0)));
        }
    }
    match (arrivee, depart) {
        (None, Some(_)) => found.push(Ecart::SansArrivee),
        (Some(_), None) if now > planned.visite.fin + Millis(4 * TOLERANCE.0) => found.push(Ecart::SansDepart),
        (Some(arrivee), Some(depart)) => {
            let wall = depart.heure - arrivee.heure;
            if let Some(real) = depart.since(arrivee).filter(|real| (wall.0 - real.0).abs() > HORLOGE.0) {
                found.push(Ecart::Horloge(wall, real));
            }
        }
        _ => {}
    }
    if pointages.iter().any(|it| it.lieu == Lieu::Ailleurs) {
        found.push(Ecart::Ailleurs);
    }
    if let Some(by_hand) = pointages.iter().find(|it| it.moyen == Moyen::Manuel) {
        found.push(Ecart::Manuel(by_hand.motif.clone()));
    }
    let drift = pointages.iter().filter_map(|it| it.derive).max_by_key(|drift| drift.abs());
    match drift {
        Some(drift) if drift.abs() > HORLOGE.0 => found.push(Ecart::Derive(Millis(drift))),
        None => found.push(Ecart::NonComparee),
        Some(_) => {}
    }
    found
}

#[cfg(test)]
#[path = "deroulement_tests.rs"]
mod tests;
