//! `GET /healthz` and `GET /metrics`.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;

use crate::error::ApiError;
use crate::router::App;

#[derive(Debug, Serialize)]
pub struct Health {
    status: &'static str,
    version: &'static str,
    head: u64,
}

/// Whether the relay and its store answer.
///
/// # Errors
/// When the store does not.
pub async fn healthz(State(app): State<App>) -> Result<Json<Health>, ApiError> {
    let head = app.relay.feed.check().await.map_err(|error| {
        tracing::error!(%error, "the store does not answer");
        ApiError::Unavailable
    })?;
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION"), head: head.0 }))
}

/// Everything counted, as Prometheus reads it.
pub async fn metrics(State(app): State<App>) -> impl IntoResponse {
    crate::metrics::head(*app.relay.feed.head().borrow());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render())
}
