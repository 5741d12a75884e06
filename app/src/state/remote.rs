//! What only the relay knows (people, devices, settings, the access log): asked over HTTP while a page looks at it.
//! Nothing here is stored.

use leptos::prelude::*;
use liaison_shared::Timestamp;
use liaison_shared::sync::Link;
use serde_json::Value;

use super::Workspace;
use crate::platform::files;
use crate::platform::http::{self, HttpError};

/// Why the relay gave nothing to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// It could not be reached: worth trying again by itself once it can.
    pub offline: bool,
    /// The refusal's code, empty without one.
    pub code: String,
    /// What happened and what to do.
    pub sentence: String,
}

impl From<HttpError> for Trouble {
    fn from(error: HttpError) -> Self {
        let offline = error == HttpError::Unreachable;
        let (code, sentence) = match error {
            HttpError::Unreachable => (
                String::new(),
                "Le relais n’est pas joignable. Rien de ce que vous avez saisi n’est perdu : vérifiez le réseau, puis \
                 réessayez.",
            ),
            HttpError::Refused { code, message, .. } if !message.is_empty() => {
                return Self { offline, code, sentence: message };
            }
            HttpError::Refused { code, .. } => (code, UNEXPECTED),
            HttpError::Unexpected => (String::new(), UNEXPECTED),
        };
        Self { offline, code, sentence: sentence.to_owned() }
    }
}

const UNEXPECTED: &str = "Le relais a répondu autrement que prévu. Réessayez dans une minute.";

/// Hands an answer of the relay to the browser as a file to keep.
///
/// # Errors
/// A French sentence: what happened, what to do.
pub fn keep_as_file(answer: Result<Vec<u8>, HttpError>, name: &str, mime: &str) -> Result<(), String> {
    let bytes = answer.map_err(|error| Trouble::from(error).sentence)?;
    let kept = files::download(name, mime, &bytes);
    kept.then_some(()).ok_or_else(|| "Le navigateur n’a pas accepté le fichier. Réessayez.".to_owned())
}

/// Asks the relay, as whoever has this token. An answer without content is `null`.
///
/// # Errors
/// When it cannot be reached, says no, or answers something else than JSON.
pub async fn ask(method: &str, path: &str, token: Option<&str>, body: Option<Value>) -> Result<Value, Trouble> {
    let text = http::send(method, path, token, body.map(|body| body.to_string())).await?;
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&text).map_err(|_| HttpError::Unexpected.into())
}

impl Workspace {
    /// Asks the relay as the person signed in.
    ///
    /// # Errors
    /// As [`ask`].
    pub async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value, Trouble> {
        let token = self.session.with_value(|session| session.token.clone());
        ask(method, path, Some(&token), body).await
    }

    /// Whether the line to the relay stands. Tracks it.
    #[must_use]
    pub fn online(&self) -> bool {
        self.status.with(|status| status.as_ref().is_some_and(|status| status.link == Link::Online))
    }
}

/// Reads an answer of docs/api.md by its names. One reader for every kind of answer: a type and its decoder for each
/// would weigh more than the pages that show them. What is absent or null reads as empty.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a>(pub &'a Value);

impl<'a> Record<'a> {
    /// A text.
    #[must_use]
    pub fn text(self, name: &str) -> &'a str {
        self.0[name].as_str().unwrap_or_default()
    }

    /// A number.
    #[must_use]
    pub fn number(self, name: &str) -> Option<i64> {
        self.0[name].as_i64()
    }

    /// A moment.
    #[must_use]
    pub fn time(self, name: &str) -> Option<Timestamp> {
        self.number(name).map(Timestamp)
    }

    /// Whether it is so.
    #[must_use]
    pub fn flag(self, name: &str) -> bool {
        self.0[name].as_bool().unwrap_or_default()
    }

    /// A list in it.
    pub fn list(self, name: &str) -> impl Iterator<Item = Record<'a>> {
        Record(&self.0[name]).all()
    }

    /// Texts in it, separated by commas.
    #[must_use]
    pub fn texts(self, name: &str) -> String {
        self.list(name).filter_map(|text| text.0.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// What it holds when it is a list itself.
    pub fn all(self) -> impl Iterator<Item = Record<'a>> {
        self.0.as_array().map(Vec::as_slice).unwrap_or_default().iter().map(Record)
    }
}

/// In the order of a key. Lists of people are short: a sort of its own for each would weigh more than it gains.
#[must_use]
pub fn in_order<T>(items: impl Iterator<Item = T>, key: fn(&T) -> String) -> Vec<T> {
    let mut keys: Vec<String> = Vec::new();
    let mut ordered = Vec::new();
    for item in items {
        let own = key(&item);
        let place = keys.partition_point(|other| *other <= own);
        keys.insert(place, own);
        ordered.insert(place, item);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_reads_as_empty() {
        let value = serde_json::json!({ "name": "Sonia", "sectors": ["Voiron", "Grésivaudan"], "revoked": null });
        let record = Record(&value);
        assert_eq!((record.text("name"), record.text("email")), ("Sonia", ""));
        assert_eq!(record.texts("sectors"), "Voiron, Grésivaudan");
        assert_eq!((record.time("revoked"), record.flag("closed")), (None, false));
        assert_eq!(record.list("lines").count(), 0);
    }

    #[test]
    fn equal_keys_keep_their_order() {
        let ordered = in_order([("b", 1), ("a", 2), ("b", 3)].into_iter(), |item| item.0.to_owned());
        assert_eq!(ordered, [("a", 2), ("b", 1), ("b", 3)]);
    }
}
