//! The relay's JSON addresses as a page asks for them.

use std::net::SocketAddr;

use liaison_server::clock;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::client::Session;
use crate::relay::TestRelay;
use crate::wait::eventually;

/// An answer, read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub text: String,
}

impl Answer {
    /// The body as JSON; null when there is none.
    pub fn json(&self) -> Value {
        if self.text.is_empty() { Value::Null } else { serde_json::from_str(&self.text).unwrap() }
    }

    /// The word for programs in a refusal.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The body of an answer that has to be a success.
    pub fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.json()
    }

    /// The session that a login, or an accepted link, has given.
    pub fn session(&self) -> Session {
        let body = self.ok();
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        Session {
            token: text("/token"),
            user: text("/user/id").parse().unwrap(),
            device: text("/device/id").parse().unwrap(),
        }
    }
}

/// A request below `/api`, in nobody's name yet.
pub fn request(address: SocketAddr, method: &str, path: &str) -> RequestBuilder {
    Client::new().request(Method::from_bytes(method.as_bytes()).unwrap(), format!("http://{address}/api{path}"))
}

/// Sends a request: as somebody, with a JSON body.
pub async fn send(mut request: RequestBuilder, token: Option<&str>, body: Option<&Value>) -> Answer {
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(body) = body {
        request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
    }
    let response = request.send().await.unwrap();
    Answer { status: response.status().as_u16(), text: response.text().await.unwrap() }
}

impl TestRelay {
    /// Asks for something below `/api`; without a session when `session` is `None`.
    pub async fn ask(&self, session: Option<&Session>, method: &str, path: &str, body: Value) -> Answer {
        let body = Some(&body).filter(|body| !body.is_null());
        send(request(self.address, method, path), session.map(|session| session.token.as_str()), body).await
    }

    /// `GET` in somebody's name; it has to be a success.
    pub async fn get(&self, session: &Session, path: &str) -> Value {
        self.ask(Some(session), "GET", path, Value::Null).await.ok()
    }

    /// The page's own address.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Invites somebody to a role; the token of the link.
    pub async fn invite(&self, by: &Session, email: &str, role: &str) -> String {
        let body = json!({ "name": "Marc Petit", "email": email, "role": role, "origin": self.origin() });
        token(&self.ask(Some(by), "POST", "/invitations", body).await.ok())
    }

    /// Takes a link.
    pub async fn accept(&self, token: &str, password: Option<&str>) -> Answer {
        let body = json!({ "token": token, "password": password, "device": { "name": "Téléphone" } });
        self.ask(None, "POST", "/invitations/accept", body).await
    }

    /// Changes one of the agency's settings.
    pub async fn set(&self, by: &Session, name: &str, value: u32) {
        let mut settings = self.get(by, "/settings").await;
        settings[name] = value.into();
        self.ask(Some(by), "PUT", "/settings", settings).await.ok();
    }

    /// What arrived late, as somebody sees it.
    pub async fn reviews(&self, by: &Session) -> Vec<Value> {
        self.get(by, "/reviews").await.as_array().unwrap().clone()
    }

    /// Decides a review.
    pub async fn decide(&self, by: &Session, review: &Value, decision: &str) -> Answer {
        let path = format!("/reviews/{}", review["id"]);
        self.ask(Some(by), "POST", &path, json!({ "decision": decision })).await
    }

    /// Waits for entries of the access log with an action, newest first, as many as are asked for or more.
    pub async fn entries(&self, dpo: &Session, action: &str, count: usize) -> Vec<Value> {
        let ask = async || {
            let page = self.get(dpo, "/audit?limit=200").await;
            let all = page["entries"].as_array().unwrap().iter();
            let found: Vec<Value> = all.filter(|entry| entry["action"] == action).cloned().collect();
            (found.len() >= count).then_some(found)
        };
        eventually(action, ask).await
    }

    /// The access log as somebody reads it who may: pairs of action and reason, oldest first.
    pub async fn access_log(&self, dpo: &Session) -> Vec<(String, String)> {
        let page = self.get(dpo, "/audit?limit=200").await;
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        let entries = page["entries"].as_array().unwrap().iter().rev();
        entries.map(|entry| (text(entry, "action"), text(entry, "reason"))).collect()
    }
}

/// The token behind the `#` of a link.
pub fn token(answer: &Value) -> String {
    answer["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
}

/// Milliseconds since 1970 by this machine.
pub fn now() -> i64 {
    clock::now().0
}
