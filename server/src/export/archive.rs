//! A dossier as one archive: its documents as any Automerge library opens them, the same as JSON, and what that is.

use std::io::{Cursor, Write as _};

use chrono::{Datelike as _, NaiveDate};
use liaison_shared::documents::Document;
use liaison_shared::{DocumentId, DocumentKind, DossierId};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{ExportError, Leaving, Portable, french};

/// Packs a dossier.
///
/// # Errors
/// When it cannot be packed.
pub fn archive(dossier: DossierId, documents: &[Document], leaving: &Leaving) -> Result<Vec<u8>, ExportError> {
    let today = leaving.at.date();
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(stamp(today))
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, bytes: &[u8]| -> Result<(), ExportError> {
        zip.start_file(name, options)?;
        Ok(zip.write_all(bytes)?)
    };
    add("README.txt", read_me(today, documents).as_bytes())?;
    add("dossier.json", &serde_json::to_vec_pretty(&Portable::new(dossier, documents, leaving))?)?;
    for document in documents {
        add(&file_name(document.id()), &document.save())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// `client.automerge`, `journal-2026.automerge`.
fn file_name(id: DocumentId) -> String {
    match id.kind() {
        DocumentKind::Journal { year } => format!("journal-{year}.automerge"),
        kind => format!("{}.automerge", kind.name()),
    }
}

/// The day, as archives keep it; the beginning of their time when they cannot.
fn stamp(day: NaiveDate) -> DateTime {
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(day.year()).unwrap_or_default();
    DateTime::from_date_and_time(year, part(day.month()), part(day.day()), 0, 0, 0).unwrap_or_default()
}

/// What is in the archive, for whoever opens it in ten years.
fn read_me(today: NaiveDate, documents: &[Document]) -> String {
    let files: Vec<String> = documents.iter().map(|document| format!("- {}", file_name(document.id()))).collect();
    let text = format!(
        "Dossier client exporté de Liaison le {}.\n\n\
         - dossier.json : tout ce que le dossier contient aujourd’hui, lisible par une personne ou par un programme. \
         Chaque valeur porte le nom de la personne qui l’a écrite et la date.\n{}\n\n\
         Les fichiers .automerge sont les documents eux-mêmes, avec leur historique complet. Ils s’ouvrent avec \
         n’importe quelle bibliothèque Automerge (https://automerge.org).\n\n\
         Cet export contient des données personnelles. Gardez-le en lieu sûr, ne l’envoyez qu’à la personne concernée \
         ou avec son accord, et supprimez-le quand il ne sert plus.\n\n\
         Seuls les volets que votre rôle permet de lire sont présents. Les fichiers joints (scans, photos) n’y sont \
         pas : ils se téléchargent depuis le dossier.\n",
        french(today),
        files.join("\n"),
    );
    text.replace('\n', "\r\n")
}
