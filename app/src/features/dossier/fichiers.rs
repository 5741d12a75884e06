//! The files of a volet or of a record: what they are, where they are safe; adding them, putting them away.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::Record;
use liaison_shared::documents::schema::{COLLECTIONS, Collection, client};
use liaison_shared::papers::signing::is_signature;

use super::records::Records;
use super::viewer::{Viewer, look, viewer_dialog};
use crate::platform::{clock, images};
use crate::replica::MOST;
use crate::state::{TAKEN, unfit_sentence, weight};
use crate::ui::sheet::{Act, Block, Form, Nothing, Row, changing, draw};
use crate::ui::{ButtonKind, IconName, Tone};

/// The files of a volet, and the dialog in which they are shown.
pub fn fichiers_of(files: &'static Collection) -> AnyView {
    let (records, viewer, form) = (Records::of_dossier(), Viewer::new(), Form::default());
    view! {
        {changing(move || draw(form, fichiers(records, viewer, files, None)))}
        {viewer_dialog(viewer)}
    }
    .into_any()
}

/// The collection of files of the volet that a collection belongs to; none outside of dossiers.
pub fn files_of(records: Records, collection: &Collection) -> Option<&'static Collection> {
    let beside = |it: &&&'static Collection| it.document == collection.document && it.key == client::FICHIERS.key;
    COLLECTIONS.iter().find(beside).copied().filter(|_| records.dossier.is_a_clients())
}

/// The card of the files of a volet, or of those that are attached to a record.
pub fn fichiers(records: Records, viewer: Viewer, files: &'static Collection, piece: Option<EntryId>) -> Vec<Block> {
    let writes = records.workspace.writes(files.document);
    let found = records.dossier.files(files, piece);
    let found = found.into_iter().filter(|record| !is_signature(record));
    let rows: Vec<Row> = found.map(|record| row(records, viewer, files, record, writes)).collect();
    if rows.is_empty() && !writes {
        return Vec::new();
    }
    let nothing = Nothing::new(
        IconName::File,
        "Fichiers : rien encore",
        "Une photo, un scan, un PDF : gardé sur cet appareil, envoyé avec le réseau.",
    );
    let mut blocks = vec![Block::Card("Fichiers".to_owned(), rows, Some(nothing))];
    if writes {
        let add = move || add(records, files, piece);
        let act = Act::new(ButtonKind::Secondary, "Ajouter une photo ou un fichier", add);
        blocks.push(Block::Acts(vec![act]));
    }
    blocks
}

fn row(records: Records, viewer: Viewer, files: &'static Collection, record: Record, writes: bool) -> Row {
    let mut row = Row::new(record.title());
    let size = record.value(&client::FICHIER_TAILLE).parse().map(weight).unwrap_or_default();
    let by = &record.signature;
    let told = [size, format!("{}, {}", records.workspace.who(by), by.at.french(clock::now()))];
    row.details.push(told.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "));
    let (dossier, shown) = (records.dossier, record.clone());
    row.receipt = Some(Signal::derive(move || dossier.file_receipt(&shown)));
    let (id, title) = (record.id, record.title());
    row.acts.push(Act::new(ButtonKind::Secondary, "Voir", move || look(records, viewer, &record)).about(&title));
    if writes {
        let about = title.clone();
        let away = move || retire(records, files, id, &title, true);
        row.acts.push(Act::new(ButtonKind::Quiet, "Retirer", away).about(&about));
    }
    row
}

fn add(records: Records, files: &'static Collection, piece: Option<EntryId>) {
    clock::spawn(async move {
        for picked in images::choose(TAKEN, MOST).await {
            let added = match picked {
                Err(unfit) => Err(unfit_sentence(&unfit)),
                Ok(picked) => records.dossier.add_file(files, &picked, piece).await.map(|()| picked.name),
            };
            match added {
                Ok(name) => records.toasts.say(Tone::Done, format!("« {name} » est ajouté.")),
                Err(sentence) => records.toasts.say(Tone::Danger, sentence),
            }
        }
    });
}

/// Puts a file away; the message offers to put it back.
fn retire(records: Records, files: &'static Collection, id: EntryId, title: &str, away: bool) {
    if let Err(error) = records.dossier.retire((files, id), away) {
        records.toasts.say(Tone::Danger, format!("Cela n’a pas pu être enregistré : {error}"));
    } else if away {
        let name = title.to_owned();
        let back = move || retire(records, files, id, &name, false);
        records.toasts.offer(Tone::Done, format!("« {title} » : retiré."), "Annuler", back);
    }
}
