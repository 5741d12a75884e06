//! The files of the open dossier: photos, scans, signed papers. A file is on this device before anything names it; it is
//! named by a record of the volet it belongs to.

use leptos::prelude::*;
use liaison_shared::documents::schema::{COLLECTIONS, Collection, client};
use liaison_shared::documents::{Document, DocumentError, NewChange, Pen, Record, SetField, add_record};
use liaison_shared::dossier::Dossier;
use liaison_shared::{DocumentId, DocumentKind, DossierId, EntryId, FileHash, Timestamp};

use super::{OpenDossier, Workspace, here};
use crate::platform::images::{Picked, Unfit};
use crate::platform::indexed_db::StorageError;
use crate::platform::{digest, random};
use crate::replica::{FileError, FileKey, MOST, Upload};
use crate::ui::Receipt;

/// What can be chosen as a file.
pub const TAKEN: &str = "image/*,application/pdf";

/// The file that a record names; `None` when it names none.
#[must_use]
pub fn file_of(dossier: DossierId, record: &Record) -> Option<FileKey> {
    let hash = record.value(&client::FICHIER_EMPREINTE).parse::<FileHash>().ok()?;
    Some(FileKey { dossier, kind: record.collection.document, hash })
}

fn attached(view: &Dossier, files: &'static Collection, piece: Option<EntryId>) -> Vec<Record> {
    let piece = piece.map(|id| id.to_string()).unwrap_or_default();
    let attached = |record: &&Record| record.value(&client::FICHIER_PIECE) == piece;
    view.records.of(files).filter(attached).cloned().collect()
}

/// What the record of a file says.
/// What names a file: `told` is its name, its media type and its size.
fn values_of(
    files: &'static Collection,
    (name, mime, size): (&str, &str, u64),
    hash: FileHash,
    piece: Option<EntryId>,
) -> Vec<SetField> {
    let piece = piece.map(|id| id.to_string()).unwrap_or_default();
    let values = [
        (&client::FICHIER_NOM, name.to_owned()),
        (&client::FICHIER_TYPE, mime.to_owned()),
        (&client::FICHIER_TAILLE, size.to_string()),
        (&client::FICHIER_EMPREINTE, hash.to_string()),
        (&client::FICHIER_PIECE, piece),
    ];
    let filled = values.into_iter().filter(|(_, value)| !value.is_empty());
    filled.filter_map(|(field, value)| Some(SetField { field: files.own(field)?, value })).collect()
}

impl OpenDossier {
    /// The files of a volet that are attached to a record, or to none; oldest first. Tracks the dossier.
    #[must_use]
    pub fn files(&self, files: &'static Collection, piece: Option<EntryId>) -> Vec<Record> {
        self.view.with(|view| attached(view, files, piece))
    }

    /// Adds a file, attached to a record or to none: first its bytes to this device, then what names it. Goes on when the page that asked for it
    /// is gone.
    ///
    /// # Errors
    /// A French sentence: what happened, what is safe, what to do. Nothing is added then.
    pub async fn add_file(
        &self,
        files: &'static Collection,
        picked: &Picked,
        piece: Option<EntryId>,
    ) -> Result<(), String> {
        let (dossier, document) = (self.id, self.document_id(files.document));
        let hash = digest::sha256(&picked.bytes).await.map(FileHash).ok_or_else(|| no_storage(picked))?;
        let file = FileKey { dossier, kind: files.document, hash };
        let here = self.view.try_with_untracked(|view| attached(view, files, piece)).unwrap_or_default();
        if here.iter().any(|record| file_of(dossier, record) == Some(file)) {
            return Err(format!("« {} » est déjà là.", picked.name));
        }
        let values = values_of(files, (&picked.name, &picked.mime, picked.bytes.len() as u64), hash, piece);
        let record = EntryId(random::sixteen_bytes());
        self.keep(picked, file, document, |document, pen, now| add_record(document, pen, now, (files, record), &values))
            .await
    }

    /// Keeps the bytes of a file on this device, then writes what names it.
    pub(super) async fn keep(
        &self,
        picked: &Picked,
        file: FileKey,
        document: Option<DocumentId>,
        names: impl FnOnce(&mut Document, &Pen, Timestamp) -> Result<Option<NewChange>, DocumentError>,
    ) -> Result<(), String> {
        let (Some(replica), Some(document)) = (self.workspace().replica(), document) else {
            return Err(no_storage(picked));
        };
        let not_kept = |error: StorageError| not_kept(picked, &error);
        replica.keep_file(file, &picked.name, &picked.bytes).await.map_err(not_kept)?;
        let document = replica.open_document(document).await.map_err(not_kept)?;
        replica
            .edit(&document, None, names)
            .map_err(|error| format!("« {} » n’a pas été ajouté : {error}", picked.name))
    }

    /// Names a PDF that the relay has made and keeps, among the files of a volet.
    ///
    /// # Errors
    /// A French sentence. Nothing is added then.
    pub fn add_made(
        &self,
        kind: DocumentKind,
        name: &str,
        size: u64,
        hash: FileHash,
        piece: Option<EntryId>,
    ) -> Result<(), String> {
        let files = COLLECTIONS.iter().find(|it| it.document == kind && it.key == client::FICHIERS.key);
        let files = files.ok_or_else(|| "Ce volet ne garde pas de fichiers.".to_owned())?;
        let values = values_of(files, (name, "application/pdf", size), hash, piece);
        self.add(files, &values).map(|_| ()).map_err(|error| format!("« {name} » n’a pas été ajouté : {error}"))
    }

    /// What a file holds, from this device or from the relay. `heard` is told how many of how many bytes are here.
    ///
    /// # Errors
    /// A French sentence: what happened, what to do.
    pub async fn read_file(&self, file: FileKey, heard: impl Fn(u64, u64)) -> Result<Vec<u8>, String> {
        let Some(replica) = self.workspace().replica() else {
            return Err("Ce fichier ne peut pas être ouvert maintenant. Rechargez la page.".to_owned());
        };
        replica.file(file, heard).await.map_err(|error| not_opened(&error))
    }

    /// Where a file and what names it are, with a signature also what is signed. Tracks all of them.
    #[must_use]
    pub fn file_receipt(&self, record: &Record) -> Option<Receipt> {
        let file = file_of(self.id, record)?;
        let signed = record.value(&client::FICHIER_SIGNE).parse().map(|hash| FileKey { hash, ..file });
        let keys = [Some(file), signed.ok()].map(|file| file.map(|file| file.to_string()));
        let upload = self.workspace().uploads.with(|uploads| {
            let of_file = uploads.iter().find(|upload| keys.iter().flatten().any(|key| upload.key == *key));
            of_file.map(upload_receipt)
        });
        upload.or_else(|| self.least_safe(record.changes()))
    }
}

impl Workspace {
    /// Asks the relay once more for a file that it refused.
    pub async fn retry_upload(&self, key: &str) {
        if let Some(replica) = self.replica() {
            // A device that cannot note it is asked again by its next start.
            let _noted = replica.retry_upload(key).await.is_ok();
        }
    }

    /// The bytes of a file that the relay does not have; `None` when the device cannot read them.
    pub async fn owed_bytes(&self, upload: &Upload) -> Option<Vec<u8>> {
        self.replica()?.file(upload.file()?, |_, _| ()).await.ok()
    }
}

/// Where a file is that the relay does not have: « sur ce téléphone », « envoi 3,5 sur 12 Mo ».
#[must_use]
pub fn upload_receipt(upload: &Upload) -> Receipt {
    match &upload.refused {
        Some(refused) if refused.sentence.is_empty() => Receipt::Refused("refusé par le relais".to_owned()),
        Some(refused) => Receipt::Refused(refused.sentence.clone()),
        None if upload.sent == 0 => Receipt::Device(here().to_owned()),
        None => Receipt::Device(format!("envoi {} sur {}", share(upload.sent, upload.size), weight(upload.size))),
    }
}

/// How large a file is, as people say it.
#[must_use]
pub fn weight(bytes: u64) -> String {
    match bytes {
        ..1_000 => format!("{bytes}\u{a0}octets"),
        1_000..1_000_000 => format!("{}\u{a0}ko", bytes / 1_000),
        _ => format!("{}\u{a0}Mo", tenths(bytes, 1_000_000)),
    }
}

/// A part, in the unit of the whole.
#[must_use]
pub fn share(part: u64, whole: u64) -> String {
    if whole < 1_000_000 { (part / 1_000).to_string() } else { tenths(part, 1_000_000) }
}

fn tenths(bytes: u64, unit: u64) -> String {
    let tenths = (bytes * 10 + unit / 2) / unit;
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{},{}", tenths / 10, tenths % 10) }
}

/// Why a chosen file is not taken.
#[must_use]
pub fn unfit_sentence(unfit: &Unfit) -> String {
    match unfit {
        Unfit::Empty(name) => format!("« {name} » est vide : il n’y a rien à garder."),
        Unfit::TooLarge(name, size) => format!(
            "« {name} » fait {} : un fichier peut faire {} au plus. Rien n’a été ajouté. Numérisez-le en moins fin, ou en \
             plusieurs parties.",
            weight(*size),
            weight(u64::from(MOST))
        ),
        Unfit::Unreadable => {
            "Ce fichier ne peut pas être lu. Rien n’a été ajouté : choisissez-le de nouveau.".to_owned()
        }
    }
}

fn not_kept(picked: &Picked, error: &StorageError) -> String {
    if *error == StorageError::Full {
        let size = weight(picked.bytes.len() as u64);
        return format!(
            "Plus de place sur cet appareil pour « {} » ({size}). Rien n’a été ajouté, rien d’autre n’est perdu. Libérez de \
             la place, puis recommencez.",
            picked.name
        );
    }
    no_storage(picked)
}

fn no_storage(picked: &Picked) -> String {
    format!("Cet appareil n’a pas pu garder « {} ». Rien n’a été ajouté : recommencez.", picked.name)
}

fn not_opened(error: &FileError) -> String {
    let sentence = match error {
        FileError::Unreachable => {
            "Ce fichier n’est pas entier sur cet appareil et le relais n’est pas joignable. Ce qui est déjà arrivé est \
             gardé : réessayez avec le réseau."
        }
        FileError::NotThere => {
            "Ce fichier n’est pas encore au relais : il est sur l’appareil qui l’a ajouté, et arrivera quand celui-ci aura du \
             réseau."
        }
        FileError::WrongHash => {
            "Ce qui est arrivé n’est pas le fichier attendu : il a été jeté. Réessayez ; si cela se répète, prévenez la \
             personne qui vous dépanne."
        }
        FileError::Storage(_) => {
            "Cet appareil n’a pas pu lire ce fichier. Rien n’est perdu au relais : rechargez la page."
        }
        FileError::Refused(sentence) if !sentence.is_empty() => sentence,
        FileError::Refused(_) => "Le relais n’a pas donné ce fichier. Réessayez dans une minute.",
    };
    sentence.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replica::Refused;

    #[test]
    fn sizes_read_as_people_say_them() {
        assert_eq!(weight(640), "640\u{a0}octets");
        assert_eq!(weight(340_200), "340\u{a0}ko");
        assert_eq!(weight(1_234_567), "1,2\u{a0}Mo");
        assert_eq!(weight(25_000_000), "25\u{a0}Mo");
    }

    #[test]
    fn a_refusal_is_said_with_the_relays_words() {
        let refused = |sentence: &str| Some(Refused { status: 403, sentence: sentence.to_owned() });
        let upload =
            |sent, refused| Upload { key: String::new(), name: "scan.pdf".to_owned(), size: 12_000_000, sent, refused };
        let on_its_way = Receipt::Device("envoi 3,5 sur 12\u{a0}Mo".to_owned());
        assert_eq!(upload_receipt(&upload(3_500_000, None)), on_its_way);
        assert_eq!(upload_receipt(&upload(0, refused("Non."))), Receipt::Refused("Non.".to_owned()));
        assert_eq!(upload_receipt(&upload(0, refused(""))).label(), "refusé par le relais");
    }

    #[test]
    fn every_kind_has_the_fields_of_a_file() {
        use liaison_shared::documents::schema::COLLECTIONS;
        for files in COLLECTIONS.iter().filter(|collection| collection.key == "fichiers") {
            for field in client::FICHIERS.fields {
                assert!(files.own(field).is_some(), "{:?} {}", files.document, field.key);
            }
        }
    }
}
