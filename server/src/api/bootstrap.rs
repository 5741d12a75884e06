//! `/api/bootstrap`: everything at once, for a device of the office that holds nothing.
//!
//! Nothing for those who reach some dossiers only: what they hold is granted dossier by dossier.

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use futures_util::stream::unfold;
use liaison_shared::access::Reach;
use liaison_shared::{DeviceId, DossierId};
use serde::Deserialize;

use super::gate::Caller;
use crate::bootstrap::{Asked, Coding, Part, STANDS_STILL, stream};
use crate::error::ApiError;
use crate::relay::Counted;
use crate::router::App;

/// What is asked for.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// The last dossier that was received before, 32 hex digits.
    after: Option<DossierId>,
    /// The one dossier that is wanted.
    dossier: Option<DossierId>,
}

impl Wanted {
    fn part(&self) -> Part {
        match (self.dossier, self.after) {
            (Some(dossier), _) => Part::Only(dossier),
            (None, Some(after)) => Part::After(after),
            (None, None) => Part::Everything,
        }
    }
}

/// `GET /api/bootstrap?after=<dossier>`, or `?dossier=<dossier>`
///
/// # Errors
/// When the request is none, the device has too many streams open, or the store cannot be written.
pub async fn bootstrap(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, ApiError> {
    let session = caller.session;
    let identity = session.identity;
    if identity.role.reach() != Reach::Agency {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let part = wanted.map_err(|_| ApiError::InvalidRequest)?.0.part();
    let counted = count(&app, identity.device, part)?;
    // What the device holds from now on was chosen for this role.
    app.relay.devices.serve_as(identity.device, identity.role).await?;
    let coding = Coding::accepted(&headers);
    let asked = Asked { session, part, coding };
    let pieces = stream(app.log.clone(), app.relay.sessions.clone(), asked, counted);
    let body = Body::from_stream(unfold(pieces, async |mut pieces| Some((pieces.recv().await?, pieces))).boxed());
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(name) = coding.name() {
        headers.insert(header::CONTENT_ENCODING, name);
    }
    Ok(response)
}

/// A place among the streams of a device: each keeps what it has read and not sent. One that nobody reads is left soon.
fn count(app: &App, device: DeviceId, part: Part) -> Result<Counted<(DeviceId, bool)>, ApiError> {
    let (limits, single) = (&app.relay.limits, matches!(part, Part::Only(_)));
    let most = if single { limits.dossier_streams_per_device } else { limits.streams_per_device };
    app.streams.open((device, single), most).ok_or(ApiError::TooMany(STANDS_STILL))
}
