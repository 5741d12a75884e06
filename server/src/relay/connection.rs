//! One connection: turns what happens on the socket and in the log into events of the session, and carries
//! out its effects.
//!
//! Never interprets a message itself, and never lets one connection wait for another.

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt as _;
use futures_util::stream::{FuturesOrdered, SplitStream};
use liaison_shared::Seq;
use liaison_shared::protocol::{HelloRefusal, RefusedChange};
use liaison_shared::sync::{Candidate, RelayEffect, RelayEvent, RelaySession};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, Sleep, interval, sleep};

use super::end::End;
use super::input::{Answer, Input, Pending, pending};
use super::limits::Counted;
use super::socket::Outbox;
use super::{Relay, WriterStopped};
use crate::accounts::TokenHash;
use crate::log::{LogError, Page, Push};
use crate::{clock, metrics};

struct Connection {
    relay: Relay,
    session: RelaySession,
    outbox: Outbox,
    token: Option<TokenHash>,
    counted: Option<Counted>,
    answers: FuturesOrdered<Pending<Answer>>,
    reading: Option<Pending<Result<Page, LogError>>>,
    /// How far the device has stored the log, when that is not noted yet.
    unsaved: Option<Seq>,
}

/// Serves one connection until it ends.
pub(super) async fn serve(relay: Relay, socket: WebSocket) {
    let open = metrics::connection();
    let (sink, mut stream) = socket.split();
    let outbox = Outbox::start(sink, relay.limits.outbox_frames, relay.limits.send_timeout);
    let mut connection = Connection {
        relay,
        session: RelaySession::default(),
        outbox,
        token: None,
        counted: None,
        answers: FuturesOrdered::new(),
        reading: None,
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
        let mut head = self.relay.feed.head();
        let mut revoked = self.relay.sessions.revocations();
        let mut stopping = self.relay.stopping.clone();
        let mut contact = interval(self.relay.limits.contact_every);
        contact.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut deadline: Pin<Box<Sleep>> = Box::pin(sleep(self.relay.limits.hello_timeout));
        loop {
            let input = tokio::select! {
                biased;
                _ = stopping.wait_for(|stopping| *stopping) => Input::End(End::Stopping),
                Some(answer) = self.answers.next() => Input::Answer(answer),
                page = pending(&mut self.reading) => Input::Page(page),
                revocation = revoked.recv() => Input::Revocation(revocation),
                Ok(()) = head.changed() => Input::Advanced(*head.borrow_and_update()),
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
            Input::Advanced(head) => self.event(RelayEvent::Advanced(head)).await,
            Input::Revocation(revocation) => self.revocation(&revocation),
            Input::Contact => {
                self.save_contact().await;
                Ok(())
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
        match page {
            Ok(Page { entries, upto }) => self.event(RelayEvent::Read { entries, upto }).await,
            Err(error) => {
                tracing::error!(%error, "the log could not be read");
                Err(End::StoreFailed)
            }
        }
    }

    fn revocation(&self, revocation: &Result<TokenHash, RecvError>) -> Result<(), End> {
        match revocation {
            Ok(token) if Some(*token) != self.token => Ok(()),
            Ok(_) => Err(End::Revoked),
            // Some were missed, perhaps ours: the device connects again and is told.
            Err(RecvError::Lagged(_) | RecvError::Closed) => Err(End::Stopping),
        }
    }

    /// Gives an event to the session and carries out what it asks for.
    async fn event(&mut self, event: RelayEvent<'_>) -> Result<(), End> {
        let mut effects: VecDeque<RelayEffect> = self.session.handle(event, clock::now()).into();
        while let Some(effect) = effects.pop_front() {
            match effect {
                RelayEffect::Send(frame) => self.outbox.send(frame).await?,
                RelayEffect::Identify { token, app } => {
                    let event = self.identify(&token, &app).await?;
                    effects.extend(self.session.handle(event, clock::now()));
                }
                RelayEffect::Append { push, candidates, refused } => {
                    effects.extend(self.append(push, candidates, refused).await?);
                }
                RelayEffect::Read { after } => self.read(after),
                RelayEffect::Stored(seq) => self.unsaved = Some(seq),
                RelayEffect::Close => return Err(End::Refused),
            }
        }
        Ok(())
    }

    async fn identify(&mut self, token: &str, app: &str) -> Result<RelayEvent<'static>, End> {
        let found = self.relay.sessions.identify(token, clock::now()).await.map_err(|error| {
            tracing::error!(%error, "a session could not be looked up");
            End::StoreFailed
        })?;
        let result = match found {
            None => Err(HelloRefusal::UnknownSession),
            Some(identity) => {
                let most = self.relay.limits.connections_per_account;
                self.counted = self.relay.counts.open(identity.user, most);
                self.counted.as_ref().map(|_| identity).ok_or(HelloRefusal::TooManyConnections)
            }
        };
        self.token = Some(TokenHash::of(token));
        match &result {
            Ok(identity) => tracing::info!(device = %identity.device, app, "connected"),
            Err(reason) => tracing::info!(%reason, app, "hello refused"),
        }
        // The store's own head: another process may have appended (an account added beside a running relay), and a
        // device that has it must not be taken for one of another log.
        let head = self.relay.feed.check().await.map_err(|error| {
            tracing::error!(%error, "the head of the log could not be read");
            End::StoreFailed
        })?;
        Ok(RelayEvent::Identified { result, epoch: self.relay.feed.epoch(), head })
    }

    /// Queues a push; one with nothing to append is answered at once.
    async fn append(
        &mut self,
        push: u64,
        candidates: Vec<Candidate>,
        mut refused: Vec<RefusedChange>,
    ) -> Result<Vec<RelayEffect>, End> {
        metrics::pushed(&refused);
        let now = clock::now();
        let identity = self.session.identity().filter(|_| !candidates.is_empty());
        let Some(identity) = identity else {
            let event = RelayEvent::Appended { push, seq: Seq(0), refused, fresh: Vec::new() };
            return Ok(self.session.handle(event, now));
        };
        let answer = self.relay.writer.push(Push { identity, candidates, received: now }).await?;
        self.answers.push_back(Box::pin(async move {
            let appended = answer.await.map_err(|_| WriterStopped)?;
            refused.extend(appended.refused);
            let fresh = appended.entries.iter().map(|entry| entry.seq).collect();
            Ok(RelayEvent::Appended { push, seq: appended.seq, refused, fresh })
        }));
        Ok(Vec::new())
    }

    fn read(&mut self, after: Seq) {
        let Some(identity) = self.session.identity() else { return };
        let feed = self.relay.feed.clone();
        self.reading = Some(Box::pin(async move { feed.read(after, identity.role).await }));
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
        if end == End::Stopping {
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
