//! `/api/dossiers/{dossier}/pdf`: a paper of a dossier as PDF/A, made here and kept with the dossier's files.
//!
//! What a person may not read does not stand on it; who may not add a file to the volet it belongs to cannot have it made.

use axum::Json;
use axum::extract::State;
use liaison_shared::access::{access, readable_kinds};
use liaison_shared::documents::FieldsView;
use liaison_shared::documents::schema::administratif::FICHIER_EMPREINTE;
use liaison_shared::dossier::Dossier;
use liaison_shared::papers::{Context, Paper, PaperBlock, PaperKind, paper};
use liaison_shared::{DocumentId, DocumentKind, DossierId, EntryId, UserId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::checks::PathId;
use super::export::taken;
use super::gate::Caller;
use super::json::JsonBody;
use crate::blobs::{BlobError, BlobHash, BlobName, CHUNK};
use crate::clock;
use crate::error::ApiError;
use crate::export::{ExportError, document};
use crate::router::App;
use crate::typeset::{self, Pictures};

#[derive(Debug, Deserialize)]
pub struct PdfRequest {
    paper: String,
    #[serde(default)]
    piece: String,
}

#[derive(Debug, Serialize)]
pub struct PdfResponse {
    kind: &'static str,
    hash: String,
    size: usize,
    name: String,
}

/// Makes a paper and keeps it; the page that asked writes it into the document. A file that nobody writes down stays, unnamed.
///
/// # Errors
/// See [`ApiError`]: no such paper, out of reach, without the right to write there, no store.
pub async fn make_pdf(
    State(app): State<App>,
    caller: Caller,
    PathId(asked): PathId,
    JsonBody(PdfRequest { paper: word, piece }): JsonBody<PdfRequest>,
) -> Result<Json<PdfResponse>, ApiError> {
    let wanted = PaperKind::from_name(&word).ok_or(ApiError::InvalidRequest)?;
    let identity = caller.session.identity;
    let kind = wanted.kept_in();
    if !access(identity.role, kind).may_write() {
        return Err(caller.forbidden_in(&app, asked.parse().ok(), Some(kind)).await);
    }
    let (dossier, documents, leaving) = taken(&app, &caller, &asked, "pdf").await?;
    let agence = document(&app.log, DocumentId::Agence).await.map_err(ExportError::from)?;
    let (agency_name, now) = (app.agency_name().await?, clock::now());
    let view = Dossier::read(&documents);
    let paper = {
        let name = |user: UserId| leaving.names.get(&user).cloned().unwrap_or_default();
        let agence = agence.as_ref().map(FieldsView::read).unwrap_or_default();
        let context =
            Context { id: dossier, dossier: &view, agence: &agence, agency_name: &agency_name, names: &name, now };
        paper(wanted, &context, piece.parse().ok()).ok_or(ApiError::NotFound)?
    };
    let (title, pictures) = (paper.title.clone(), pictures(&app, dossier, &view, &paper).await?);
    let made = tokio::task::spawn_blocking(move || typeset::pdf(&paper, pictures, now));
    let bytes = made.await.map_err(|_| ApiError::Unavailable)??;
    let name = BlobName { dossier, kind, hash: BlobHash(Sha256::digest(&bytes).into()) };
    app.blobs.begin(&name, bytes.len() as u64, identity, &readable_kinds(identity.role), now).await?;
    for (index, chunk) in (0..).zip(bytes.chunks(CHUNK)) {
        app.blobs.put(&name, index, chunk).await?;
    }
    let file = format!("{title} {}.pdf", now.date());
    Ok(Json(PdfResponse { kind: kind.name(), hash: name.hash.to_string(), size: bytes.len(), name: file }))
}

/// The signatures that stand on a paper, as far as they have arrived.
async fn pictures(app: &App, dossier: DossierId, view: &Dossier, paper: &Paper) -> Result<Pictures, ApiError> {
    let mut pictures = Pictures::new();
    let drawn = paper.blocks.iter().filter_map(|block| match block {
        PaperBlock::Signed(drawn) => Some(drawn),
        _ => None,
    });
    let files: Vec<EntryId> = drawn.flatten().map(|it| it.file).collect();
    for file in files {
        let hash = view.records.get(file).and_then(|record| record.value(&FICHIER_EMPREINTE).parse().ok());
        let Some(hash) = hash else { continue };
        // Drawn on a screen, so less than a chunk.
        match app.blobs.chunk(&BlobName { dossier, kind: DocumentKind::Administratif, hash }, 0).await {
            Ok(bytes) => pictures.insert(file, bytes),
            Err(BlobError::Unknown) => None,
            Err(error) => return Err(error.into()),
        };
    }
    Ok(pictures)
}
