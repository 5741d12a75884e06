//! A link that lets somebody in: opened and accepted before anybody is signed in.

use serde_json::{Value, json};

use super::SessionState;
use super::login::sentence;
use super::remote::{Trouble, ask};
use crate::platform::http;

impl SessionState {
    /// Asks the relay what a link is for (docs/api.md: `POST /api/invitations/open`).
    ///
    /// # Errors
    /// When it cannot be reached, or the link is no good any more.
    pub async fn open_invitation(&self, token: &str) -> Result<Value, Trouble> {
        ask("POST", "/api/invitations/open", None, Some(json!({ "token": token }))).await
    }

    /// Accepts it: this browser is then theirs, as after a login. No password for another device of one's own.
    ///
    /// # Errors
    /// A French sentence: what happened, what to do.
    pub async fn accept_invitation(&self, token: &str, email: &str, password: Option<&str>) -> Result<(), String> {
        let device = self.login_device(email).await?;
        let request = json!({ "token": token, "password": password, "device": device });
        let answer: Result<Value, _> = http::post("/api/invitations/accept", None, &request).await;
        self.signed_in(&answer.map_err(|error| sentence(&error))?, email, password).await
    }
}
