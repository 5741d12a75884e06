//! Somebody else for a visit: those who may come, the best first; given to one, or offered to several.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::Days;
use leptos::prelude::*;
use liaison_shared::planning::{Candidat, Etat, Intervenant, Planifiee, Visite, Voulue, candidats, words};
use liaison_shared::time::Millis;
use liaison_shared::{DossierId, EntryId, UserId};

use super::desk::Desk;
use super::edits::{self, Lot};
use super::moves::late;
use super::visit::span;
use super::vue::Ouvert;
use crate::platform::clock;
use crate::ui::sheet::{Act, Block, Field, Nothing, Row};
use crate::ui::{ButtonKind, IconName, TextKind, Tone};

/// Candidates shown.
const SHOWN: usize = 12;
/// Beyond so many people, only the weeks next to the visit are looked at.
const FEW: usize = 60;

/// What is known of somebody, for a visit.
pub fn somebody(desk: Desk, user: UserId, visite: &Visite, around: &[Planifiee]) -> Intervenant {
    let effectifs = desk.effectifs.get_untracked();
    let effectif = effectifs.get(&user).cloned().unwrap_or_default();
    let theirs = || around.iter().filter(|it| it.intervenant == Some(user) && it.etat != Etat::Annulee);
    let been = theirs().filter(|it| it.visite.dossier == visite.dossier && it.visite.fin < clock::now()).count() > 0;
    let day = visite.debut.date();
    Intervenant {
        user: Some(user),
        visites: theirs().map(|it| it.visite).collect(),
        absent: effectif
            .absent(day)
            .map(|it| if it.nature.is_empty() { "absence".to_owned() } else { it.nature.clone() }),
        heures: effectif.semaine.map(|it| it.0 / 3_600_000),
        secteur: effectif.secteur,
        connus: if been { BTreeSet::from([visite.dossier]) } else { BTreeSet::new() },
    }
}

/// The dialog.
pub fn dialog(desk: Desk, dossier: DossierId, id: EntryId) -> Vec<Block> {
    let Some(planned) = desk.find(dossier, id).filter(|_| desk.writes()) else {
        let text = "Elle est loin de cette semaine, ou elle a été retirée du planning.";
        return vec![Block::Nothing(Nothing::new(IconName::Calendar, "Cette visite n’est pas ici", text))];
    };
    let people = untrack(|| desk.workspace.intervenants());
    let days = Days::new(if people.len() > FEW { 8 } else { 45 });
    let around = desk.planned(planned.jour - days, planned.jour + days);
    let people: Vec<Intervenant> = people.iter().map(|it| somebody(desk, it.user, &planned.visite, &around)).collect();
    let secteur = desk.summary(dossier, |it| it.secteur.clone()).unwrap_or_default();
    let convention = desk.workspace.convention();
    let found = candidats(&planned.visite, (planned.intervenant, &secteur), &people, &desk.ways(), &convention);
    let until = clock::now().date() + Days::new(1);
    let (shown, offered) = (planned.clone(), planned.clone());
    let candidates = move || {
        let picked = picked(desk, &shown);
        let rows: Vec<Row> = found.iter().take(SHOWN).map(|it| row(desk, &shown, it, &picked)).collect();
        let nothing =
            Nothing::new(IconName::Team, "Personne d’autre", "Les intervenants de l’agence sont proposés ici.");
        vec![Block::Card("Qui peut venir".to_owned(), rows, Some(nothing))]
    };
    vec![
        Block::Text(format!("{} · actuellement : {}", span(desk, &planned), desk.name(planned.intervenant))),
        Block::Live(Arc::new(candidates)),
        Block::Field(
            Field::new("echeance", "Réponse avant le", until.to_string()).kind(TextKind::Date).hint(
                "Les personnes choisies répondent sur leur téléphone. Elles entrent dans l’équipe pour ce jour-là.",
            ),
        ),
        Block::Problem("La visite n’est pas proposée"),
        Block::Act(Act::new(ButtonKind::Primary, "Proposer aux personnes choisies", move || offer(desk, &offered))),
    ]
}

/// Those to whom it is to be offered: as it is, or as it is picked.
fn picked(desk: Desk, planned: &Planifiee) -> BTreeSet<UserId> {
    let now: Vec<String> = planned.proposee.iter().map(UserId::to_string).collect();
    desk.form.value("proposee", &now.join(",")).split(',').filter_map(|it| it.parse().ok()).collect()
}

fn row(desk: Desk, planned: &Planifiee, it: &Candidat, picked: &BTreeSet<UserId>) -> Row {
    let (user, name) = (it.user, desk.name(Some(it.user)));
    let mut row = Row::new(&name);
    row.badge = Some(if it.is_free() {
        (Tone::Done, "libre".to_owned())
    } else if let Some(why) = &it.absent {
        (Tone::Warning, format!("en absence : {}", why.to_lowercase()))
    } else {
        (Tone::Warning, it.alertes[0].rule.to_owned())
    });
    let mut known = vec![if it.connu { "connaît le client" } else { "n’y est pas allé récemment" }.to_owned()];
    known.extend(it.secteur.then(|| "du secteur".to_owned()));
    known.extend(it.reste.map(|left| {
        let words = words(Millis(left.0.abs()));
        if left.0 < 0 { format!("{words} de trop sur sa semaine") } else { format!("{words} libres sur sa semaine") }
    }));
    row.details.push(known.join(" · "));
    row.details.extend(it.alertes.iter().map(|alerte| format!("{} ({})", alerte.what, alerte.rule)));
    let assigned = planned.clone();
    row.acts
        .push(Act::new(ButtonKind::Secondary, "Confier la visite", move || give(desk, &assigned, user)).about(&name));
    let on = picked.contains(&user);
    let words = if on { "✓ Proposée" } else { "Proposer" };
    let mut next = picked.clone();
    if !next.remove(&user) {
        next.insert(user);
    }
    let next: Vec<String> = next.iter().map(UserId::to_string).collect();
    let pick = move || desk.form.put("proposee", next.join(","));
    row.acts.push(Act::new(ButtonKind::Quiet, words, pick).about(&name));
    row
}

fn give(desk: Desk, planned: &Planifiee, user: UserId) {
    let dossier = planned.visite.dossier;
    let voulue = Voulue { intervenant: Some(user), proposee: Vec::new(), ..Voulue::of(planned) };
    let edit = desk.agenda(dossier).ecrire(planned, &voulue);
    let (name, client) = (desk.name(Some(user)), desk.client(dossier));
    let said = format!("Visite confiée à {name} : {client}, {}.{}", span(desk, planned), late(desk, planned, &voulue));
    let lot = Lot::of(dossier, vec![edit], said).seen(desk);
    edits::keep(desk, lot.with(dossier, Some(user), planned.jour, Some(planned.jour)));
    desk.show(Ouvert::Rien);
}

fn offer(desk: Desk, planned: &Planifiee) {
    let people = untrack(|| picked(desk, planned));
    let until = desk.form.read("echeance", &(clock::now().date() + Days::new(1)).to_string()).parse().ok();
    if people.is_empty() || until.is_none() {
        let what = if people.is_empty() {
            "Choisissez d’abord à qui, avec « Proposer »."
        } else {
            "La date n’est pas une date."
        };
        desk.form.problem.set(what.to_owned());
        return;
    }
    let dossier = planned.visite.dossier;
    let voulue = Voulue {
        intervenant: None,
        proposee: people.iter().copied().collect(),
        etat: Etat::AValider,
        echeance: until,
        ..Voulue::of(planned)
    };
    let edit = desk.agenda(dossier).ecrire(planned, &voulue);
    let said = format!("Visite proposée à {} : {}, {}.", people.len(), desk.client(dossier), span(desk, planned));
    let lot = Lot::of(dossier, vec![edit], said).seen(desk);
    let lot = people.into_iter().fold(lot, |lot, user| lot.with(dossier, Some(user), planned.jour, Some(planned.jour)));
    edits::keep(desk, lot);
    desk.show(Ouvert::Rien);
}
