//! `GET /api/audit`: the access log, page by page.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use liaison_shared::{DossierId, UserId};
use serde::{Deserialize, Serialize};

use crate::audit::{Filter, Listed};
use crate::error::ApiError;
use crate::router::App;

const USUAL: u32 = 50;
const MOST: u32 = 200;

#[derive(Debug, Deserialize)]
pub struct AuditQuery {
    dossier: Option<DossierId>,
    user: Option<UserId>,
    before: Option<i64>,
    limit: Option<u32>,
}

#[derive(Debug, Serialize)]
pub struct AuditPage {
    entries: Vec<Listed>,
    more: bool,
}

/// Entries of the access log, newest first.
///
/// # Errors
/// See [`ApiError`]: an invalid request, no store.
pub async fn access_log(
    State(app): State<App>,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<Json<AuditPage>, ApiError> {
    let Query(query) = query.map_err(|_| ApiError::InvalidRequest)?;
    let AuditQuery { dossier, user, before, limit } = query;
    let limit = limit.unwrap_or(USUAL).clamp(1, MOST);
    let (entries, more) = app.audit.list(Filter { dossier, user, before, limit }).await?;
    Ok(Json(AuditPage { entries, more }))
}
