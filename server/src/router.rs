//! The relay's addresses.
//!
//! Reads as the list of what can be asked; never holds what is answered.

use std::any::Any;
use std::panic::resume_unwind;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, any, delete, get, patch, post, put};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::task::JoinError;
use tower_http::catch_panic::CatchPanicLayer;

use liaison_shared::access::Power;

use crate::accounts::Login;
use crate::annuaire::Annuaire;
use crate::api::Gate;
use crate::assets::{self, Assets};
use crate::audit::Audit;
use crate::blobs::{Blobs, CHUNK};
use crate::clock::Stopwatch;
use crate::error::ApiError;
use crate::import::{Import, MAX_FILE};
use crate::invitations::InvitationStore;
use crate::log::StoredLog;
use crate::relay::{self, Relay, StreamCounts};
use crate::reviews::Reviews;
use crate::settings::SettingsStore;
use crate::{api, headers};

/// No JSON body is larger, in bytes.
const MAX_BODY: usize = 16 << 10;
/// A chunk of a file, and a little more, so that one that is too long gets its own refusal.
const MAX_CHUNK_BODY: usize = CHUNK + MAX_BODY;

/// A file of clients in JSON: base64 takes a third more, and there is what is wanted of it.
const MAX_IMPORT_BODY: usize = MAX_FILE / 3 * 4 + (1 << 20);

/// A list of dossiers that are to leave: 10 000 ids.
const MAX_LIST_BODY: usize = 512 << 10;

/// What handlers work with.
#[derive(Clone)]
pub struct App {
    /// The live side.
    pub relay: Relay,
    /// Counts bootstrap streams.
    pub streams: Arc<StreamCounts>,
    /// Signing in.
    pub login: Arc<Login>,
    /// The application's files.
    pub assets: Arc<Assets>,
    /// The `annuaire` document.
    pub annuaire: Annuaire,
    /// Links that work once.
    pub invitations: InvitationStore,
    /// What arrived late.
    pub reviews: Reviews,
    /// Files of the dossiers.
    pub blobs: Blobs,
    /// The change log, for dossiers that leave.
    pub log: StoredLog,
    /// Files of clients that are brought in.
    pub import: Import,
    /// The access log.
    pub audit: Audit,
    /// What the agency has chosen.
    pub settings: SettingsStore,
    /// The agency's name, when it is not to be the one in the settings.
    pub agency: Option<Arc<str>>,
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

/// One thing that can be asked for below `/api`.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// How.
    pub method: &'static str,
    /// At which address, below `/api`.
    pub path: &'static str,
    /// By whom.
    pub gate: Gate,
    handler: fn() -> MethodRouter<App>,
}

const fn route(method: &'static str, path: &'static str, gate: Gate, handler: fn() -> MethodRouter<App>) -> Route {
    Route { method, path, gate, handler }
}

const EXPORT_JSON: &str = "/dossiers/{dossier}/export.json";
const EXPORT_ZIP: &str = "/dossiers/{dossier}/export.zip";
const PDF: &str = "/dossiers/{dossier}/pdf";
const BLOB: &str = "/blobs/{dossier}/{kind}/{hash}";
const BLOB_CHUNK: &str = "/blobs/{dossier}/{kind}/{hash}/{index}";

fn long_body() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MAX_CHUNK_BODY)
}

fn file_body() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MAX_FILE)
}

fn list_body() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MAX_LIST_BODY)
}

fn import_body() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MAX_IMPORT_BODY)
}

/// Every address below `/api`, and who gets past its gate (docs/api.md).
#[rustfmt::skip]
pub const API: &[Route] = &[
    route("GET",    "/agency",              Gate::Anybody,                      || get(api::agency)),
    route("POST",   "/login",               Gate::Anybody,                      || post(api::login)),
    route("POST",   "/logout",              Gate::Session,                      || post(api::logout)),
    route("POST",   "/password",            Gate::Session,                      || post(api::change_password)),
    route("GET",    "/people",              Gate::Power(Power::SeePeople),      || get(api::people)),
    route("PATCH",  "/people/{id}",         Gate::Power(Power::ManagePeople),   || patch(api::change_person)),
    route("GET",    "/invitations",         Gate::Power(Power::SeePeople),      || get(api::invitations)),
    route("POST",   "/invitations",         Gate::Power(Power::ManagePeople),   || post(api::invite)),
    route("DELETE", "/invitations/{id}",    Gate::Power(Power::ManagePeople),   || delete(api::withdraw)),
    route("POST",   "/invitations/open",    Gate::Anybody,                      || post(api::open_link)),
    route("POST",   "/invitations/accept",  Gate::Anybody,                      || post(api::accept_link)),
    route("GET",    "/bootstrap",           Gate::Session,                      || get(api::bootstrap)),
    route("GET",    "/devices",             Gate::Session,                      || get(api::devices)),
    route("POST",   "/devices/link",        Gate::Session,                      || post(api::link_device)),
    route("PATCH",  "/devices/{id}",        Gate::Session,                      || patch(api::rename_device)),
    route("POST",   "/devices/{id}/revoke", Gate::Session,                      || post(api::revoke_device)),
    route("POST",   "/forgotten",           Gate::RevokedDevice,                || post(api::forgotten)),
    route("GET",    "/settings",            Gate::Session,                      || get(api::settings)),
    route("PUT",    "/settings",            Gate::Power(Power::ChangeSettings), || put(api::change_settings)),
    route("GET",    "/audit",               Gate::Power(Power::ReadAccessLog),  || get(api::access_log)),
    route("GET",    "/reviews",             Gate::Power(Power::Review),         || get(api::reviews)),
    route("POST",   "/reviews/{id}",        Gate::Power(Power::Review),         || post(api::decide_review)),
    route("POST",   "/import/read",         Gate::Power(Power::Import),         || post(api::read_import).layer(file_body())),
    route("POST",   "/import/check",        Gate::Power(Power::Import),         || post(api::check_import).layer(import_body())),
    route("POST",   "/import/commit",       Gate::Power(Power::Import),         || post(api::commit_import).layer(import_body())),
    // What may be done in a dossier is up to the handlers: it depends on the dossier and the kind of document.
    route("POST",   "/export/list",         Gate::Session,                      || post(api::export_list).layer(list_body())),
    route("GET",    EXPORT_JSON,            Gate::Session,                      || get(api::export_json)),
    route("GET",    EXPORT_ZIP,             Gate::Session,                      || get(api::export_zip)),
    route("POST",   PDF,                    Gate::Session,                      || post(api::make_pdf)),
    route("POST",   BLOB,                   Gate::Session,                      || post(api::begin_blob)),
    route("GET",    BLOB,                   Gate::Session,                      || get(api::blob)),
    route("PUT",    BLOB_CHUNK,             Gate::Session,                      || put(api::put_chunk).layer(long_body())),
    route("GET",    BLOB_CHUNK,             Gate::Session,                      || get(api::chunk)),
];

fn api_router(app: &App) -> Router<App> {
    let mut router = Router::new();
    for route in API {
        let gate = middleware::from_fn_with_state((app.clone(), route), api::gate);
        router = router.route(route.path, (route.handler)().route_layer(gate));
    }
    router
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(middleware::from_fn(to_its_end))
        .layer(middleware::from_fn(headers::never_stored))
}

/// Every address.
pub fn router(app: App) -> Router {
    let headers = headers::Policy::new(app.assets.script_hashes(), app.behind_proxy);
    Router::new()
        .nest("/api", api_router(&app))
        .route("/sync", any(relay::sync))
        .route("/healthz", get(api::healthz))
        .route("/metrics", get(api::metrics))
        .fallback(assets::serve)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(panicked))
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

/// Carries a request out to its end, though whoever sent it may be gone: what follows a commit is never left out, as telling
/// connections and the access log. A panic goes on to where panics are answered.
async fn to_its_end(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await.map_err(JoinError::try_into_panic) {
        Ok(response) => response,
        Err(Ok(panic)) => resume_unwind(panic),
        // The relay is ending.
        Err(Err(_cancelled)) => ApiError::Unavailable.into_response(),
    }
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    ApiError::Unavailable.into_response()
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;
    use std::time::Duration;

    use axum::extract::State;
    use tokio::net::TcpListener;
    use tokio::sync::Notify;
    use tokio::time::timeout;

    use super::*;

    /// What happens to a request, in this order.
    #[derive(Clone, Default)]
    struct Steps {
        committed: Arc<Notify>,
        left: Arc<Notify>,
        go_on: Arc<Notify>,
        told: Arc<Notify>,
    }

    /// Tells when it is dropped.
    struct Held(Arc<Notify>);

    impl Drop for Held {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }

    async fn change(State(steps): State<Steps>) {
        steps.committed.notify_one();
        steps.go_on.notified().await;
        steps.told.notify_one();
    }

    /// The server drops what it does for a client that is gone.
    async fn watch(State(steps): State<Steps>, request: Request, next: Next) -> Response {
        let _held = Held(steps.left);
        next.run(request).await
    }

    /// Serves something, and asks for it.
    async fn asked(router: Router) -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        client.write_all(b"GET / HTTP/1.1\r\nhost: essai\r\nconnection: close\r\n\r\n").unwrap();
        client
    }

    async fn soon(step: &Notify) {
        timeout(Duration::from_secs(20), step.notified()).await.expect("it happens");
    }

    #[tokio::test]
    async fn what_follows_a_commit_happens_though_the_client_has_hung_up() {
        let steps = Steps::default();
        let router = Router::new().route("/", get(change)).layer(middleware::from_fn(to_its_end));
        let router = router.layer(middleware::from_fn_with_state(steps.clone(), watch)).with_state(steps.clone());
        let client = asked(router).await;
        soon(&steps.committed).await;
        drop(client);
        soon(&steps.left).await;
        steps.go_on.notify_one();
        soon(&steps.told).await;
    }

    async fn fail() {
        panic!("a handler that panics");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_panic_is_answered_all_the_same() {
        let router = Router::new().route("/", get(fail)).layer(middleware::from_fn(to_its_end));
        let mut client = asked(router.layer(CatchPanicLayer::custom(panicked))).await;
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        assert!(answer.contains(" 503 "), "{answer}");
    }
}
