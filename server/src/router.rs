//! The relay's addresses.
//!
//! Reads as the list of what can be asked; never holds what is answered.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{any, get, post};
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::catch_panic::CatchPanicLayer;

use crate::accounts::Login;
use crate::assets::{self, Assets};
use crate::clock::Stopwatch;
use crate::error::ApiError;
use crate::relay::{self, Relay};
use crate::{api, headers};

/// No JSON body is larger, in bytes.
const MAX_BODY: usize = 16 << 10;

/// What handlers work with.
#[derive(Clone)]
pub struct App {
    /// The live side.
    pub relay: Relay,
    /// Signing in.
    pub login: Arc<Login>,
    /// The application's files.
    pub assets: Arc<Assets>,
    /// The agency's name.
    pub agency: Arc<str>,
    /// Whether a TLS proxy stands in front.
    pub behind_proxy: bool,
    /// Everything counted.
    pub metrics: PrometheusHandle,
}

impl FromRef<App> for Relay {
    fn from_ref(app: &App) -> Self {
        app.relay.clone()
    }
}

impl FromRef<App> for Arc<Assets> {
    fn from_ref(app: &App) -> Self {
        app.assets.clone()
    }
}

/// Every address.
pub fn router(app: App) -> Router {
    let headers = headers::Policy::new(app.assets.script_hashes(), app.behind_proxy);
    let api = Router::new()
        .route("/login", post(api::login))
        .route("/logout", post(api::logout))
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed);
    Router::new()
        .nest("/api", api)
        .route("/sync", any(relay::sync))
        .route("/healthz", get(api::healthz))
        .route("/metrics", get(api::metrics))
        .fallback(assets::serve)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(|_| axum::response::IntoResponse::into_response(ApiError::Unavailable)))
        .layer(middleware::from_fn_with_state(Arc::new(headers), headers::add))
        .layer(middleware::from_fn(log_request))
        .with_state(app)
}

/// One line per request: never its query, its headers or its body.
async fn log_request(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let watch = Stopwatch::start();
    let response = next.run(request).await;
    tracing::debug!(%method, path, status = response.status().as_u16(), time = ?watch.elapsed(), "request");
    response
}
