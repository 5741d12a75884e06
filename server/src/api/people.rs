//! `/api/people`: who has an account, and changing one.

use axum::Json;
use axum::extract::State;
use liaison_shared::UserId;
use liaison_shared::access::Role;
use serde::{Deserialize, Serialize};

use super::checks::{self, PathId};
use super::gate::Caller;
use super::json::JsonBody;
use crate::accounts::{Account, PersonChange, Revocation};
use crate::audit::Action;
use crate::clock;
use crate::error::ApiError;
use crate::router::App;

#[derive(Debug, Serialize)]
pub struct Person {
    id: UserId,
    name: String,
    email: String,
    role: Role,
    sectors: Vec<String>,
    fonction: String,
    closed: bool,
}

impl From<Account> for Person {
    fn from(account: Account) -> Self {
        let Account { user, email, name, role, fonction, sectors, closed } = account;
        Self { id: user, name, email, role, sectors, fonction, closed: closed.is_some() }
    }
}

/// Everybody, closed accounts too.
///
/// # Errors
/// Without a store.
pub async fn people(State(app): State<App>) -> Result<Json<Vec<Person>>, ApiError> {
    Ok(Json(app.login.accounts.everybody().await?.into_iter().map(Person::from).collect()))
}

#[derive(Debug, Deserialize)]
pub struct PersonRequest {
    name: Option<String>,
    role: Option<Role>,
    sectors: Option<Vec<String>>,
    fonction: Option<String>,
    closed: Option<bool>,
}

/// Changes a person; what they may no longer do ends at once.
///
/// # Errors
/// See [`ApiError`]: no such person, the last gestionnaire, an invalid request, no store.
pub async fn change_person(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    JsonBody(request): JsonBody<PersonRequest>,
) -> Result<Json<Person>, ApiError> {
    let user: UserId = checks::id(&id)?;
    let change = PersonChange {
        name: request.name.as_deref().map(checks::name).transpose()?,
        role: request.role,
        sectors: request.sectors.as_deref().map(checks::sectors).transpose()?,
        fonction: request.fonction.as_deref().map(checks::short).transpose()?,
        closed: request.closed,
    };
    let now = clock::now();
    let changed = app.login.accounts.change(user, change, now).await?;
    if changed.before != changed.after {
        app.audit.record(caller.entry(Action::AccountChanged).because(changed.words())).await;
    }
    if changed.concerns_access() {
        app.login.sessions.announce(Revocation::User(user)).await;
    }
    // Even when nothing changed: an earlier attempt may have ended before this.
    app.annuaire.put(&changed.after, now).await?;
    Ok(Json(changed.after.into()))
}
