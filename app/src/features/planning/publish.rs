//! Drafts are published, answers are read, what was accepted is confirmed.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use liaison_shared::documents::RecordEdit;
use liaison_shared::planning::{Agenda, Demande, Planifiee};
use liaison_shared::{DocumentId, DossierId, UserId};

use super::desk::Desk;
use super::edits::{self, Lot, Place};
use super::visit::span;
use super::vue::{Ouvert, Vue};
use crate::platform::clock;
use crate::ui::sheet::{Act, Block, Field, Nothing, Row};
use crate::ui::{ButtonKind, IconName, SelectOption, TextKind, Tone};

/// How far ahead answers are read, in days.
const AHEAD: u64 = 92;
/// Requests shown at once.
const SHOWN: usize = 60;

/// Every dossier's planning that has something between now and then.
fn agendas<T>(desk: Desk, read: impl Fn(DossierId, &Agenda) -> T) -> Vec<T> {
    desk.workspace.summaries.with_untracked(|all| {
        let of = all.values().filter(|it| desk.fond.with_untracked(|vue| vue.takes(&it.secteur)));
        of.map(|it| read(it.dossier, &it.agenda)).collect()
    })
}

/// The page: drafts by person, then answers.
pub fn page(desk: Desk) -> Vec<Block> {
    desk.turn.track();
    desk.fond.track();
    let today = clock::now().date();
    let until = today + Days::new(AHEAD);
    let drafts: Vec<Planifiee> = agendas(desk, |dossier, agenda| agenda.brouillons(dossier, None, (today, until)))
        .into_iter()
        .flatten()
        .collect();
    let asked: Vec<(DossierId, Demande)> = agendas(desk, |dossier, agenda| {
        agenda.demandes(dossier, today, until).into_iter().map(|it| (dossier, it)).collect::<Vec<_>>()
    })
    .into_iter()
    .flatten()
    .collect();
    let mut blocks = vec![Block::Text(format!("Du {} au {}.", desk.day(today), desk.day(until)))];
    blocks.push(draft_card(desk, &drafts));
    if desk.writes() && !drafts.is_empty() {
        blocks.push(Block::Acts(vec![desk.opens(
            ButtonKind::Primary,
            "Publier les brouillons",
            Ouvert::Publier(None),
        )]));
    }
    blocks.extend(answers(desk, today, asked));
    blocks
}

fn draft_card(desk: Desk, drafts: &[Planifiee]) -> Block {
    let mut of: BTreeMap<Option<UserId>, Vec<&Planifiee>> = BTreeMap::new();
    for it in drafts {
        of.entry(it.intervenant).or_default().push(it);
    }
    let rows = of.into_iter().map(|(user, all)| {
        let mut row = Row::new(desk.name(user));
        let many = if all.len() > 1 { "visites en brouillon" } else { "visite en brouillon" };
        let first = all.iter().min_by_key(|it| it.jour).map(|it| desk.day(it.jour)).unwrap_or_default();
        row.details.push(format!("{} {many}, la première le {first}", all.len()));
        row.badge = Some((Tone::Neutral, "brouillon".to_owned()));
        if let Some(user) = user.filter(|_| desk.writes()) {
            row.acts.push(desk.opens(ButtonKind::Secondary, "Publier", Ouvert::Publier(Some(user))).about(&row.title));
        }
        row
    });
    let text = "Un brouillon reste au bureau. Publié, il arrive sur le téléphone de la personne, qui répond.";
    Block::Card("Brouillons".to_owned(), rows.collect(), Some(Nothing::new(IconName::Edit, "Aucun brouillon", text)))
}

fn answers(desk: Desk, today: NaiveDate, mut asked: Vec<(DossierId, Demande)>) -> Vec<Block> {
    asked.sort_by_key(|(_, it)| (!it.en_retard(today), it.echeance, it.visites.first().map(|it| it.visite)));
    let (mut yes, mut no, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for it in asked {
        let list = match &it.1 {
            it if it.refusees > 0 => &mut no,
            it if it.attend() => &mut open,
            _ => &mut yes,
        };
        list.push(it);
    }
    let rows = |all: &[(DossierId, Demande)]| {
        all.iter().take(SHOWN).map(|(dossier, it)| row(desk, today, *dossier, it)).collect()
    };
    let nothing = Nothing::new(
        IconName::Check,
        "Aucune réponse attendue",
        "Ce qui est publié ou proposé et n’a pas de réponse est ici.",
    );
    let mut blocks = vec![
        Block::Card(format!("Sans réponse ({})", open.len()), rows(&open), Some(nothing)),
        Block::Card(format!("Refusées ({})", no.len()), rows(&no), None),
        Block::Card(format!("Acceptées ({})", yes.len()), rows(&yes), None),
    ];
    if yes.len() > 1 && desk.writes() {
        let words = format!("Confirmer tout ce qui est accepté ({})", yes.len());
        blocks.push(Block::Acts(vec![Act::new(ButtonKind::Primary, words, move || confirm(desk, &yes))]));
    }
    blocks
}

fn row(desk: Desk, today: NaiveDate, dossier: DossierId, it: &Demande) -> Row {
    let mut row = Row::new(format!("{} · {}", desk.name(Some(it.a)), desk.client(dossier)));
    let agenda = desk.agenda(dossier);
    let regle = it.regle.and_then(|id| agenda.regles.into_iter().find(|regle| regle.id == id));
    let first = it.visites.first();
    row.texts.push(match (regle, first) {
        (Some(regle), Some(first)) => {
            let hours = format!("{} – {}", first.visite.debut.hours(), first.visite.fin.hours());
            format!("{}, {hours}, dès le {}", regle.jours_en_mots(), desk.day(first.jour))
        }
        (None, Some(first)) => span(desk, first),
        _ => String::new(),
    });
    row.details.extend(it.echeance.map(|day| format!("Réponse demandée avant le {}", desk.day(day))));
    row.details.extend((!it.motif.is_empty()).then(|| format!("Motif : {}", it.motif)));
    let partly = it.acceptees > 0 && it.acceptees < it.visites.len();
    row.details.extend(partly.then(|| format!("{} acceptées sur {}", it.acceptees, it.visites.len())));
    row.badge = Some(if it.refusees > 0 {
        (Tone::Warning, "refusée".to_owned())
    } else if it.en_retard(today) {
        (Tone::Danger, "en retard".to_owned())
    } else if it.attend() {
        (Tone::Information, "sans réponse".to_owned())
    } else {
        (Tone::Done, "acceptée".to_owned())
    });
    if !desk.writes() {
        return row;
    }
    let name = row.title.clone();
    if it.acceptees > 0 {
        let one = vec![(dossier, it.clone())];
        row.acts.push(Act::new(ButtonKind::Secondary, "Confirmer", move || confirm(desk, &one)).about(&name));
    }
    if let Some(first) = first.filter(|_| it.acceptees < it.visites.len()) {
        let (id, day) = (first.visite.id, first.jour);
        let replace = Act::new(ButtonKind::Secondary, "Remplacer", move || {
            let vue = desk.vue.get_untracked();
            let there: Vue = vue.en(liaison_shared::planning::Semaine::of(day), clock::now().date());
            desk.go(&there.avec(Ouvert::Remplacer(dossier, id)));
        });
        row.acts.push(replace.about(&name));
    }
    row
}

/// Confirms what was accepted.
fn confirm(desk: Desk, all: &[(DossierId, Demande)]) {
    let mut lot = Lot { said: "Ce qui était accepté est confirmé.".to_owned(), ..Lot::default() };
    for (dossier, it) in all {
        let edits = desk.agenda(*dossier).confirmer(it);
        lot.edits.entry(DocumentId::prestation(*dossier)).or_default().extend(edits);
    }
    edits::keep(desk, lot);
}

/// The dialog: over which time, until when to answer.
pub fn dialog(desk: Desk, user: Option<UserId>) -> Vec<Block> {
    desk.turn.track();
    let today = clock::now().date();
    let (from, to) = (today, today + Days::new(AHEAD));
    let person = user.map(|it| it.to_string()).unwrap_or_default();
    let mut people = desk.people();
    if let Some(first) = people.first_mut() {
        *first = SelectOption::new("", "Tout le monde");
    }
    let found = move || {
        let read = |key: &str, day: NaiveDate| desk.form.value(key, &day.to_string()).parse().unwrap_or(day);
        let (from, to) = (read("du", from), read("au", to));
        let who = desk.form.value("personne", &user.map(|it| it.to_string()).unwrap_or_default()).parse().ok();
        agendas(desk, |dossier, agenda| (dossier, agenda.brouillons(dossier, who, (from, to))))
    };
    let count = move || {
        let many: usize = found().iter().map(|(_, drafts)| drafts.len()).sum();
        let text = if many == 0 {
            "Aucun brouillon à publier.".to_owned()
        } else {
            format!("{many} visites seront publiées.")
        };
        vec![Block::Text(text)]
    };
    vec![
        Block::Select("personne", "Pour", person, people),
        Block::Field(Field::new("du", "Du", from.to_string()).kind(TextKind::Date)),
        Block::Field(Field::new("au", "Au", to.to_string()).kind(TextKind::Date)),
        Block::Field(
            Field::new("echeance", "Réponse avant le", (today + Days::new(3)).to_string())
                .kind(TextKind::Date)
                .hint("Des visites régulières sont publiées en entier, avec leurs jours à venir."),
        ),
        Block::Live(std::sync::Arc::new(count)),
        Block::Problem("Rien n’est publié"),
        Block::Act(Act::new(ButtonKind::Primary, "Publier", move || {
            let until = desk.form.read("echeance", &(today + Days::new(3)).to_string()).parse::<NaiveDate>();
            match until {
                Err(_) => desk.form.problem.set("La date de réponse n’est pas une date.".to_owned()),
                Ok(until) => publish(desk, &untrack(found), until),
            }
        })),
    ]
}

fn publish(desk: Desk, found: &[(DossierId, Vec<Planifiee>)], until: NaiveDate) {
    let mut lot = Lot::default();
    let mut count = 0;
    for (dossier, drafts) in found.iter().filter(|(_, drafts)| !drafts.is_empty()) {
        count += drafts.len();
        let agenda = desk.agenda(*dossier);
        let edits: Vec<RecordEdit> = agenda.publier(drafts, until);
        lot.edits.insert(DocumentId::prestation(*dossier), edits);
        for it in drafts {
            let regle = it.recurrence.and_then(|id| agenda.regles.iter().find(|regle| regle.id == id)?.reguliere());
            let (du, au) = regle.filter(|_| !it.modifiee).map_or((it.jour, Some(it.jour)), |it| (it.du, it.au));
            let people = it.intervenant.into_iter().chain(it.proposee.iter().copied());
            for user in people {
                if !lot.equipe.iter().any(|other| other.dossier == *dossier && other.user == user && other.du == du) {
                    lot.equipe.push(Place { dossier: *dossier, user, du, au });
                }
            }
        }
    }
    if count == 0 {
        return desk.form.problem.set("Il n’y a pas de brouillon avec un intervenant dans cette période.".to_owned());
    }
    lot.said = format!("{count} visites publiées : réponse avant le {}.", desk.day(until));
    edits::keep(desk, lot);
    desk.show(Ouvert::Rien);
}
