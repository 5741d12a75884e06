//! From a dossier's `prestation` to who holds it, and until when. Dates are days in Europe/Paris.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use minicbor::{Decode, Encode};

use crate::documents::prestation::{Membre, PrestationView};
use crate::ids::{DossierId, UserId};
use crate::time::Timestamp;

/// Days before the first visit and after the last one during which an intervenant holds a dossier (agency's settings).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delays {
    /// Before the first visit.
    pub avant: u16,
    /// After the last one.
    pub apres: u16,
}

impl Default for Delays {
    fn default() -> Self {
        Self { avant: 2, apres: 7 }
    }
}

/// A dossier that somebody may hold, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Grant {
    /// Which.
    #[n(0)]
    pub dossier: DossierId,
    /// From this instant on it may not be read any more; `None` while no end is known.
    #[n(1)]
    pub ends: Option<Timestamp>,
}

/// The dossiers that a person reaches at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every dossier of the agency.
    Agency,
    /// These, each until its end.
    Dossiers(BTreeMap<DossierId, Option<Timestamp>>),
}

/// One person's time on a team, first and last day included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Time {
    #[n(0)]
    personne: UserId,
    /// Days since 0001-01-01 (CE).
    #[n(1)]
    debut: i32,
    #[n(2)]
    fin: Option<i32>,
}

/// What access needs to know of a `prestation`: a projection, made anew whenever the document changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Team {
    /// The sectors the dossier may belong to: one, several while coordinators disagree, none when nobody has said.
    #[n(0)]
    secteurs: Vec<String>,
    #[n(1)]
    times: Vec<Time>,
}

/// A sector as it is compared: people write it by hand.
#[must_use]
pub fn normal_sector(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl Team {
    /// The projection of a document.
    #[must_use]
    pub fn of(view: &PrestationView) -> Self {
        let values = view.secteur.candidates.iter().map(|candidate| normal_sector(&candidate.value));
        let time = |membre: &Membre| {
            use chrono::Datelike as _;
            let (personne, debut) = (membre.personne?, membre.debut?);
            let fin = membre.fin.map(|fin| fin.num_days_from_ce());
            (!membre.retire).then_some(Time { personne, debut: debut.num_days_from_ce(), fin })
        };
        Self {
            secteurs: values.filter(|name| !name.is_empty()).collect(),
            times: view.equipe.iter().filter_map(time).collect(),
        }
    }

    /// Whether a person of these sectors answers for the dossier; one without a sector is everybody's who answers for any.
    #[must_use]
    pub fn is_of(&self, sectors: &[String]) -> bool {
        self.secteurs.is_empty() || sectors.iter().any(|name| self.secteurs.contains(&normal_sector(name)))
    }

    /// Whether somebody may hold the dossier now because they are on its team: `Some` with the end.
    #[must_use]
    pub fn grants(&self, user: UserId, delays: Delays, now: Timestamp) -> Option<Option<Timestamp>> {
        let open = |time: &&Time| {
            let (begins, ends) = instants(time, delays)?;
            (time.personne == user && begins <= now && ends.is_none_or(|ends| now < ends)).then_some(ends)
        };
        let ends: Vec<Option<Timestamp>> = self.times.iter().filter_map(|time| open(&time)).collect();
        if ends.is_empty() {
            return None;
        }
        // Of several times on the team the longest counts; one without an end has none.
        Some(ends.iter().copied().collect::<Option<Vec<_>>>().and_then(|ends| ends.into_iter().max()))
    }

    /// Everybody who is on the team, at any time.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        self.times.iter().map(|time| time.personne)
    }
}

/// When a time on a team opens the dossier and when it closes it; `None` when its days are none of a calendar.
fn instants(time: &Time, delays: Delays) -> Option<(Timestamp, Option<Timestamp>)> {
    let first = NaiveDate::from_num_days_from_ce_opt(time.debut)?.checked_sub_days(Days::new(delays.avant.into()))?;
    let Some(fin) = time.fin else { return Some((Timestamp::midnight(first), None)) };
    let after = NaiveDate::from_num_days_from_ce_opt(fin)?.checked_add_days(Days::new(u64::from(delays.apres) + 1))?;
    Some((Timestamp::midnight(first), Some(Timestamp::midnight(after))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::prestation::{add_membre, set_secteur, withdraw};
    use crate::documents::{Document, Pen};
    use crate::ids::{DocumentId, EntryId};

    const PEN: Pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
    const SONIA: UserId = UserId([9; 16]);

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp(chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
    }

    fn team(document: &Document) -> Team {
        Team::of(&PrestationView::read(document))
    }

    #[test]
    fn a_dossier_is_held_from_days_before_the_first_visit_to_days_after_the_last() {
        let mut document = Document::new(DocumentId::prestation(DossierId([1; 16])));
        let span = (day("2026-11-23"), Some(day("2026-12-04")));
        add_membre(&mut document, &PEN, Timestamp(0), EntryId([1; 16]), SONIA, span).unwrap();
        let team = team(&document);
        let grants = |when: &str| team.grants(SONIA, Delays::default(), at(when));
        // Midnight in Paris is 23:00 UTC the day before.
        assert_eq!(grants("2026-11-20T22:59:59Z"), None);
        let end = at("2026-12-11T23:00:00Z");
        assert_eq!(grants("2026-11-20T23:00:00Z"), Some(Some(end)));
        assert_eq!(grants("2026-12-11T22:59:59Z"), Some(Some(end)));
        assert_eq!(grants("2026-12-11T23:00:00Z"), None);
        assert_eq!(team.grants(UserId([8; 16]), Delays::default(), at("2026-11-25T10:00:00Z")), None);
    }

    #[test]
    fn of_several_times_the_longest_counts_and_a_withdrawal_ends_one() {
        let mut document = Document::new(DocumentId::prestation(DossierId([1; 16])));
        let now = at("2026-11-25T10:00:00Z");
        let spans = [(1, Some("2026-11-30")), (2, None)];
        for (id, fin) in spans {
            let span = (day("2026-11-23"), fin.map(day));
            add_membre(&mut document, &PEN, Timestamp(0), EntryId([id; 16]), SONIA, span).unwrap();
        }
        assert_eq!(team(&document).grants(SONIA, Delays::default(), now), Some(None));
        let base = document.heads();
        withdraw(&mut document, &PEN, &base, Timestamp(0), EntryId([2; 16])).unwrap();
        let end = at("2026-12-07T23:00:00Z");
        assert_eq!(team(&document).grants(SONIA, Delays::default(), now), Some(Some(end)));
    }

    #[test]
    fn a_sector_is_compared_as_people_mean_it_and_none_is_everybody_s() {
        let mut document = Document::new(DocumentId::prestation(DossierId([1; 16])));
        let nord = ["Nord  Isère".to_owned()];
        assert!(team(&document).is_of(&nord) && team(&document).is_of(&[]));
        let base = document.heads();
        set_secteur(&mut document, &PEN, &base, Timestamp(0), " nord isère ").unwrap();
        assert!(team(&document).is_of(&nord));
        assert!(!team(&document).is_of(&["Sud".to_owned()]) && !team(&document).is_of(&[]));
    }

    #[test]
    fn a_projection_survives_its_store() {
        let mut document = Document::new(DocumentId::prestation(DossierId([1; 16])));
        add_membre(&mut document, &PEN, Timestamp(0), EntryId([1; 16]), SONIA, (day("2026-11-23"), None)).unwrap();
        let bytes = minicbor::to_vec(team(&document)).unwrap();
        assert_eq!(minicbor::decode::<Team>(&bytes).unwrap(), team(&document));
    }
}
