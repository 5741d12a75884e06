//! What the law says of one person's visits (domain.md §8): each finding a warning with the name of its rule.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, NaiveDate};

use super::recurrence::monday;
use super::{Convention, HEURE, MINUTE, Visite};
use crate::ids::{DossierId, EntryId};
use crate::time::{Millis, Timestamp};

/// How long it takes from one client to another.
pub type Trajet<'a> = &'a dyn Fn(DossierId, DossierId) -> Millis;

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alerte {
    /// Stable name of the rule.
    pub rule: &'static str,
    /// In words, with the numbers.
    pub what: String,
    /// Where in the planning.
    pub debut: Timestamp,
    /// The visits it is about.
    pub visites: Vec<EntryId>,
}

impl Alerte {
    /// Whether it is about a visit: by name, or because it is about its day.
    #[must_use]
    pub fn concerns(&self, visite: &Visite) -> bool {
        self.visites.contains(&visite.id) || (self.visites.is_empty() && self.debut.date() == visite.debut.date())
    }
}

/// A stretch of time at work: visits and the ways between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    debut: Timestamp,
    fin: Timestamp,
}

impl Span {
    /// How much of it lies between two instants.
    fn within(&self, from: Timestamp, to: Timestamp) -> i64 {
        (self.fin.min(to) - self.debut.max(from)).0.max(0)
    }
}

/// Looks at all visits of one person. Travel between two visits that follow one another is work (code du travail
/// L3121-4), as long as it fits between them.
#[must_use]
pub fn checks(visites: &[Visite], trajet: Trajet, convention: &Convention) -> Vec<Alerte> {
    let mut sorted = visites.to_vec();
    sorted.sort();
    let spans = spans(&sorted, trajet);
    let mut found = overlaps(&sorted, trajet);
    found.extend(days(&sorted, &spans, convention));
    found.extend(weeks(&spans, convention));
    found.extend(daily_rest(&sorted, &spans, convention));
    found.extend(weekly_rest(&spans, convention));
    found.extend(breaks(&spans, convention));
    found.sort_by_key(|alerte| (alerte.debut, alerte.rule));
    found
}

/// The time at work, in order, without overlaps: visits that run into one another are one stretch.
fn spans(sorted: &[Visite], trajet: Trajet) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut before: Option<&Visite> = None;
    for visite in sorted {
        // One sets out when the visit before is over; a way that is longer than the time there is, is an overlap.
        let way = before.map_or(Millis(0), |before| trajet(before.dossier, visite.dossier));
        let debut = before.map_or(visite.debut, |before| Timestamp(visite.debut.0 - way.0).max(before.fin));
        let debut = debut.min(visite.debut);
        match spans.last_mut() {
            Some(last) if debut <= last.fin => last.fin = last.fin.max(visite.fin),
            _ => spans.push(Span { debut, fin: visite.fin }),
        }
        if before.is_none_or(|before| visite.fin >= before.fin) {
            before = Some(visite);
        }
    }
    spans
}

/// PLAN-CHEVAUCHEMENT: two visits that one person cannot both keep, the way between them included.
fn overlaps(sorted: &[Visite], trajet: Trajet) -> Vec<Alerte> {
    let clash = |a: &Visite, b: &Visite| {
        a.debut < b.fin + trajet(b.dossier, a.dossier) && b.debut < a.fin + trajet(a.dossier, b.dossier)
    };
    let mut found = Vec::new();
    for (at, one) in sorted.iter().enumerate() {
        // No way takes a day.
        let near = sorted[at + 1..].iter().take_while(|other| other.debut < one.fin + Millis(24 * HEURE));
        for other in near.filter(|other| clash(one, other)) {
            let what = if other.debut < one.fin {
                "Deux visites en même temps".to_owned()
            } else {
                let (there, needed) = (other.debut - one.fin, trajet(one.dossier, other.dossier));
                format!("{} entre deux visites, pour {} de trajet", words(there), words(needed))
            };
            found.push(Alerte {
                rule: "PLAN-CHEVAUCHEMENT",
                what,
                debut: other.debut,
                visites: vec![one.id, other.id],
            });
        }
    }
    found
}

/// PLAN-JOUR and PLAN-AMPLITUDE, day by day.
fn days(sorted: &[Visite], spans: &[Span], convention: &Convention) -> Vec<Alerte> {
    let mut found = Vec::new();
    let mut exceptions: BTreeMap<i32, usize> = BTreeMap::new();
    // Once: the calendar of a zone is slow to ask.
    let begins: Vec<(NaiveDate, &Visite)> = sorted.iter().map(|visite| (visite.debut.date(), visite)).collect();
    for day in touched(spans) {
        let (from, to) = bounds(day, 1);
        let work: i64 = spans.iter().map(|span| span.within(from, to)).sum();
        let mut add = |rule, what| found.push(Alerte { rule, what, debut: from, visites: Vec::new() });
        if work > convention.jour.0 {
            let taken = exceptions.entry(day.year()).or_default();
            *taken += 1;
            if work > convention.jour_exceptionnel.0 {
                let most = words(convention.jour_exceptionnel);
                add("PLAN-JOUR", format!("{} de travail dans la journée, {most} au plus", words(Millis(work))));
            } else if *taken > convention.jours_exceptionnels {
                let most = convention.jours_exceptionnels;
                add("PLAN-JOUR", format!("Journée de plus de {} : déjà {most} cette année", words(convention.jour)));
            } else {
                let usual = words(convention.jour);
                add("PLAN-JOUR", format!("{} de travail dans la journée, {usual} d’ordinaire", words(Millis(work))));
            }
        }
        let at = begins.partition_point(|(begun, _)| *begun < day);
        let begun = begins[at..].iter().take_while(|(begun, _)| *begun == day).map(|(_, visite)| *visite);
        let (first, last) =
            begun.fold((None, None), |(first, last): (Option<Timestamp>, Option<Timestamp>), visite| {
                (first.or(Some(visite.debut)), last.max(Some(visite.fin)))
            });
        if let (Some(first), Some(last)) = (first, last)
            && last - first > convention.amplitude
        {
            let most = words(convention.amplitude);
            add("PLAN-AMPLITUDE", format!("{} du début à la fin de la journée, {most} au plus", words(last - first)));
        }
    }
    found
}

/// PLAN-SEMAINE and PLAN-MOYENNE, by weeks from Monday to Sunday.
fn weeks(spans: &[Span], convention: &Convention) -> Vec<Alerte> {
    let mut found = Vec::new();
    let Some((first, last)) = extent(spans) else { return found };
    let mondays: Vec<NaiveDate> = first.iter_weeks().take_while(|monday| *monday <= last).collect();
    let work: Vec<i64> = mondays
        .iter()
        .map(|monday| {
            let (from, to) = bounds(*monday, 7);
            spans.iter().map(|span| span.within(from, to)).sum()
        })
        .collect();
    for (monday, work) in mondays.iter().zip(&work) {
        if *work > convention.semaine.0 {
            let most = words(convention.semaine);
            let what = format!("{} de travail dans la semaine, {most} au plus", words(Millis(*work)));
            found.push(Alerte { rule: "PLAN-SEMAINE", what, debut: bounds(*monday, 7).0, visites: Vec::new() });
        }
    }
    for (monday, some) in mondays.iter().zip(work.windows(convention.semaines.max(1))) {
        let mean = some.iter().sum::<i64>() / i64::try_from(some.len()).unwrap_or(1);
        if mean > convention.moyenne.0 {
            let (most, weeks) = (words(convention.moyenne), convention.semaines);
            let what = format!("{} par semaine en moyenne sur {weeks} semaines, {most} au plus", words(Millis(mean)));
            found.push(Alerte { rule: "PLAN-MOYENNE", what, debut: bounds(*monday, 7).0, visites: Vec::new() });
        }
    }
    found
}

/// PLAN-REPOS-JOUR: from when work begins after a rest, another rest begins soon enough to fit into 24 hours.
fn daily_rest(sorted: &[Visite], spans: &[Span], convention: &Convention) -> Vec<Alerte> {
    let mut found = Vec::new();
    let longest = 24 * HEURE - convention.repos_jour.0;
    for period in periods(spans, convention.repos_jour) {
        if (period.fin - period.debut).0 <= longest {
            continue;
        }
        let visites: Vec<EntryId> = sorted
            .iter()
            .filter(|visite| visite.debut >= period.debut && visite.debut < period.fin)
            .map(|visite| visite.id)
            .collect();
        let what = format!("Moins de {} de repos en 24\u{a0}h, trajets compris", words(convention.repos_jour));
        found.push(Alerte { rule: "PLAN-REPOS-JOUR", what, debut: period.debut, visites });
    }
    found
}

/// Work between rests that are at least so long.
fn periods(spans: &[Span], rest: Millis) -> Vec<Span> {
    let mut periods: Vec<Span> = Vec::new();
    for span in spans {
        match periods.last_mut().filter(|last| span.debut - last.fin < rest) {
            Some(last) => last.fin = span.fin,
            None => periods.push(*span),
        }
    }
    periods
}

/// PLAN-REPOS-SEMAINE: in each week with work, a rest that is long enough, of which a whole day lies in that week.
fn weekly_rest(spans: &[Span], convention: &Convention) -> Vec<Alerte> {
    let mut found = Vec::new();
    let Some((first, last)) = extent(spans) else { return found };
    let far = Millis(1000 * HEURE);
    let starts = std::iter::once(spans[0].debut + Millis(-far.0)).chain(spans.iter().map(|span| span.fin));
    let ends = spans.iter().map(|span| span.debut).chain([spans[spans.len() - 1].fin + far]);
    let rests: Vec<Span> = starts.zip(ends).map(|(debut, fin)| Span { debut, fin }).collect();
    for monday in first.iter_weeks().take_while(|monday| *monday <= last) {
        let (from, to) = bounds(monday, 7);
        let works = spans.iter().any(|span| span.within(from, to) > 0);
        let enough =
            |rest: &Span| (rest.fin - rest.debut) >= convention.repos_semaine && rest.within(from, to) >= 24 * HEURE;
        if works && !rests.iter().any(enough) {
            let what = format!("Pas de repos de {} dans la semaine", words(convention.repos_semaine));
            found.push(Alerte { rule: "PLAN-REPOS-SEMAINE", what, debut: from, visites: Vec::new() });
        }
    }
    found
}

/// PLAN-PAUSE: so much work without a break.
fn breaks(spans: &[Span], convention: &Convention) -> Vec<Alerte> {
    let long = periods(spans, convention.pause).into_iter().filter(|it| it.fin - it.debut >= convention.avant_pause);
    long.map(|period| {
        let (most, pause) = (words(convention.avant_pause), words(convention.pause));
        let what = format!("{most} de travail sans pause de {pause}");
        Alerte { rule: "PLAN-PAUSE", what, debut: period.debut, visites: Vec::new() }
    })
    .collect()
}

/// The days on which there is work.
fn touched(spans: &[Span]) -> Vec<NaiveDate> {
    let mut days: Vec<NaiveDate> = spans
        .iter()
        .flat_map(|span| {
            let last = Timestamp((span.fin.0 - 1).max(span.debut.0)).date();
            span.debut.date().iter_days().take_while(move |day| *day <= last)
        })
        .collect();
    days.dedup();
    days
}

/// The Monday of the first week with work, and the last day with work.
fn extent(spans: &[Span]) -> Option<(NaiveDate, NaiveDate)> {
    let (first, last) = (spans.first()?, spans.last()?);
    Some((monday(first.debut.date()), last.fin.date()))
}

/// From the midnight a day begins with to the one so many days later, in Europe/Paris.
fn bounds(day: NaiveDate, days: u64) -> (Timestamp, Timestamp) {
    (Timestamp::midnight(day), Timestamp::midnight(day.checked_add_days(Days::new(days)).unwrap_or(day)))
}

/// `7 h 30`, `20 min`.
pub fn words(span: Millis) -> String {
    let minutes = span.0 / MINUTE;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}\u{a0}min"),
        (hours, 0) => format!("{hours}\u{a0}h"),
        (hours, minutes) => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
    }
}

#[cfg(test)]
#[path = "checks_tests.rs"]
mod tests;
