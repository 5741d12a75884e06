//! One consequence: what is proposed, and whether it is accepted, changed or refused.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::planning::Planifiee;
use liaison_shared::rules::consequences::{Effet, Proposition};
use liaison_shared::time::french_day;

use super::Decider;
use crate::features::suites::decision::{Choice, Verdict};
use crate::platform::clock;
use crate::ui::sheet::changing;
use crate::ui::{Checkbox, Problem, TextField, TextKind};

/// The id of the reason's field.
pub fn reason_id(regle: &str) -> String {
    format!("motif-{regle}")
}

/// The id of the day's field.
pub fn date_id(regle: &str) -> String {
    format!("date-{regle}")
}

/// One consequence.
pub fn suite(decider: Decider, proposition: &Proposition) -> AnyView {
    let regle = proposition.regle;
    let verdict = Memo::new(move |_| read(decider, regle, |choice| choice.verdict));
    let radio = move |own: Verdict| {
        let id = format!("{regle}-{}", own.label());
        let for_id = id.clone();
        view! {
            <div class="suite__verdict">
                <input class="suite__radio" type="radio" id=id name=regle prop:checked=move || verdict.get() == own
                    on:change=move |_| write(decider, regle, |choice| choice.verdict = own)/>
                <label class="suite__label" for=for_id>{own.label()}</label>
            </div>
        }
        .into_any()
    };
    let radios: Vec<AnyView> = Verdict::ALL.map(radio).into();
    let details = details(&proposition.effet);
    let effet = proposition.effet.clone();
    view! {
        <fieldset class="suite">
            <legend class="suite__what">{proposition.texte.clone()}</legend>
            {(!details.is_empty()).then(|| view! { <p class="suite__detail">{details}</p> })}
            <div class="suite__verdicts">{radios}</div>
            {changing(move || match verdict.get() {
                Verdict::Accept => ().into_any(),
                Verdict::Change => change(decider, regle, &effet),
                Verdict::Refuse => reason(decider, regle, true),
            })}
        </fieldset>
    }
    .into_any()
}

fn read<T>(decider: Decider, regle: &'static str, look: fn(&Choice) -> T) -> T {
    decider.choices.with(|all| all.get(regle).map_or_else(|| look(&Choice::default()), look))
}

fn write(decider: Decider, regle: &'static str, change: impl FnOnce(&mut Choice)) {
    decider.choices.update(|all| change(all.entry(regle).or_default()));
}

/// What is done, by when, by whom.
fn details(effet: &Effet) -> String {
    let day = |day| french_day(day, clock::now());
    match effet {
        Effet::Annuler(_) => String::new(),
        Effet::Arreter(_, last) => format!("Dernier jour : {}", day(*last)),
        Effet::Terminer(_, last) => format!("Fin le {}", day(*last)),
        Effet::Etape(_, from) => format!("À partir du {}", day(*from)),
        Effet::Tache(tache) => {
            let task = format!("Tâche pour « {} », à faire le {}", tache.service, day(tache.echeance));
            let whom = tache.description.trim();
            if whom.is_empty() { task } else { format!("{task}\n{whom}") }
        }
    }
}

/// What may be otherwise.
fn change(decider: Decider, regle: &'static str, effet: &Effet) -> AnyView {
    let mut parts: Vec<AnyView> = Vec::new();
    match effet {
        Effet::Annuler(visits) => parts.push(keep(decider, regle, visits)),
        Effet::Arreter(_, day) => parts.push(date(decider, regle, "Dernier jour", day.to_string())),
        Effet::Terminer(_, day) => parts.push(date(decider, regle, "Date de fin", day.to_string())),
        Effet::Etape(_, day) => parts.push(date(decider, regle, "À partir du", day.to_string())),
        Effet::Tache(tache) => {
            let (titre, id) = (tache.titre.clone(), format!("texte-{regle}"));
            let value = move || Some(read(decider, regle, |it| it.wording.clone())).filter(|it| !it.is_empty());
            let value = Signal::derive(move || value().unwrap_or_else(|| titre.clone()));
            let typed = move |text: String| write(decider, regle, |choice| choice.wording = text);
            parts.push(view! { <TextField id=id label="Ce qu’il faut faire" value=value on_input=typed/> }.into_any());
            parts.push(date(decider, regle, "À faire le", tache.echeance.to_string()));
        }
    }
    parts.push(reason(decider, regle, false));
    view! { <div class="stack">{parts}</div> }.into_any()
}

/// The visits that are kept all the same.
fn keep(decider: Decider, regle: &'static str, visits: &[Planifiee]) -> AnyView {
    let line = |it: &Planifiee| {
        let (id, label) = (it.visite.id, words(decider, it));
        let kept = move || decider.choices.with(|all| all.get(regle).is_some_and(|choice| choice.kept.contains(&id)));
        let turn = move |on: bool| write(decider, regle, |choice| toggle(choice, id, on));
        view! { <Checkbox id=format!("garder-{id}") label=label checked=Signal::derive(kept) on_change=turn/> }
            .into_any()
    };
    let lines: Vec<AnyView> = visits.iter().map(line).collect();
    view! {
        <fieldset class="suite__kept">
            <legend class="suite__detail">"Visites à garder : cochez celles qui ont lieu quand même."</legend>
            {lines}
        </fieldset>
    }
    .into_any()
}

fn toggle(choice: &mut Choice, id: EntryId, on: bool) {
    if on {
        choice.kept.insert(id);
    } else {
        choice.kept.remove(&id);
    }
}

/// A visit in a line.
fn words(decider: Decider, it: &Planifiee) -> String {
    let who = it.intervenant.map(|user| decider.case.workspace.name_of(user));
    let day = french_day(it.jour, clock::now());
    let hours = format!("{day}, {} – {}", it.visite.debut.hours(), it.visite.fin.hours());
    [Some(hours), who].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn date(decider: Decider, regle: &'static str, label: &'static str, proposed: String) -> AnyView {
    let value = move || Some(read(decider, regle, |it| it.date.clone())).filter(|it| !it.is_empty());
    let value = Signal::derive(move || value().unwrap_or_else(|| proposed.clone()));
    let typed = move |text: String| write(decider, regle, |choice| choice.date = text);
    view! { <TextField id=date_id(regle) label=label kind=TextKind::Date value=value on_input=typed/> }.into_any()
}

fn reason(decider: Decider, regle: &'static str, required: bool) -> AnyView {
    let value = Signal::derive(move || read(decider, regle, |it| it.reason.clone()));
    let problem = Signal::derive(move || {
        let missing = required && decider.tried.get() && value.with(|text| text.trim().is_empty());
        missing.then(|| Problem {
            what: "Il manque le motif".to_owned(),
            why: "Un refus se comprend encore dans un an.".to_owned(),
            example: "Exemple : facturation au forfait".to_owned(),
        })
    });
    let typed = move |text: String| write(decider, regle, |choice| choice.reason = text);
    let label = if required { "Motif du refus" } else { "Motif (facultatif)" };
    view! { <TextField id=reason_id(regle) label=label value=value problem=problem on_input=typed/> }.into_any()
}
