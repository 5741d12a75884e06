//! What arrived after its author had lost the dossier: somebody reads it again, and decides what becomes of it.

use liaison_shared::UserId;
use serde_json::json;

use crate::features::settings::{Desk, dossier_words, when};
use crate::state::Record;
use crate::ui::sheet::{Act, Block, Nothing, Row};
use crate::ui::{ButtonKind, IconName, Tone};

/// Asks for what arrived late.
pub fn open(desk: Desk) {
    desk.load("relire", "/api/reviews".to_owned());
}

/// What waits, then what was decided.
#[must_use]
pub fn page(desk: Desk) -> Vec<Block> {
    let reviews = desk.get("relire");
    let of = |waits: bool| {
        let some = Record(&reviews).all().filter(move |review| (review.text("state") == "waiting") == waits);
        some.map(|review| row(desk, review)).collect::<Vec<_>>()
    };
    let nothing = Nothing::new(IconName::Inbox, "Rien à relire", "Ce qui arrive trop tard attend ici votre décision.");
    vec![
        Block::Text(
            "Ce qui a été écrit hors ligne et n’est arrivé qu’après le départ de la personne. Rien n’entre au dossier \
             avant votre décision ; rien n’est effacé."
                .to_owned(),
        ),
        Block::Card("À décider".to_owned(), of(true), Some(nothing)),
        Block::Card("Décidé".to_owned(), of(false), None),
    ]
}

/// What one person wrote on one device in one part of a dossier, too late.
fn row(desk: Desk, review: Record<'_>) -> Row {
    let dossier = dossier_words(desk.workspace, review.text("dossier"));
    let received = review.time("received").map(|at| format!("reçu {}", when(at))).unwrap_or_default();
    let about = format!("{}, {dossier}", review.text("user_name"));
    let act = |words: &str, decision: &'static str, said: &'static str| {
        let path = format!("/api/reviews/{}", review.number("id").unwrap_or_default());
        let decide = move || {
            desk.send("POST", path.clone(), Some(json!({ "decision": decision })), move |_| desk.done(said));
        };
        Act::new(ButtonKind::Secondary, words, decide).about(&about)
    };
    let lines = review.list("lines").map(|line| format!("{} : {}", line.text("label"), line.text("written")));
    let mut row = Row::new(&dossier);
    if review.text("dossier").parse().is_ok_and(|id| desk.workspace.dossier_name(id).is_some()) {
        row.href = format!("/dossiers/{}", review.text("dossier"));
    }
    row.texts = lines.collect();
    row.details.push([review.text("user_name"), review.text("device_name"), &received].join(" · "));
    row.badge = decision(desk, review);
    if row.badge.is_none() {
        row.acts.push(act("Verser au dossier", "accept", "Versé au dossier."));
        row.acts.push(act("Mettre de côté", "set_aside", "Mis de côté."));
    }
    row
}

/// What was decided, by whom, when.
fn decision(desk: Desk, review: Record<'_>) -> Option<(Tone, String)> {
    let (tone, what) = match review.text("state") {
        "accepted" => (Tone::Done, "Versé au dossier"),
        "set_aside" => (Tone::Neutral, "Mis de côté"),
        _ => return None,
    };
    let by = review.text("decided_by");
    // An account, or already a name.
    let by = by.parse::<UserId>().map_or_else(|_| by.to_owned(), |user| desk.workspace.name_of(user));
    let at = review.time("decided").map(when).unwrap_or_default();
    Some((tone, format!("{what} par {by}, {at}")))
}
