//! The gate before each address: whose token, still valid, with the power that it takes.
//!
//! Decides before anything else of a request is looked at, so that a refusal says nothing about what exists. Every
//! refusal is an entry of the access log.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use liaison_shared::access::{Power, Reach, may};
use liaison_shared::{DocumentKind, DossierId};

use crate::accounts::Session;
use crate::audit::{Action, Entry};
use crate::clock;
use crate::error::ApiError;
use crate::router::{App, Route};

/// Who gets to a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Whoever asks.
    Anybody,
    /// Whoever has a session. What they may do with others' things is up to the handler.
    Session,
    /// Whoever has a session and this power.
    Power(Power),
    /// The session of a revoked device, and no other.
    RevokedDevice,
}

/// Who asks, once they are past the gate.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Their session.
    pub session: Session,
    /// Where they ask from.
    pub address: IpAddr,
    /// What they ask for, without ids: for the access log.
    pub asked: &'static Route,
}

impl Caller {
    /// Whether they have a power.
    #[must_use]
    pub fn may(&self, power: Power) -> bool {
        may(self.session.identity.role, power)
    }

    /// Whether they reach a dossier now; none stands for what is written as no dossier: one that nobody has begun.
    #[must_use]
    pub fn reaches(&self, app: &App, dossier: Option<DossierId>) -> bool {
        let Session { identity, sectors, .. } = &self.session;
        match dossier {
            Some(dossier) => app.relay.grants.reaches(identity, sectors, dossier, clock::now()),
            None => identity.role.reach() == Reach::Agency,
        }
    }

    /// An entry of the access log about what they do.
    #[must_use]
    pub fn entry(&self, action: Action) -> Entry {
        Entry::new(action, clock::now()).by(self.session.identity)
    }

    /// The refusal of what they ask for, written to the access log.
    pub async fn forbidden(&self, app: &App) -> ApiError {
        self.forbidden_in(app, None, None).await
    }

    /// As [`Self::forbidden`], about a volet of a dossier, whether it exists or not.
    pub async fn forbidden_in(&self, app: &App, dossier: Option<DossierId>, volet: Option<DocumentKind>) -> ApiError {
        let entry = self.entry(Action::Forbidden).because(asked(self.asked));
        let volet = volet.map(|kind| kind.name().to_owned());
        app.audit.refused(Entry { dossier, volet, ..entry }, Some(self.address)).await;
        ApiError::Forbidden
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    /// There is one behind every gate that asks for a session; a handler behind another gets nobody.
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        parts.extensions.get().cloned().ok_or(ApiError::UnknownSession)
    }
}

/// Lets a request through, or answers it.
///
/// # Errors
/// Without a valid session, without the power, or without a store.
pub async fn gate(
    State((app, route)): State<(App, &'static Route)>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    if route.gate != Gate::Anybody {
        let caller = caller(&app, route, &parts).await?;
        let open = match route.gate {
            Gate::Power(power) => caller.may(power),
            Gate::RevokedDevice => caller.session.revoked,
            Gate::Session | Gate::Anybody => true,
        };
        if !open {
            return Err(caller.forbidden(&app).await);
        }
        parts.extensions.insert(caller);
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}

async fn caller(app: &App, route: &'static Route, parts: &Parts) -> Result<Caller, ApiError> {
    let address = app.address(parts);
    let found = match bearer(&parts.headers) {
        Some(token) => app.login.sessions.identify(token, clock::now()).await?,
        None => None,
    };
    let entry = Entry::new(Action::SessionRefused, clock::now()).because(asked(route));
    let entry = match found {
        // A revoked device's session is as unknown as any, but for saying that everything is forgotten.
        Some(session) if session.revoked && route.gate != Gate::RevokedDevice => entry.by(session.identity),
        Some(session) => return Ok(Caller { session, address, asked: route }),
        None => entry,
    };
    app.audit.refused(entry, Some(address)).await;
    Err(ApiError::UnknownSession)
}

fn asked(route: &Route) -> String {
    format!("{} /api{}", route.method, route.path)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Where a request without a session comes from.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        Ok(Self(app.address(parts)))
    }
}

impl App {
    /// Where a request comes from.
    #[must_use]
    pub fn address(&self, parts: &Parts) -> IpAddr {
        // Always there: the server is started with connection info. Were it not, all would count as one address.
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(peer)| peer.ip());
        client_address(&parts.headers, peer, self.behind_proxy)
    }
}

/// Who asks: behind a proxy, the last address it added; anything before that is the client's own word.
fn client_address(headers: &HeaderMap, peer: IpAddr, behind_proxy: bool) -> IpAddr {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let last = forwarded.and_then(|value| value.rsplit(',').next()?.trim().parse().ok());
    last.filter(|_| behind_proxy).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_is_believed_and_only_its_last_word() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "203.0.113.1".parse().unwrap());
        headers.append("x-forwarded-for", "198.51.100.7, 192.0.2.9".parse().unwrap());
        let peer: IpAddr = "127.0.0.1".parse().unwrap();
        assert_eq!(client_address(&headers, peer, false), peer);
        assert_eq!(client_address(&headers, peer, true), "192.0.2.9".parse::<IpAddr>().unwrap());
        assert_eq!(client_address(&HeaderMap::new(), peer, true), peer);
    }
}
