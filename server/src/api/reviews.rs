//! `/api/reviews`: what arrived after its author had lost the dossier.
//!
//! A dossier that the caller does not reach answers as one that has nothing to review.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, State};
use liaison_shared::access::Scope;
use liaison_shared::{DeviceId, DocumentId, DossierId, UserId};
use serde::{Deserialize, Serialize};

use super::gate::Caller;
use super::json::JsonBody;
use crate::audit::{Action, Entry};
use crate::clock;
use crate::devices::Whose;
use crate::error::ApiError;
use crate::reviews::{Decision, Review, ReviewError};
use crate::router::App;

#[derive(Debug, Serialize)]
pub struct Line {
    label: &'static str,
    written: String,
}

#[derive(Debug, Serialize)]
pub struct ReviewResponse {
    id: i64,
    dossier: Option<DossierId>,
    document: String,
    user: UserId,
    user_name: String,
    device: DeviceId,
    device_name: String,
    received: i64,
    lines: Vec<Line>,
    state: &'static str,
    decided_by: Option<UserId>,
    decided: Option<i64>,
}

impl ReviewResponse {
    fn new(review: Review, devices: &HashMap<DeviceId, (String, String)>) -> Self {
        let (device_name, user_name) = devices.get(&review.device).cloned().unwrap_or_default();
        let state = match review.decided {
            None => "waiting",
            Some((Decision::Accepted, ..)) => "accepted",
            Some((Decision::SetAside, ..)) => "set_aside",
        };
        let line = |deed: liaison_shared::documents::Deed| Line { label: deed.label, written: deed.written };
        Self {
            id: review.id,
            dossier: review.document.dossier(),
            document: review.document.to_string(),
            user: review.user,
            user_name,
            device: review.device,
            device_name,
            received: review.received.0,
            lines: review.lines.into_iter().map(line).collect(),
            state,
            decided_by: review.decided.map(|(_, by, _)| by),
            decided: review.decided.map(|(.., at)| at.0),
        }
    }
}

/// Whether the caller reaches a document's dossier.
fn reaches(app: &App, caller: &Caller, document: &DocumentId) -> bool {
    let session = &caller.session;
    match (app.relay.grants.scope(&session.identity, &session.sectors, clock::now()), document.dossier()) {
        (Scope::Dossiers(dossiers), Some(dossier)) => dossiers.contains_key(&dossier),
        _ => true,
    }
}

async fn reached(app: &App, caller: &Caller) -> Result<Vec<ReviewResponse>, ApiError> {
    let devices = app.login.devices.list(Whose::Everybody).await?;
    let devices = devices.into_iter().map(|device| (device.id, (device.name, device.user_name))).collect();
    let reviews = app.reviews.list().await?.into_iter().filter(|review| reaches(app, caller, &review.document));
    Ok(reviews.map(|review| ReviewResponse::new(review, &devices)).collect())
}

/// What waits, then what was decided last.
///
/// # Errors
/// Without a store.
pub async fn reviews(State(app): State<App>, caller: Caller) -> Result<Json<Vec<ReviewResponse>>, ApiError> {
    Ok(Json(reached(&app, &caller).await?))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Asked {
    Accept,
    SetAside,
}

#[derive(Debug, Deserialize)]
pub struct DecisionRequest {
    decision: Asked,
}

/// Takes into the dossier what arrived late, or sets it aside.
///
/// # Errors
/// See [`ApiError`]: no such review, it cannot be taken in, an invalid request, no store.
pub async fn decide_review(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<DecisionRequest>,
) -> Result<Json<ReviewResponse>, ApiError> {
    let id: i64 = id.parse().map_err(|_| ApiError::NotFound)?;
    let (decision, word) = match request.decision {
        Asked::Accept => (Decision::Accepted, "accept"),
        Asked::SetAside => (Decision::SetAside, "set_aside"),
    };
    let reaches = |document: &DocumentId| reaches(&app, &caller, document);
    let decided = app.reviews.decide(id, decision, caller.session.identity.user, clock::now(), reaches).await;
    if let Ok(document) = &decided {
        let entry = caller.entry(Action::ReviewDecided).because(word);
        let volet = Some(document.kind().name().to_owned());
        app.audit.record(Entry { dossier: document.dossier(), volet, ..entry }).await;
    }
    decided?;
    let found = reached(&app, &caller).await?.into_iter().find(|review| review.id == id);
    found.map(Json).ok_or(ApiError::NotFound)
}

impl From<ReviewError> for ApiError {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::Unknown => Self::NotFound,
            ReviewError::CannotAccept => Self::CannotAccept,
            error => {
                tracing::error!(%error, "the reviews could not answer");
                Self::Unavailable
            }
        }
    }
}
