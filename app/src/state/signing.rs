//! Signing a paper on this device: what was signed as a text, the picture of the signature, and one change that names both
//! and says that the paper is signed. All of it on this device before anything is said to be done.

use liaison_shared::documents::schema::{Collection, Field, POUR_AGENCE, administratif as adm, journal as jou};
use liaison_shared::documents::{Document, DocumentError, NewChange, Pen, SetField, add_record, add_record_and_set};
use liaison_shared::papers::signing;
use liaison_shared::{EntryId, FileHash, Timestamp};

use super::OpenDossier;
use crate::platform::images::Picked;
use crate::platform::{digest, page, random};
use crate::replica::FileKey;

const NOT_SIGNED: &str = "Cet appareil n’a pas pu garder la signature : elle n’est pas enregistrée. Laissez cette page ouverte et réessayez.";

/// A signature, as somebody gave it.
#[derive(Debug, Clone)]
pub struct Given {
    /// What is signed: a paper, a visit.
    pub piece: EntryId,
    /// Exactly what is signed.
    pub text: String,
    /// Who signed.
    pub name: String,
    /// In whose name.
    pub quality: String,
    /// When.
    pub at: Timestamp,
    /// What was drawn: a PNG.
    pub picture: Vec<u8>,
}

/// The record that names a signature: its collection, its identity, what it says.
type Named = ((&'static Collection, EntryId), Vec<SetField>);

impl OpenDossier {
    /// Keeps the signature of a paper, which then has this status.
    ///
    /// # Errors
    /// A French sentence: what happened, what is safe, what to do. The paper is not signed then.
    pub async fn sign(&self, given: Given, status: &'static str) -> Result<(), String> {
        let (base, marks) = (self.heads(adm::PIECES.document), marks_of(&given, status));
        let paper = (&adm::PIECES, given.piece);
        self.keep_signature(&adm::FICHIERS, given, |document, pen, now, (record, values)| {
            add_record_and_set(document, pen, &base, now, (record, &values[..]), (paper, &marks[..]))
        })
        .await
    }

    /// Keeps what a client signed of a visit.
    ///
    /// # Errors
    /// As [`OpenDossier::sign`].
    pub async fn sign_visit(&self, given: Given) -> Result<(), String> {
        self.keep_signature(&jou::FICHIERS, given, |document, pen, now, (record, values)| {
            add_record(document, pen, now, record, &values)
        })
        .await
    }

    /// Keeps the text under its hash, then the drawing, then what names both.
    async fn keep_signature(
        &self,
        files: &'static Collection,
        given: Given,
        names: impl FnOnce(&mut Document, &Pen, Timestamp, Named) -> Result<Option<NewChange>, DocumentError>,
    ) -> Result<(), String> {
        let (kind, document) = (files.document, self.document_id(files.document));
        let signed = FileKey { dossier: self.id, kind, hash: signing::hash_of(&given.text) };
        let replica = self.workspace().replica().ok_or(NOT_SIGNED)?;
        let hash = digest::sha256(&given.picture).await.map(FileHash).ok_or(NOT_SIGNED)?;
        let text_name = format!("Ce que {} a signé.txt", given.name);
        replica.keep_file(signed, &text_name, given.text.as_bytes()).await.map_err(|_| NOT_SIGNED)?;
        let named = ((files, EntryId(random::sixteen_bytes())), values_of(files, &given, hash));
        let name = format!("Signature de {}.png", given.name);
        let picture = Picked { name, mime: "image/png".to_owned(), bytes: given.picture };
        self.keep(&picture, FileKey { hash, ..signed }, document, |document, pen, now| names(document, pen, now, named))
            .await
    }
}

fn set(field: &'static Field, value: impl Into<String>) -> SetField {
    SetField { field, value: value.into() }
}

/// What the record of a signature says, in the fields of its collection.
fn values_of(files: &'static Collection, given: &Given, hash: FileHash) -> Vec<SetField> {
    let values = [
        (&adm::FICHIER_NOM, format!("Signature de {}.png", given.name)),
        (&adm::FICHIER_TYPE, "image/png".to_owned()),
        (&adm::FICHIER_TAILLE, given.picture.len().to_string()),
        (&adm::FICHIER_EMPREINTE, hash.to_string()),
        (&adm::FICHIER_PIECE, given.piece.to_string()),
        (&adm::FICHIER_SIGNE, signing::hash_of(&given.text).to_string()),
        (&adm::FICHIER_SIGNATAIRE, given.name.clone()),
        (&adm::FICHIER_QUALITE, given.quality.clone()),
        (&adm::FICHIER_SIGNE_LE, given.at.0.to_string()),
        (&adm::FICHIER_APPAREIL, page::device_name()),
    ];
    values.into_iter().filter_map(|(field, value)| Some(set(files.own(field)?, value))).collect()
}

/// What it makes of the paper: nothing when it is the agency that signs.
fn marks_of(given: &Given, status: &'static str) -> Vec<SetField> {
    if given.quality == POUR_AGENCE {
        return Vec::new();
    }
    vec![set(&adm::PIECE_STATUT, status), set(&adm::PIECE_SIGNATURE, given.at.date().to_string())]
}
