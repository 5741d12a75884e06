//! `/api/blobs`: files of the dossiers, in chunks.
//!
//! What somebody may do is decided before a body is read or anything is looked up, so that a refusal says nothing about
//! what exists. Never asks for a file's name or type: the document that names it keeps them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest as _, FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use liaison_shared::access::{Access, access, readable_kinds};
use liaison_shared::{DocumentKind, DossierId};
use serde::{Deserialize, Serialize};

use super::checks;
use super::gate::Caller;
use super::json::JsonBody;
use crate::audit::{Action, Entry};
use crate::blobs::{BlobName, CHUNK, FileRefusal, Progress};
use crate::clock;
use crate::error::{ApiError, unread};
use crate::router::App;

/// What stands in the address, as it stands there: whether it is anything is said to those only who may know.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    dossier: String,
    kind: String,
    hash: String,
    index: String,
}

impl FromRequestParts<App> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let path: Result<Path<Self>, PathRejection> = Path::from_request_parts(parts, app).await;
        Ok(path.map(|Path(asked)| asked).unwrap_or_default())
    }
}

impl Asked {
    /// What is asked for, once it is clear that the caller may have `needed` of it now (rule BLOB-3). Who only
    /// deposits brings no file: what one brings one can read.
    async fn allowed(&self, app: &App, caller: &Caller, needed: Access) -> Result<BlobName, ApiError> {
        let named = |kind: &DocumentKind| kind.name() == self.kind && *kind != DocumentKind::Annuaire;
        let kind = DocumentKind::ALL.into_iter().find(named).ok_or(FileRefusal::UnknownKind)?;
        let dossier: Result<DossierId, ApiError> = checks::id(&self.dossier);
        let reached = caller.reaches(app, dossier.as_ref().ok().copied());
        if !reached || access(caller.session.identity.role, kind) < needed {
            return Err(caller.forbidden_in(app, dossier.ok(), Some(kind)).await);
        }
        Ok(BlobName { dossier: dossier?, kind, hash: checks::id(&self.hash)? })
    }

    fn index(&self) -> Result<u32, ApiError> {
        checks::id(&self.index)
    }
}

#[derive(Debug, Serialize)]
pub struct BlobResponse {
    size: u64,
    chunk: usize,
    complete: bool,
}

#[derive(Debug, Deserialize)]
pub struct BeginRequest {
    size: u64,
}

#[derive(Debug, Serialize)]
pub struct BegunResponse {
    size: u64,
    chunk: usize,
    missing: Vec<u32>,
    complete: bool,
}

/// Begins to bring a file, or goes on.
///
/// # Errors
/// See [`ApiError`]: without the right to write there, a file as it cannot be, too many begun, no such dossier, no store.
pub async fn begin_blob(
    State(app): State<App>,
    caller: Caller,
    asked: Asked,
    body: Result<JsonBody<BeginRequest>, ApiError>,
) -> Result<Json<BegunResponse>, ApiError> {
    let name = asked.allowed(&app, &caller, Access::Write).await?;
    let JsonBody(BeginRequest { size }) = body?;
    let identity = caller.session.identity;
    let begun = app.blobs.begin(&name, size, identity, &readable_kinds(identity.role), clock::now()).await?;
    let Progress { size, complete, missing } = begun;
    Ok(Json(BegunResponse { size, chunk: CHUNK, missing, complete }))
}

/// Takes one chunk; it is durable before the answer.
///
/// # Errors
/// See [`ApiError`]: without the right to write there, not begun, not a chunk of the file, not the file, no store.
pub async fn put_chunk(
    State(app): State<App>,
    caller: Caller,
    asked: Asked,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let name = asked.allowed(&app, &caller, Access::Write).await?;
    let index = asked.index()?;
    let bytes = Bytes::from_request(request, &app).await.map_err(|rejection| unread(&rejection))?;
    app.blobs.put(&name, index, &bytes).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How large a file is, and whether it is there.
///
/// # Errors
/// See [`ApiError`]: without the right to read it, no such file, no store.
pub async fn blob(State(app): State<App>, caller: Caller, asked: Asked) -> Result<Json<BlobResponse>, ApiError> {
    let name = asked.allowed(&app, &caller, Access::Read).await?;
    let Progress { size, complete, .. } = app.blobs.status(&name).await?;
    Ok(Json(BlobResponse { size, chunk: CHUNK, complete }))
}

/// One chunk of a file. The download is in the access log before its first bytes leave.
///
/// # Errors
/// See [`ApiError`]: without the right to read it, no such file or chunk, no store.
pub async fn chunk(State(app): State<App>, caller: Caller, asked: Asked) -> Result<Response, ApiError> {
    let name = asked.allowed(&app, &caller, Access::Read).await?;
    let bytes = app.blobs.chunk(&name, asked.index()?).await?;
    if app.blobs.begins_reading(caller.session.identity.device, name, clock::now()) {
        let entry = caller.entry(Action::Read).because(format!("file {}", name.hash));
        let volet = Some(name.kind.name().to_owned());
        app.audit.record_all(vec![Entry { dossier: Some(name.dossier), volet, ..entry }]).await?;
    }
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}
