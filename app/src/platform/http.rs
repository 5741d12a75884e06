//! Requests to the page's own host: JSON, and files in pieces.

use js_sys::Uint8Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestInit, Response};

use super::{by_name, clock};

/// Why a request has no answer to use.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HttpError {
    /// The relay could not be reached.
    #[error("unreachable")]
    Unreachable,
    /// The relay said no.
    #[error("{status}: {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// What it is, for the page to tell cases apart; may be empty.
        code: String,
        /// The relay's sentence, in French; may be empty.
        message: String,
    },
    /// The answer is not what was expected.
    #[error("unexpected answer")]
    Unexpected,
}

#[derive(Default, serde::Deserialize)]
struct Refusal {
    #[serde(default)]
    code: String,
    message: String,
}

/// Posts JSON and reads JSON.
///
/// # Errors
/// When the relay cannot be reached, refuses, or answers something else.
pub async fn post<A: DeserializeOwned>(
    path: &str,
    bearer: Option<&str>,
    body: &impl Serialize,
) -> Result<A, HttpError> {
    let body = serde_json::to_string(body).map_err(|_| HttpError::Unexpected)?;
    let text = send("POST", path, bearer, Some(body)).await?;
    serde_json::from_str(&text).map_err(|_| HttpError::Unexpected)
}

/// Posts JSON and ignores the body of the answer.
///
/// # Errors
/// When the relay cannot be reached or refuses.
pub async fn post_only(path: &str, bearer: Option<&str>, body: &impl Serialize) -> Result<(), HttpError> {
    let body = serde_json::to_string(body).map_err(|_| HttpError::Unexpected)?;
    send("POST", path, bearer, Some(body)).await.map(|_| ())
}

/// Sends any request and gives the answer's text. Not generic: what many pages call is compiled once.
///
/// # Errors
/// When the relay cannot be reached or refuses.
pub async fn send(method: &str, path: &str, bearer: Option<&str>, body: Option<String>) -> Result<String, HttpError> {
    let body = body.map(JsValue::from);
    let bytes = exchange(method, path, bearer, ("application/json", body)).await?;
    String::from_utf8(bytes).map_err(|_| HttpError::Unexpected)
}

/// How long a piece of a file may take, in milliseconds: longer, the line is taken for dead.
const PATIENCE: u32 = 120_000;

/// Brings or fetches bytes.
///
/// # Errors
/// When the relay cannot be reached, takes too long or refuses.
pub async fn carry(method: &str, path: &str, bearer: &str, body: Option<&[u8]>) -> Result<Vec<u8>, HttpError> {
    let body = body.map(|bytes| Uint8Array::from(bytes).into());
    let answer = exchange(method, path, Some(bearer), ("application/octet-stream", body));
    clock::within(PATIENCE, answer).await.unwrap_or(Err(HttpError::Unreachable))
}

/// `content`: its type, and itself.
async fn exchange(
    method: &str,
    path: &str,
    bearer: Option<&str>,
    content: (&str, Option<JsValue>),
) -> Result<Vec<u8>, HttpError> {
    read(&respond(method, path, bearer, content).await?).await
}

/// The answer, as soon as it begins.
async fn respond(
    method: &str,
    path: &str,
    bearer: Option<&str>,
    content: (&str, Option<JsValue>),
) -> Result<Response, HttpError> {
    let window = web_sys::window().ok_or(HttpError::Unexpected)?;
    let request = request(method, path, bearer, content).map_err(|_| HttpError::Unexpected)?;
    let response = JsFuture::from(window.fetch_with_request(&request)).await.map_err(|_| HttpError::Unreachable)?;
    response.dyn_into().map_err(|_| HttpError::Unexpected)
}

async fn read(response: &Response) -> Result<Vec<u8>, HttpError> {
    let body = response.array_buffer().map_err(|_| HttpError::Unreachable)?;
    let body = JsFuture::from(body).await.map_err(|_| HttpError::Unreachable)?;
    let bytes = Uint8Array::new(&body).to_vec();
    if response.ok() {
        return Ok(bytes);
    }
    // As text, like every other answer: one reader of JSON is in the download.
    let Refusal { code, message } = serde_json::from_str(&String::from_utf8_lossy(&bytes)).unwrap_or_default();
    Err(HttpError::Refused { status: response.status(), code, message })
}

/// An answer that is read while it comes. Dropped, the rest is not sent.
pub struct Body(JsValue);

/// Fetches an answer that may be long; `None` when there is nothing.
///
/// # Errors
/// When the relay cannot be reached, takes too long or refuses.
pub async fn body(path: &str, bearer: &str) -> Result<Option<Body>, HttpError> {
    let answer = respond("GET", path, Some(bearer), ("application/octet-stream", None));
    let response = clock::within(PATIENCE, answer).await.ok_or(HttpError::Unreachable)??;
    if !response.ok() {
        read(&response).await?;
    }
    let Some(stream) = by_name::get(&response, "body").filter(|_| response.status() == 200) else { return Ok(None) };
    Ok(Some(Body(by_name::call(&stream, "getReader", []).map_err(|_| HttpError::Unexpected)?)))
}

impl Body {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// When the line is cut, or nothing comes for too long.
    pub async fn next(&self) -> Result<Option<Vec<u8>>, HttpError> {
        let piece = clock::within(PATIENCE, by_name::call_and_wait(&self.0, "read", [])).await;
        let Some(Ok(piece)) = piece else { return Err(HttpError::Unreachable) };
        Ok(by_name::get(&piece, "value").map(|bytes| Uint8Array::new(&bytes).to_vec()))
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        let reader = self.0.clone();
        // A line that is cut has nothing to cancel.
        clock::spawn(async move { drop(by_name::call_and_wait(&reader, "cancel", []).await) });
    }
}

fn request(
    method: &str,
    path: &str,
    bearer: Option<&str>,
    (content_type, body): (&str, Option<JsValue>),
) -> Result<Request, JsValue> {
    let headers = Headers::new()?;
    headers.set("Content-Type", content_type)?;
    if let Some(token) = bearer {
        headers.set("Authorization", &format!("Bearer {token}"))?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers(&headers);
    if let Some(body) = body {
        init.set_body(&body);
    }
    Request::new_with_str_and_init(path, &init)
}
