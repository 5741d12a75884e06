//! What the relay is asked when somebody signs in, and what it answers.

use serde_json::{Value, json};

use crate::platform::http::{self, HttpError};
use crate::platform::page;
use crate::vault::{StoredSession, role_of, sectors_of};

/// This browser, as a login names it: what it already is for the person, if anything.
pub(super) fn this_device(id: Option<&str>) -> Value {
    json!({ "id": id, "name": page::device_name() })
}

/// Signs in at the relay, as this device of the account when it is known; gives its answer, for [`read`].
///
/// # Errors
/// A French sentence: what happened, what to do.
pub(super) async fn log_in(email: &str, password: &str, device: Value) -> Result<Value, String> {
    let request = json!({ "email": email, "password": password, "device": device });
    http::post("/api/login", None, &request).await.map_err(|error| sentence(&error))
}

/// The session and the device's name in what the relay says to somebody who has signed in or accepted an invitation.
///
/// # Errors
/// A French sentence when it is something else.
pub(super) fn read(answer: &Value, email: &str) -> Result<(StoredSession, String), String> {
    parts(answer, email).ok_or_else(|| sentence(&HttpError::Unexpected))
}

fn parts(answer: &Value, email: &str) -> Option<(StoredSession, String)> {
    let text = |part: &Value, name: &str| Some(part.get(name)?.as_str()?.to_owned());
    let user = answer.get("user")?;
    let session = StoredSession {
        token: text(answer, "token")?,
        user: text(user, "id")?.parse().ok()?,
        name: text(user, "name")?,
        email: email.to_owned(),
        role: role_of(&text(user, "role")?)?,
        sectors: sectors_of(user),
        agency: text(answer.get("agency")?, "name")?,
    };
    Some((session, text(answer.get("device")?, "id")?))
}

/// Tells the relay that a session is over. Without network it ends at its date; on this browser it is gone.
pub(super) async fn log_out(session: &StoredSession) {
    let _told = http::post_only("/api/logout", Some(&session.token), &json!({})).await.is_ok();
}

pub(super) fn sentence(error: &HttpError) -> String {
    match error {
        HttpError::Unreachable => {
            "Le relais n’est pas joignable. Vérifiez le réseau, puis réessayez : la première connexion en a besoin."
                .to_owned()
        }
        HttpError::Refused { message, .. } if !message.is_empty() => message.clone(),
        HttpError::Refused { .. } | HttpError::Unexpected => {
            "Le relais a répondu autrement que prévu. Réessayez dans une minute.".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_read_whole_or_not_at_all() {
        let user = json!({ "id": "0".repeat(32), "name": "Claire Martin", "role": "bureau" });
        let whole = json!({ "token": "t", "user": user, "device": { "id": "d" }, "agency": { "name": "Grésivaudan" } });
        let (session, device) = read(&whole, "claire@liaison.demo").unwrap();
        assert_eq!(
            (session.name.as_str(), session.agency.as_str(), device.as_str()),
            ("Claire Martin", "Grésivaudan", "d")
        );
        for part in ["token", "user", "device", "agency"] {
            let mut lacking = whole.clone();
            lacking[part] = Value::Null;
            assert!(read(&lacking, "claire@liaison.demo").is_err(), "{part}");
        }
    }
}
