//! Dossiers that are perhaps one person's: found over the whole list, taken over into one of them by a person, and back.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::documents::schema::client::{FUSION_AVEC, FUSION_DANS, FUSIONS};
use liaison_shared::documents::{Document, NewChange, Record, SetField, add_record, retire_record, set_field};
use liaison_shared::dossier::{Dossier, Likeness, Portrait, Summary, fusion, pairs};
use liaison_shared::{DocumentId, DocumentKind, DossierId, EntryId};

use crate::platform::indexed_db::StorageError;
use crate::platform::{clock, random};
use crate::replica::Replica;
use crate::state::{Toasts, Workspace};
use crate::ui::sheet::{Act, Block, Form, Nothing, Row, changing, draw};
use crate::ui::{ButtonKind, IconName, Tone};

/// Pairs shown at once.
const SHOWN: usize = 100;

/// Two dossiers, and why they look alike.
type Pair = (Arc<Summary>, Arc<Summary>, Likeness);

#[derive(Clone, Copy)]
struct Page {
    workspace: Workspace,
    toasts: Toasts,
    /// What was found; none before anybody looked.
    found: RwSignal<Option<Vec<Pair>>>,
}

/// The page.
pub fn doublons_page(_: Memo<String>) -> AnyView {
    let page = Page { workspace: expect_context(), toasts: expect_context(), found: RwSignal::new(None) };
    let form = Form::default();
    changing(move || draw(form, blocks(page)))
}

fn blocks(page: Page) -> Vec<Block> {
    let look = move || page.found.set(Some(find(page.workspace)));
    let mut blocks = vec![
        Block::Text(
            "La recherche compare noms, prononciations, téléphones et dates de naissance, sur cet appareil.".to_owned(),
        ),
        Block::Act(Act::new(ButtonKind::Primary, "Chercher les doublons", look)),
    ];
    if let Some(found) = page.found.get() {
        let nothing = Nothing::new(
            IconName::Check,
            "Aucun doublon",
            "Les dossiers de cet appareil sont bien ceux de personnes différentes.",
        );
        let rows = found.iter().take(SHOWN).map(|pair| row(page, pair)).collect();
        blocks.push(Block::Card("Peut-être une même personne".to_owned(), rows, Some(nothing)));
    }
    let merged: Vec<Arc<Summary>> =
        page.workspace.summaries.with(|all| all.values().filter(|it| it.repris_dans.is_some()).cloned().collect());
    blocks.push(Block::Card(
        format!("Dossiers repris dans un autre ({})", merged.len()),
        merged.iter().take(SHOWN).map(|it| taken_row(page, it)).collect(),
        None,
    ));
    blocks
}

fn find(workspace: Workspace) -> Vec<Pair> {
    let all: Vec<Arc<Summary>> = workspace
        .summaries
        .with_untracked(|all| all.values().filter(|summary| summary.repris_dans.is_none()).cloned().collect());
    let portraits: Vec<Portrait> = all.iter().map(|summary| summary.with_known(Portrait::of)).collect();
    pairs(&portraits).into_iter().map(|(one, two, why)| (all[one].clone(), all[two].clone(), why)).collect()
}

fn named(summary: &Summary) -> String {
    format!("{} ({})", summary.name(), summary.numero)
}

fn row(page: Page, (one, two, why): &Pair) -> Row {
    let mut row = Row::new(format!("{} et {}", named(one), named(two)));
    row.texts.push(why.sentence());
    row.details.push(format!("{} · {}", one.ville, two.ville));
    for (kept, other) in [(one, two), (two, one)] {
        let (into, from) = (kept.dossier, other.dossier);
        let words = format!("Reprendre dans {}", kept.numero);
        row.acts.push(Act::new(ButtonKind::Secondary, words, move || merge(page, into, from)).about(&kept.name()));
    }
    row
}

fn taken_row(page: Page, other: &Summary) -> Row {
    let mut row = Row::new(named(other));
    row.href = format!("/dossiers/{}", other.dossier);
    let (from, into) = (other.dossier, other.repris_dans.unwrap_or(other.dossier));
    row.details.extend(page.workspace.dossier_name(into).map(|name| format!("repris dans {name}")));
    row.acts.push(
        Act::new(ButtonKind::Secondary, "Séparer à nouveau", move || part(page, into, from)).about(&other.name()),
    );
    row
}

/// Takes one dossier over into another: all of it in one transaction.
fn merge(page: Page, into: DossierId, from: DossierId) {
    let Some(replica) = page.workspace.replica() else { return };
    clock::spawn(async move {
        match changes_of_merge(&replica, into, from).await {
            Ok(changes) => {
                replica.keep(changes, None);
                page.found.update(|found| {
                    if let Some(found) = found {
                        found.retain(|(one, two, _)| one.dossier != from && two.dossier != from);
                    }
                });
                let back = move || part(page, into, from);
                page.toasts.offer(
                    Tone::Done,
                    "Le dossier est repris. Rien n’en est effacé.",
                    "Séparer à nouveau",
                    back,
                );
            }
            Err(error) => page.toasts.say(Tone::Danger, format!("Rien n’a été repris : {error}")),
        }
    });
}

/// The documents of a dossier that a fusion writes or reads.
struct Two {
    client: Rc<std::cell::RefCell<Document>>,
    administratif: Rc<std::cell::RefCell<Document>>,
}

impl Two {
    async fn open(replica: &Replica, id: DossierId) -> Result<Self, StorageError> {
        Ok(Self {
            client: replica.open_document(DocumentId::client(id)).await?,
            administratif: replica.open_document(DocumentId::administratif(id)).await?,
        })
    }

    fn read(&self) -> Dossier {
        Dossier::read([&*self.client.borrow(), &*self.administratif.borrow()])
    }

    fn of(&self, kind: DocumentKind) -> &Rc<std::cell::RefCell<Document>> {
        if kind == DocumentKind::Client { &self.client } else { &self.administratif }
    }
}

async fn changes_of_merge(replica: &Replica, into: DossierId, from: DossierId) -> Result<Vec<NewChange>, String> {
    let two = |error: StorageError| error.to_string();
    let (kept, other) = (Two::open(replica, into).await.map_err(two)?, Two::open(replica, from).await.map_err(two)?);
    let taken = fusion::reprise(&kept.read(), &other.read());
    let (pen, now) = (replica.pen(), clock::now());
    let mut changes = Vec::new();
    let mut made = |change: Result<Option<NewChange>, liaison_shared::documents::DocumentError>| {
        change.map(|change| changes.extend(change)).map_err(|error| error.to_string())
    };
    for set in &taken.fields {
        let mut document = kept.of(set.field.document).borrow_mut();
        let base = document.heads();
        made(set_field(&mut document, &pen, &base, now, set))?;
    }
    for (collection, id, values) in &taken.records {
        made(add_record(&mut kept.of(collection.document).borrow_mut(), &pen, now, (collection, *id), values))?;
    }
    let id = || EntryId(random::sixteen_bytes());
    made(add_record(&mut kept.client.borrow_mut(), &pen, now, (&FUSIONS, id()), &taken.noted(from)))?;
    made(add_record(&mut other.client.borrow_mut(), &pen, now, (&FUSIONS, id()), &fusion::noted_in_other(into)))?;
    Ok(changes)
}

/// Takes a fusion back: what was taken over leaves, unless somebody has changed it since.
fn part(page: Page, into: DossierId, from: DossierId) {
    let Some(replica) = page.workspace.replica() else { return };
    clock::spawn(async move {
        match changes_of_parting(&replica, into, from).await {
            Ok(changes) => {
                replica.keep(changes, None);
                page.toasts.say(Tone::Done, "Les deux dossiers sont de nouveau séparés.");
            }
            Err(error) => page.toasts.say(Tone::Danger, format!("Rien n’a changé : {error}")),
        }
    });
}

async fn changes_of_parting(replica: &Replica, into: DossierId, from: DossierId) -> Result<Vec<NewChange>, String> {
    let two = |error: StorageError| error.to_string();
    let (kept, other) = (Two::open(replica, into).await.map_err(two)?, Two::open(replica, from).await.map_err(two)?);
    let (here, there) = (kept.read(), other.read());
    let names = |record: &&Record, field, id: DossierId| record.value(field) == id.to_string();
    let fusions: Vec<&Record> = here.records.of(&FUSIONS).filter(|it| names(it, &FUSION_AVEC, from)).collect();
    let marks: Vec<&Record> = there.records.of(&FUSIONS).filter(|it| names(it, &FUSION_DANS, into)).collect();
    let (pen, now) = (replica.pen(), clock::now());
    let mut changes = Vec::new();
    let mut made = |change: Result<Option<NewChange>, liaison_shared::documents::DocumentError>| {
        change.map(|change| changes.extend(change)).map_err(|error| error.to_string())
    };
    for fusion in &fusions {
        let (fields, records) = fusion::undone(&here, &there, fusion);
        for field in fields {
            let mut document = kept.of(field.document).borrow_mut();
            let base = document.heads();
            made(set_field(&mut document, &pen, &base, now, &SetField { field, value: String::new() }))?;
        }
        for (collection, id) in records {
            let mut document = kept.of(collection.document).borrow_mut();
            let base = document.heads();
            made(retire_record(&mut document, &pen, &base, now, (collection, id), true))?;
        }
        let mut document = kept.client.borrow_mut();
        let base = document.heads();
        made(retire_record(&mut document, &pen, &base, now, (&FUSIONS, fusion.id), true))?;
    }
    for mark in &marks {
        let mut document = other.client.borrow_mut();
        let base = document.heads();
        made(retire_record(&mut document, &pen, &base, now, (&FUSIONS, mark.id), true))?;
    }
    Ok(changes)
}
