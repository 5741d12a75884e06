//! What leaves a dossier as a file: papers as PDF/A, made at the relay and kept with the dossier's files; the whole dossier,
//! to be read elsewhere. All of it needs the network, and says so.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::papers::PaperKind;
use serde_json::json;

use super::records::Records;
use crate::platform::{clock, http};
use crate::state::{Record, keep_as_file};
use crate::ui::ButtonKind;
use crate::ui::Tone;
use crate::ui::sheet::{Act, Block, Form, changing, draw};

/// The forms in which a dossier leaves whole: the end of the address, the words, the media type.
const FORMS: [(&str, &str, &str); 2] = [
    ("json", "Tout le dossier en JSON", "application/json"),
    ("zip", "Tout le dossier en documents Automerge", "application/zip"),
];

/// The buttons that let the whole dossier leave.
pub fn exports() -> AnyView {
    let records = Records::of_dossier();
    let form = Form::default();
    let act = move |(end, words, mime): (&'static str, &'static str, &'static str)| {
        Act::new(ButtonKind::Quiet, words, move || export(records, form, end, mime))
    };
    changing(move || draw(form, vec![Block::Acts(FORMS.map(act).into()), Block::Problem("Rien n’a quitté le dossier")]))
}

fn export(records: Records, form: Form, end: &'static str, mime: &'static str) {
    let id = records.dossier.id;
    let path = format!("/api/dossiers/{id}/export.{end}");
    form.problem.set(String::new());
    form.begin();
    clock::spawn(async move {
        let token = records.workspace.session.with_value(|session| session.token.clone());
        let answer = http::carry("GET", &path, &token, None).await;
        if !form.end() {
            return;
        }
        if let Err(sentence) = keep_as_file(answer, &format!("dossier-{id}.{end}"), mime) {
            form.problem.set(sentence);
        }
    });
}

/// The button that has a paper made as PDF and kept in the dossier, for those who may keep it there.
pub fn pdf_act(records: Records, kind: PaperKind, piece: Option<EntryId>) -> Option<AnyView> {
    records.workspace.writes(kind.kept_in()).then(|| {
        let form = Form::default();
        let make = move || make_pdf(records, form, kind, piece);
        let act = Act::new(ButtonKind::Secondary, "Garder en PDF dans le dossier", make);
        changing(move || draw(form, vec![Block::Acts(vec![act.clone()]), Block::Problem("Le PDF n’a pas été fait")]))
    })
}

fn make_pdf(records: Records, form: Form, kind: PaperKind, piece: Option<EntryId>) {
    let path = format!("/api/dossiers/{}/pdf", records.dossier.id);
    let body = json!({ "paper": kind.name(), "piece": piece.map(|id| id.to_string()).unwrap_or_default() });
    form.problem.set(String::new());
    form.begin();
    clock::spawn(async move {
        let answer = records.workspace.ask("POST", &path, Some(body)).await;
        let kept = answer.map_err(|trouble| trouble.sentence).and_then(|made| {
            let made = Record(&made);
            let size = made.number("size").unwrap_or_default().unsigned_abs();
            let hash = made.text("hash").parse().map_err(|_| "Le relais a répondu autrement que prévu.".to_owned())?;
            records.dossier.add_made(kind.kept_in(), made.text("name"), size, hash, piece)?;
            Ok(made.text("name").to_owned())
        });
        if !form.end() {
            return;
        }
        match kept {
            Ok(name) => records.toasts.say(Tone::Done, format!("« {name} » est avec les fichiers du dossier.")),
            Err(sentence) => form.problem.set(sentence),
        }
    });
}
