//! The day's line: a row for each intervenant, a bar for each visit over the hours, and where one is now. Plain SVG; the
//! lists beside it say the same in words.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Timelike as _};
use leptos::prelude::*;
use liaison_shared::planning::{Ligne, amplitude, pistes};
use liaison_shared::{Timestamp, UserId};

use super::jour::Jour;
use super::visite::suffix;
use crate::ui::Section;
use crate::ui::sheet::changing;

const WIDTH: f64 = 1000.0;
/// The names stand left of this.
const LEFT: f64 = 150.0;
const TOP: f64 = 24.0;
const BAR: f64 = 22.0;
const GAP: f64 = 6.0;
/// How wide a letter is, more or less.
const LETTER: f64 = 6.6;

/// Where an instant of the day stands.
#[derive(Clone, Copy)]
struct Scale {
    day: NaiveDate,
    from: u32,
    to: u32,
}

impl Scale {
    fn hour(self, hours: f64) -> f64 {
        let span = f64::from(self.to - self.from).max(1.0);
        LEFT + (hours - f64::from(self.from)).clamp(0.0, span) * (WIDTH - LEFT) / span
    }

    fn at(self, at: Timestamp) -> f64 {
        let day = at.date();
        if day != self.day {
            return self.hour(if day > self.day { 24.0 } else { 0.0 });
        }
        let time = at.time();
        self.hour(f64::from(time.hour()) + f64::from(time.minute()) / 60.0)
    }
}

/// The line, when there are visits.
pub fn section(jour: Jour, lignes: &[Ligne]) -> AnyView {
    let Some(day) = lignes.first().map(|it| it.planifiee.jour) else { return ().into_any() };
    let (from, to) = amplitude(lignes);
    let scale = Scale { day, from, to };
    let mut people: BTreeMap<(bool, String, Option<UserId>), Vec<&Ligne>> = BTreeMap::new();
    for it in lignes {
        let user = it.planifiee.intervenant;
        let name = user.map_or_else(|| "Sans intervenant".to_owned(), |user| jour.workspace.name_of(user));
        people.entry((user.is_some(), name, user)).or_default().push(it);
    }
    let (mut top, mut rows) = (TOP, Vec::new());
    for ((_, name, _), mut visits) in people {
        visits.sort_by_key(|it| it.planifiee.visite);
        let tracks = pistes(&visits);
        let count = tracks.iter().max().map_or(1, |last| last + 1);
        rows.push(row(jour, scale, top, &name, &visits, &tracks));
        #[expect(clippy::cast_precision_loss, reason = "a few tracks")]
        let height = count as f64 * (BAR + 2.0);
        top += height + GAP;
    }
    let words = format!(
        "{} visites de la journée, par intervenant et par heure. Les listes disent la même chose.",
        lignes.len()
    );
    let now = changing(move || now_line(jour, scale, top));
    view! {
        <Section title="La journée, heure par heure">
            <div class="ligne">
                <svg class="ligne__drawing" viewBox=format!("0 0 {WIDTH} {top}") role="img" aria-label=words>
                    {hours(scale, top)}
                    {rows}
                    {now}
                </svg>
            </div>
        </Section>
    }
    .into_any()
}

/// A thin line for each hour, the even ones with their number.
fn hours(scale: Scale, bottom: f64) -> Vec<AnyView> {
    let one = |hour: u32| {
        let x = scale.hour(f64::from(hour));
        let label = (hour.is_multiple_of(2) && hour < scale.to).then(|| format!("{hour} h"));
        view! {
            <line class="ligne__hour" x1=x y1=TOP - 6.0 x2=x y2=bottom></line>
            {label.map(|label| view! { <text class="ligne__label" x=x + 3.0 y="12">{label}</text> })}
        }
        .into_any()
    };
    (scale.from..=scale.to).map(one).collect()
}

fn row(jour: Jour, scale: Scale, top: f64, name: &str, visits: &[&Ligne], tracks: &[usize]) -> AnyView {
    let bars: Vec<AnyView> = visits.iter().zip(tracks).map(|(it, track)| bar(jour, scale, top, it, *track)).collect();
    let name = shortened(name, LEFT - 10.0);
    view! {
        <text class="ligne__name" x="0" y=top + BAR - 7.0>{name}</text>
        {bars}
    }
    .into_any()
}

/// One visit: as planned, and inside as it went.
fn bar(jour: Jour, scale: Scale, top: f64, it: &Ligne, track: usize) -> AnyView {
    let visite = it.planifiee.visite;
    #[expect(clippy::cast_precision_loss, reason = "a few tracks")]
    let y = top + track as f64 * (BAR + 2.0);
    let (x, end) = (scale.at(visite.debut), scale.at(visite.fin));
    let width = (end - x - 1.0).max(3.0);
    let client = jour.workspace.dossier_name(visite.dossier).unwrap_or_default();
    let serious = if it.suivi.is_serious() { " ligne__bar--serious" } else { "" };
    let class = format!("ligne__bar ligne__bar--{}{serious}", suffix(it.suivi.deroulement));
    let came = it.suivi.arrivee.as_ref().map(|arrivee| {
        let left =
            it.suivi.depart.as_ref().map_or_else(|| jour.now.get_untracked(), liaison_shared::planning::Pointage::at);
        let (from, to) = (scale.at(arrivee.at()), scale.at(left));
        let (real, below) = ((to - from).max(2.0), y + BAR - 4.0);
        view! { <rect class="ligne__real" x=from y=below width=real height="4" rx="2"></rect> }.into_any()
    });
    view! {
        <rect class=class x=x y=y width=width height=BAR rx="4"></rect>
        <text class="ligne__client" x=x + 5.0 y=y + BAR - 8.0>{shortened(&client, width - 8.0)}</text>
        {came}
    }
    .into_any()
}

/// Where one is now, on the day that is today.
fn now_line(jour: Jour, scale: Scale, bottom: f64) -> AnyView {
    if !jour.is_today() {
        return ().into_any();
    }
    let (now, x) = (jour.now.get(), scale.at(jour.now.get()));
    view! {
        <line class="ligne__now" x1=x y1=TOP - 8.0 x2=x y2=bottom></line>
        <text class="ligne__label ligne__label--now" x=x + 4.0 y="12">{now.hours()}</text>
    }
    .into_any()
}

/// As much of a text as there is room for.
fn shortened(text: &str, width: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few letters")]
    let room = (width / LETTER).max(0.0) as usize;
    if text.chars().count() <= room {
        return text.to_owned();
    }
    if room < 3 { String::new() } else { text.chars().take(room - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_takes_the_room_there_is() {
        assert_eq!(shortened("PETIT Jeanne", 200.0), "PETIT Jeanne");
        assert_eq!(shortened("PETIT Jeanne", 40.0), "PETIT…");
        assert_eq!(shortened("PETIT Jeanne", 15.0), "");
    }
}
