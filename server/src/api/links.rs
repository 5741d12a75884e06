//! `POST /api/invitations/open` and `…/accept`: what whoever has a link may do with it.
//!
//! The token comes in the body: an address would be kept in logs and histories.

use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use liaison_shared::access::Role;
use liaison_shared::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::gate::ClientAddress;
use super::json::JsonBody;
use super::login::{DeviceRequest, LoginResponse, signed_in};
use crate::accounts::{Account, check_password};
use crate::audit::{Action, Entry};
use crate::error::ApiError;
use crate::invitations::{Invitation, InvitationError, Kind};
use crate::router::App;
use crate::{clock, entropy};

#[derive(Debug, Deserialize)]
pub struct OpenRequest {
    token: String,
}

#[derive(Debug, Serialize)]
pub struct Opened {
    kind: &'static str,
    name: String,
    email: String,
    role: Role,
    agency: String,
    expires: i64,
}

/// What a link gives.
///
/// # Errors
/// See [`ApiError`]: an invalid link, too many attempts, an invalid request, no store.
pub async fn open_link(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<OpenRequest>,
) -> Result<Json<Opened>, ApiError> {
    let invitation = find(&app, &request.token, address, clock::now()).await?;
    Ok(Json(Opened {
        kind: match invitation.kind {
            Kind::Account => "account",
            Kind::Device(_) => "device",
        },
        name: invitation.name,
        email: invitation.email,
        role: invitation.role,
        agency: app.agency_name().await?,
        expires: invitation.expires.0,
    }))
}

#[derive(Debug, Deserialize)]
pub struct AcceptRequest {
    token: String,
    #[serde(default)]
    password: Option<String>,
    device: DeviceRequest,
}

/// Uses a link: the account it makes, or the one it is for, is signed in on this device.
///
/// # Errors
/// See [`ApiError`]: an invalid link, a weak password, too many attempts, an invalid request, no store.
pub async fn accept_link(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<AcceptRequest>,
) -> Result<Json<LoginResponse>, ApiError> {
    let now = clock::now();
    let AcceptRequest { token, password, device } = request;
    let invitation = find(&app, &token, address, now).await?;
    let how = format!("link {}", hex::encode(invitation.id));
    let taken = match invitation.kind {
        Kind::Account => {
            let password = password.ok_or(ApiError::InvalidRequest)?;
            make_account(&app, &token, invitation, password, now).await
        }
        Kind::Device(user) => add_device(&app, &token, user, now).await,
    };
    let account = match taken {
        Ok(account) => account,
        Err(error) => return Err(refused(&app, error, address).await),
    };
    let logged_in = app.login.start(account, device.into(), now).await?;
    signed_in(&app, logged_in, &how).await
}

/// The invitation of a token, counting the attempt.
async fn find(app: &App, token: &str, address: IpAddr, now: Timestamp) -> Result<Invitation, ApiError> {
    if let Err(wait) = app.login.limits.link(address) {
        return Err(refused(app, ApiError::TooMany(wait), address).await);
    }
    match app.invitations.open(token, now).await {
        Ok(invitation) => Ok(invitation),
        Err(error) => Err(refused(app, error.into(), address).await),
    }
}

/// Notes that a link was not taken, when that is what happened.
async fn refused(app: &App, error: ApiError, address: IpAddr) -> ApiError {
    let reason = match error {
        ApiError::InvitationInvalid => "invalid",
        ApiError::TooMany(_) => "too many attempts",
        _ => return error,
    };
    app.audit.refused(Entry::new(Action::InvitationRefused, clock::now()).because(reason), Some(address)).await;
    error
}

async fn make_account(
    app: &App,
    token: &str,
    invitation: Invitation,
    password: String,
    now: Timestamp,
) -> Result<Account, ApiError> {
    check_password(&password, &invitation.email, &app.agency_name().await?)?;
    let hash = app.login.passwords.hash(password).await?;
    let account = Account {
        user: UserId(entropy::bytes()),
        email: invitation.email,
        name: invitation.name,
        role: invitation.role,
        fonction: invitation.fonction,
        sectors: invitation.sectors,
        closed: None,
    };
    app.invitations.make_account(token, &account, &hash, now).await?;
    let words = format!("{}, added by invitation {}", account.user, hex::encode(invitation.id));
    app.audit.record(Entry::new(Action::AccountChanged, now).of(Some(account.user)).because(words)).await;
    // The account stands and the link is used: failing now would help nobody. The next start of the relay completes it.
    if let Err(error) = app.annuaire.put(&account, now).await {
        tracing::error!(%error, "the annuaire lacks a new account");
    }
    Ok(account)
}

async fn add_device(app: &App, token: &str, user: UserId, now: Timestamp) -> Result<Account, ApiError> {
    let account = app.login.accounts.by_id(user).await?.map(|(account, _)| account);
    let account = account.filter(|account| account.closed.is_none()).ok_or(InvitationError::Invalid)?;
    app.invitations.take(token, now).await?;
    Ok(account)
}
