//! The timeline of a dossier: what happened, newest first, on one page.

use leptos::prelude::*;
use liaison_shared::Timestamp;
use liaison_shared::dossier::{Event, EventKind, timeline};
use liaison_shared::time::french_day;

use super::imprimer::papiers;
use super::sortie::exports;
use crate::platform::clock;
use crate::state::{OpenDossier, Workspace};
use crate::ui::sheet::{Block, Form, Nothing, Row, changing, draw};
use crate::ui::{IconName, SelectOption, Tone};

/// Events drawn before one asks for more.
const SHOWN: usize = 200;
/// Which events are shown.
const KINDS: &str = "historique-montrer";

/// The page of the volet.
pub fn historique() -> AnyView {
    let (dossier, workspace) = (expect_context::<OpenDossier>(), expect_context::<Workspace>());
    let form = Form::default();
    let page = move || {
        let shown = form.value(KINDS, "");
        let mut events = dossier.view.with(timeline);
        events.retain(|event| belongs(event.kind, &shown));
        let more = events.len().saturating_sub(SHOWN);
        let rows = events.into_iter().take(SHOWN).map(|event| row(workspace, event)).collect();
        let nothing = Nothing::new(
            IconName::History,
            "Rien encore",
            "Contacts, devis, contrats, visites, avis, courriers : ce qui arrive se lit ici.",
        );
        let mut blocks = vec![Block::Card("Ce qui s’est passé".to_owned(), rows, Some(nothing))];
        if more > 0 {
            blocks.push(Block::Text(format!("Et {more} éléments plus anciens, dans les autres volets.")));
        }
        blocks
    };
    view! {
        <div class="page page--narrow stack">
            {papiers()}
            {exports()}
            {draw(form, vec![Block::Select(KINDS, "Montrer", String::new(), choices())])}
            {changing(move || draw(form, page()))}
        </div>
    }
    .into_any()
}

fn choices() -> Vec<SelectOption> {
    let kinds = [
        ("", "Tout"),
        ("dossier", "Tout sauf les visites"),
        ("domicile", "Visites et observations"),
        ("avis", "Avis et anomalies"),
    ];
    kinds.map(|(value, label)| SelectOption::new(value, label)).into()
}

/// Whether a kind of event is among those that were chosen.
fn belongs(kind: EventKind, shown: &str) -> bool {
    match shown {
        "dossier" => !matches!(kind, EventKind::Visite | EventKind::Observation),
        "domicile" => matches!(kind, EventKind::Visite | EventKind::Observation | EventKind::Transmission),
        "avis" => matches!(kind, EventKind::Avis | EventKind::Anomalie),
        _ => true,
    }
}

fn row(workspace: Workspace, event: Event) -> Row {
    let now = clock::now();
    let mut row = Row::new(event.title);
    let day = event.at.date();
    let when = if event.at == Timestamp::midnight(day) { french_day(day, now) } else { event.at.french_short(now) };
    row.badge = Some((tone(event.kind), when));
    row.texts.extend(Some(event.text).filter(|text| !text.is_empty()));
    row.details.extend(event.signature.map(|by| format!("{}, {}", workspace.who(&by), by.at.french(now))));
    row
}

fn tone(kind: EventKind) -> Tone {
    match kind {
        EventKind::Etape | EventKind::Jalon => Tone::Information,
        EventKind::Reclamation | EventKind::Avis | EventKind::Anomalie => Tone::Warning,
        EventKind::Piece | EventKind::Visite => Tone::Done,
        EventKind::Demande | EventKind::Transmission | EventKind::Courrier | EventKind::Observation => Tone::Neutral,
    }
}
