//! JSON requests to the page's own host.

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestInit, Response};

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
    let window = web_sys::window().ok_or(HttpError::Unexpected)?;
    let request = request(method, path, bearer, body).map_err(|_| HttpError::Unexpected)?;
    let response = JsFuture::from(window.fetch_with_request(&request)).await.map_err(|_| HttpError::Unreachable)?;
    let response: Response = response.dyn_into().map_err(|_| HttpError::Unexpected)?;
    let body = response.text().map_err(|_| HttpError::Unreachable)?;
    let text = JsFuture::from(body).await.map_err(|_| HttpError::Unreachable)?.as_string().unwrap_or_default();
    if response.ok() {
        return Ok(text);
    }
    let Refusal { code, message } = serde_json::from_str(&text).unwrap_or_default();
    Err(HttpError::Refused { status: response.status(), code, message })
}

fn request(method: &str, path: &str, bearer: Option<&str>, body: Option<String>) -> Result<Request, JsValue> {
    let headers = Headers::new()?;
    headers.set("Content-Type", "application/json")?;
    if let Some(token) = bearer {
        headers.set("Authorization", &format!("Bearer {token}"))?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers(&headers);
    if let Some(body) = body {
        init.set_body(&body.into());
    }
    Request::new_with_str_and_init(path, &init)
}
