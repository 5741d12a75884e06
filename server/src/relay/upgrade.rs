//! From an HTTP request to a connection.
//!
//! Never upgrades a request that another site's page has made.

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use liaison_shared::protocol::MAX_FRAME;

use super::{Relay, connection};
use crate::error::ApiError;

/// A frame over the protocol's limit gets a typed answer as long as it is not larger than this.
const MAX_MESSAGE: usize = 4 * MAX_FRAME;

/// Bytes read from a socket at once, kept for each connection and cleared for each reading: messages are small, and a large
/// one comes in several readings.
const READING: usize = 4 << 10;
/// Bytes gathered before they are written: several small frames together.
const WRITING: usize = 16 << 10;

/// `GET /sync`
///
/// # Errors
/// When it is not a WebSocket request, comes from another origin, or the relay is stopping.
pub async fn sync(
    State(relay): State<Relay>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let upgrade = upgrade.map_err(|_| ApiError::WebSocketExpected)?;
    if !same_origin(&headers) {
        return Err(ApiError::ForeignOrigin);
    }
    if *relay.stopping.borrow() {
        return Err(ApiError::Unavailable);
    }
    let upgrade = upgrade.max_message_size(MAX_MESSAGE).max_frame_size(MAX_MESSAGE);
    let upgrade = upgrade.read_buffer_size(READING).write_buffer_size(WRITING);
    Ok(upgrade.on_upgrade(move |socket| async move {
        // Held to the end, so that stopping waits for this connection.
        let alive = relay.alive.clone();
        connection::serve(relay, socket).await;
        drop(alive);
    }))
}

/// Whether the page that asks was served by this relay. Programs send no origin.
fn same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let (Ok(origin), Some(Ok(host))) = (origin.to_str(), headers.get(header::HOST).map(|host| host.to_str())) else {
        return false;
    };
    origin.split_once("://").is_some_and(|(_, origin)| origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_relay_may_connect() {
        let check = |origin: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "relais.example:8080".parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().unwrap());
            }
            same_origin(&headers)
        };
        assert!(check(None));
        assert!(check(Some("https://Relais.example:8080")));
        for foreign in
            ["https://autre.example", "https://relais.example", "null", "https://relais.example:8080.autre.example"]
        {
            assert!(!check(Some(foreign)), "{foreign}");
        }
    }
}
