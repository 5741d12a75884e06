//! `/api/settings`: what the agency has chosen.

use axum::Json;
use axum::extract::State;

use super::gate::Caller;
use super::json::JsonBody;
use crate::audit::Action;
use crate::error::ApiError;
use crate::router::App;
use crate::settings::Settings;

/// The settings.
///
/// # Errors
/// None of its own.
pub async fn settings(State(app): State<App>) -> Result<Json<Settings>, ApiError> {
    Ok(Json(app.settings.current()))
}

/// Changes the settings.
///
/// # Errors
/// See [`ApiError`]: out of bounds, no store.
pub async fn change_settings(
    State(app): State<App>,
    caller: Caller,
    JsonBody(settings): JsonBody<Settings>,
) -> Result<Json<Settings>, ApiError> {
    settings.check().map_err(|_| ApiError::InvalidRequest)?;
    app.settings.change(settings).await?;
    let Settings { avant_jours, apres_jours, bail_jours, journal_mois, invitation_heures } = settings;
    let words = format!(
        "avant_jours {avant_jours}, apres_jours {apres_jours}, bail_jours {bail_jours}, journal_mois {journal_mois}, \
         invitation_heures {invitation_heures}"
    );
    app.audit.record(caller.entry(Action::SettingsChanged).because(words)).await;
    Ok(Json(settings))
}
