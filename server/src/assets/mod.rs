//! The application's files, read once at start and served from memory.
//!
//! Never touches the file system on a request, so no address can lead out of the folder. A new build is
//! served after a restart.

mod file;
mod load;
mod negotiate;

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use file::File;
pub use load::AssetsError;

use crate::error::ApiError;

/// What is said in place of the application when it was not built.
const NOT_BUILT: &str = "<!doctype html><html lang=\"fr\"><meta charset=\"utf-8\"><title>Liaison</title>\
<h1>L’application n’est pas construite</h1><p>Le relais fonctionne, mais le dossier indiqué par \
<code>--static</code> ne contient pas d’<code>index.html</code>. Construisez l’application, puis redémarrez le relais.";

/// Addresses that are never the application's.
const RELAY: [&str; 4] = ["api", "sync", "healthz", "metrics"];

/// Every file of one build.
#[derive(Debug, Default)]
pub struct Assets {
    files: HashMap<String, File>,
    script_hashes: Vec<String>,
}

impl Assets {
    /// `sha256-…` of the page's inline scripts.
    #[must_use]
    pub fn script_hashes(&self) -> &[String] {
        &self.script_hashes
    }

    /// Whether there is an application to serve.
    #[must_use]
    pub fn is_built(&self) -> bool {
        self.files.contains_key("index.html")
    }
}

/// `GET` of anything that is no other address: a file, or the page for a visit to one of its routes.
pub async fn serve(State(assets): State<Arc<Assets>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return ApiError::MethodNotAllowed.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let file = if path.is_empty() { None } else { assets.files.get(path) };
    let Some(file) = file.or_else(|| assets.files.get("index.html").filter(|_| is_visit(path, &headers))) else {
        return if !assets.is_built() && is_visit(path, &headers) {
            not_built()
        } else {
            ApiError::NotFound.into_response()
        };
    };
    file.respond(&headers)
}

/// Somebody goes to a page, as opposed to a program asking for a file.
fn is_visit(path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let first = path.split('/').next().unwrap_or_default();
    !RELAY.contains(&first) && (path.is_empty() || accepts.is_some_and(|accepts| accepts.contains("text/html")))
}

fn not_built() -> Response {
    let mut response = (StatusCode::NOT_FOUND, Bytes::from_static(NOT_BUILT.as_bytes())).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
