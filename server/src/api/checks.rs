//! What people type into a form about a person, bounded and tidied up once.
//!
//! Never corrects: what does not fit is refused.

use std::convert::Infallible;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::accounts::normal_email;
use crate::error::ApiError;

/// A name, in characters.
const NAME: usize = 120;
/// Sectors of one person.
const SECTORS: usize = 50;

/// A text that has to say something.
pub(super) fn name(text: &str) -> Result<String, ApiError> {
    let text = short(text)?;
    if text.is_empty() { Err(ApiError::InvalidRequest) } else { Ok(text) }
}

/// A text that may be empty.
pub(super) fn short(text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let fits = text.chars().count() <= NAME && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(ApiError::InvalidRequest) }
}

/// Names of sectors, each once, in their order.
pub(super) fn sectors(texts: &[String]) -> Result<Vec<String>, ApiError> {
    let mut sectors = texts.iter().map(|text| name(text)).collect::<Result<Vec<_>, _>>()?;
    sectors.sort_unstable();
    sectors.dedup();
    if sectors.len() > SECTORS { Err(ApiError::InvalidRequest) } else { Ok(sectors) }
}

/// An e-mail address.
pub(super) fn email(text: &str) -> Result<String, ApiError> {
    let email = normal_email(&short(text)?);
    let valid = !email.is_empty() && liaison_shared::validate::email(&email).is_none();
    if valid { Ok(email) } else { Err(ApiError::InvalidRequest) }
}

/// The id in an address, as it stands there. Never refused by itself: whether it is one may only be said to who may know
/// what exists.
#[derive(Debug)]
pub struct PathId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(path.map(|Path(id)| id).unwrap_or_default()))
    }
}

/// An id in an address: one that is not written as ids are is that of nothing.
pub(super) fn id<T: FromStr>(text: &str) -> Result<T, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound)
}
