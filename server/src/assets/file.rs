//! One file: its variants, its headers, its response.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

use super::negotiate::{Encoding, accepted};

/// One form of a file's content, with an entity tag of its own (RFC 9110 §8.8.3.3).
#[derive(Debug)]
struct Variant {
    encoding: Option<Encoding>,
    bytes: Bytes,
    etag: HeaderValue,
}

/// A file in all its forms, the preferred one first.
#[derive(Debug)]
pub(super) struct File {
    variants: Vec<Variant>,
    mime: &'static str,
}

impl File {
    /// A file from its content and those of its compressed siblings that exist.
    pub fn new(name: &str, plain: Vec<u8>, brotli: Option<Vec<u8>>, gzip: Option<Vec<u8>>) -> Self {
        let hash = hex::encode(&Sha256::digest(&plain)[..16]);
        let variant = |encoding: Option<Encoding>, bytes: Vec<u8>| {
            let suffix = encoding.map_or("", Encoding::name);
            let etag = HeaderValue::try_from(format!("\"{hash}{suffix}\""));
            Variant { encoding, bytes: bytes.into(), etag: etag.unwrap_or(HeaderValue::from_static("\"\"")) }
        };
        let mut variants = Vec::new();
        variants.extend(brotli.map(|bytes| variant(Some(Encoding::Brotli), bytes)));
        variants.extend(gzip.map(|bytes| variant(Some(Encoding::Gzip), bytes)));
        variants.push(variant(None, plain));
        Self { variants, mime: mime(name) }
    }

    /// The response to a request for this file.
    pub fn respond(&self, request: &HeaderMap) -> Response {
        let accepted = accepted(request);
        let chosen = self.variants.iter().find(|variant| variant.encoding.is_none_or(&accepted));
        let Some(variant) = chosen else { return StatusCode::NOT_ACCEPTABLE.into_response() };
        let mut response = if not_modified(request, &variant.etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Response::new(Body::from(variant.bytes.clone()))
        };
        let mut set = |name: HeaderName, value: HeaderValue| response.headers_mut().insert(name, value);
        set(header::ETAG, variant.etag.clone());
        // Always asked for again: names are hashed before the last build steps, so a name can stay while the
        // content changes. The service worker keeps the application; this is for the visits before it does.
        set(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        set(header::VARY, HeaderValue::from_static("accept-encoding"));
        set(header::CONTENT_TYPE, HeaderValue::from_static(self.mime));
        if let Some(encoding) = variant.encoding {
            set(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
        }
        response
    }
}

fn not_modified(request: &HeaderMap, etag: &HeaderValue) -> bool {
    let (Some(Ok(known)), Ok(etag)) = (request.get(header::IF_NONE_MATCH).map(HeaderValue::to_str), etag.to_str())
    else {
        return false;
    };
    known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == etag)
}

fn mime(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
