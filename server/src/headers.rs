//! Headers that every response carries: what a browser may do with it.
//!
//! Never loosened per address: one policy for everything that a browser could show or run.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

/// The headers, made once.
#[derive(Debug)]
pub struct Policy(HeaderMap);

impl Policy {
    /// `script_hashes` are `sha256-…` of the page's inline scripts, as the build names them.
    #[must_use]
    pub fn new(script_hashes: &[String], https: bool) -> Self {
        let mut headers = HeaderMap::new();
        match HeaderValue::try_from(content_security_policy(script_hashes)) {
            Ok(value) => headers.insert(CONTENT_SECURITY_POLICY, value),
            Err(_) => headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'")),
        };
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static(
                "camera=(self), microphone=(self), geolocation=(self), payment=(), usb=(), serial=()",
            ),
        );
        headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
        if https {
            headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
        Self(headers)
    }
}

/// Adds the headers to a response; not to a switch of protocols, which has no content and happens at every reconnection.
pub async fn add(State(policy): State<Arc<Policy>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return response;
    }
    for (name, value) in &policy.0 {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    response
}

/// For what is about people and their rights: no cache keeps it.
pub async fn never_stored(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn content_security_policy(script_hashes: &[String]) -> String {
    let hashes: String = script_hashes.iter().filter(|hash| is_hash(hash)).map(|hash| format!(" '{hash}'")).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; \
         img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// Only a hash may be added to the policy, whatever the file says.
fn is_hash(text: &str) -> bool {
    let base64 = |character: char| character.is_ascii_alphanumeric() || "+/=".contains(character);
    text.strip_prefix("sha256-").is_some_and(|rest| rest.len() == 44 && rest.chars().all(base64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_takes_hashes_and_nothing_else() {
        let hash = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=".to_owned();
        let policy = content_security_policy(&[hash.clone(), "unsafe-inline'; x".to_owned()]);
        assert!(policy.contains(&format!("script-src 'self' 'wasm-unsafe-eval' '{hash}'; style-src")));
        assert!(!policy.contains("unsafe-inline"));
    }
}
