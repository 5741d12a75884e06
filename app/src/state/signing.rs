//! Signing a paper on this device: what was signed as a text, the picture of the signature, and one change that names both
//! and says that the paper is signed. All of it on this device before anything is said to be done.

use liaison_shared::documents::schema::{Field, POUR_AGENCE, administratif as adm, journal as jou};
use liaison_shared::documents::{SetField, add_record, add_record_and_set};
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
    /// The record that is signed.
    pub piece: EntryId,
    /// Where it stands once the client has signed.
    pub status: &'static str,
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

impl OpenDossier {
    /// Keeps a signature.
    ///
    /// # Errors
    /// A French sentence: what happened, what is safe, what to do. The paper is not signed then.
    pub async fn sign(&self, given: Given) -> Result<(), String> {
        let kind = adm::PIECES.document;
        let (document, base) = (self.document_id(kind), self.heads(kind));
        let signed = FileKey { dossier: self.id, kind, hash: signing::hash_of(&given.text) };
        let replica = self.workspace().replica().ok_or(NOT_SIGNED)?;
        let hash = digest::sha256(&given.picture).await.map(FileHash).ok_or(NOT_SIGNED)?;
        let text_name = format!("Ce que {} a signé.txt", given.name);
        replica.keep_file(signed, &text_name, given.text.as_bytes()).await.map_err(|_| NOT_SIGNED)?;
        let (record, values, marks) = (EntryId(random::sixteen_bytes()), values_of(&given, hash), marks_of(&given));
        let name = format!("Signature de {}.png", given.name);
        let picture = Picked { name, mime: "image/png".to_owned(), bytes: given.picture };
        self.keep(&picture, FileKey { hash, ..signed }, document, |document, pen, now| {
            let file = ((&adm::FICHIERS, record), &values[..]);
            add_record_and_set(document, pen, &base, now, file, ((&adm::PIECES, given.piece), &marks[..]))
        })
        .await
    }
}

impl OpenDossier {
    /// Keeps what a client signed of a visit: the text under its hash, the drawing, and one record that names both.
    ///
    /// # Errors
    /// A French sentence. Nothing is signed then.
    pub async fn sign_visit(
        &self,
        visite: EntryId,
        text: String,
        (name, quality): (String, String),
        at: Timestamp,
        picture: Vec<u8>,
    ) -> Result<(), String> {
        let kind = jou::FICHIERS.document;
        let document = self.document_id(kind);
        let signed = FileKey { dossier: self.id, kind, hash: signing::hash_of(&text) };
        let replica = self.workspace().replica().ok_or(NOT_SIGNED)?;
        let hash = digest::sha256(&picture).await.map(FileHash).ok_or(NOT_SIGNED)?;
        let text_name = format!("Ce que {name} a signé.txt");
        replica.keep_file(signed, &text_name, text.as_bytes()).await.map_err(|_| NOT_SIGNED)?;
        let file = format!("Signature de {name}.png");
        let values = [
            set(&jou::FICHIER_NOM, file.clone()),
            set(&jou::FICHIER_TYPE, "image/png"),
            set(&jou::FICHIER_TAILLE, picture.len().to_string()),
            set(&jou::FICHIER_EMPREINTE, hash.to_string()),
            set(&jou::FICHIER_PIECE, visite.to_string()),
            set(&jou::FICHIER_SIGNE, signed.hash.to_string()),
            set(&jou::FICHIER_SIGNATAIRE, name),
            set(&jou::FICHIER_QUALITE, quality),
            set(&jou::FICHIER_SIGNE_LE, at.0.to_string()),
            set(&jou::FICHIER_APPAREIL, page::device_name()),
        ];
        let record = EntryId(random::sixteen_bytes());
        let picked = Picked { name: file, mime: "image/png".to_owned(), bytes: picture };
        self.keep(&picked, FileKey { hash, ..signed }, document, |document, pen, now| {
            add_record(document, pen, now, (&jou::FICHIERS, record), &values)
        })
        .await
    }
}

fn set(field: &'static Field, value: impl Into<String>) -> SetField {
    SetField { field, value: value.into() }
}

/// What the record of a signature says.
fn values_of(given: &Given, hash: FileHash) -> Vec<SetField> {
    vec![
        set(&adm::FICHIER_NOM, format!("Signature de {}.png", given.name)),
        set(&adm::FICHIER_TYPE, "image/png"),
        set(&adm::FICHIER_TAILLE, given.picture.len().to_string()),
        set(&adm::FICHIER_EMPREINTE, hash.to_string()),
        set(&adm::FICHIER_PIECE, given.piece.to_string()),
        set(&adm::FICHIER_SIGNE, signing::hash_of(&given.text).to_string()),
        set(&adm::FICHIER_SIGNATAIRE, given.name.clone()),
        set(&adm::FICHIER_QUALITE, given.quality.clone()),
        set(&adm::FICHIER_SIGNE_LE, given.at.0.to_string()),
        set(&adm::FICHIER_APPAREIL, page::device_name()),
    ]
}

/// What it makes of the paper: nothing when it is the agency that signs.
fn marks_of(given: &Given) -> Vec<SetField> {
    if given.quality == POUR_AGENCE {
        return Vec::new();
    }
    vec![set(&adm::PIECE_STATUT, given.status), set(&adm::PIECE_SIGNATURE, given.at.date().to_string())]
}
