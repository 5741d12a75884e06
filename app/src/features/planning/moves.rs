//! A visit is moved: to another day or another person, with the mouse or the keyboard.

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use liaison_shared::planning::{Etat, Planifiee, Visite, Voulue, notice};
use liaison_shared::time::instant;
use liaison_shared::{DossierId, EntryId, UserId};

use super::desk::Desk;
use super::edits::{self, Lot};
use super::vue::{Onglet, Ouvert};
use crate::platform::{clock, page};
use crate::ui::Tone;

/// The visit that a card names: `<dossier>/<visite>`.
pub fn named(card: &str) -> Option<(DossierId, EntryId)> {
    let (dossier, id) = card.split_once('/')?;
    Some((dossier.parse().ok()?, id.parse().ok()?))
}

/// The instants of a visit to be.
pub fn visite_of(planned: &Planifiee, voulue: &Voulue) -> Visite {
    let end = if voulue.fin > voulue.debut { Some(voulue.jour) } else { voulue.jour.checked_add_days(Days::new(1)) };
    Visite {
        debut: instant(voulue.jour, voulue.debut),
        fin: instant(end.unwrap_or(voulue.jour), voulue.fin),
        ..planned.visite
    }
}

/// A card was put down on a day of a row: `<whose>/<day>`.
pub fn dropped(desk: Desk, card: &str, place: &str) {
    let (Some((dossier, id)), Some((whose, day))) = (named(card), place.split_once('/')) else { return };
    let Ok(day) = day.parse::<NaiveDate>() else { return };
    let clients = desk.fond.with_untracked(|vue| vue.onglet == Onglet::Clients);
    if clients && whose != dossier.to_string() {
        desk.toasts.say(Tone::Information, "Une visite reste chez son client : seul son jour peut changer ici.");
        return;
    }
    let Some(planned) = untrack(|| desk.find(dossier, id)) else { return };
    let user: Option<UserId> = if clients { planned.intervenant } else { whose.parse().ok() };
    moved(desk, &planned, day, user);
}

/// Moves a visit.
fn moved(desk: Desk, planned: &Planifiee, jour: NaiveDate, intervenant: Option<UserId>) {
    if (jour, intervenant) == (planned.jour, planned.intervenant) {
        return;
    }
    let mut voulue = Voulue { jour, intervenant, ..Voulue::of(planned) };
    if intervenant != planned.intervenant {
        voulue.proposee.clear();
    }
    let dossier = planned.visite.dossier;
    let edit = desk.agenda(dossier).ecrire(planned, &voulue);
    let mut said = format!("{} : {}", desk.client(dossier), desk.day(jour));
    if intervenant != planned.intervenant {
        said = format!("{said}, {}", desk.name(intervenant));
    }
    said = format!("{said}.{}", late(desk, planned, &voulue));
    desk.next_focus.set_value(format!("v-{}", planned.visite.id));
    edits::keep(desk, Lot::of(dossier, vec![edit], said).with(dossier, intervenant, jour, Some(jour)));
}

/// What is said of a change that comes late: PLAN-DELAI; empty for one in time.
pub fn late(desk: Desk, planned: &Planifiee, voulue: &Voulue) -> String {
    let convention = untrack(|| desk.workspace.convention());
    let late = notice(&visite_of(planned, voulue), clock::now(), &convention);
    late.filter(|_| voulue.etat != Etat::Annulee).map(|it| format!(" {} ({}).", it.what, it.rule)).unwrap_or_default()
}

/// A key on a card: the arrows. True when it meant something.
pub fn key(desk: Desk, card: &str, key: &str) -> bool {
    let days = match key {
        "ArrowLeft" => -1,
        "ArrowRight" => 1,
        "ArrowUp" | "ArrowDown" => return neighbour(desk, card, key == "ArrowDown"),
        _ => return false,
    };
    let planned = named(card).and_then(|(dossier, id)| untrack(|| desk.find(dossier, id)));
    let Some(planned) = planned.filter(|_| desk.writes()) else { return false };
    let there = planned.jour + chrono::TimeDelta::days(days);
    // Out of the week that is shown: the page follows.
    let vue = desk.vue.get_untracked();
    if !vue.semaine.contains(there) {
        let week = vue.semaine.plus(days);
        desk.place.go(&vue.en(week, clock::now().date()).href());
    }
    moved(desk, &planned, there, planned.intervenant);
    true
}

/// The card before or after gets the keyboard.
fn neighbour(desk: Desk, card: &str, after: bool) -> bool {
    let Some((_, id)) = named(card) else { return false };
    let all: Vec<EntryId> = desk.tableau.with_untracked(|tableau| {
        let days = tableau.lignes.iter().flat_map(|ligne| &ligne.jours);
        days.flat_map(|day| &day.cartes).map(|carte| carte.planned.visite.id).collect()
    });
    let at = all.iter().position(|other| *other == id);
    let next = at.and_then(|at| if after { at.checked_add(1) } else { at.checked_sub(1) });
    next.and_then(|at| all.get(at)).is_some_and(|id| page::focus(&format!("v-{id}")))
}

/// Opens the dialog of a card.
pub fn opened(desk: Desk, card: &str) {
    if let Some((dossier, id)) = named(card) {
        desk.show(Ouvert::Visite(dossier, id));
    }
}
