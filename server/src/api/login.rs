//! `POST /api/login`, `POST /api/logout` and `POST /api/password`.

use std::net::IpAddr;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use liaison_shared::access::Role;
use liaison_shared::{DeviceId, UserId};
use serde::{Deserialize, Serialize};

use super::gate::{Caller, ClientAddress};
use super::json::JsonBody;
use crate::accounts::{LoggedIn, LoginDevice, LoginError, check_password};
use crate::audit::{Action, Entry};
use crate::clock;
use crate::error::ApiError;
use crate::router::App;

#[derive(Debug, Deserialize)]
pub struct LoginRequest {
    email: String,
    password: String,
    device: DeviceRequest,
}

/// What a browser says of itself.
#[derive(Debug, Deserialize)]
pub(super) struct DeviceRequest {
    #[serde(default)]
    id: Option<DeviceId>,
    name: String,
}

impl From<DeviceRequest> for LoginDevice {
    fn from(DeviceRequest { id, name }: DeviceRequest) -> Self {
        Self { id, name }
    }
}

#[derive(Debug, Serialize)]
pub struct LoginResponse {
    token: String,
    user: UserResponse,
    device: DeviceResponse,
    agency: AgencyResponse,
}

#[derive(Debug, Serialize)]
struct UserResponse {
    id: UserId,
    name: String,
    role: Role,
    email: String,
    sectors: Vec<String>,
}

#[derive(Debug, Serialize)]
struct DeviceResponse {
    id: DeviceId,
}

#[derive(Debug, Serialize)]
struct AgencyResponse {
    name: String,
}

/// Signs somebody in on a device.
///
/// # Errors
/// See [`ApiError`]: wrong credentials, too many attempts, an invalid request, no store.
pub async fn login(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<LoginRequest>,
) -> Result<Json<LoginResponse>, ApiError> {
    let device = request.device.into();
    match app.login.attempt(&request.email, request.password, device, address, clock::now()).await {
        Ok(logged_in) => signed_in(&app, logged_in, "password").await,
        Err(error) => {
            note_refusal(&app, &error, address).await;
            Err(error.into())
        }
    }
}

async fn note_refusal(app: &App, error: &LoginError, address: IpAddr) {
    let (user, reason) = match error {
        LoginError::WrongCredentials(user) => (*user, "credentials"),
        LoginError::TooMany(_) => (None, "too many attempts"),
        LoginError::Account(_) => return,
    };
    let entry = Entry::new(Action::LoginRefused, clock::now()).of(user).because(reason);
    app.audit.refused(entry, Some(address)).await;
}

/// What somebody gets who has signed in, and its entry in the access log.
pub(super) async fn signed_in(app: &App, logged_in: LoggedIn, how: &str) -> Result<Json<LoginResponse>, ApiError> {
    let LoggedIn { token, account, device } = logged_in;
    tracing::info!(user = %account.user, %device, "signed in");
    let entry = Entry::new(Action::Login, clock::now()).because(how);
    app.audit.record(Entry { user: Some(account.user), device: Some(device), ..entry }).await;
    Ok(Json(LoginResponse {
        token,
        user: UserResponse {
            id: account.user,
            name: account.name,
            role: account.role,
            email: account.email,
            sectors: account.sectors,
        },
        device: DeviceResponse { id: device },
        agency: AgencyResponse { name: app.agency_name().await? },
    }))
}

/// Ends the session whose token the request carries; its connections are closed.
///
/// # Errors
/// See [`ApiError`]: an unknown session, no store.
pub async fn logout(State(app): State<App>, caller: Caller) -> Result<StatusCode, ApiError> {
    // Another request may have ended it meanwhile.
    if app.login.sessions.revoke(caller.session.token).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::UnknownSession)
    }
}

#[derive(Debug, Deserialize)]
pub struct PasswordRequest {
    current: String,
    new: String,
}

/// Gives oneself another password; one's other sessions end.
///
/// # Errors
/// See [`ApiError`]: not the current password, a weak new one, too many attempts, no store.
pub async fn change_password(
    State(app): State<App>,
    caller: Caller,
    JsonBody(request): JsonBody<PasswordRequest>,
) -> Result<StatusCode, ApiError> {
    let (login, user) = (&app.login, caller.session.identity.user);
    let refused = |reason: &'static str| {
        let entry = caller.entry(Action::LoginRefused).because(reason);
        app.audit.refused(entry, Some(caller.address))
    };
    if let Err(wait) = login.limits.password(user, caller.address) {
        refused("password change: too many attempts").await;
        return Err(ApiError::TooMany(wait));
    }
    let (account, stored) = login.accounts.by_id(user).await?.ok_or(ApiError::UnknownSession)?;
    if !login.passwords.verify(request.current, Some(stored)).await {
        refused("password change: credentials").await;
        return Err(ApiError::WrongCredentials);
    }
    check_password(&request.new, &account.email, &app.agency_name().await?)?;
    let hash = login.passwords.hash(request.new).await?;
    login.accounts.set_password(user, &hash, clock::now()).await?;
    login.sessions.revoke_others(user, caller.session.token).await?;
    app.audit.record(caller.entry(Action::AccountChanged).because(format!("{user}, password"))).await;
    Ok(StatusCode::NO_CONTENT)
}
