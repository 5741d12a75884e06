//! `/api/devices` and `POST /api/forgotten`: one's own devices, and for some everybody's.
//!
//! A device that is not one's own answers as one that does not exist.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use liaison_shared::access::Power;
use liaison_shared::{DeviceId, Seq, UserId};
use serde::{Deserialize, Serialize};

use super::checks::{self, PathId};
use super::gate::Caller;
use super::json::JsonBody;
use crate::accounts::Revocation;
use crate::audit::Action;
use crate::clock;
use crate::devices::{Device, Whose};
use crate::error::ApiError;
use crate::router::App;

#[derive(Debug, Serialize)]
pub struct DeviceResponse {
    id: DeviceId,
    user: UserId,
    user_name: String,
    name: String,
    created: i64,
    last_contact: i64,
    cursor: Option<Seq>,
    head: Seq,
    revoked: Option<i64>,
    forgotten: Option<i64>,
    current: bool,
}

impl DeviceResponse {
    fn new(device: Device, app: &App, caller: &Caller) -> Self {
        Self {
            current: device.id == caller.session.identity.device,
            id: device.id,
            user: device.user,
            user_name: device.user_name,
            name: device.name,
            created: device.created.0,
            last_contact: device.last_contact.0,
            cursor: device.cursor,
            head: *app.relay.feed.head().borrow(),
            revoked: device.revoked.map(|time| time.0),
            forgotten: device.forgotten.map(|time| time.0),
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct DevicesQuery {
    #[serde(default)]
    all: bool,
}

/// One's own devices, or everybody's.
///
/// # Errors
/// See [`ApiError`]: everybody's without the power, no store.
pub async fn devices(
    State(app): State<App>,
    caller: Caller,
    query: Result<Query<DevicesQuery>, QueryRejection>,
) -> Result<Json<Vec<DeviceResponse>>, ApiError> {
    let Query(DevicesQuery { all }) = query.map_err(|_| ApiError::InvalidRequest)?;
    if all && !caller.may(Power::SeeDevices) {
        return Err(caller.forbidden(&app).await);
    }
    let whose = if all { Whose::Everybody } else { Whose::Of(caller.session.identity.user) };
    let devices = app.login.devices.list(whose).await?;
    Ok(Json(devices.into_iter().map(|device| DeviceResponse::new(device, &app, &caller)).collect()))
}

#[derive(Debug, Deserialize)]
pub struct NameRequest {
    name: String,
}

/// Names a device.
///
/// # Errors
/// See [`ApiError`]: somebody else's without the power, no such device, an invalid request, no store.
pub async fn rename_device(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    body: Result<JsonBody<NameRequest>, ApiError>,
) -> Result<Json<DeviceResponse>, ApiError> {
    let device = manageable(&app, &caller, &id).await?;
    let JsonBody(NameRequest { name }) = body?;
    let name = checks::name(&name)?;
    app.login.devices.rename(device.id, &name).await?;
    let renamed = app.login.devices.one(device.id).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(DeviceResponse::new(renamed, &app, &caller)))
}

/// Revokes a device: from now on it is only told to forget everything.
///
/// # Errors
/// See [`ApiError`]: somebody else's without the power, no such device, no store.
pub async fn revoke_device(State(app): State<App>, caller: Caller, PathId(id): PathId) -> Result<StatusCode, ApiError> {
    let device = manageable(&app, &caller, &id).await?;
    if app.login.devices.revoke(device.id, clock::now()).await? {
        app.audit.record(caller.entry(Action::DeviceRevoked).because(format!("device {}", device.id))).await;
    }
    app.login.sessions.announce(Revocation::Device(device.id)).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Notes that a revoked device has forgotten everything; its sessions end.
///
/// # Errors
/// Without a store.
pub async fn forgotten(State(app): State<App>, caller: Caller) -> Result<StatusCode, ApiError> {
    let device = caller.session.identity.device;
    app.login.devices.forgotten(device, clock::now()).await?;
    app.audit.record(caller.entry(Action::DeviceForgotten)).await;
    app.login.sessions.delete_of_device(device).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A device that one may name and revoke.
async fn manageable(app: &App, caller: &Caller, id: &str) -> Result<Device, ApiError> {
    let device = match checks::id(id) {
        Ok(id) => app.login.devices.one(id).await?,
        Err(_) => None,
    };
    let own = device.as_ref().is_some_and(|device| device.user == caller.session.identity.user);
    if !own && !caller.may(Power::ManageDevices) {
        return Err(caller.forbidden(app).await);
    }
    device.ok_or(ApiError::NotFound)
}
