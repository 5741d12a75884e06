//! The coming months: hours of intervenants and clients against their contracts; what is draft, what nobody keeps.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Months, NaiveDate};
use leptos::prelude::*;
use liaison_shared::planning::{Absence, Charge, Effectif, Mois, Planifiee, charge, is_ferie, words};
use liaison_shared::time::Millis;
use liaison_shared::{DossierId, UserId};

use super::desk::Desk;
use super::vue::Ouvert;
use crate::platform::clock;
use crate::ui::sheet::{Block, Form, Row, draw};
use crate::ui::{Section, Tone};

/// How many months.
const MONTHS: u32 = 6;
/// Rows of a table before the rest is left out.
const ROWS: usize = 100;

/// One cell: planned, of it drafts and uncovered, and what the contract says.
#[derive(Clone, Copy, Default)]
struct Cell {
    prevu: i64,
    brouillon: i64,
    sans: i64,
    contrat: Option<i64>,
    /// The days on which nobody works, and why.
    jours: usize,
    de: &'static str,
}

struct Line {
    name: String,
    href: String,
    cells: Vec<Cell>,
}

/// The page.
pub fn page(desk: Desk) -> AnyView {
    desk.turn.track();
    let vue = desk.fond.get();
    let today = clock::now().date();
    let first = today.with_day(1).unwrap_or(today);
    let firsts: Vec<NaiveDate> = (0..=MONTHS).filter_map(|at| first.checked_add_months(Months::new(at))).collect();
    let Some(last) = firsts.last().and_then(NaiveDate::pred_opt) else { return ().into_any() };
    let months: Vec<Mois> = firsts.iter().take(MONTHS as usize).map(|day| (day.year(), day.month())).collect();
    let mut planned = desk.planned(first, last);
    if !vue.secteur.is_empty() {
        planned.retain(|it| desk.summary(it.visite.dossier, |it| vue.takes(&it.secteur)).unwrap_or(false));
    }
    let effectifs = desk.effectifs.get();
    let people = people(desk, &planned, &months, &effectifs);
    let clients = clients(desk, &planned, &months);
    let all = total(&charge(&planned), &months, &people);
    let ends = ends(desk, today, last, &effectifs);
    let span = format!("Du {} au {}, d’après le planning de cet appareil.", desk.day(first), desk.day(last));
    let drawn = chart(&all, &months);
    let all = table("Heures", &months, vec![all]);
    let (people, clients) = (table("Intervenant", &months, people), table("Client", &months, clients));
    view! {
        <p class="muted">{span}</p>
        <Section title="Toute l’agence">{legend()}{drawn}{all}</Section>
        <Section title="Par intervenant">{people}</Section>
        <Section title="Par client">{clients}</Section>
        {draw(Form::default(), vec![Block::Card("Contrats qui se terminent".to_owned(), ends, None)])}
    }
    .into_any()
}

fn cells(
    charge: &Charge,
    months: &[Mois],
    de: &'static str,
    contract: impl Fn(Mois) -> (Option<i64>, usize),
) -> Vec<Cell> {
    let of = |sums: &BTreeMap<Mois, Millis>, month: &Mois| sums.get(month).map_or(0, |it| it.0);
    let cell = |month: &Mois| {
        let (contrat, jours) = contract(*month);
        Cell {
            prevu: of(&charge.prevu, month),
            brouillon: of(&charge.brouillon, month),
            sans: of(&charge.sans, month),
            contrat,
            jours,
            de,
        }
    };
    months.iter().map(cell).collect()
}

fn people(desk: Desk, planned: &[Planifiee], months: &[Mois], effectifs: &BTreeMap<UserId, Effectif>) -> Vec<Line> {
    let mut of: BTreeMap<UserId, Vec<&Planifiee>> = BTreeMap::new();
    for it in planned {
        if let Some(user) = it.intervenant {
            of.entry(user).or_default().push(it);
        }
    }
    let mut lines: Vec<Line> = of
        .into_iter()
        .map(|(user, all)| {
            let effectif = effectifs.get(&user);
            let contract = |month: Mois| {
                let hours = effectif.and_then(|it| it.du_mois(month)).map(|(_, there)| there.0);
                (hours, effectif.map_or(0, |it| away(&it.absences, month)))
            };
            let href = desk.fond.with_untracked(|vue| vue.avec(Ouvert::Personne(user)).href());
            Line { name: desk.name(Some(user)), href, cells: cells(&charge(all), months, "d’absence", contract) }
        })
        .collect();
    lines.sort_by_cached_key(|it| it.name.to_lowercase());
    lines
}

fn away(absences: &[Absence], (year, month): Mois) -> usize {
    let Some(first) = NaiveDate::from_ymd_opt(year, month, 1) else { return 0 };
    let days = first.iter_days().take_while(|day| day.month() == month);
    days.filter(|day| absences.iter().any(|it| (it.du..=it.au).contains(day))).count()
}

fn clients(desk: Desk, planned: &[Planifiee], months: &[Mois]) -> Vec<Line> {
    let mut of: BTreeMap<DossierId, Vec<&Planifiee>> = BTreeMap::new();
    for it in planned {
        of.entry(it.visite.dossier).or_default().push(it);
    }
    let line = |(dossier, all): (DossierId, Vec<&Planifiee>)| {
        let text = desk.summary(dossier, |it| it.agenda.heures.trim().replace(',', ".")).unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, reason = "hours of a month in milliseconds")]
        let hours =
            text.parse::<f64>().ok().filter(|it| it.is_finite() && *it > 0.0).map(|it| (it * 3_600_000.0) as i64);
        let name = desk.client(dossier);
        Line {
            name,
            href: format!("/dossiers/{dossier}/prestation"),
            cells: cells(&charge(all), months, "", |_| (hours, 0)),
        }
    };
    let mut lines: Vec<Line> = of.into_iter().map(line).collect();
    lines.sort_by_cached_key(|it| it.name.to_lowercase());
    lines
}

fn total(charge: &Charge, months: &[Mois], people: &[Line]) -> Line {
    let contract = |month: Mois| {
        let at = months.iter().position(|it| *it == month).unwrap_or(0);
        let sum: i64 = people.iter().filter_map(|it| it.cells.get(at)?.contrat).sum();
        let first = NaiveDate::from_ymd_opt(month.0, month.1, 1);
        let days = first
            .map(|day| day.iter_days().take_while(|day| day.month() == month.1).filter(|day| is_ferie(*day)).count());
        ((sum > 0).then_some(sum), days.unwrap_or(0))
    };
    Line { name: "Toute l’agence".to_owned(), href: String::new(), cells: cells(charge, months, "férié", contract) }
}

/// Contracts that end in these months: of intervenants, and of clients.
fn ends(desk: Desk, today: NaiveDate, last: NaiveDate, effectifs: &BTreeMap<UserId, Effectif>) -> Vec<Row> {
    let mut found: Vec<(NaiveDate, Row)> = Vec::new();
    let soon = |day: NaiveDate| (today..=last).contains(&day);
    let row = |day: NaiveDate, name: String, whose: &str, href: String| {
        let mut row = Row::new(name);
        row.details.push(format!("{whose}, jusqu’au {}", desk.day(day)));
        row.href = href;
        let near = day <= today + chrono::Days::new(30);
        row.badge = near.then(|| (Tone::Warning, "dans le mois".to_owned()));
        (day, row)
    };
    for (user, it) in effectifs {
        if let Some(day) = it.fin.filter(|day| soon(*day)) {
            let href = desk.fond.with_untracked(|vue| vue.avec(Ouvert::Personne(*user)).href());
            found.push(row(day, desk.name(Some(*user)), "Contrat de travail", href));
        }
    }
    desk.workspace.summaries.with_untracked(|all| {
        for it in all.values() {
            if let Some(day) = it.agenda.fin.and_then(NaiveDate::from_num_days_from_ce_opt).filter(|day| soon(*day)) {
                found.push(row(day, it.name(), "Contrat du client", format!("/dossiers/{}", it.dossier)));
            }
        }
    });
    found.sort_by_key(|(day, _)| *day);
    found.into_iter().map(|(_, row)| row).collect()
}

fn month_name((year, month): Mois) -> String {
    const NAMES: [&str; 12] =
        ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
    let name = NAMES[(month as usize - 1).min(11)];
    if month == 1 { format!("{name} {year}") } else { name.to_owned() }
}

fn legend() -> AnyView {
    let item = |class: &'static str, words: &'static str| {
        view! { <li class="load-legend__item"><svg class="load-legend__mark" viewBox="0 0 12 12" aria-hidden="true"><rect class=class x="0" y="0" width="12" height="12"/></svg>{words}</li> }.into_any()
    };
    let items = [
        item("load-bar load-bar--kept", "prévues"),
        item("load-bar load-bar--draft", "brouillons"),
        item("load-bar load-bar--open", "sans intervenant"),
        item("load-bar load-bar--contract", "contrats, absences et fériés déduits"),
    ];
    view! { <ul class="load-legend" role="list">{items.into_iter().collect::<Vec<_>>()}</ul> }.into_any()
}

/// Bars of six months; the table below says the same in numbers.
fn chart(line: &Line, months: &[Mois]) -> AnyView {
    let most = line.cells.iter().map(|it| it.prevu.max(it.contrat.unwrap_or(0))).max().unwrap_or(0).max(1);
    // Of 100 units at most.
    let of = |hours: i64| hours.max(0) * 100 / most;
    let bar = |(at, (cell, month)): (usize, (&Cell, &Mois))| {
        let x = i64::try_from(at).unwrap_or(0) * 60 + 10;
        let open = cell.sans.min(cell.prevu);
        let draft = cell.brouillon.min(cell.prevu - open);
        let (kept, draft, open) = (of(cell.prevu - open - draft), of(draft), of(open));
        let rect = |class: &'static str, x: i64, width: i64, from: i64, height: i64| {
            view! { <rect class=class x=x.to_string() y=(104 - from - height).to_string() width=width.to_string() height=height.to_string()/> }.into_any()
        };
        let contract = cell.contrat.map(|it| rect("load-bar load-bar--contract", x + 24, 14, 0, of(it)));
        view! {
            <g>
                {rect("load-bar load-bar--kept", x, 22, 0, kept)}
                {rect("load-bar load-bar--draft", x, 22, kept, draft)}
                {rect("load-bar load-bar--open", x, 22, kept + draft, open)}
                {contract}
                <text class="load-bar__name" x=(x + 19).to_string() y="118">{month_name(*month)}</text>
            </g>
        }
        .into_any()
    };
    let bars: Vec<AnyView> = line.cells.iter().zip(months).enumerate().map(bar).collect();
    view! { <svg class="load-chart" viewBox="0 0 360 124" role="img" aria-label="Heures prévues par mois ; les nombres sont dans le tableau.">{bars}</svg> }
        .into_any()
}

fn table(first: &'static str, months: &[Mois], lines: Vec<Line>) -> AnyView {
    if lines.is_empty() {
        return view! { <p class="muted">"Aucune visite prévue dans ces mois."</p> }.into_any();
    }
    let heads: Vec<AnyView> =
        months.iter().map(|it| view! { <th scope="col">{month_name(*it)}</th> }.into_any()).collect();
    let more = lines.len().saturating_sub(ROWS);
    let row = |line: Line| {
        let cells: Vec<AnyView> = line.cells.iter().map(cell).collect();
        let name = if line.href.is_empty() {
            line.name.into_any()
        } else {
            view! { <a class="week__link" href=line.href>{line.name}</a> }.into_any()
        };
        view! { <tr><th scope="row">{name}</th>{cells}</tr> }.into_any()
    };
    let rows: Vec<AnyView> = lines.into_iter().take(ROWS).map(row).collect();
    let more = (more > 0)
        .then(|| view! { <p class="muted">{format!("{more} autres : choisissez un secteur.")}</p> }.into_any());
    view! {
        <div class="scroll-x">
            <table class="load-table numbers"><thead><tr><th scope="col">{first}</th>{heads}</tr></thead><tbody>{rows}</tbody></table>
        </div>
        {more}
    }
    .into_any()
}

fn cell(it: &Cell) -> AnyView {
    let round = |span: i64| words(Millis(span / 900_000 * 900_000));
    let mut small: Vec<String> = Vec::new();
    small.extend(it.contrat.map(|hours| match hours {
        0 => "contrat terminé".to_owned(),
        hours => format!("sur {}", round(hours)),
    }));
    small.extend((it.brouillon > 0).then(|| format!("{} en brouillon", round(it.brouillon))));
    small.extend((it.sans > 0).then(|| format!("{} sans personne", round(it.sans))));
    small.extend((it.jours > 0).then(|| format!("{} j. {}", it.jours, it.de)));
    let over = it.contrat.is_some_and(|contract| it.prevu > contract);
    let over = over.then(|| view! { <span class="load-table__over">"au-delà"</span> }.into_any());
    view! { <td>{round(it.prevu)}{over}<span class="load-table__small">{small.join(" · ")}</span></td> }.into_any()
}
