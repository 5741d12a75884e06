//! The planning of the office: weeks by intervenant and by client, drafts and answers, the months to come, the pool.

mod desk;
mod dialog;
mod edits;
mod grid;
mod known;
mod load;
mod moves;
mod person;
mod pool;
mod publish;
mod replace;
mod rhythm;
mod start;
mod visit;
mod vue;
mod week;

use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::documents::schema::agence::SEUIL_VIVIER;
use liaison_shared::planning::Semaine;

use crate::platform::clock;
use crate::ui::sheet::{changing, draw};
use crate::ui::{
    ButtonKind, ButtonLink, Icon, IconName, PageHeader, SelectField, SelectOption, Tab, Tabs, TextField, TextKind,
};

use desk::Desk;
use vue::{Onglet, Ouvert, Vue, slug};

/// The page.
pub fn planning() -> AnyView {
    let desk = Desk::open();
    Effect::new(move || {
        let vue = desk.fond.get();
        desk.turn.track();
        desk.effectifs.track();
        let rows = desk.shown.get();
        if matches!(vue.onglet, Onglet::Intervenants | Onglet::Clients) {
            desk.tableau.set(Arc::new(week::tableau(desk, &vue, rows)));
        }
    });
    let onglet = Memo::new(move |_| desk.fond.with(|vue| vue.onglet));
    let tab = move |(it, _, label): &(Onglet, &'static str, &'static str)| {
        let it = *it;
        let href = Signal::derive(move || desk.fond.with(|vue| Vue { onglet: it, ..vue.clone() }.href()));
        Tab {
            href,
            label: (*label).to_owned(),
            active: Signal::derive(move || onglet.get() == it),
            count: Signal::stored(0),
        }
    };
    let tabs: Vec<Tab> = Onglet::ALL.iter().map(tab).collect();
    let actions = move || {
        desk.writes().then(|| {
            let href =
                Signal::derive(move || desk.fond.with(|vue| vue.avec(Ouvert::Nouvelle(None, None, None)).href()));
            view! { <ButtonLink href=href kind=ButtonKind::Primary icon=IconName::Plus>"Nouvelle visite"</ButtonLink> }
                .into_any()
        })
    };
    let body = changing(move || match onglet.get() {
        Onglet::Intervenants | Onglet::Clients => view! { {bar(desk)}{grid::grid(desk)}{keys(desk)} }.into_any(),
        Onglet::Reponses => narrow(changing(move || draw(desk.feuille, publish::page(desk)))),
        Onglet::Vivier => narrow(changing(move || draw(desk.feuille, pool::page(desk)))),
        Onglet::Charge => view! { {sectors(desk)}{changing(move || load::page(desk))} }.into_any(),
    });
    view! {
        <PageHeader title="Planning" actions=actions><Tabs label="Parties du planning" tabs=tabs/></PageHeader>
        <div class="page page--wide">{changing(move || pool_alert(desk))}{body}</div>
        {dialog::dialog(desk)}
    }
    .into_any()
}

/// The week, its neighbours, and what is left out of it.
fn bar(desk: Desk) -> AnyView {
    let today = clock::now().date();
    let to =
        move |weeks: i64| Signal::derive(move || desk.fond.with(|vue| vue.en(vue.semaine.plus(weeks), today).href()));
    let title = move || {
        desk.fond.with(|vue| {
            let (from, to) = (vue.semaine.lundi(), vue.semaine.dimanche());
            format!("Semaine {} · du {} au {}", vue.semaine.number(), desk.day(from), desk.day(to))
        })
    };
    let now = Signal::derive(move || desk.fond.with(|vue| vue.en(Semaine::of(today), today).href()));
    let date = move |day: String| {
        if let Ok(day) = day.parse() {
            let vue = desk.fond.with_untracked(|vue| Vue { jour: day, ..vue.en(Semaine::of(day), today) });
            desk.go(&vue);
        }
    };
    let tous = move || {
        let vue = desk.fond.get();
        let words = match (vue.tous, vue.onglet) {
            (true, _) => "Seulement avec visites",
            (false, Onglet::Clients) => "Tous les clients",
            (false, _) => "Tous les intervenants",
        };
        let href = Vue { tous: !vue.tous, ..vue }.href();
        view! { <ButtonLink href=href kind=ButtonKind::Quiet>{words}</ButtonLink> }.into_any()
    };
    view! {
        <div class="week-bar">
            <h2 class="week-bar__title" aria-live="polite">{title}</h2>
            <div class="week-bar__row">
                <ButtonLink href=to(-1) kind=ButtonKind::Secondary icon=IconName::ArrowLeft>"Précédente"</ButtonLink>
                <ButtonLink href=now kind=ButtonKind::Secondary>"Aujourd’hui"</ButtonLink>
                <ButtonLink href=to(1) kind=ButtonKind::Secondary icon=IconName::ArrowRight>"Suivante"</ButtonLink>
            </div>
            <div class="week-bar__filters">
                <TextField id="semaine-du" label="Semaine du" kind=TextKind::Date autocomplete="off"
                    value=Signal::derive(move || desk.fond.with(|vue| vue.jour.to_string())) on_input=date/>
                {sectors(desk)}
                {changing(tous)}
            </div>
        </div>
        {changing(move || days(desk))}
    }
    .into_any()
}

/// Which sector.
fn sectors(desk: Desk) -> AnyView {
    let options = Signal::derive(move || {
        desk.turn.track();
        let all = SelectOption::new("", "Tous les secteurs");
        let each = desk.secteurs().into_iter().map(|name| SelectOption::new(slug(&name), name));
        std::iter::once(all).chain(each).collect::<Vec<_>>()
    });
    view! {
        <SelectField id="secteur" label="Secteur" options=options
            value=Signal::derive(move || desk.fond.with(|vue| vue.secteur.clone()))
            on_change=move |secteur: String| desk.go(&desk.fond.with_untracked(|vue| Vue { secteur, ..vue.clone() }))/>
    }
    .into_any()
}

fn narrow(inside: AnyView) -> AnyView {
    view! { <div class="week-narrow">{inside}</div> }.into_any()
}

/// On phones: the days, of which one is shown.
fn days(desk: Desk) -> AnyView {
    let vue = desk.fond.get();
    let link = |day: chrono::NaiveDate| {
        let href = Vue { jour: day, ..vue.clone() }.href();
        let current = (day == vue.jour).then_some("date");
        let words = desk.day(day);
        let (name, rest) = words.split_once(' ').unwrap_or((&words, ""));
        let number = rest.split(' ').next().unwrap_or_default().to_owned();
        view! {
            <li><a class="week-days__link" href=href aria-current=current aria-label=words.clone()>
                <span>{name.to_owned()}</span><strong>{number}</strong>
            </a></li>
        }
        .into_any()
    };
    let links: Vec<AnyView> = vue.semaine.jours().into_iter().map(link).collect();
    view! { <nav class="week-days" aria-label="Jours"><ul role="list">{links}</ul></nav> }.into_any()
}

fn keys(desk: Desk) -> AnyView {
    let words = if desk.writes() {
        "Clavier : ↑ ↓ d’une visite à l’autre, ← → pour la changer de jour, Entrée pour l’ouvrir. Souris : faites glisser la \
         visite vers un autre jour ou une autre personne."
    } else {
        "Clavier : ↑ ↓ d’une visite à l’autre, Entrée pour l’ouvrir. Votre fonction lit le planning sans le changer."
    };
    view! { <p class="muted week-keys">{words}</p> }.into_any()
}

/// How many uncovered visits call on the pool.
fn threshold(desk: Desk) -> usize {
    desk.workspace.agence.with(|agence| agence.fields.value(&SEUIL_VIVIER).trim().parse().unwrap_or(3))
}

fn pool_alert(desk: Desk) -> AnyView {
    let (open, most) = (desk.tableau.with(|tableau| tableau.decouvertes), threshold(desk));
    if open < most.max(1) {
        return ().into_any();
    }
    let words = format!("{open} visites sans intervenant dans les sept jours : voir le vivier");
    let href = desk.fond.with(|vue| Vue { onglet: Onglet::Vivier, ..vue.clone() }.href());
    view! { <a class="week-alert" href=href><Icon name=IconName::Warning/><span>{words}</span></a> }.into_any()
}
