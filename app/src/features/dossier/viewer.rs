//! A file that somebody looks at: a picture or a text in a dialog, anything else as a file to keep.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::Record;
use liaison_shared::documents::schema::client;

use super::records::Records;
use crate::platform::{clock, files};
use crate::replica::FileKey;
use crate::state::{file_of, share, weight};
use crate::ui::sheet::{Block, Form, changing, draw};
use crate::ui::{Dialog, Tone};

/// Pictures that every browser shows.
const PICTURES: [&str; 4] = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/// The file that somebody looks at. Copies are the same.
#[derive(Clone, Copy)]
pub struct Viewer(RwSignal<Option<Viewed>>);

#[derive(Clone, PartialEq)]
struct Viewed {
    id: EntryId,
    title: String,
    stage: Stage,
}

#[derive(Clone, PartialEq)]
enum Stage {
    /// So many of so many bytes are here.
    Coming(u64, u64),
    /// An address in this page.
    Picture(String),
    /// What it says.
    Text(String),
    /// Why it cannot be shown.
    Failed(String),
}

impl Viewer {
    /// Nobody looks at anything.
    pub fn new() -> Self {
        let viewer = Self(RwSignal::new(None));
        on_cleanup(move || viewer.close());
        viewer
    }

    /// Takes it one step further, unless somebody has closed it or looks at another one.
    fn go_on(self, id: EntryId, stage: Option<Stage>) -> bool {
        let there = self.0.try_update(|viewed| match (viewed.as_mut(), stage) {
            (Some(open), Some(stage)) if open.id == id => {
                open.stage = stage;
                true
            }
            (Some(open), None) if open.id == id => viewed.take().is_some(),
            _ => false,
        });
        there.unwrap_or_default()
    }

    fn close(self) {
        let viewed = self.0.try_update(Option::take).flatten();
        if let Some(Stage::Picture(address)) = viewed.map(|viewed| viewed.stage) {
            files::forget(&address);
        }
    }
}

/// Opens a file: a picture here, anything else as a file to keep.
pub fn look(records: Records, viewer: Viewer, record: &Record) {
    let Some(file) = file_of(records.dossier.id, record) else { return };
    let shown = record.clone();
    bring(records, viewer, (record.id, record.title()), file, move |bytes| show(records, viewer, &shown, &bytes));
}

/// Opens what a signature signs: a text that is kept under its hash.
pub fn look_at_signed(records: Records, viewer: Viewer, record: &Record) {
    let Ok(hash) = record.value(&client::FICHIER_SIGNE).parse() else { return };
    let (id, file) = (record.id, FileKey { dossier: records.dossier.id, kind: record.collection.document, hash });
    bring(records, viewer, (id, "Ce qui a été signé".to_owned()), file, move |bytes| {
        viewer.go_on(id, Some(Stage::Text(String::from_utf8_lossy(&bytes).into_owned())));
    });
}

fn bring(
    records: Records,
    viewer: Viewer,
    (id, title): (EntryId, String),
    file: FileKey,
    then: impl FnOnce(Vec<u8>) + 'static,
) {
    viewer.close();
    viewer.0.set(Some(Viewed { id, title, stage: Stage::Coming(0, 0) }));
    clock::spawn(async move {
        let heard = move |done, all| {
            viewer.go_on(id, Some(Stage::Coming(done, all)));
        };
        match records.dossier.read_file(file, heard).await {
            Err(sentence) => {
                viewer.go_on(id, Some(Stage::Failed(sentence)));
            }
            Ok(bytes) => then(bytes),
        }
    });
}

fn show(records: Records, viewer: Viewer, record: &Record, bytes: &[u8]) {
    let mime = record.value(&client::FICHIER_TYPE);
    if PICTURES.contains(&mime)
        && let Some(address) = files::address(mime, bytes)
    {
        if !viewer.go_on(record.id, Some(Stage::Picture(address.clone()))) {
            files::forget(&address);
        }
    } else if viewer.go_on(record.id, None) {
        keep(records, record, bytes);
    }
}

/// Hands a file to the browser's downloads. Never as something that a browser would run.
fn keep(records: Records, record: &Record, bytes: &[u8]) {
    let mime = record.value(&client::FICHIER_TYPE);
    let mime = if mime == "application/pdf" || PICTURES.contains(&mime) { mime } else { "application/octet-stream" };
    if !files::download(record.value(&client::FICHIER_NOM), mime, bytes) {
        records.toasts.say(Tone::Danger, "Le navigateur n’a pas accepté le fichier. Il reste dans le dossier.");
    }
}

/// The dialog in which a file is shown.
pub fn viewer_dialog(viewer: Viewer) -> AnyView {
    let form = Form::default();
    let title = move || viewer.0.with(|viewed| viewed.as_ref().map(|it| it.title.clone()).unwrap_or_default());
    view! {
        <Dialog
            id="fichier"
            open=Signal::derive(move || viewer.0.with(Option::is_some))
            on_close=move || viewer.close()
            title=Signal::derive(title)
            close_label="Fermer"
            broad=true
        >
            {changing(move || viewer.0.with(|viewed| match viewed {
                None => ().into_any(),
                Some(Viewed { stage: Stage::Coming(done, all), .. }) => draw(form, vec![Block::Text(coming(*done, *all))]),
                Some(Viewed { stage: Stage::Failed(why), .. }) => {
                    let title = "Ce fichier ne s’ouvre pas".to_owned();
                    draw(form, vec![Block::Notice(Tone::Warning, title, why.clone())])
                }
                Some(Viewed { stage: Stage::Picture(address), title, .. }) => {
                    view! { <img class="fichier__picture" src=address.clone() alt=title.clone()/> }.into_any()
                }
                Some(Viewed { stage: Stage::Text(text), .. }) => {
                    view! { <p class="fichier__text">{text.clone()}</p> }.into_any()
                }
            }))}
        </Dialog>
    }
    .into_any()
}

fn coming(done: u64, all: u64) -> String {
    if all == 0 { "Ouverture…".to_owned() } else { format!("Réception {} sur {}", share(done, all), weight(all)) }
}
