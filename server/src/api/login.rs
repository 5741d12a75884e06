//! `POST /api/login` and `POST /api/logout`.

use std::net::{IpAddr, SocketAddr};

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use liaison_shared::access::Role;
use liaison_shared::{DeviceId, UserId};
use serde::{Deserialize, Serialize};

use super::json::JsonBody;
use crate::accounts::LoginDevice;
use crate::clock;
use crate::error::ApiError;
use crate::router::App;

#[derive(Debug, Deserialize)]
pub struct LoginRequest {
    email: String,
    password: String,
    device: DeviceRequest,
}

#[derive(Debug, Deserialize)]
struct DeviceRequest {
    #[serde(default)]
    id: Option<DeviceId>,
    name: String,
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
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<LoginRequest>,
) -> Result<Json<LoginResponse>, ApiError> {
    let address = client_address(&headers, peer.ip(), app.behind_proxy);
    let device = LoginDevice { id: request.device.id, name: request.device.name };
    let logged_in = app.login.attempt(&request.email, request.password, device, address, clock::now()).await?;
    let account = logged_in.account;
    tracing::info!(user = %account.user, device = %logged_in.device, "signed in");
    Ok(Json(LoginResponse {
        token: logged_in.token,
        user: UserResponse { id: account.user, name: account.name, role: account.role, email: account.email },
        device: DeviceResponse { id: logged_in.device },
        agency: AgencyResponse { name: app.agency.to_string() },
    }))
}

/// Ends the session whose token the request carries; its connections are closed.
///
/// # Errors
/// See [`ApiError`]: an unknown session, no store.
pub async fn logout(State(app): State<App>, headers: HeaderMap) -> Result<StatusCode, ApiError> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer ")).ok_or(ApiError::UnknownSession)?;
    if app.login.sessions.revoke(token).await? { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::UnknownSession) }
}

/// Who asks: behind a proxy, the last address it added; anything before that is the client's own word.
fn client_address(headers: &HeaderMap, peer: IpAddr, behind_proxy: bool) -> IpAddr {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let last = forwarded.and_then(|value| value.rsplit(',').next()?.trim().parse().ok());
    last.filter(|_| behind_proxy).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_is_believed_and_only_its_last_word() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "203.0.113.1".parse().unwrap());
        headers.append("x-forwarded-for", "198.51.100.7, 192.0.2.9".parse().unwrap());
        let peer: IpAddr = "127.0.0.1".parse().unwrap();
        assert_eq!(client_address(&headers, peer, false), peer);
        assert_eq!(client_address(&headers, peer, true), "192.0.2.9".parse::<IpAddr>().unwrap());
        assert_eq!(client_address(&HeaderMap::new(), peer, true), peer);
    }
}
