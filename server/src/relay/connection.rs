//! One connection: turns what happens on the socket and in the log into events of the session, and carries
//! out its effects.
//!
//! Never interprets a message itself, and never lets one connection wait for another.

use std::pin::Pin;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt as _;
use futures_util::stream::{FuturesOrdered, SplitStream};
use liaison_shared::access::Scope;
use liaison_shared::sync::{RelayEvent, RelaySession};
use liaison_shared::{DossierId, Seq};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, Sleep, interval, sleep};

use super::Relay;
use super::end::End;
use super::fanout::Stretch;
use super::input::{Answer, Input, Pending, pending};
use super::limits::Counted;
use super::listeners::Listener;
use super::socket::Outbox;
use crate::accounts::{Revocation, Session, TokenHash};
use crate::log::{LogError, Page};
use crate::{clock, metrics};

pub(super) struct Connection {
    pub relay: Relay,
    pub session: RelaySession,
    pub outbox: Outbox,
    pub listener: Listener,
    pub token: Option<TokenHash>,
    /// What the token stood for when the connection began.
    pub found: Option<Session>,
    pub counted: Option<Counted>,
    pub answers: FuturesOrdered<Pending<Answer>>,
    pub reading: Option<Pending<Result<Page, LogError>>>,
    /// Whoever was fed up to just here has everything up to here: from here on memory may feed it ([`Page::settled`]).
    pub settled: Option<Seq>,
    pub backfill: Option<Pending<(DossierId, Result<Stretch, LogError>)>>,
    /// The sectors of the person, and what they reach as the session was told; none for those who reach all.
    pub scoped: Option<(Vec<String>, Scope)>,
    /// How far the device has stored the log, when that is not noted yet.
    pub unsaved: Option<Seq>,
}

/// Serves one connection until it ends.
pub(super) async fn serve(relay: Relay, socket: WebSocket) {
    let open = metrics::connection();
    let (sink, mut stream) = socket.split();
    let outbox = Outbox::start(sink, relay.limits.outbox_frames, relay.limits.send_timeout);
    let mut connection = Connection {
        listener: relay.feed.join(),
        relay,
        session: RelaySession::default(),
        outbox,
        token: None,
        found: None,
        counted: None,
        answers: FuturesOrdered::new(),
        reading: None,
        settled: None,
        backfill: None,
        scoped: None,
        unsaved: None,
    };
    let end = connection.run(&mut stream).await;
    let device = connection.session.identity().map(|identity| identity.device.to_string());
    connection.finish(end).await;
    // Whatever the device still had on its way is read and dropped, so that our last frame reaches it.
    let drained = async { while let Some(Ok(_)) = stream.next().await {} };
    tokio::time::timeout(Duration::from_secs(1), drained).await.ok();
    drop(open);
    tracing::debug!(device, ?end, "connection closed");
}

impl Connection {
    async fn run(&mut self, stream: &mut SplitStream<WebSocket>) -> End {
        let head = self.relay.feed.head();
        let mut revoked = self.relay.sessions.revocations();
        let mut stopping = self.relay.stopping.clone();
        let mut grants = self.relay.grants.follow();
        let mut settings = self.relay.settings.follow();
        let mut contact = interval(self.relay.limits.contact_every);
        contact.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut deadline: Pin<Box<Sleep>> = Box::pin(sleep(self.relay.limits.hello_timeout));
        loop {
            let input = tokio::select! {
                biased;
                _ = stopping.wait_for(|stopping| *stopping) => Input::End(End::Stopping),
                Some(answer) = self.answers.next() => Input::Answer(answer),
                page = pending(&mut self.reading) => Input::Page(page),
                (dossier, page) = pending(&mut self.backfill) => Input::Backfill(dossier, page),
                Ok(()) = grants.changed(), if self.scoped.is_some() => Input::Scope,
                Ok(()) = settings.changed(), if self.scoped.is_some() => Input::Scope,
                revocation = revoked.recv() => Input::Revocation(revocation),
                () = self.listener.heard() => Input::Advanced(*head.borrow()),
                () = self.outbox.cut_off() => Input::End(End::CutOff),
                _ = contact.tick() => Input::Contact,
                frame = stream.next(), if self.answers.len() < self.relay.limits.pushes_in_flight => {
                    Input::Frame(frame)
                }
                () = &mut deadline => Input::End(End::Idle),
            };
            let heard = matches!(input, Input::Frame(_));
            if let Err(end) = self.input(input).await {
                return end;
            }
            if heard && self.session.identity().is_some() {
                deadline = Box::pin(sleep(self.relay.limits.idle_timeout));
            }
        }
    }

    async fn input(&mut self, input: Input) -> Result<(), End> {
        match input {
            Input::Frame(frame) => self.received(frame).await,
            Input::Answer(answer) => self.event(answer?).await,
            Input::Page(page) => {
                self.reading = None;
                self.page(page).await
            }
            Input::Backfill(dossier, page) => {
                self.backfill = None;
                let (chunks, more_after) = page.map_err(|error| unreadable(&error))?;
                self.event(RelayEvent::Backfilled { dossier, chunks, more_after }).await
            }
            Input::Scope => self.rescope().await,
            Input::Advanced(head) => self.event(RelayEvent::Advanced(head)).await,
            Input::Revocation(revocation) => self.revocation(&revocation),
            Input::Contact => {
                self.save_contact().await;
                self.look_again().await?;
                // Time alone opens and closes dossiers too.
                self.rescope().await
            }
            Input::End(end) => Err(end),
        }
    }

    async fn received(&mut self, frame: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        match frame {
            Some(Ok(Message::Binary(bytes))) => self.event(RelayEvent::Frame(&bytes)).await,
            // Messages are binary: no text is one.
            Some(Ok(Message::Text(_))) => self.event(RelayEvent::Frame(&[])).await,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
            // Too large for the socket, or not a WebSocket any more: then nobody reads the code.
            Some(Err(_)) => Err(End::Unreadable),
        }
    }

    async fn page(&mut self, page: Result<Page, LogError>) -> Result<(), End> {
        let Page { chunks, upto, settled } = page.map_err(|error| unreadable(&error))?;
        self.settled = settled.then_some(upto);
        self.event(RelayEvent::Read { chunks, upto }).await
    }

    fn revocation(&self, revocation: &Result<Revocation, RecvError>) -> Result<(), End> {
        let identity = self.session.identity();
        match revocation {
            Ok(Revocation::Token(token)) if Some(*token) == self.token => Err(End::Revoked),
            Ok(Revocation::User(user)) if identity.is_some_and(|identity| identity.user == *user) => Err(End::Changed),
            Ok(Revocation::Device(device)) if identity.is_some_and(|identity| identity.device == *device) => {
                Err(End::Changed)
            }
            Ok(_) => Ok(()),
            // Some were missed, perhaps ours: the device connects again and is told.
            Err(RecvError::Lagged(_) | RecvError::Closed) => Err(End::Stopping),
        }
    }

    /// What another relay has revoked is told, but a word may get lost: what the session stands for is looked at again.
    async fn look_again(&mut self) -> Result<(), End> {
        let Some(found) = &self.found else { return Ok(()) };
        match self.relay.sessions.find(found.token, clock::now()).await {
            Ok(Some(now)) if now == *found => Ok(()),
            Ok(Some(_)) => Err(End::Changed),
            Ok(None) => Err(End::Revoked),
            Err(error) => {
                tracing::warn!(%error, "whether a session still lasts could not be read");
                Ok(())
            }
        }
    }

    async fn save_contact(&mut self) {
        let (Some(identity), Some(seq)) = (self.session.identity(), self.unsaved.take()) else { return };
        let cursor = Some((self.relay.feed.epoch(), seq));
        if let Err(error) = self.relay.devices.contact(identity.device, cursor, clock::now()).await {
            tracing::warn!(%error, device = %identity.device, "where a device stands could not be noted");
        }
    }

    /// Answers what is under way where that can still be done, and says goodbye.
    async fn finish(mut self, end: End) {
        if matches!(end, End::Stopping | End::Changed) {
            while let Some(Ok(event)) = self.answers.next().await {
                if self.event(event).await.is_err() {
                    break;
                }
            }
        }
        self.save_contact().await;
        let (code, reason) = end.code();
        self.outbox.close(code, reason).await;
    }
}

fn unreadable(error: &LogError) -> End {
    tracing::error!(%error, "the log could not be read");
    End::StoreFailed
}
