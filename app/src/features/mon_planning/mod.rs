//! The weeks of an intervenant: what is planned, what is offered, what the law says of it, all of it without network.

use chrono::{Days, NaiveDate, Weekday};
use leptos::prelude::*;
use liaison_shared::documents::RecordEdit;
use liaison_shared::documents::schema::journal as jou;
use liaison_shared::planning::{Alerte, Etat, Planifiee, Reponse, Visite, checks, is_ferie, kept, suivi, words};
use liaison_shared::time::{Millis, french_day};
use liaison_shared::{DocumentId, EntryId, UserId};

use crate::features::visites::{badge, href};
use crate::platform::{clock, random};
use crate::state::{Place, Toasts, Workspace};
use crate::ui::sheet::{Act, Block, Field, Form, Nothing, Row, SheetDialog, changing, draw};
use crate::ui::{ButtonKind, IconName, PageHeader, Tone};

const MOTIF: &str = "refus-motif";
/// How far ahead drafts and offers are looked for, in days.
const AHEAD: u64 = 120;

/// What the page has at hand. Copies are the same.
#[derive(Clone, Copy)]
struct Weeks {
    workspace: Workspace,
    toasts: Toasts,
    place: Place,
    me: UserId,
    form: Form,
    /// The visit that somebody is about to refuse.
    refused: RwSignal<Option<EntryId>>,
}

/// The page; the address ends with the Monday of the week: `/planning/2026-11-23`.
pub fn mon_planning() -> AnyView {
    let workspace = expect_context::<Workspace>();
    let weeks = Weeks {
        workspace,
        toasts: expect_context(),
        place: expect_context(),
        me: workspace.session.with_value(|session| session.user),
        form: Form::default(),
        refused: RwSignal::new(None),
    };
    let part = weeks.place.part(1);
    let monday = Memo::new(move |_| {
        let day = part.get().parse().unwrap_or_else(|_| clock::now().date());
        day.week(Weekday::Mon).first_day()
    });
    let page_form = Form::default();
    let subtitle = Signal::derive(move || {
        let now = clock::now();
        format!("du {} au {}", french_day(monday.get(), now), french_day(monday.get() + Days::new(6), now))
    });
    view! {
        <PageHeader title="Mon planning" subtitle=subtitle/>
        <div class="page page--narrow stack stack--loose">
            {changing(move || draw(page_form, page(weeks, monday.get())))}
        </div>
        <SheetDialog form=weeks.form asked=std::sync::Arc::new(move || dialog(weeks)) on_close=move || weeks.refused.set(None)/>
    }
    .into_any()
}

fn page(weeks: Weeks, monday: NaiveDate) -> Vec<Block> {
    let mut blocks = offers(weeks);
    let go = |words: &str, day: NaiveDate| {
        let there = format!("/planning/{day}");
        Act::new(ButtonKind::Secondary, words, move || weeks.place.go(&there))
    };
    blocks.push(Block::Acts(vec![
        go("Semaine d’avant", monday - Days::new(7)),
        go("Cette semaine", clock::now().date()),
        go("Semaine d’après", monday + Days::new(7)),
    ]));
    let sunday = monday + Days::new(6);
    let planned = weeks.workspace.visits_of(weeks.me, monday, sunday);
    let alerts = alerts(weeks, monday);
    let hours: i64 = kept(&planned).iter().map(|visite| visite.duree().0).sum();
    blocks.push(Block::Text(format!("{} de visites dans la semaine", words(Millis(hours)))));
    if planned.is_empty() {
        let text = "Ce que le bureau planifie arrive ici avec le réseau.";
        blocks.push(Block::Nothing(Nothing::new(IconName::Calendar, "Aucune visite cette semaine", text)));
    }
    if !alerts.is_empty() {
        let row = |alerte: &Alerte| {
            let mut row = Row::new(alerte.what.clone());
            row.details.push(format!("{} · {}", alerte.rule, french_day(alerte.debut.date(), clock::now())));
            row
        };
        blocks.push(Block::Card("À signaler à votre responsable".to_owned(), alerts.iter().map(row).collect(), None));
    }
    for day in monday.iter_days().take(7) {
        let of_day = planned.iter().filter(|it| it.jour == day);
        let rows: Vec<Row> = of_day.map(|it| row(weeks, it)).collect();
        if !rows.is_empty() {
            let ferie = if is_ferie(day) { " · férié" } else { "" };
            blocks.push(Block::Card(format!("{}{ferie}", french_day(day, clock::now())), rows, None));
        }
    }
    blocks
}

/// What the law says of the week: rests and means look at the weeks around it.
fn alerts(weeks: Weeks, monday: NaiveDate) -> Vec<Alerte> {
    let (from, to) = (monday - Days::new(84), monday + Days::new(84));
    let visits = weeks.workspace.visits_of(weeks.me, from, to);
    let way = |from, to| weeks.workspace.way(from, to);
    let mut found = checks(&kept(&visits), &way, &weeks.workspace.convention());
    let week = monday..monday + Days::new(7);
    found.retain(|alerte| week.contains(&alerte.debut.date()));
    found
}

fn row(weeks: Weeks, planned: &Planifiee) -> Row {
    let (name, pointages, adresse) = weeks.workspace.summaries.with(|summaries| {
        summaries.get(&planned.visite.dossier).map_or_else(Default::default, |summary| {
            (summary.name(), summary.agenda.pointages.clone(), summary.agenda.adresse.clone())
        })
    });
    let (debut, fin) = (planned.visite.debut.hours(), planned.visite.fin.hours());
    let mut row = Row::new(format!("{debut} – {fin} · {name}"));
    row.href = href(planned);
    row.badge = Some(badge(planned, &suivi(planned, &pointages, clock::now())));
    let told = [planned.activite.clone(), adresse];
    row.details.extend(told.into_iter().filter(|it| !it.is_empty()));
    if planned.conteste {
        row.texts.push("Deux versions ont été écrites séparément : le bureau doit choisir.".to_owned());
    }
    row
}

/// Drafts that are asked of this person, and replacements offered to them, that have no answer from them yet; then those that
/// have one and wait for the office.
fn offers(weeks: Weeks) -> Vec<Block> {
    let today = clock::now().date();
    let asked = asked(weeks, today);
    if asked.is_empty() {
        return Vec::new();
    }
    let mine: Vec<Visite> = kept(&weeks.workspace.visits_of(weeks.me, today - Days::new(84), today + Days::new(AHEAD)));
    let rows = asked.iter().map(|(planned, answer)| offer(weeks, planned, answer.as_ref(), &mine)).collect();
    vec![Block::Card("À accepter ou à refuser".to_owned(), rows, None)]
}

fn asked(weeks: Weeks, today: NaiveDate) -> Vec<(Planifiee, Option<Reponse>)> {
    let planned = weeks.workspace.planned(today, today + Days::new(AHEAD));
    let for_me = |it: &Planifiee| {
        it.etat == Etat::AValider && (it.intervenant == Some(weeks.me) || it.proposee.contains(&weeks.me))
    };
    weeks.workspace.summaries.with(|summaries| {
        let answered = |it: Planifiee| {
            let agenda = &summaries.get(&it.visite.dossier)?.agenda;
            let answer = agenda.reponse(&it, weeks.me).cloned();
            Some((it, answer))
        };
        planned.into_iter().filter(for_me).filter_map(answered).collect()
    })
}

fn offer(weeks: Weeks, planned: &Planifiee, answer: Option<&Reponse>, mine: &[Visite]) -> Row {
    let now = clock::now();
    let mut line = row(weeks, planned);
    let day = french_day(planned.jour, now);
    line.title = format!("{day}, {}", line.title);
    if planned.intervenant != Some(weeks.me) {
        line.texts.push("Un remplacement vous est proposé.".to_owned());
    }
    let late = planned.echeance.is_some_and(|until| until < now.date());
    if let Some(until) = planned.echeance {
        let words = if late { "réponse attendue avant le" } else { "réponse avant le" };
        line.details.push(format!("{words} {}", french_day(until, now)));
    }
    let others = mine.iter().filter(|it| it.id != planned.visite.id).copied();
    let with: Vec<Visite> = others.chain([planned.visite]).collect();
    let way = |from, to| weeks.workspace.way(from, to);
    let found = checks(&with, &way, &weeks.workspace.convention());
    let told = found.iter().filter(|alerte| alerte.concerns(&planned.visite));
    line.texts.extend(told.map(|alerte| format!("{} ({})", alerte.what, alerte.rule)));
    line.badge = Some(match answer {
        Some(answer) if answer.acceptee => (Tone::Done, "vous avez accepté".to_owned()),
        Some(_) => (Tone::Neutral, "vous avez refusé".to_owned()),
        None if late => (Tone::Warning, "en retard".to_owned()),
        None => (Tone::Information, "à valider".to_owned()),
    });
    let (yes, id) = (planned.clone(), planned.visite.id);
    if !answer.is_some_and(|it| it.acceptee) {
        let accept = Act::new(ButtonKind::Primary, "Accepter", move || say(weeks, yes.clone(), true, ""));
        line.acts.push(accept.about(&line.title));
    }
    if answer.is_none_or(|it| it.acceptee) {
        let refuse = Act::new(ButtonKind::Secondary, "Refuser", move || {
            weeks.form.clear();
            weeks.refused.set(Some(id));
        });
        line.acts.push(refuse.about(&line.title));
    }
    line
}

/// Why somebody refuses.
fn dialog(weeks: Weeks) -> Option<(String, Vec<Block>)> {
    let id = weeks.refused.get()?;
    let (planned, _) = asked(weeks, clock::now().date()).into_iter().find(|(it, _)| it.visite.id == id)?;
    let title = format!("Refuser la visite du {}", french_day(planned.jour, clock::now()));
    let refuse = move || {
        let why = weeks.form.read(MOTIF, "");
        if why.is_empty() {
            weeks
                .form
                .problem
                .set("Dites pourquoi en quelques mots : le bureau cherchera quelqu’un d’autre.".to_owned());
            return;
        }
        say(weeks, planned.clone(), false, &why);
        weeks.refused.set(None);
    };
    let blocks = vec![
        Block::Field(Field::new(MOTIF, "Pourquoi ?", "")),
        Block::Problem("Pas encore refusée"),
        Block::Act(Act::new(ButtonKind::Primary, "Refuser cette visite", refuse)),
    ];
    Some((title, blocks))
}

/// The answer, in the journal of the client; a later one counts.
fn say(weeks: Weeks, planned: Planifiee, accepted: bool, why: &str) {
    let why = why.to_owned();
    clock::spawn(async move {
        let journal = DocumentId::journal(planned.visite.dossier, clock::now().year());
        let visite = planned.visite.id.to_string();
        let choice = if accepted { jou::ACCEPTEE } else { jou::REFUSEE };
        let propose = planned.propose();
        let values = [
            (&jou::REPONSE_VISITE, visite.as_str()),
            (&jou::REPONSE_PROPOSE, propose.as_str()),
            (&jou::REPONSE_CHOIX, choice),
            (&jou::REPONSE_MOTIF, why.as_str()),
        ];
        let edit = RecordEdit::new(&jou::REPONSES, EntryId(random::sixteen_bytes()), &values);
        match weeks.workspace.edit_records(journal, &[edit]).await {
            Ok(()) => weeks.toasts.say(Tone::Done, "Réponse enregistrée pour le bureau."),
            Err(error) => weeks.toasts.say(Tone::Danger, format!("La réponse n’a pas été enregistrée : {error}")),
        }
    });
}
