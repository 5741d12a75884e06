//! `GET /api/agency`: what the sign-in page shows before anybody has signed in.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::error::ApiError;
use crate::router::App;

/// What an agency without a name is called.
const UNNAMED: &str = "Mon agence";

#[derive(Debug, Serialize)]
pub struct AgencyResponse {
    name: String,
    open: bool,
}

/// The agency's name, and whether anybody can sign in at all.
///
/// # Errors
/// Without a store.
pub async fn agency(State(app): State<App>) -> Result<Json<AgencyResponse>, ApiError> {
    Ok(Json(AgencyResponse { name: app.agency_name().await?, open: app.login.accounts.any().await? }))
}

impl App {
    /// The agency's name: the one the relay was started with, else the one in the settings, which `init` may give
    /// while the relay runs.
    ///
    /// # Errors
    /// Without a store.
    pub async fn agency_name(&self) -> Result<String, ApiError> {
        match &self.agency {
            Some(name) => Ok(name.to_string()),
            None => Ok(self.settings.agency().await?.unwrap_or_else(|| UNNAMED.to_owned())),
        }
    }
}
