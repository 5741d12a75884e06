//! New visits: one, or visits that recur; and visits that recur already, changed as a whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};
use leptos::prelude::*;
use liaison_shared::documents::RecordEdit;
use liaison_shared::documents::schema::prestation::{ACTIVITE, FIN_MISSION, PREMIERE_VISITE};
use liaison_shared::planning::{Etat, Reguliere, nouvelle, reguliere};
use liaison_shared::{DossierId, EntryId, UserId};

use super::desk::Desk;
use super::edits::{self, Lot};
use super::rhythm::{common, rhythm, typed};
use super::vue::{Ouvert, slug};
use crate::platform::{clock, random};
use crate::ui::sheet::{Act, Block, Field, Nothing, Row};
use crate::ui::{ButtonKind, IconName, RadioChoice, TextKind};

/// Clients proposed while a name is typed.
const FOUND: usize = 6;

/// Where one comes from.
#[derive(Clone, Copy)]
pub struct Depart {
    /// By whom.
    pub user: Option<UserId>,
    /// When.
    pub day: Option<NaiveDate>,
}

/// The dialog of a new visit.
pub fn dialog(desk: Desk, depart: Depart) -> Vec<Block> {
    if !desk.writes() {
        return vec![Block::Text("Votre fonction lit le planning sans le changer.".to_owned())];
    }
    let Some(dossier) = desk.dossier_of_dialog() else {
        return vec![client(), Block::Live(Arc::new(move || clients(desk)))];
    };
    let kinds = vec![
        RadioChoice { value: "une", label: "Une seule visite", text: "Un jour, une fois." },
        RadioChoice {
            value: "reguliere",
            label: "Visites régulières",
            text: "Les mêmes jours, chaque semaine ou toutes les n semaines.",
        },
    ];
    let usual = usual(desk, dossier, depart);
    let of_one = usual.clone();
    let one: crate::ui::sheet::Blocks = Arc::new(move || {
        let day = depart.day.unwrap_or_else(|| of_one.du.max(clock::now().date()));
        vec![Block::Field(Field::new("jour", "Date", day.to_string()).kind(TextKind::Date))]
    });
    let of_many = usual.clone();
    let many: crate::ui::sheet::Blocks = Arc::new(move || rhythm(desk, &of_many));
    let mut blocks = vec![
        Block::Radio("sorte", "Combien de fois", "une".to_owned(), kinds),
        Block::When(("sorte", "une".to_owned()), "une", one),
        Block::When(("sorte", "une".to_owned()), "reguliere", many),
    ];
    blocks.extend(common(desk, &usual));
    blocks.push(Block::Problem("La visite n’est pas créée"));
    blocks.push(Block::Act(Act::new(ButtonKind::Primary, "Créer la visite", move || create(desk, dossier, depart))));
    blocks
}

/// The dialog of visits that recur.
pub fn series(desk: Desk, dossier: DossierId, id: EntryId) -> Vec<Block> {
    let regle = desk.agenda(dossier).regles.into_iter().find(|regle| regle.id == id).and_then(|it| it.reguliere());
    let Some(usual) = regle.filter(|_| desk.writes()) else {
        let text = "Ces visites ont été retirées du planning.";
        return vec![Block::Nothing(Nothing::new(IconName::Calendar, "Rien ici", text))];
    };
    let mut blocks = rhythm(desk, &usual);
    blocks.extend(common(desk, &usual));
    blocks.push(Block::Text("Les jours qui ont été changés un par un restent comme ils sont.".to_owned()));
    blocks.push(Block::Problem("Les visites ne sont pas enregistrées"));
    blocks.push(Block::Act(Act::new(ButtonKind::Primary, "Enregistrer toutes les visites", move || {
        keep_series(desk, dossier, id, &usual, "Visites régulières enregistrées");
    })));
    blocks
}

fn client() -> Block {
    Block::Field(Field::new("nom", "Client", "").hint("Les premières lettres du nom."))
}

fn clients(desk: Desk) -> Vec<Block> {
    let wanted = slug(&desk.form.value("nom", ""));
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(String, DossierId, String)> = desk.workspace.summaries.with_untracked(|all| {
        let fits = all.values().filter(|it| slug(&it.name()).contains(&wanted) && it.repris_dans.is_none());
        fits.map(|it| (it.name(), it.dossier, it.ville.clone())).collect()
    });
    found.sort();
    let rows = found.into_iter().take(FOUND).map(|(name, dossier, ville)| {
        let mut row = Row::new(&name);
        row.details.push(ville);
        let choose = Act::new(ButtonKind::Secondary, "Choisir", move || desk.form.put("client", dossier.to_string()));
        row.acts.push(choose.about(&name));
        row
    });
    let nothing =
        Nothing::new(IconName::Search, "Aucun client de ce nom", "Les dossiers de cet appareil sont cherchés.");
    vec![Block::Card("Clients".to_owned(), rows.collect(), Some(nothing))]
}

/// For a year from the beginning of the contract, or until it ends.
fn usual(desk: Desk, dossier: DossierId, depart: Depart) -> Reguliere {
    let read = desk.prestation.get().filter(|it| it.dossier == dossier);
    let value = |field| read.as_ref().map(|it| it.view.fields.value(field).trim().to_owned()).unwrap_or_default();
    let today = clock::now().date();
    let first: Option<NaiveDate> = value(&PREMIERE_VISITE).parse().ok();
    let du = depart.day.unwrap_or_else(|| first.unwrap_or(today).max(today));
    let year = du.checked_add_months(Months::new(12)).and_then(|day| day.checked_sub_days(Days::new(1)));
    let end: Option<NaiveDate> = value(&FIN_MISSION).parse().ok();
    let hour = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    Reguliere {
        jours: BTreeSet::new(),
        debut: hour(9),
        fin: hour(11),
        toutes_les: 1,
        du,
        au: end.filter(|end| *end >= du).or(year),
        sauf_feries: false,
        intervenant: depart.user,
        activite: value(&ACTIVITE),
        signature: false,
        etat: Etat::Confirmee,
        echeance: None,
    }
}

fn create(desk: Desk, dossier: DossierId, depart: Depart) {
    let usual = untrack(|| usual(desk, dossier, depart));
    let id = EntryId(random::sixteen_bytes());
    if desk.form.read("sorte", "une") != "une" {
        keep_series(desk, dossier, id, &usual, "Visites régulières créées");
        return;
    }
    let day = depart.day.unwrap_or_else(|| usual.du.max(clock::now().date()));
    let (it, jour) = match (typed(desk, &usual), desk.form.read("jour", &day.to_string()).parse::<NaiveDate>()) {
        (Ok(it), Ok(jour)) => (it, jour),
        (Err(problem), _) => return desk.form.problem.set(problem.to_owned()),
        (_, Err(_)) => return desk.form.problem.set("La date n’est pas une date.".to_owned()),
    };
    let said = format!("Visite créée : {}, {}.", desk.client(dossier), desk.day(jour));
    finish(desk, dossier, nouvelle(id, &it.on(jour)), said, (it.intervenant, jour, Some(jour)));
}

fn keep_series(desk: Desk, dossier: DossierId, id: EntryId, usual: &Reguliere, what: &str) {
    let it = match typed(desk, usual) {
        Ok(it) => it,
        Err(problem) => return desk.form.problem.set(problem.to_owned()),
    };
    if it.jours.is_empty() {
        return desk.form.problem.set("Choisissez au moins un jour de la semaine.".to_owned());
    }
    if it.au.is_some_and(|au| au < it.du) {
        return desk.form.problem.set("La dernière date est avant la première.".to_owned());
    }
    let said = format!("{what} : {}.", desk.client(dossier));
    finish(desk, dossier, reguliere(id, &it), said, (it.intervenant, it.du, it.au));
}

/// Keeps it, and goes where it is seen.
fn finish(
    desk: Desk,
    dossier: DossierId,
    edit: RecordEdit,
    said: String,
    (user, du, au): (Option<UserId>, NaiveDate, Option<NaiveDate>),
) {
    edits::keep(desk, Lot::of(dossier, vec![edit], said).with(dossier, user, du, au));
    desk.show(Ouvert::Rien);
}
