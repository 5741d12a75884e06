//! The volet « Suivi »: where the dossier stands, what its checklist still asks for, who has to do what by when.

use chrono::NaiveDate;
use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::documents::SetField;
use liaison_shared::documents::schema::prestation::{ETAPE_DATE, ETAPE_MOTIF, ETAPE_NOM, ETAPES};
use liaison_shared::dossier::{Condition, Dossier, Etape};
use liaison_shared::rules::{self, Conformite, Line, Target};
use liaison_shared::time::french_day;
use liaison_shared::validate::calendar_date;

use super::fields::{address_of, volet_of};
use super::records::Records;
use super::taches::tasks;
use crate::platform::clock;
use crate::ui::sheet::{Act, Block, Form, Row, SheetDialog, changing, draw};
use crate::ui::{ButtonKind, Tone};

const MOTIF: &str = "etape-motif";
const DATE: &str = "etape-date";

/// The page of the volet.
pub fn suivi() -> AnyView {
    let records = Records::of_dossier();
    let form = Form::default();
    // The stage that somebody wants to enter; empty while the dialog is closed.
    let asking = RwSignal::new(String::new());
    view! {
        <div class="page page--narrow">
            {changing(move || draw(form, page(records, asking)))}
        </div>
        <SheetDialog form=form asked=std::sync::Arc::new(move || dialog(records, form, asking))
            on_close=move || asking.set(String::new())/>
    }
    .into_any()
}

fn page(records: Records, asking: RwSignal<String>) -> Vec<Block> {
    let today = clock::now().date();
    let mut blocks = Vec::new();
    records.dossier.view.with(|view| {
        blocks.extend(stage(records, view, asking));
        blocks.extend(incoherences(records, view, today));
        blocks.extend(checklist(records, DocumentKind::Client));
    });
    blocks.extend(tasks(records, today));
    blocks
}

/// The stage, since when, and those that may come next.
fn stage(records: Records, view: &Dossier, asking: RwSignal<String>) -> Vec<Block> {
    let (etape, since, by) = Etape::of(view);
    let mut row = Row::new(etape.label());
    row.details.extend(since.map(|day| format!("depuis le {}", french_day(day, clock::now()))));
    row.details.extend(by.map(|signature| records.workspace.who(&signature)));
    if records.workspace.writes(DocumentKind::Prestation) {
        row.acts.extend(etape.next().iter().map(|next| {
            Act::new(ButtonKind::Secondary, format!("Passer à : {}", next.label()), move || {
                asking.set(next.name().to_owned());
            })
        }));
    }
    vec![Block::Card("Étape".to_owned(), vec![row], None)]
}

/// What entering a stage asks for; what is not met may be passed over, with a reason.
fn dialog(records: Records, form: Form, asking: RwSignal<String>) -> Option<(String, Vec<Block>)> {
    let etape = Etape::from_name(&asking.get())?;
    let conditions = records.dossier.view.with(|view| etape.conditions(view));
    let unmet = conditions.iter().any(|condition| !condition.met);
    let line = |condition: Condition| {
        let mut row = Row::new(condition.what);
        let (tone, words) = if condition.met { (Tone::Done, "fait") } else { (Tone::Warning, "manque") };
        row.badge = Some((tone, words.to_owned()));
        row.details.push(condition.rule.to_owned());
        row
    };
    let today = clock::now().date().to_string();
    let enter = {
        let today = today.clone();
        move || {
            let (date, motif) = (form.read(DATE, &today), form.read(MOTIF, ""));
            if calendar_date(&date).is_none() {
                form.problem.set("Indiquez la date.".to_owned());
            } else if motif.is_empty() && unmet {
                form.problem.set("Dites pourquoi le dossier passe cette étape sans ce qui manque.".to_owned());
            } else {
                enter_stage(records, etape, &date, &motif);
                asking.set(String::new());
            }
        }
    };
    let blocks = vec![
        Block::Card(String::new(), conditions.into_iter().map(line).collect(), None),
        Block::Field(crate::ui::sheet::Field::new(DATE, "Depuis le", today).kind(crate::ui::TextKind::Date)),
        Block::Field(crate::ui::sheet::Field::new(MOTIF, "Motif", "").hint(if unmet {
            "Obligatoire : il manque quelque chose."
        } else {
            "S’il y en a un."
        })),
        Block::Problem("L’étape n’a pas changé"),
        Block::Act(Act::new(ButtonKind::Primary, format!("Passer à : {}", etape.label()), enter)),
    ];
    Some((format!("Passer à l’étape « {} »", etape.label()), blocks))
}

fn enter_stage(records: Records, etape: Etape, date: &str, motif: &str) {
    let values = [(&ETAPE_NOM, etape.name()), (&ETAPE_DATE, date), (&ETAPE_MOTIF, motif)];
    let values = values.map(|(field, value)| SetField { field, value: value.to_owned() });
    match records.dossier.add(&ETAPES, &values) {
        Ok(_) => records.toasts.say(Tone::Done, format!("Étape : {}.", etape.label())),
        Err(error) => records.toasts.say(Tone::Danger, format!("L’étape n’a pas changé : {error}")),
    }
}

/// Values that do not fit together, with the way to them.
fn incoherences(records: Records, view: &Dossier, today: NaiveDate) -> Option<Block> {
    let found = rules::incoherences(view, today);
    let line = |found: rules::Incoherence| {
        let mut row = Row::new(format!("{} ({})", found.finding.what, found.finding.rule));
        row.texts.push(found.finding.why.to_owned());
        row.href = address_of(&records.base.get_value(), found.field);
        row
    };
    (!found.is_empty()).then(|| Block::Card("À vérifier".to_owned(), found.into_iter().map(line).collect(), None))
}

/// The checklist of the dossier, or of an intervenant's file, service by service.
pub fn checklist(records: Records, kind: DocumentKind) -> Vec<Block> {
    let today = clock::now().date();
    let conformite = records.dossier.view.with(|view| rules::evaluate(rules::pack_of(kind, today), view, today));
    let mut blocks = vec![Block::Text(format!("Dossier conforme à {}\u{a0}%", conformite.percent()))];
    match conformite.next() {
        Some(item) => {
            let there = where_to(records, item.target);
            let go = move || records.place.go(&there);
            blocks.push(Block::Act(Act::new(ButtonKind::Primary, format!("Ensuite : {}", item.label), go)));
        }
        None => {
            let text = "Chaque point de la liste est fait.".to_owned();
            blocks.push(Block::Notice(Tone::Done, "Dossier conforme".to_owned(), text));
        }
    }
    let mut services: Vec<&'static str> = Vec::new();
    for line in &conformite.lines {
        if !services.contains(&line.item.service) {
            services.push(line.item.service);
        }
    }
    blocks.extend(services.into_iter().map(|service| of_service(records, kind, &conformite, service)));
    blocks
}

fn of_service(records: Records, kind: DocumentKind, conformite: &Conformite, service: &'static str) -> Block {
    let lines = conformite.lines.iter().filter(|line| line.item.service == service);
    let done = lines.clone().filter(|line| line.done).count();
    let title = format!("{service} · {done} sur {}", lines.clone().count());
    Block::Card(title, lines.map(|line| item(records, kind, line)).collect(), None)
}

fn item(records: Records, kind: DocumentKind, line: &Line) -> Row {
    let of_document = if kind == DocumentKind::Personnel { kind } else { DocumentKind::Administratif };
    let id = line.item.id;
    let mut row = Row::new(line.item.label);
    let (tone, words) = if line.done { (Tone::Done, "fait") } else { (Tone::Neutral, "à faire") };
    row.badge = Some((tone, words.to_owned()));
    if let Some(by) = &line.ticked {
        row.details.push(format!("{}, {}", records.workspace.who(by), by.at.french(clock::now())));
        let (dossier, change) = (records.dossier, by.change);
        row.receipt = Some(Signal::derive(move || dossier.least_safe([change])));
    }
    if line.can_be_ticked() && records.workspace.writes(of_document) && (!line.done || line.ticked.is_some()) {
        let (words, done) = if line.done { ("Pas fait", false) } else { ("Fait", true) };
        let tick = move || {
            if let Err(error) = records.dossier.tick(of_document, id, done) {
                records.toasts.say(Tone::Danger, format!("Cela n’a pas pu être enregistré : {error}"));
            }
        };
        row.acts.push(Act::new(ButtonKind::Secondary, words, tick).about(line.item.label));
    }
    if !line.done && line.item.target != Target::Here {
        row.href = where_to(records, line.item.target);
    }
    row
}

/// The address where something can be done about an item.
fn where_to(records: Records, target: Target) -> String {
    let base = records.base.get_value();
    match target {
        Target::Field(field) => address_of(&base, field),
        Target::Volet(kind) => format!("{base}{}", volet_of(kind)),
        Target::Here => format!("{base}/suivi"),
    }
}
