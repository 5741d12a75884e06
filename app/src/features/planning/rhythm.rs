//! The form of visits that recur, and what a single one has of it: days, weeks, hours, who, for what, where it stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::planning::{Etat, Reguliere};

use super::desk::Desk;
use super::visit::{activities, signatures, team_notice, time, written};
use super::vue::Ouvert;
use crate::ui::sheet::{Act, Block, Field};
use crate::ui::{ButtonKind, SelectOption, TextKind};

/// Days, weeks, from, until, holidays.
pub fn rhythm(desk: Desk, usual: &Reguliere) -> Vec<Block> {
    let shown: Vec<String> = usual.jours.iter().map(u8::to_string).collect();
    let shown = shown.join(",");
    let holidays =
        vec![SelectOption::new("", "Visites maintenues"), SelectOption::new("non", "Pas de visite les jours fériés")];
    let suspended = if usual.sauf_feries { "non" } else { "" }.to_owned();
    let au = usual.au.map(|it| it.to_string()).unwrap_or_default();
    vec![
        Block::Text("Jours de la semaine".to_owned()),
        Block::Live(Arc::new(move || vec![Block::Acts(weekdays(desk, &shown))])),
        Block::Field(
            Field::new("toutes_les", "Toutes les … semaines", usual.toutes_les.to_string()).kind(TextKind::Number),
        ),
        Block::Field(Field::new("du", "À partir du", usual.du.to_string()).kind(TextKind::Date)),
        Block::Field(
            Field::new("au", "Jusqu’au", au)
                .kind(TextKind::Date)
                .hint("Un an, ou jusqu’à la fin prévue du contrat. Vide : sans date de fin."),
        ),
        Block::Select("feries", "Jours fériés", suspended, holidays),
    ]
}

fn weekdays(desk: Desk, shown: &str) -> Vec<Act> {
    const NAMES: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
    let picked = days_of(&desk.form.value("jours", shown));
    (1..=7u8)
        .zip(NAMES)
        .map(|(day, name)| {
            let on = picked.contains(&day);
            let mut next = picked.clone();
            if !next.remove(&day) {
                next.insert(day);
            }
            let next: Vec<String> = next.iter().map(u8::to_string).collect();
            let words = if on { format!("✓ {name}") } else { name.to_owned() };
            Act::new(if on { ButtonKind::Secondary } else { ButtonKind::Quiet }, words, move || {
                desk.form.put("jours", next.join(","));
            })
        })
        .collect()
}

fn days_of(text: &str) -> BTreeSet<u8> {
    text.split(',').filter_map(|day| day.parse().ok()).collect()
}

/// Hours, who, for what, where it stands.
pub fn common(desk: Desk, usual: &Reguliere) -> Vec<Block> {
    let person = usual.intervenant.map(|it| it.to_string()).unwrap_or_default();
    let states = SelectOption::words(&["Confirmée", "Brouillon"]);
    let etat = if usual.etat == Etat::Brouillon { "Brouillon" } else { usual.etat.name() };
    let for_team = usual.clone();
    vec![
        Block::Field(Field::new("debut", "De", written(usual.debut)).kind(TextKind::Time)),
        Block::Field(
            Field::new("fin", "À", written(usual.fin))
                .kind(TextKind::Time)
                .hint("Plus tôt que le début : le lendemain."),
        ),
        Block::Select("intervenant", "Intervenant", person, desk.people()),
        Block::Live(Arc::new(move || {
            for key in ["sorte", "jour", "du", "au", "intervenant"] {
                let _tracked = desk.form.value(key, "");
            }
            let Ok(typed) = typed(desk, &for_team) else { return Vec::new() };
            let one = desk.form.read("sorte", "").is_empty() || desk.form.read("sorte", "une") == "une";
            let series = matches!(desk.ouvert.get(), Ouvert::Serie(..));
            let day = desk.form.read("jour", &typed.du.to_string()).parse().unwrap_or(typed.du);
            let (du, au) = if one && !series { (day, Some(day)) } else { (typed.du, typed.au) };
            typed.intervenant.and_then(|user| team_notice(desk, user, du, au)).into_iter().collect()
        })),
        Block::Select("activite", "Activité", usual.activite.clone(), activities()),
        Block::Select(
            "signature",
            "Signature du client",
            if usual.signature { "oui" } else { "" }.to_owned(),
            signatures(),
        ),
        Block::Select("etat", "État", etat.to_owned(), states),
        Block::Text("Un brouillon n’est pas sur les téléphones tant qu’il n’est pas publié.".to_owned()),
    ]
}

/// What is typed, over what was there.
pub fn typed(desk: Desk, usual: &Reguliere) -> Result<Reguliere, &'static str> {
    let read = |key: &str, initial: &str| desk.form.read(key, initial);
    let shown = |days: &BTreeSet<u8>| days.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
    let au = read("au", &usual.au.map(|it| it.to_string()).unwrap_or_default());
    let it = Reguliere {
        jours: days_of(&read("jours", &shown(&usual.jours))),
        debut: time(&read("debut", &written(usual.debut))).ok_or("L’heure de début n’est pas une heure.")?,
        fin: time(&read("fin", &written(usual.fin))).ok_or("L’heure de fin n’est pas une heure.")?,
        toutes_les: read("toutes_les", &usual.toutes_les.to_string()).parse().unwrap_or(1),
        du: read("du", &usual.du.to_string()).parse().map_err(|_| "La première date n’est pas une date.")?,
        au: if au.is_empty() { None } else { Some(au.parse().map_err(|_| "La dernière date n’est pas une date.")?) },
        sauf_feries: read("feries", if usual.sauf_feries { "non" } else { "" }) == "non",
        intervenant: read("intervenant", &usual.intervenant.map(|it| it.to_string()).unwrap_or_default()).parse().ok(),
        activite: read("activite", &usual.activite),
        signature: read("signature", if usual.signature { "oui" } else { "" }) == "oui",
        etat: Etat::from_name(&read("etat", usual.etat.name())),
        echeance: usual.echeance,
    };
    if it.debut == it.fin {
        return Err("La visite finit quand elle commence.");
    }
    Ok(it)
}
