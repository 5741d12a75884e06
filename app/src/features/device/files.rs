//! Files that have not left this device, by name: on their way, or refused by the relay.

use leptos::prelude::*;

use crate::platform::{clock, files};
use crate::replica::Upload;
use crate::state::{Toasts, Workspace, upload_receipt, weight};
use crate::ui::sheet::{Act, Block, Form, Row, changing, draw};
use crate::ui::{ButtonKind, Receipt, Tone};

/// The section; nothing when every file is at the relay.
pub fn unsent_files() -> AnyView {
    let (workspace, toasts) = (expect_context::<Workspace>(), expect_context::<Toasts>());
    let form = Form::default();
    changing(move || {
        let uploads = workspace.uploads.get();
        let rows = uploads.into_iter().map(|upload| row(workspace, toasts, upload)).collect();
        draw(form, vec![Block::Card("Fichiers qui ne sont pas au relais".to_owned(), rows, None)])
    })
}

fn row(workspace: Workspace, toasts: Toasts, upload: Upload) -> Row {
    let mut row = Row::new(upload.name.clone());
    let dossier = upload.file().map(|file| file.dossier);
    row.href = dossier.map(|id| format!("/dossiers/{id}")).unwrap_or_default();
    let told = [dossier.and_then(|id| workspace.dossier_name(id)), Some(weight(upload.size))];
    row.details.push(told.into_iter().flatten().collect::<Vec<_>>().join(" · "));
    let receipt: Receipt = upload_receipt(&upload);
    row.receipt = Some(Signal::stored(Some(receipt)));
    if upload.refused.is_some() {
        let (key, name) = (upload.key.clone(), upload.name.clone());
        let again = move || {
            let key = key.clone();
            clock::spawn(async move { workspace.retry_upload(&key).await });
        };
        row.acts.push(Act::new(ButtonKind::Secondary, "Réessayer", again).about(&name));
        row.acts.push(
            Act::new(ButtonKind::Secondary, "Garder dans un fichier", move || keep(workspace, toasts, upload.clone()))
                .about(&name),
        );
    }
    row
}

/// Hands what the relay does not take to the browser's downloads.
fn keep(workspace: Workspace, toasts: Toasts, upload: Upload) {
    clock::spawn(async move {
        let bytes = workspace.owed_bytes(&upload).await;
        if !bytes.is_some_and(|bytes| files::download(&upload.name, "application/octet-stream", &bytes)) {
            toasts.say(Tone::Danger, "Le navigateur n’a pas accepté le fichier. Il reste sur cet appareil.");
        }
    });
}
