//! The lists: notices that wait, those handled lately, anomalies that nobody has answered. From summaries alone.

use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::DossierId;
use liaison_shared::dossier::Summary;
use liaison_shared::planning::{Agenda, AvisOuvert};

use crate::platform::clock;
use crate::state::Workspace;
use crate::ui::sheet::{Block, Form, Nothing, Row, changing, draw};
use crate::ui::{IconName, Tone};

/// Handled notices shown at once.
const SHOWN: usize = 50;

/// Something that somebody sent, and about whom.
type Sent = (DossierId, String, AvisOuvert);

/// The notices.
pub fn avis() -> AnyView {
    let workspace = expect_context::<Workspace>();
    let form = Form::default();
    changing(move || draw(form, avis_blocks(workspace)))
}

fn avis_blocks(workspace: Workspace) -> Vec<Block> {
    let mut waiting = of(workspace, |agenda| &agenda.avis);
    waiting.sort_by_key(|(_, _, it)| (!it.urgent, it.at));
    let mut handled = of(workspace, |agenda| &agenda.traites);
    handled.sort_by_key(|(_, _, it)| std::cmp::Reverse(it.at));
    let nothing = Nothing::new(
        IconName::Inbox,
        "Aucun avis n’attend",
        "Une absence, une hospitalisation, un déménagement : ce que les intervenants ou le bureau signalent arrive ici.",
    );
    let row = |sent: &Sent| line(workspace, "/avis", sent, "envoyé par");
    let done = |sent: &Sent| {
        let mut row = line(workspace, "/avis", sent, "traité par");
        row.badge = None;
        row
    };
    vec![
        Block::Card("À traiter".to_owned(), waiting.iter().map(row).collect(), Some(nothing)),
        Block::Card("Traités récemment".to_owned(), handled.iter().take(SHOWN).map(done).collect(), None),
    ]
}

/// The anomalies.
pub fn anomalies() -> AnyView {
    let workspace = expect_context::<Workspace>();
    let form = Form::default();
    changing(move || draw(form, anomalie_blocks(workspace)))
}

fn anomalie_blocks(workspace: Workspace) -> Vec<Block> {
    let mut all = of(workspace, |agenda| &agenda.signalees);
    all.sort_by_key(|(_, _, it)| it.at);
    let nothing = Nothing::new(
        IconName::Check,
        "Aucune anomalie n’attend",
        "Un numéro faux, une adresse qui n’est plus à jour : ce que l’équipe signale depuis un dossier arrive ici.",
    );
    let rows = |new: bool| -> Vec<Row> {
        let some = all.iter().filter(|(_, _, it)| it.urgent == new);
        let row = |sent: &Sent| {
            let mut row = line(workspace, "/avis/anomalies", sent, "signalé par");
            row.badge = None;
            row
        };
        some.map(row).collect()
    };
    vec![
        Block::Card("À prendre en compte".to_owned(), rows(true), Some(nothing)),
        Block::Card("Prises en compte, à corriger".to_owned(), rows(false), None),
    ]
}

/// What every dossier has of something. Tracks the list.
fn of(workspace: Workspace, what: fn(&Agenda) -> &Vec<AvisOuvert>) -> Vec<Sent> {
    let each = |summary: &Arc<Summary>| {
        let name = summary.name();
        what(&summary.agenda).iter().map(|it| (summary.dossier, name.clone(), it.clone())).collect::<Vec<_>>()
    };
    workspace.summaries.with(|all| all.values().flat_map(each).collect())
}

fn line(workspace: Workspace, base: &str, (dossier, name, it): &Sent, by: &str) -> Row {
    let mut row = Row::new(name);
    row.href = format!("{base}/{dossier}/{}", it.id);
    row.texts.push(if it.nature.is_empty() { "Changement".to_owned() } else { it.nature.clone() });
    let who = it.de.map(|user| format!("{by} {}", workspace.name_of(user)));
    row.details.push(who.into_iter().chain([it.at.french(clock::now())]).collect::<Vec<_>>().join(" · "));
    row.badge = it.urgent.then(|| (Tone::Danger, "Urgent".to_owned()));
    row
}
