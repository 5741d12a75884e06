//! One record on a page of its own: its fields in place, where it stands, what is missing, what can be printed.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::schema::administratif as adm;
use liaison_shared::documents::schema::{Collection, Field};
use liaison_shared::documents::{Heads, Record};
use liaison_shared::papers::PaperKind;
use liaison_shared::rules::devis;

use super::fichiers::{fichiers, files_of};
use super::fields::{Shown, entries, history_dialog, volet_of};
use super::records::{Records, title_of};
use super::signatures::signatures;
use super::signer::{Signer, signer_dialog};
use super::viewer::{Viewer, viewer_dialog};
use crate::state::Slot;
use crate::ui::sheet::{Act, Block, Form, changing, draw};
use crate::ui::{ButtonKind, ButtonLink, EmptyState, IconName, Section, Tone};

/// The page of the record that the address names.
pub fn fiche() -> AnyView {
    let records = Records::of_dossier();
    let id = records.place.part(3);
    changing(move || page_of(records, &id.get()))
}

/// The same, in whichever documents are open.
pub fn page_of(records: Records, id: &str) -> AnyView {
    let found = id.parse::<EntryId>().ok();
    let collection =
        Memo::new(move |_| records.dossier.view.with(|view| Some(view.records.get(found?)?.collection.key)));
    changing(move || {
        let there = collection.get().and(found).and_then(|id| {
            records.dossier.view.with_untracked(|view| view.records.get(id).map(|record| (record.collection, id)))
        });
        match there {
            Some(record) => opened(records, record),
            None => view! {
                <EmptyState icon=IconName::File title="Cet élément n’est pas ici"
                    text="Il n’est pas encore arrivé sur cet appareil, ou l’adresse est incomplète." tall=true/>
            }
            .into_any(),
        }
    })
}

fn opened(records: Records, record: (&'static Collection, EntryId)) -> AnyView {
    let (collection, id) = record;
    let read_only = !records.workspace.writes(collection.document);
    let shown: Shown = RwSignal::new(None);
    let slot: Slot = Some(record);
    let look = move |read: fn(&Record) -> String| {
        records.dossier.view.with(|view| view.records.get(id).map(read).unwrap_or_default())
    };
    let piece_type = Memo::new(move |_| look(|record| record.value(&adm::PIECE_TYPE).to_owned()));
    let fields = move || -> Vec<&'static Field> {
        let all = if collection.key == adm::PIECES.key {
            piece_type.with(|it| adm::fields_of_piece(it))
        } else {
            collection.fields.to_vec()
        };
        let status = (collection.key == adm::PIECES.key).then_some(&adm::PIECE_STATUT);
        all.into_iter().filter(|field| Some(*field) != status).collect()
    };
    let back = format!("{}{}", records.base.get_value(), volet_of(collection.document));
    let (form, viewer, signer) = (Form::default(), Viewer::new(), Signer::new());
    view! {
        <div class="page page--narrow stack stack--loose">
            <p><ButtonLink href=back kind=ButtonKind::Quiet icon=IconName::ArrowLeft>{collection.plural}</ButtonLink></p>
            {changing(move || draw(form, standing(records, record, read_only)))}
            {changing(move || draw(form, signatures(records, viewer, signer, id)))}
            {changing(move || {
                let title = records.dossier.view.with(|view| {
                    view.records.get(id).map(|record| title_of(records.workspace, record)).unwrap_or_default()
                });
                view! { <Section title=title>{entries(slot, fields(), read_only, shown)}</Section> }.into_any()
            })}
            {files_of(records, collection)
                .map(|files| changing(move || draw(form, fichiers(records, viewer, files, Some(id)))))}
            {changing(move || draw(form, acts(records, record, read_only)))}
        </div>
        {history_dialog(shown)}
        {viewer_dialog(viewer)}
        {(collection.key == adm::PIECES.key).then(|| signer_dialog(records, signer))}
    }
    .into_any()
}

/// Where the record stands, and what it lacks to go on.
fn standing(records: Records, record: (&'static Collection, EntryId), read_only: bool) -> Vec<Block> {
    let (collection, id) = record;
    let mut blocks = Vec::new();
    records.dossier.view.with(|view| {
        let Some(found) = view.records.get(id) else { return };
        if found.retire {
            let text = "Il n’est plus dans les listes. Rien n’en est perdu.".to_owned();
            blocks.push(Block::Notice(Tone::Warning, "Élément retiré".to_owned(), text));
        }
        if collection.key != adm::PIECES.key {
            return;
        }
        let (piece_type, status) = (found.value(&adm::PIECE_TYPE), found.value(&adm::PIECE_STATUT));
        if piece_type == adm::DEVIS {
            let missing = records.workspace.agence.with(|agence| devis::missing(found, &view.fields, &agence.fields));
            if !missing.is_empty() {
                let text = missing.iter().map(|it| it.what).collect::<Vec<_>>().join(" · ");
                let title = format!("Avant l’envoi, il manque {} mentions obligatoires", missing.len());
                blocks.push(Block::Notice(Tone::Warning, title, text));
            }
            if devis::is_owed(found.value(&adm::PIECE_TTC)) == Some(true) {
                blocks
                    .push(Block::Text("À partir de 100\u{a0}€ TTC, le devis est dû au client. (DEVIS-100)".to_owned()));
            }
        }
        blocks.push(Block::Text(format!("Statut : {}", if status.is_empty() { "aucun" } else { status })));
        if !read_only {
            let others = adm::statuses_of_piece(piece_type).iter().filter(|other| **other != status);
            let act = |other: &&'static str| {
                let other = *other;
                Act::new(ButtonKind::Secondary, format!("Marquer : {}", other.to_lowercase()), move || {
                    mark(records, record, other);
                })
            };
            blocks.push(Block::Acts(others.map(act).collect()));
        }
    });
    blocks
}

/// The first mention that a devis lacks.
pub fn lacking(records: Records, id: EntryId) -> Option<&'static str> {
    records.dossier.view.with_untracked(|view| {
        let found = view.records.get(id).filter(|it| it.value(&adm::PIECE_TYPE) == adm::DEVIS)?;
        let missing =
            records.workspace.agence.with_untracked(|agence| devis::missing(found, &view.fields, &agence.fields));
        missing.first().map(|mention| mention.what)
    })
}

/// Says where a paper stands; a devis is not sent while it lacks a mention.
fn mark(records: Records, record: (&'static Collection, EntryId), status: &'static str) {
    if let (Some(first), "Envoyé" | "Accepté") = (lacking(records, record.1), status) {
        let said = format!("Ce devis n’est pas prêt : il manque « {first} ». Rien n’a changé.");
        records.toasts.say(Tone::Warning, said);
        return;
    }
    write(records, record, &adm::PIECE_STATUT, status.to_owned());
}

/// Writes one field of a record over what is on the screen.
pub fn write(records: Records, record: (&'static Collection, EntryId), field: &'static Field, value: String) {
    let base: Heads = records.dossier.heads(record.0.document);
    if let Err(error) = records.dossier.set(Some(record), field, value, &base) {
        records.toasts.say(Tone::Danger, format!("Cela n’a pas pu être enregistré : {error}"));
    }
}

fn acts(records: Records, record: (&'static Collection, EntryId), read_only: bool) -> Vec<Block> {
    let (collection, id) = record;
    let (paper, retired) = records.dossier.view.with(|view| {
        let found = view.records.get(id);
        let paper = found.and_then(|it| PaperKind::of_piece(it.value(&adm::PIECE_TYPE)));
        (paper, found.is_some_and(|it| it.retire))
    });
    let mut acts = Vec::new();
    if let Some(kind) = paper.filter(|_| collection.key == adm::PIECES.key) {
        let there = format!("{}/imprimer/{}/{id}", records.base.get_value(), kind.name());
        let words = format!("Voir et imprimer : {}", kind.label().to_lowercase());
        acts.push(Act::new(ButtonKind::Secondary, words, move || records.place.go(&there)));
    }
    if !read_only {
        acts.push(if retired {
            Act::new(ButtonKind::Secondary, "Remettre", move || retire(records, record, false))
        } else {
            Act::new(ButtonKind::Danger, "Retirer", move || retire(records, record, true))
        });
    }
    vec![Block::Acts(acts)]
}

/// Puts a record away; the message offers to put it back.
fn retire(records: Records, record: (&'static Collection, EntryId), away: bool) {
    if let Err(error) = records.dossier.retire(record, away) {
        records.toasts.say(Tone::Danger, format!("Cela n’a pas pu être enregistré : {error}"));
        return;
    }
    if away {
        let back = move || retire(records, record, false);
        records.toasts.offer(Tone::Done, format!("{} : retiré.", record.0.singular), "Remettre", back);
        records.place.go(&format!("{}{}", records.base.get_value(), volet_of(record.0.document)));
    }
}
