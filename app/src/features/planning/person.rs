//! An intervenant: what there is to look at in their week, when they are away, and what becomes of their visits then.

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use liaison_shared::documents::RecordEdit;
use liaison_shared::documents::schema::personnel::{ABSENCE_AU, ABSENCE_DU, ABSENCE_NATURE, ABSENCES};
use liaison_shared::planning::{Absence, Etat, Planifiee, Voulue, words};
use liaison_shared::{DocumentId, DocumentKind, EntryId, UserId};

use super::desk::Desk;
use super::edits::{self, Lot};
use super::visit::span;
use super::vue::{Ouvert, Vue};
use super::week::{Qui, grouped};
use crate::platform::{clock, random};
use crate::ui::sheet::{Act, Block, Field, Row};
use crate::ui::{ButtonKind, SelectOption, TextKind, Tone};

/// How far ahead visits during an absence are looked for.
const AHEAD: u64 = 200;

/// The dialog.
pub fn dialog(desk: Desk, user: UserId) -> Vec<Block> {
    desk.turn.track();
    let today = clock::now().date();
    let effectif = desk.effectifs.with(|all| all.get(&user).cloned()).unwrap_or_default();
    let mut blocks = Vec::new();
    desk.tableau.with(|tableau| {
        if let Some(ligne) = tableau.lignes.iter().find(|it| it.qui == Qui::Intervenant(user)) {
            let week = ligne.contrat.map(|it| format!(" sur {}", words(it))).unwrap_or_default();
            blocks.push(Block::Text(format!("Cette semaine : {} prévues{week}.", words(ligne.prevu))));
            for (rule, what) in grouped(&ligne.alertes) {
                blocks.push(Block::Notice(Tone::Warning, what, rule.to_owned()));
            }
        }
    });
    let mine = desk.planned(today, today + Days::new(AHEAD));
    let theirs = |it: &&Planifiee| it.intervenant == Some(user) && it.etat != Etat::Annulee;
    let mine: Vec<&Planifiee> = mine.iter().filter(theirs).collect();
    let coming: Vec<&Absence> = effectif.absences.iter().filter(|it| it.au >= today).collect();
    let rows = coming.iter().map(|it| absence(desk, user, it, &mine)).collect();
    blocks.push(Block::Card("Absences".to_owned(), rows, None));
    let concerned: Vec<&Planifiee> = mine.iter().copied().filter(|it| effectif.absent(it.jour).is_some()).collect();
    blocks.extend(uncovered(desk, &concerned));
    if desk.workspace.writes(DocumentKind::Personnel) {
        blocks.extend(new_absence(desk, user));
    }
    if desk.writes() {
        let day = desk.vue.with_untracked(|vue| vue.jour);
        let begin = Ouvert::Nouvelle(None, Some(user), Some(day));
        let mut acts = vec![desk.opens(ButtonKind::Secondary, "Nouvelle visite pour cette personne", begin)];
        if mine.iter().any(|it| it.etat == Etat::Brouillon) {
            acts.push(desk.opens(ButtonKind::Secondary, "Publier ses brouillons", Ouvert::Publier(Some(user))));
        }
        blocks.push(Block::Acts(acts));
    }
    blocks
}

fn absence(desk: Desk, user: UserId, it: &Absence, mine: &[&Planifiee]) -> Row {
    let nature = if it.nature.is_empty() { "Absence" } else { &it.nature };
    let span = if it.du == it.au {
        format!("le {}", desk.day(it.du))
    } else {
        format!("du {} au {}", desk.day(it.du), desk.day(it.au))
    };
    let mut row = Row::new(format!("{nature}, {span}"));
    let during = mine.iter().filter(|planned| (it.du..=it.au).contains(&planned.jour)).count();
    row.details.push(match during {
        0 => "Aucune visite ces jours-là.".to_owned(),
        1 => "1 visite ces jours-là : à remplacer.".to_owned(),
        many => format!("{many} visites ces jours-là : à remplacer."),
    });
    if desk.workspace.writes(DocumentKind::Personnel) {
        let id = it.id;
        let away = Act::new(ButtonKind::Secondary, "Retirer l’absence", move || {
            let edit = RecordEdit { retire: Some(true), ..RecordEdit::new(&ABSENCES, id, &[]) };
            of_file(desk, user, edit, "Absence retirée.");
        });
        row.acts.push(away.about(nature));
    }
    row
}

/// The visits that somebody else has to keep.
fn uncovered(desk: Desk, concerned: &[&Planifiee]) -> Vec<Block> {
    if concerned.is_empty() || !desk.writes() {
        return Vec::new();
    }
    let rows = concerned.iter().take(20).map(|it| {
        let mut row = Row::new(format!("{} · {}", desk.client(it.visite.dossier), span(desk, it)));
        let (dossier, id, day) = (it.visite.dossier, it.visite.id, it.jour);
        let replace = Act::new(ButtonKind::Secondary, "Remplacer", move || {
            let vue = desk.vue.get_untracked();
            let there: Vue = vue.en(liaison_shared::planning::Semaine::of(day), clock::now().date());
            desk.go(&there.avec(Ouvert::Remplacer(dossier, id)));
        });
        row.acts.push(replace.about(&row.title));
        row
    });
    let all: Vec<Planifiee> = concerned.iter().map(|it| (*it).clone()).collect();
    let words = format!("Laisser ces {} visites sans intervenant", all.len());
    let leave = Act::new(ButtonKind::Secondary, words, move || left(desk, &all));
    vec![
        Block::Card("Visites pendant une absence".to_owned(), rows.collect(), None),
        Block::Acts(vec![leave]),
        Block::Text("Elles passent dans « Sans intervenant », où elles sont à confier ou à proposer.".to_owned()),
    ]
}

/// Nobody comes to these any more, until somebody does.
fn left(desk: Desk, all: &[Planifiee]) {
    let mut lot = Lot { said: format!("{} visites sont à confier.", all.len()), ..Lot::default() };
    for it in all {
        let voulue = Voulue { intervenant: None, proposee: Vec::new(), ..Voulue::of(it) };
        let edit = desk.agenda(it.visite.dossier).ecrire(it, &voulue);
        lot.edits.entry(DocumentId::prestation(it.visite.dossier)).or_default().push(edit);
    }
    edits::keep(desk, lot);
}

fn new_absence(desk: Desk, user: UserId) -> Vec<Block> {
    let natures = SelectOption::words(ABSENCE_NATURE.choices());
    let day = desk.vue.with_untracked(|vue| vue.jour).to_string();
    let first = day.clone();
    let add = move || {
        let (du, au) = (desk.form.read("absence-du", &first), desk.form.read("absence-au", &first));
        let (Ok(from), Ok(to)) = (du.parse::<NaiveDate>(), au.parse::<NaiveDate>()) else {
            return desk.form.problem.set("Donnez le premier et le dernier jour.".to_owned());
        };
        if to < from {
            return desk.form.problem.set("Le dernier jour est avant le premier.".to_owned());
        }
        let nature = desk.form.read("absence-nature", natures_first());
        let values = [(&ABSENCE_NATURE, nature.as_str()), (&ABSENCE_DU, du.as_str()), (&ABSENCE_AU, au.as_str())];
        let edit = RecordEdit::new(&ABSENCES, EntryId(random::sixteen_bytes()), &values);
        desk.form.clear();
        of_file(desk, user, edit, "Absence ajoutée.");
    };
    vec![
        Block::Select("absence-nature", "Ajouter une absence", natures_first().to_owned(), natures),
        Block::Field(Field::new("absence-du", "Du", day.clone()).kind(TextKind::Date)),
        Block::Field(Field::new("absence-au", "Au", day).kind(TextKind::Date)),
        Block::Problem("L’absence n’est pas ajoutée"),
        Block::Act(Act::new(ButtonKind::Primary, "Ajouter l’absence", add)),
    ]
}

fn natures_first() -> &'static str {
    ABSENCE_NATURE.choices().first().copied().unwrap_or_default()
}

/// Writes in somebody's own file.
fn of_file(desk: Desk, user: UserId, edit: RecordEdit, said: &str) {
    edits::keep(desk, Lot::in_document(DocumentId::Personnel(user), vec![edit], said));
}
