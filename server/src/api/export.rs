//! `/api/dossiers/{dossier}/export.*` and `/api/export/list`: dossiers that leave as files.
//!
//! Each export is in the access log, dossier by dossier and volet by volet, before its first byte leaves; and once more
//! when a social security number is in it, as when one is shown.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use liaison_shared::access::access;
use liaison_shared::documents::schema::Field;
use liaison_shared::documents::schema::administratif::NIR;
use liaison_shared::documents::{Document, FieldsView};
use liaison_shared::protocol::UNMASKED;
use liaison_shared::{DocumentKind, DossierId};
use serde::Deserialize;

use super::checks::{self, PathId};
use super::gate::Caller;
use super::json::JsonBody;
use crate::audit::{Action, Entry};
use crate::clock;
use crate::error::ApiError;
use crate::export::{ExportError, Leaving, Portable, archive, list, readable};
use crate::import::target;
use crate::router::App;

/// Dossiers of one list.
const MAX_DOSSIERS: usize = 10_000;
/// Fields of one list.
const MAX_FIELDS: usize = 100;

async fn leaving(app: &App, caller: &Caller) -> Result<Leaving, ApiError> {
    let accounts = app.login.accounts.everybody().await?;
    let names = accounts.into_iter().map(|account| (account.user, account.name)).collect();
    Ok(Leaving { by: caller.session.identity.user, at: clock::now(), names })
}

/// What leaves of a dossier, once it is clear that the caller reaches it, and it is written down that it leaves.
pub(super) async fn taken(
    app: &App,
    caller: &Caller,
    asked: &str,
    form: &str,
) -> Result<(DossierId, Vec<Document>, Leaving), ApiError> {
    let dossier: Result<DossierId, ApiError> = checks::id(asked);
    if !caller.reaches(app, dossier.as_ref().ok().copied()) {
        return Err(caller.forbidden_in(app, dossier.ok(), None).await);
    }
    let dossier = dossier?;
    let documents = readable(&app.log, dossier, caller.session.identity.role).await?;
    let mut volets: Vec<&str> = documents.iter().map(|document| document.id().kind().name()).collect();
    volets.dedup();
    if documents.iter().any(|document| FieldsView::read(document).is_filled(&NIR)) {
        volets.push(UNMASKED);
    }
    let entries = volets.into_iter().map(|volet| entry(caller, dossier, volet, form)).collect();
    app.audit.record_all(entries).await?;
    Ok((dossier, documents, leaving(app, caller).await?))
}

fn entry(caller: &Caller, dossier: DossierId, volet: &str, form: &str) -> Entry {
    let entry = caller.entry(Action::Exported).because(form);
    Entry { dossier: Some(dossier), volet: Some(volet.to_owned()), ..entry }
}

/// A dossier as JSON.
///
/// # Errors
/// See [`ApiError`]: out of reach, no such dossier, no store.
pub async fn export_json(
    State(app): State<App>,
    caller: Caller,
    PathId(asked): PathId,
) -> Result<Json<Portable>, ApiError> {
    let (dossier, documents, leaving) = taken(&app, &caller, &asked, "json").await?;
    Ok(Json(Portable::new(dossier, &documents, &leaving)))
}

/// A dossier as an archive.
///
/// # Errors
/// As [`export_json`].
pub async fn export_zip(State(app): State<App>, caller: Caller, PathId(asked): PathId) -> Result<Response, ApiError> {
    let (dossier, documents, leaving) = taken(&app, &caller, &asked, "zip").await?;
    let bytes = archive(dossier, &documents, &leaving)?;
    let name = format!("attachment; filename=\"dossier-{dossier}.zip\"");
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

#[derive(Debug, Deserialize)]
pub struct ListRequest {
    dossiers: Vec<String>,
    fields: Vec<String>,
}

/// Fields of the dossiers that the caller reaches, as a table; of the others nothing, not even that they are there.
///
/// # Errors
/// See [`ApiError`]: a field of a volet that the role does not read, no such field, too many, no store.
pub async fn export_list(
    State(app): State<App>,
    caller: Caller,
    JsonBody(request): JsonBody<ListRequest>,
) -> Result<Response, ApiError> {
    if request.dossiers.len() > MAX_DOSSIERS || request.fields.len() > MAX_FIELDS {
        return Err(ApiError::InvalidRequest);
    }
    let fields: Option<Vec<&'static Field>> = request.fields.iter().map(|key| target(key)).collect();
    let fields = fields.filter(|fields| !fields.is_empty()).ok_or(ApiError::InvalidRequest)?;
    let kinds = |kind: &DocumentKind| fields.iter().any(|field| field.document == *kind);
    let kinds: Vec<DocumentKind> = DocumentKind::ALL.into_iter().filter(kinds).collect();
    let role = caller.session.identity.role;
    if let Some(closed) = kinds.iter().find(|kind| !access(role, **kind).may_read()) {
        return Err(caller.forbidden_in(&app, None, Some(*closed)).await);
    }
    let asked: Result<Vec<DossierId>, _> = request.dossiers.iter().map(|id| id.parse()).collect();
    let mut dossiers = asked.map_err(|_| ApiError::InvalidRequest)?;
    let begun = app.log.dossiers().await.map_err(ExportError::from)?;
    dossiers.retain(|dossier| begun.contains(dossier) && caller.reaches(&app, Some(*dossier)));
    let nir = fields.iter().any(|field| field.key == NIR.key).then_some(UNMASKED);
    let volets: Vec<&str> = kinds.iter().map(DocumentKind::name).chain(nir).collect();
    let entries = dossiers.iter().flat_map(|dossier| volets.iter().map(|volet| (*dossier, *volet)));
    let entries = entries.map(|(dossier, volet)| entry(&caller, dossier, volet, "list")).collect();
    app.audit.record_all(entries).await?;
    let bytes = list(&app.log, &dossiers, &fields, &leaving(&app, &caller).await?).await?;
    let name = "attachment; filename=\"dossiers.csv\"";
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response())
}
