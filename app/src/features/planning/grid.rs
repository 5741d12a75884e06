//! The week drawn: rows of people or clients, seven days, a card for each visit. On phones one day at a time.

use leptos::prelude::*;
use liaison_shared::planning::{Etat, words};

use super::desk::Desk;
use super::moves;
use super::vue::{Onglet, Ouvert};
use super::week::{Carte, Jour, Ligne, Qui, ROWS, Tableau, grouped};
use crate::platform::{clock, drag, page};
use crate::ui::sheet::changing;
use crate::ui::{Button, ButtonKind, EmptyState, Icon, IconName};

/// The attribute that names a card, and the one that names a day of a row.
const CARD: &str = "data-visite";
const PLACE: &str = "data-place";

/// The grid; follows the week.
pub fn grid(desk: Desk) -> AnyView {
    // The card that was moved keeps the keyboard.
    Effect::new(move || {
        desk.tableau.track();
        let id = desk.next_focus.get_value();
        if !id.is_empty() {
            clock::spawn(async move {
                clock::sleep(0).await;
                if page::focus(&id) {
                    let _gone = desk.next_focus.try_set_value(String::new());
                }
            });
        }
    });
    let pressed = move |event: leptos::ev::PointerEvent| {
        if desk.writes() {
            drag::carry(&event, CARD, PLACE, move |card, place| moves::dropped(desk, &card, &place));
        }
    };
    let clicked = move |event: leptos::ev::MouseEvent| {
        if let Some(card) = drag::named(&event, CARD) {
            moves::opened(desk, &card);
        }
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        let chord = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
        if let Some(card) = drag::named(&event, CARD).filter(|_| !chord)
            && moves::key(desk, &card, &event.key())
        {
            event.prevent_default();
        }
    };
    view! {
        <div class="week" on:pointerdown=pressed on:click=clicked on:keydown=key>
            {changing(move || desk.tableau.with(|tableau| table(desk, tableau)))}
        </div>
    }
    .into_any()
}

fn table(desk: Desk, tableau: &Tableau) -> AnyView {
    if tableau.jours.is_empty() {
        return ().into_any();
    }
    let vue = desk.fond.get_untracked();
    let today = clock::now().date();
    let clients = vue.onglet == Onglet::Clients;
    let head: Vec<AnyView> = tableau
        .jours
        .iter()
        .map(|(day, ferie)| {
            let class = class_of("week__day", *day == vue.jour, *day == today);
            let ferie = ferie.then(|| view! { <span class="week__ferie">"férié"</span> }.into_any());
            view! { <th scope="col" class=class>{desk.day(*day)}{ferie}</th> }.into_any()
        })
        .collect();
    let rows: Vec<AnyView> = tableau.lignes.iter().map(|ligne| row(desk, tableau, ligne, &vue.jour, today)).collect();
    let empty = tableau.lignes.iter().all(|ligne| ligne.jours.iter().all(|day| day.cartes.is_empty()));
    let nothing = empty.then(|| {
        view! {
            <EmptyState icon=IconName::Calendar title="Aucune visite cette semaine"
                text="Les visites qu’on prévoit pour un client sont ici, et sur le téléphone de qui s’y rend."/>
        }
        .into_any()
    });
    let more = (tableau.autres > 0).then(|| {
        let words = format!("Afficher la suite ({})", tableau.autres);
        view! { <Button kind=ButtonKind::Secondary on_click=move || desk.shown.update(|it| *it += ROWS)>{words}</Button> }
            .into_any()
    });
    let first = if clients { "Client" } else { "Intervenant" };
    view! {
        <table class="week__table">
            <thead><tr><th scope="col" class="week__who">{first}</th>{head}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {nothing}
        {more}
    }
    .into_any()
}

fn class_of(base: &str, shown: bool, today: bool) -> String {
    let mark = |on: bool, word: &str| if on { format!(" {base}--{word}") } else { String::new() };
    format!("{base}{}{}", mark(shown, "shown"), mark(today, "today"))
}

fn row(desk: Desk, tableau: &Tableau, ligne: &Ligne, shown: &chrono::NaiveDate, today: chrono::NaiveDate) -> AnyView {
    let name = ligne.nom.clone();
    let title = match ligne.qui {
        Qui::Personne => view! { <span class="week__name">{name}</span> }.into_any(),
        Qui::Intervenant(user) => {
            let href = desk.fond.with_untracked(|vue| vue.avec(Ouvert::Personne(user)).href());
            view! { <a class="week__name week__link" href=href>{name}</a> }.into_any()
        }
        Qui::Client(dossier) => {
            view! { <a class="week__name week__link" href=format!("/dossiers/{dossier}/prestation")>{name}</a> }
                .into_any()
        }
    };
    let planned = words(ligne.prevu);
    let sum = match ligne.contrat {
        Some(contract) => format!("{planned} prévues sur {}", words(contract)),
        None => format!("{planned} prévues"),
    };
    let alerts: Vec<AnyView> = grouped(&ligne.alertes)
        .into_iter()
        .map(|(rule, what)| {
            view! { <li class="week__alert"><Icon name=IconName::Warning/><span><strong>{rule}</strong>" "{what}</span></li> }
                .into_any()
        })
        .collect();
    let alerts = (!alerts.is_empty()).then(|| view! { <ul class="week__alerts" role="list">{alerts}</ul> }.into_any());
    let key = ligne.qui.key();
    let cells: Vec<AnyView> = tableau
        .jours
        .iter()
        .zip(&ligne.jours)
        .map(|((day, ferie), inside)| {
            let mut class = class_of("week__cell", day == shown, *day == today);
            if *ferie {
                class.push_str(" week__cell--ferie");
            }
            view! { <td class=class data-place=format!("{key}/{day}")>{cell(desk, inside)}</td> }.into_any()
        })
        .collect();
    let class = if ligne.qui == Qui::Personne { "week__row week__row--nobody" } else { "week__row" };
    view! {
        <tr class=class>
            <th scope="row" class="week__who">{title}<span class="week__sum">{sum}</span>{alerts}</th>
            {cells}
        </tr>
    }
    .into_any()
}

fn cell(desk: Desk, day: &Jour) -> AnyView {
    let absence = day.absence.clone().map(|why| view! { <p class="week__absence">{why}</p> }.into_any());
    let cards: Vec<AnyView> = day.cartes.iter().map(|carte| card(desk, carte)).collect();
    let cards = (!cards.is_empty()).then(|| view! { <ul class="week__cards" role="list">{cards}</ul> }.into_any());
    view! { {absence}{cards} }.into_any()
}

/// What a card says beside hours and name: a picture and words.
fn marks(carte: &Carte) -> Vec<(IconName, String)> {
    let it = &carte.planned;
    let mut marks = Vec::new();
    match it.etat {
        Etat::Confirmee => {}
        Etat::AValider => marks.push((IconName::Clock, "à valider".to_owned())),
        Etat::Brouillon => marks.push((IconName::Edit, "brouillon".to_owned())),
        Etat::Annulee => marks.push((IconName::Close, "annulée".to_owned())),
    }
    if !it.proposee.is_empty() {
        marks.push((IconName::Team, format!("proposée à {}", it.proposee.len())));
    }
    if it.conteste {
        marks.push((IconName::Danger, "deux versions".to_owned()));
    }
    // The row says the rest of the rule's name.
    let short = |rule: &&str| rule.trim_start_matches("PLAN-").to_lowercase().replace('-', " ");
    marks.extend(carte.rules.iter().map(|rule| (IconName::Warning, short(rule))));
    marks
}

fn card(desk: Desk, carte: &Carte) -> AnyView {
    let it = &carte.planned;
    let class = match it.etat {
        Etat::Confirmee => "visit visit--confirmee",
        Etat::AValider => "visit visit--valider",
        Etat::Brouillon => "visit visit--brouillon",
        Etat::Annulee => "visit visit--annulee",
    };
    // « 10 h », not « 10 h 00 »: columns are narrow.
    let short = |text: String| text.strip_suffix("\u{a0}00").map(str::to_owned).unwrap_or(text);
    let span = format!("{} – {}", short(it.visite.debut.hours()), short(it.visite.fin.hours()));
    let marks = marks(carte);
    let words: Vec<&str> = marks.iter().map(|(_, words)| words.as_str()).collect();
    let aloud = format!("{}, {span}, {}, {}", desk.day(it.jour), carte.titre, words.join(", "));
    let drawn: Vec<AnyView> = marks
        .iter()
        .map(|(icon, words)| view! { <span class="visit__mark"><Icon name=*icon/>{words.clone()}</span> }.into_any())
        .collect();
    view! {
        <li>
            <button type="button" class=class id=format!("v-{}", it.visite.id) aria-label=aloud
                data-visite=format!("{}/{}", it.visite.dossier, it.visite.id)>
                <span class="visit__hours">{span}</span>
                <span class="visit__who">{carte.titre.clone()}</span>
                {drawn}
            </button>
        </li>
    }
    .into_any()
}
