//! The dialog of one turn on call: who, from when to when, with which number.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::RecordEdit;
use liaison_shared::documents::schema::agence as age;
use liaison_shared::documents::schema::{Field, FieldKind};
use liaison_shared::validate::{calendar_date, clock_time};

use super::astreinte::Rota;
use crate::platform::random;
use crate::ui::sheet::{Act, Block, Field as Line};
use crate::ui::{ButtonKind, SelectOption, TextKind, Tone};

/// What the dialog is asked for to add a turn.
pub const NEW: &str = "nouvelle";
/// When a night on call begins and ends, to begin with.
const NIGHT: (&str, &str) = ("18:00", "08:00");

/// What stands in the dialog before anybody types, field by field.
type Before = Vec<(&'static Field, String)>;

/// The dialog, while it is open.
pub fn dialog(rota: Rota) -> Option<(String, Vec<Block>)> {
    let asked = rota.asking.get();
    if asked.is_empty() {
        return None;
    }
    let id = asked.parse::<EntryId>().ok();
    let before = before(rota, id);
    let value = |field: &Field| {
        before.iter().find(|(own, _)| *own == field).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let mut people = vec![SelectOption::new("", "Choisir…")];
    let all = rota.workspace.everybody();
    people.extend(all.into_iter().map(|person| SelectOption::new(person.user.to_string(), person.nom)));
    let line = |field: &'static Field, hint: &'static str| {
        let kind = match field.kind {
            FieldKind::Date => TextKind::Date,
            FieldKind::Time => TextKind::Time,
            _ => TextKind::Tel,
        };
        Block::Field(Line::new(field.key, field.label, value(field)).kind(kind).hint(hint))
    };
    let keep = {
        let before = before.clone();
        move || keep(rota, id, &before)
    };
    let who = &age::ASTREINTE_PERSONNE;
    let blocks = vec![
        Block::Select(who.key, who.label, value(who), people),
        line(&age::ASTREINTE_DU, ""),
        line(&age::ASTREINTE_DE, "Vide : dès minuit."),
        line(&age::ASTREINTE_AU, "Vide : le même jour."),
        line(&age::ASTREINTE_A, "Vide : jusqu’à la fin du jour."),
        line(&age::ASTREINTE_TELEPHONE, "Vide : la ligne d’astreinte."),
        Block::Problem("Le tour n’est pas enregistré"),
        Block::Act(Act::new(ButtonKind::Primary, "Enregistrer le tour", keep)),
    ];
    Some((if id.is_some() { "Modifier le tour" } else { "Nouveau tour d’astreinte" }.to_owned(), blocks))
}

/// As it is; a new one begins where the next is missing. Read once: what is typed stays while others write.
fn before(rota: Rota, id: Option<EntryId>) -> Before {
    if let Some(id) = id {
        return rota.workspace.agence.with_untracked(|agence| {
            let record = agence.records.get(id);
            let value = |field: &'static Field| record.map(|it| it.value(field).to_owned()).unwrap_or_default();
            age::ASTREINTE.iter().map(|field| (*field, value(field))).collect()
        });
    }
    let Some((from, to)) = untrack(|| rota.next_gap()) else { return Vec::new() };
    // Until the next turn, or a week.
    let last = to.date().min(from.date() + chrono::Days::new(7));
    vec![
        (&age::ASTREINTE_DU, from.date().to_string()),
        (&age::ASTREINTE_DE, NIGHT.0.to_owned()),
        (&age::ASTREINTE_AU, last.max(from.date().succ_opt().unwrap_or(last)).to_string()),
        (&age::ASTREINTE_A, NIGHT.1.to_owned()),
    ]
}

fn keep(rota: Rota, id: Option<EntryId>, before: &Before) {
    let read = |field: &'static Field| {
        let standing = before.iter().find(|(own, _)| *own == field).map_or("", |(_, value)| value.as_str());
        rota.form.read(field.key, standing)
    };
    let values: Vec<(&'static Field, String)> = age::ASTREINTE.iter().map(|field| (*field, read(field))).collect();
    let get = |field: &Field| values.iter().find(|(own, _)| *own == field).map_or("", |(_, value)| value.as_str());
    if let Some(problem) = problem(get) {
        rota.form.problem.set(problem.to_owned());
        return;
    }
    let id = id.unwrap_or_else(|| EntryId(random::sixteen_bytes()));
    let values: Vec<(&'static Field, &str)> = values.iter().map(|(field, value)| (*field, value.as_str())).collect();
    if rota.write(RecordEdit::new(&age::ASTREINTES, id, &values)) {
        rota.asking.set(String::new());
        rota.toasts.say(Tone::Done, "Tour d’astreinte enregistré.");
    }
}

/// What is wrong with a turn.
fn problem<'a>(get: impl Fn(&'static Field) -> &'a str) -> Option<&'static str> {
    if get(&age::ASTREINTE_PERSONNE).is_empty() {
        return Some("Choisissez la personne.");
    }
    let Some(du) = calendar_date(get(&age::ASTREINTE_DU)) else { return Some("Indiquez le premier jour.") };
    let au = calendar_date(get(&age::ASTREINTE_AU)).unwrap_or(du);
    let time = |field| clock_time(get(field));
    let (de, a) = (time(&age::ASTREINTE_DE), time(&age::ASTREINTE_A));
    let ends_before = au < du || au == du && a.zip(de.or(Some(chrono::NaiveTime::MIN))).is_some_and(|(a, de)| a <= de);
    ends_before.then_some("Le tour se termine avant de commencer : vérifiez les jours et les heures.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_has_somebody_and_ends_after_it_begins() {
        let check = |who: &'static str, du: &'static str, de: &'static str, au: &'static str, a: &'static str| {
            problem(move |field| match field.key {
                "garde.personne" => who,
                "garde.du" => du,
                "garde.de" => de,
                "garde.au" => au,
                "garde.a" => a,
                _ => "",
            })
        };
        assert_eq!(check("x", "2026-11-26", "18:00", "2026-11-27", "08:00"), None);
        assert_eq!(check("x", "2026-11-26", "", "", ""), None, "the whole day");
        assert!(check("", "2026-11-26", "", "", "").is_some());
        assert!(check("x", "", "", "", "").is_some());
        assert!(check("x", "2026-11-26", "18:00", "", "08:00").is_some());
        assert!(check("x", "2026-11-26", "", "2026-11-25", "").is_some());
    }
}
