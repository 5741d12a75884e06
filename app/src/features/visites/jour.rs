//! Aujourd'hui: the visits in order, what is new at each, and at the end what has not left the phone.

use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::dossier::Summary;
use liaison_shared::planning::{Alerte, Deroulement, Etat, Planifiee, Suivi, checks, kept, suivi, words};
use liaison_shared::time::{Millis, french_day};
use liaison_shared::{Timestamp, UserId};

use super::clocks::compare_clocks;
use crate::features::device::UnsentChanges;
use crate::platform::clock;
use crate::state::Workspace;
use crate::ui::sheet::{Act, Block, Form, Nothing, Row, changing, draw};
use crate::ui::{ButtonKind, IconName, PageHeader, Tone};

/// The address of a visit.
#[must_use]
pub fn href(planned: &Planifiee) -> String {
    format!("/dossiers/{}/visite/{}", planned.visite.dossier, planned.visite.id)
}

/// The page.
pub fn aujourdhui() -> AnyView {
    let workspace = expect_context::<Workspace>();
    let me = workspace.session.with_value(|session| session.user);
    let now = RwSignal::new(clock::now());
    clock::spawn(async move {
        // Until the page goes: what is late becomes late by itself.
        while now.try_set(clock::now()).is_none() {
            clock::sleep(30_000).await;
        }
    });
    compare_clocks(workspace);
    let form = Form::default();
    let title = Signal::derive(move || french_day(now.get().date(), now.get()));
    view! {
        <PageHeader title="Aujourd’hui" subtitle=title/>
        <div class="page page--narrow stack stack--loose">
            {changing(move || draw(form, page(workspace, me, now.get())))}
            <UnsentChanges/>
        </div>
    }
    .into_any()
}

/// A visit of the day, and how it goes.
struct Line {
    planned: Planifiee,
    suivi: Suivi,
    summary: Arc<Summary>,
}

fn page(workspace: Workspace, me: UserId, now: Timestamp) -> Vec<Block> {
    let today = now.date();
    let mut blocks = Vec::new();
    let lines = lines(workspace, me, now);
    let alerts = alerts(workspace, me, now);
    if let Some(next) = lines.iter().find(|line| is_open(line)) {
        let words = match next.suivi.deroulement {
            Deroulement::EnCours => format!("Reprendre la visite : {}", next.summary.name()),
            _ => format!("Ouvrir la visite : {} · {}", next.planned.visite.debut.hours(), next.summary.name()),
        };
        let there = href(&next.planned);
        let place = expect_context::<crate::state::Place>();
        blocks.push(Block::Act(Act::new(ButtonKind::Primary, words, move || place.go(&there))));
    }
    let nothing = Nothing::new(
        IconName::Calendar,
        "Aucune visite aujourd’hui",
        "Vos prochaines visites sont dans « Planning ». Ce que le bureau change arrive ici avec le réseau.",
    );
    let mut before: Option<&Line> = None;
    let mut rows = Vec::new();
    for line in &lines {
        rows.push(row(workspace, line, before, &alerts));
        if line.planned.etat != Etat::Annulee {
            before = Some(line);
        }
    }
    blocks.push(Block::Card("Vos visites".to_owned(), rows, Some(nothing)));
    let asked = workspace.visits_of(me, today, today + chrono::Days::new(60));
    let waiting = asked.iter().filter(|it| it.etat == Etat::AValider).count();
    if waiting > 0 {
        let text = format!("{waiting} à accepter ou à refuser, dans « Planning ».");
        blocks.push(Block::Notice(Tone::Information, "Des visites vous sont proposées".to_owned(), text));
    }
    blocks
}

fn is_open(line: &Line) -> bool {
    use Deroulement::{AVenir, EnCours, EnRetard, NonPointee};
    matches!(line.suivi.deroulement, AVenir | EnCours | EnRetard | NonPointee)
}

/// Today's, and a night's that began yesterday and is not over.
fn lines(workspace: Workspace, me: UserId, now: Timestamp) -> Vec<Line> {
    let today = now.date();
    let yesterday = today.pred_opt().unwrap_or(today);
    let planned = workspace.visits_of(me, yesterday, today);
    workspace.summaries.with(|summaries| {
        let line = |planned: Planifiee| {
            let summary = summaries.get(&planned.visite.dossier)?.clone();
            let suivi = suivi(&planned, &summary.agenda.pointages, now);
            let here = planned.jour == today || planned.visite.fin > now || suivi.deroulement == Deroulement::EnCours;
            here.then_some(Line { planned, suivi, summary })
        };
        planned.into_iter().filter_map(line).collect()
    })
}

/// What the law says of the day, on the phone, without network.
fn alerts(workspace: Workspace, me: UserId, now: Timestamp) -> Vec<Alerte> {
    let today = now.date();
    let (from, to) = (today - chrono::Days::new(8), today + chrono::Days::new(8));
    let visits = workspace.visits_of(me, from, to);
    let way = |from, to| workspace.way(from, to);
    let mut found = checks(&kept(&visits), &way, &workspace.convention());
    found.retain(|alerte| alerte.debut.date() == today);
    found
}

fn row(workspace: Workspace, line: &Line, before: Option<&Line>, alerts: &[Alerte]) -> Row {
    let Line { planned, suivi, summary } = line;
    let mut row =
        Row::new(format!("{} – {} · {}", planned.visite.debut.hours(), planned.visite.fin.hours(), summary.name()));
    row.href = href(planned);
    row.badge = Some(badge(planned, suivi));
    if planned.conteste {
        row.texts.push("Deux versions du planning ont été écrites séparément : le bureau doit choisir.".to_owned());
    }
    if planned.modifiee && !planned.motif.is_empty() {
        row.texts.push(format!("Changé : {}", planned.motif));
    }
    if let Some(last) = &summary.last_transmission {
        row.texts.push(format!("{} : « {} »", last.at.french(clock::now()), last.excerpt));
    }
    let travel = before.map(|before| {
        let there = workspace.way(before.planned.visite.dossier, planned.visite.dossier);
        format!("trajet {}", words(there))
    });
    let facts = [
        Some(planned.activite.clone()),
        Some(summary.agenda.adresse.clone()),
        Some(summary.agenda.code.clone()),
        travel,
    ];
    let facts: Vec<String> = facts.into_iter().flatten().filter(|it| !it.is_empty()).collect();
    row.details.extend(facts);
    let told = alerts.iter().filter(|alerte| alerte.visites.contains(&planned.visite.id));
    row.details.extend(told.map(|alerte| format!("{} : {}", alerte.rule, alerte.what)));
    row
}

/// How it goes, in shape and words.
pub fn badge(planned: &Planifiee, suivi: &Suivi) -> (Tone, String) {
    let tone = match suivi.deroulement {
        Deroulement::EnRetard | Deroulement::NonPointee => Tone::Warning,
        Deroulement::EnCours => Tone::Information,
        Deroulement::Faite => Tone::Done,
        Deroulement::AVenir | Deroulement::Annulee => Tone::Neutral,
    };
    let words = match (suivi.deroulement, planned.etat) {
        (Deroulement::AVenir, Etat::AValider) => "À valider".to_owned(),
        (Deroulement::EnCours, _) => {
            let since = suivi.arrivee.as_ref().map(|it| it.heure.hours()).unwrap_or_default();
            format!("En cours depuis {since}")
        }
        (Deroulement::Faite, _) => {
            let span = suivi.duree().filter(|span| *span > Millis(0)).map(words).unwrap_or_default();
            format!("Faite {span}").trim().to_owned()
        }
        (other, _) => other.label().to_owned(),
    };
    (tone, words)
}
