//! New visits: one, or visits that recur; and visits that recur already, changed as a whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};
use leptos::prelude::*;
use liaison_shared::documents::RecordEdit;
use liaison_shared::documents::schema::prestation::{ACTIVITE, FIN_MISSION, PREMIERE_VISITE};
use liaison_shared::planning::{Etat, Reguliere, Voulue, nouvelle, reguliere};
use liaison_shared::{DossierId, EntryId, UserId};

use super::desk::Desk;
use super::edits::{self, Lot};
use super::visit::{activities, signatures, team_notice, time, written};
use super::vue::{Ouvert, slug};
use crate::platform::{clock, random};
use crate::ui::sheet::{Act, Block, Field, Nothing, Row};
use crate::ui::{ButtonKind, IconName, RadioChoice, SelectOption, TextKind};

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
pub fn dialog(desk: Desk, depart: Depart) -> (String, Vec<Block>) {
    let title = "Nouvelle visite".to_owned();
    if !desk.writes() {
        return (title, vec![Block::Text("Votre fonction lit le planning sans le changer.".to_owned())]);
    }
    let Some(dossier) = desk.dossier_of_dialog() else {
        return (title, vec![client(), Block::Live(Arc::new(move || clients(desk)))]);
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
        Block::Text(desk.client(dossier)),
        Block::Radio("sorte", "Combien de fois", "une".to_owned(), kinds),
        Block::When(("sorte", "une".to_owned()), "une", one),
        Block::When(("sorte", "une".to_owned()), "reguliere", many),
    ];
    blocks.extend(common(desk, &usual));
    blocks.push(Block::Problem("La visite n’est pas créée"));
    blocks.push(Block::Act(Act::new(ButtonKind::Primary, "Créer la visite", move || create(desk, dossier, depart))));
    (title, blocks)
}

/// The dialog of visits that recur.
pub fn series(desk: Desk, dossier: DossierId, id: EntryId) -> (String, Vec<Block>) {
    let title = format!("Visites régulières · {}", desk.client(dossier));
    let regle = desk.agenda(dossier).regles.into_iter().find(|regle| regle.id == id).and_then(|it| it.reguliere());
    let Some(usual) = regle.filter(|_| desk.writes()) else {
        let text = "Ces visites ont été retirées du planning.";
        return (title, vec![Block::Nothing(Nothing::new(IconName::Calendar, "Rien ici", text))]);
    };
    let mut blocks = rhythm(desk, &usual);
    blocks.extend(common(desk, &usual));
    blocks.push(Block::Text("Les jours qui ont été changés un par un restent comme ils sont.".to_owned()));
    blocks.push(Block::Problem("Les visites ne sont pas enregistrées"));
    blocks.push(Block::Act(Act::new(ButtonKind::Primary, "Enregistrer toutes les visites", move || {
        keep_series(desk, dossier, id, &usual, "Visites régulières enregistrées");
    })));
    (title, blocks)
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

/// Days, weeks, from, until, holidays.
fn rhythm(desk: Desk, usual: &Reguliere) -> Vec<Block> {
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
fn common(desk: Desk, usual: &Reguliere) -> Vec<Block> {
    let person = usual.intervenant.map(|it| it.to_string()).unwrap_or_default();
    let states = ["Confirmée", "Brouillon"].map(|it| SelectOption::new(it, it)).into();
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
fn typed(desk: Desk, usual: &Reguliere) -> Result<Reguliere, &'static str> {
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
    let voulue = Voulue {
        jour,
        debut: it.debut,
        fin: it.fin,
        intervenant: it.intervenant,
        activite: it.activite,
        signature: it.signature,
        etat: it.etat,
        echeance: None,
        proposee: Vec::new(),
        motif: String::new(),
    };
    let said = format!("Visite créée : {}, {}.", desk.client(dossier), desk.day(jour));
    finish(desk, dossier, nouvelle(id, &voulue), said, (it.intervenant, jour, Some(jour)));
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
