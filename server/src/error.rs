//! What an HTTP client is told when something does not work: a status, a code for programs, a French
//! sentence for people. The only place where errors become responses.
//!
//! Never shows what went wrong inside: that is in the log.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use thiserror::Error;

use crate::accounts::{AccountError, LoginError};

/// An answer that is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ApiError {
    /// Wrong address or password.
    #[error("wrong credentials")]
    WrongCredentials,
    /// No session, or one that has ended.
    #[error("unknown session")]
    UnknownSession,
    /// Too many attempts.
    #[error("too many attempts")]
    TooMany(Duration),
    /// The body is not what this address takes.
    #[error("invalid request")]
    InvalidRequest,
    /// The body is not JSON.
    #[error("JSON expected")]
    JsonExpected,
    /// The body is too large.
    #[error("too large")]
    TooLarge,
    /// There is nothing at this address.
    #[error("not found")]
    NotFound,
    /// Not with this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The address takes WebSocket requests only.
    #[error("WebSocket expected")]
    WebSocketExpected,
    /// The request comes from another site's page.
    #[error("foreign origin")]
    ForeignOrigin,
    /// The store does not answer, or the relay is stopping.
    #[error("unavailable")]
    Unavailable,
}

#[derive(Serialize)]
struct Body {
    code: &'static str,
    message: &'static str,
}

impl ApiError {
    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::WrongCredentials => (
                StatusCode::UNAUTHORIZED,
                "wrong_credentials",
                "L’adresse ou le mot de passe n’est pas le bon. Vérifiez les deux, puis réessayez.",
            ),
            Self::UnknownSession => {
                (StatusCode::UNAUTHORIZED, "unknown_session", "Votre session est terminée. Connectez-vous de nouveau.")
            }
            Self::TooMany(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_attempts",
                "Trop de tentatives de connexion. Patientez un peu avant de réessayer.",
            ),
            Self::InvalidRequest => {
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", "La demande est incomplète ou mal formée.")
            }
            Self::JsonExpected => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "json_expected", "La demande doit être au format JSON.")
            }
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", "La demande est trop volumineuse."),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found", "Il n’y a rien à cette adresse."),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Cette adresse ne se demande pas ainsi.")
            }
            Self::WebSocketExpected => {
                (StatusCode::UPGRADE_REQUIRED, "websocket_expected", "Cette adresse attend une connexion WebSocket.")
            }
            Self::ForeignOrigin => {
                (StatusCode::FORBIDDEN, "foreign_origin", "La demande vient d’une autre page que celles de ce relais.")
            }
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "Le relais ne peut pas répondre pour l’instant. Rien n’est perdu : réessayez dans un moment.",
            ),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code, message) = self.parts();
        let mut response = (status, Json(Body { code, message })).into_response();
        if let Self::TooMany(wait) = self {
            let seconds = wait.as_secs().saturating_add(1);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<AccountError> for ApiError {
    fn from(error: AccountError) -> Self {
        tracing::error!(%error, "the accounts could not answer");
        Self::Unavailable
    }
}

impl From<LoginError> for ApiError {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::WrongCredentials => Self::WrongCredentials,
            LoginError::TooMany(wait) => Self::TooMany(wait),
            LoginError::Account(error) => error.into(),
        }
    }
}
