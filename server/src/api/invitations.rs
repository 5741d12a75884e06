//! `/api/invitations` and `POST /api/devices/link`: making links, seeing and withdrawing those that wait.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use liaison_shared::access::Role;
use liaison_shared::{EntryId, Timestamp};
use serde::{Deserialize, Serialize};

use super::checks::{self, PathId};
use super::gate::Caller;
use super::json::JsonBody;
use crate::audit::Action;
use crate::error::ApiError;
use crate::invitations::{Invitation, Kind, is_own, link, picture};
use crate::router::App;
use crate::{clock, entropy};

const HOUR: i64 = 3_600_000;
/// A link to add a device is used at once, or by somebody else.
const DEVICE_LINK: i64 = 10 * 60_000;

#[derive(Debug, Serialize)]
pub struct Waiting {
    id: String,
    name: String,
    email: String,
    role: Role,
    sectors: Vec<String>,
    fonction: String,
    created: i64,
    expires: i64,
}

/// The invitations that wait.
///
/// # Errors
/// Without a store.
pub async fn invitations(State(app): State<App>) -> Result<Json<Vec<Waiting>>, ApiError> {
    let waiting = |invitation: Invitation| Waiting {
        id: hex::encode(invitation.id),
        name: invitation.name,
        email: invitation.email,
        role: invitation.role,
        sectors: invitation.sectors,
        fonction: invitation.fonction,
        created: invitation.created.0,
        expires: invitation.expires.0,
    };
    Ok(Json(app.invitations.waiting(clock::now()).await?.into_iter().map(waiting).collect()))
}

#[derive(Debug, Deserialize)]
pub struct InviteRequest {
    name: String,
    email: String,
    role: Role,
    #[serde(default)]
    sectors: Vec<String>,
    #[serde(default)]
    fonction: String,
    origin: String,
}

#[derive(Debug, Serialize)]
pub struct Invited {
    id: String,
    #[serde(flatten)]
    link: LinkResponse,
}

#[derive(Debug, Serialize)]
pub struct LinkResponse {
    link: String,
    qr: String,
    expires: i64,
}

/// Invites somebody: the link is given once.
///
/// # Errors
/// See [`ApiError`]: the address has an account, a foreign origin, an invalid request, no store.
pub async fn invite(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    JsonBody(request): JsonBody<InviteRequest>,
) -> Result<Json<Invited>, ApiError> {
    let now = clock::now();
    let valid = i64::from(app.settings.current().invitation_heures) * HOUR;
    let invitation = Invitation {
        id: entropy::bytes(),
        kind: Kind::Account,
        email: checks::email(&request.email)?,
        name: checks::name(&request.name)?,
        role: request.role,
        fonction: checks::short(&request.fonction)?,
        sectors: checks::sectors(&request.sectors)?,
        created_by: caller.session.identity.user,
        created: now,
        expires: Timestamp(now.0.saturating_add(valid)),
    };
    let link = make_link(&app, &invitation, &request.origin, &headers).await?;
    let id = hex::encode(invitation.id);
    let words = format!("invitation {id} as {}", invitation.role.name());
    app.audit.record(caller.entry(Action::Invited).because(words)).await;
    Ok(Json(Invited { id, link }))
}

#[derive(Debug, Deserialize)]
pub struct LinkRequest {
    origin: String,
}

/// Makes a link that adds a device to one's own account.
///
/// # Errors
/// See [`ApiError`]: a foreign origin, an invalid request, no store.
pub async fn link_device(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    JsonBody(request): JsonBody<LinkRequest>,
) -> Result<Json<LinkResponse>, ApiError> {
    let (now, user) = (clock::now(), caller.session.identity.user);
    let (account, _) = app.login.accounts.by_id(user).await?.ok_or(ApiError::UnknownSession)?;
    let invitation = Invitation {
        id: entropy::bytes(),
        kind: Kind::Device(user),
        email: account.email,
        name: account.name,
        role: account.role,
        fonction: account.fonction,
        sectors: account.sectors,
        created_by: user,
        created: now,
        expires: Timestamp(now.0.saturating_add(DEVICE_LINK)),
    };
    let link = make_link(&app, &invitation, &request.origin, &headers).await?;
    let words = format!("device link {}", hex::encode(invitation.id));
    app.audit.record(caller.entry(Action::Invited).because(words)).await;
    Ok(Json(link))
}

async fn make_link(
    app: &App,
    invitation: &Invitation,
    origin: &str,
    headers: &HeaderMap,
) -> Result<LinkResponse, ApiError> {
    if !is_own(origin, headers) {
        return Err(ApiError::ForeignLink);
    }
    let token = app.invitations.create(invitation).await?;
    let link = link(origin, &token);
    // Only a host name of a thousand characters would not fit.
    let qr = picture(&link).ok_or(ApiError::ForeignLink)?;
    Ok(LinkResponse { link, qr, expires: invitation.expires.0 })
}

/// Withdraws an invitation that waits.
///
/// # Errors
/// See [`ApiError`]: no such invitation, no store.
pub async fn withdraw(State(app): State<App>, caller: Caller, PathId(id): PathId) -> Result<StatusCode, ApiError> {
    let EntryId(bytes) = checks::id(&id)?;
    if !app.invitations.withdraw(bytes, clock::now()).await? {
        return Err(ApiError::NotFound);
    }
    let words = format!("invitation {} withdrawn", hex::encode(bytes));
    app.audit.record(caller.entry(Action::Invited).because(words)).await;
    Ok(StatusCode::NO_CONTENT)
}
