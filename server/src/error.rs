//! What an HTTP client is told when something does not work: a status, a code for programs, a French
//! sentence for people. The only place where errors become responses.
//!
//! Never shows what went wrong inside: that is in the log.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use thiserror::Error;

use crate::accounts::{AccountError, LoginError, WeakPassword};
use crate::annuaire::AnnuaireError;
use crate::audit::AuditError;
use crate::blobs::{BlobError, FileRefusal};
use crate::export::ExportError;
use crate::import::{ImportError, ImportRefusal};
use crate::invitations::InvitationError;
use crate::typeset::TypesetError;

/// An answer that is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ApiError {
    /// Wrong address or password.
    #[error("wrong credentials")]
    WrongCredentials,
    /// No session, or one that has ended.
    #[error("unknown session")]
    UnknownSession,
    /// Not with this role.
    #[error("forbidden")]
    Forbidden,
    /// A password that is too easy to guess.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// A link that is unknown, used, expired or withdrawn.
    #[error("invalid invitation")]
    InvitationInvalid,
    /// The address has an account.
    #[error("e-mail address taken")]
    EmailTaken,
    /// The agency would be left without anybody who may manage accounts.
    #[error("last gestionnaire")]
    LastGestionnaire,
    /// What arrived late stands on something that never came.
    #[error("cannot accept")]
    CannotAccept,
    /// A file that is not as it should be.
    #[error(transparent)]
    File(#[from] FileRefusal),
    /// A file of clients that is not brought in.
    #[error(transparent)]
    Import(#[from] ImportRefusal),
    /// A link was asked for that would lead to another relay.
    #[error("foreign link")]
    ForeignLink,
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

const UNAVAILABLE: &str = "Le relais ne peut pas répondre pour l’instant. Rien n’est perdu : réessayez dans un moment.";

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
                "Trop de tentatives. Patientez un peu avant de réessayer.",
            ),
            Self::Forbidden => (
                StatusCode::FORBIDDEN,
                "forbidden",
                "Votre rôle ne permet pas cette action. Si elle vous est nécessaire, adressez-vous à un gestionnaire de \
                 votre agence.",
            ),
            Self::WeakPassword(reason) => (StatusCode::UNPROCESSABLE_ENTITY, "weak_password", weak_password(*reason)),
            Self::InvitationInvalid => (
                StatusCode::GONE,
                "invitation_invalid",
                "Ce lien n’est pas ou plus valable. Demandez-en un nouveau à la personne qui vous l’a donné.",
            ),
            Self::EmailTaken => (
                StatusCode::CONFLICT,
                "email_taken",
                "Un compte existe déjà avec cette adresse. Vérifiez-la, ou modifiez le compte existant.",
            ),
            Self::LastGestionnaire => (
                StatusCode::CONFLICT,
                "last_gestionnaire",
                "Ce compte est le dernier gestionnaire de l’agence. Donnez d’abord ce rôle à une autre personne.",
            ),
            Self::CannotAccept => (
                StatusCode::CONFLICT,
                "cannot_accept",
                "Ces éléments s’appuient sur d’autres qui ne sont jamais arrivés : ils ne peuvent pas entrer dans le \
                 dossier. Rien n’est perdu. Attendez que le téléphone se reconnecte, ou mettez-les de côté.",
            ),
            Self::File(reason) => file(*reason),
            Self::Import(reason) => import(*reason),
            Self::ForeignLink => (
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "La demande ne vient pas d’une page de ce relais. Ouvrez l’application à son adresse habituelle.",
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
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", UNAVAILABLE),
        }
    }
}

fn file(reason: FileRefusal) -> (StatusCode, &'static str, &'static str) {
    match reason {
        FileRefusal::Empty => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "empty_file",
            "Ce fichier est vide : il n’y a rien à garder. Vérifiez-le, puis choisissez-le de nouveau.",
        ),
        FileRefusal::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "file_too_large",
            "Ce fichier est trop lourd : 32 Mo au plus. Réduisez-le ou partagez-le en plusieurs fichiers.",
        ),
        FileRefusal::WrongChunk => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "wrong_chunk",
            "Ce morceau n’est pas de ce fichier. Le fichier reste sur cet appareil : reprenez l’envoi.",
        ),
        FileRefusal::WrongHash => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "wrong_hash",
            "Le relais n’a pas reçu le fichier annoncé et n’en a rien gardé. Le fichier reste sur cet appareil : \
             recommencez l’envoi.",
        ),
        FileRefusal::UnknownKind => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "unknown_kind",
            "Le relais ne connaît pas cette partie du dossier. Mettez l’application à jour, puis réessayez.",
        ),
        FileRefusal::TooMany => (
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_uploads",
            "Trop de fichiers sont en cours d’envoi depuis cet appareil. Laissez-les se terminer, puis réessayez.",
        ),
    }
}

fn import(reason: ImportRefusal) -> (StatusCode, &'static str, &'static str) {
    match reason {
        ImportRefusal::Unreadable => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "import_unreadable",
            "Ce fichier ne se lit pas. Enregistrez-le au format CSV ou Excel (.xlsx), sans mot de passe, puis \
             choisissez-le de nouveau.",
        ),
        ImportRefusal::Empty => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "import_empty",
            "Ce fichier est vide. Sa première ligne doit donner le nom des colonnes.",
        ),
        ImportRefusal::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "import_too_large",
            "Ce fichier est trop lourd : 16 Mo au plus. Partagez-le en plusieurs fichiers.",
        ),
        ImportRefusal::TooMany => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "import_too_many",
            "Ce fichier a trop de lignes ou de colonnes : 10 000 lignes et 200 colonnes au plus. Partagez-le en \
             plusieurs fichiers.",
        ),
        ImportRefusal::WrongMapping => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "import_mapping",
            "La correspondance entre colonnes et champs ne convient pas à ce fichier : chaque colonne va dans un champ \
             au plus, et chaque champ ne reçoit qu’une colonne.",
        ),
        ImportRefusal::HasErrors => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "import_has_errors",
            "Des lignes ne peuvent pas devenir des dossiers. Rien n’a été repris : corrigez-les dans le fichier, ou \
             laissez-les de côté.",
        ),
        ImportRefusal::AlreadyImported => (
            StatusCode::CONFLICT,
            "already_imported",
            "Cette reprise a déjà été faite : ses dossiers sont dans l’agence. Rien n’a été ajouté.",
        ),
    }
}

/// A body that could not be read as bytes.
pub(crate) fn unread(rejection: &BytesRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { ApiError::TooLarge } else { ApiError::InvalidRequest }
}

fn weak_password(reason: WeakPassword) -> &'static str {
    match reason {
        WeakPassword::Short => {
            "Le mot de passe est trop court : il faut au moins 12 caractères. Une phrase que vous retenez convient bien."
        }
        WeakPassword::Long => "Le mot de passe est trop long : 200 caractères au plus. Choisissez-en un plus court.",
        WeakPassword::Email => {
            "Le mot de passe contient votre adresse e-mail : ce serait le premier essayé. Choisissez-en un autre."
        }
        WeakPassword::Agency => {
            "Le mot de passe contient le nom de l’agence : ce serait le premier essayé. Choisissez-en un autre."
        }
        WeakPassword::Common => {
            "Ce mot de passe est parmi les plus courants : il serait vite deviné. Choisissez-en un autre, par exemple \
             quelques mots sans rapport entre eux."
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
        match error {
            AccountError::EmailTaken => Self::EmailTaken,
            AccountError::LastGestionnaire => Self::LastGestionnaire,
            AccountError::Unknown => Self::NotFound,
            error => {
                tracing::error!(%error, "the accounts could not answer");
                Self::Unavailable
            }
        }
    }
}

impl From<InvitationError> for ApiError {
    fn from(error: InvitationError) -> Self {
        match error {
            InvitationError::Invalid => Self::InvitationInvalid,
            InvitationError::Account(error) => error.into(),
        }
    }
}

impl From<BlobError> for ApiError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Refused(reason) => Self::File(reason),
            BlobError::Unknown => Self::NotFound,
            error => {
                tracing::error!(%error, "the files could not answer");
                Self::Unavailable
            }
        }
    }
}

impl From<ImportError> for ApiError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Refused(reason) => Self::Import(reason),
            error => {
                tracing::error!(%error, "a file of clients was not brought in");
                Self::Unavailable
            }
        }
    }
}

impl From<ExportError> for ApiError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Unknown => Self::NotFound,
            error => {
                tracing::error!(%error, "a dossier could not be exported");
                Self::Unavailable
            }
        }
    }
}

impl From<TypesetError> for ApiError {
    fn from(error: TypesetError) -> Self {
        tracing::error!(%error, "a paper could not be made");
        Self::Unavailable
    }
}

impl From<AuditError> for ApiError {
    fn from(error: AuditError) -> Self {
        tracing::error!(%error, "the access log could not answer");
        Self::Unavailable
    }
}

impl From<AnnuaireError> for ApiError {
    fn from(error: AnnuaireError) -> Self {
        tracing::error!(%error, "the annuaire could not be written");
        Self::Unavailable
    }
}

impl From<LoginError> for ApiError {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::WrongCredentials(_) => Self::WrongCredentials,
            LoginError::TooMany(wait) => Self::TooMany(wait),
            LoginError::Account(error) => error.into(),
        }
    }
}
