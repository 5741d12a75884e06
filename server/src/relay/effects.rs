//! What a session asks for, carried out: looked up, appended, read, kept, written down.
//!
//! Never decides: [`liaison_shared::sync::RelaySession`] has.

use std::collections::VecDeque;
use std::future::ready;

use liaison_shared::access::{Reach, Scope};
use liaison_shared::protocol::{ChangeRefusal, HelloRefusal, Reading, RefusedChange, UNMASKED};
use liaison_shared::sync::{Admitted, Candidate, HoldState, HoldingRow, Identity, RelayEffect, RelayEvent};
use liaison_shared::time::Millis;
use liaison_shared::{DocumentId, DocumentKind, DossierId, Seq};
use tokio::task::JoinHandle;

use super::WriterStopped;
use super::connection::Connection;
use super::end::End;
use crate::accounts::{AccountError, Session, TokenHash};
use crate::audit::{Action, Entry};
use crate::log::{LogError, Push, View};
use crate::{clock, metrics};

const DAY: i64 = 24 * 3_600_000;

impl Connection {
    /// Gives an event to the session and carries out what it asks for.
    pub(super) async fn event(&mut self, event: RelayEvent<'_>) -> Result<(), End> {
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
                RelayEffect::Backfill { dossier, after } => self.backfill(dossier, after),
                RelayEffect::Listen => self.listen(),
                RelayEffect::Hold(rows) => self.hold(&rows).await?,
                RelayEffect::Note { id, readings } => {
                    self.note(readings).await?;
                    effects.extend(self.session.handle(RelayEvent::Noted(id), clock::now()));
                }
                RelayEffect::StartedOver => {
                    if let Some(identity) = self.session.identity() {
                        self.relay.devices.serve_as(identity.device, identity.role).await.map_err(store_failed)?;
                    }
                }
                RelayEffect::Stored(seq) => self.unsaved = Some(seq),
                RelayEffect::Close => return Err(End::Refused),
            }
        }
        Ok(())
    }

    async fn identify(&mut self, token: &str, app: &str) -> Result<RelayEvent<'static>, End> {
        let now = clock::now();
        let found = self.relay.sessions.identify(token, now).await.map_err(store_failed)?;
        self.found.clone_from(&found);
        self.token = Some(TokenHash::of(token));
        let result = match found {
            None => Err(HelloRefusal::UnknownSession),
            Some(session) => {
                let most = self.relay.limits.connections_per_account;
                self.counted = self.relay.counts.open(session.identity.user, most);
                match &self.counted {
                    Some(_) => Ok(Box::new(self.admit(session).await?)),
                    None => Err(HelloRefusal::TooManyConnections),
                }
            }
        };
        match &result {
            Ok(admitted) => tracing::info!(device = %admitted.identity.device, app, "connected"),
            Err(reason) => tracing::info!(%reason, app, "hello refused"),
        }
        let refused = match &result {
            Err(HelloRefusal::UnknownSession) => Some(Entry::new(Action::SessionRefused, now)),
            Ok(admitted) if admitted.revoked => {
                Some(Entry::new(Action::SessionRefused, now).by(admitted.identity).because("revoked"))
            }
            _ => None,
        };
        if let Some(entry) = refused {
            self.relay.audit.refused(entry, None).await;
        }
        // The store's own head: another process may have appended (an account added beside a running relay), and a
        // device that has it must not be taken for one of another log.
        let head = self.relay.feed.check().await.map_err(|error| {
            tracing::error!(%error, "the head of the log could not be read");
            End::StoreFailed
        })?;
        // Nothing stands behind it, no snapshot either.
        self.settled = Some(head);
        Ok(RelayEvent::Identified { result, epoch: self.relay.feed.epoch(), head })
    }

    async fn admit(&mut self, session: Session) -> Result<Admitted, End> {
        let Session { identity, sectors, revoked, .. } = session;
        let scope = self.relay.grants.scope(&identity, &sectors, clock::now());
        let days = i64::from(self.relay.settings.current().bail_jours);
        let lease = (identity.role.reach() == Reach::Team).then_some(Millis(days * DAY));
        if !revoked && scope != Scope::Agency {
            self.scoped = Some((sectors, scope.clone()));
        }
        let former = self.relay.devices.served(identity.device).await.map_err(store_failed)?;
        // Who reaches everything, as before, is granted nothing: there are no rows to read at each reconnection.
        let holdings = if scope == Scope::Agency && former == Some(identity.role) && !revoked {
            Vec::new()
        } else {
            self.relay.devices.holdings(identity.device).await.map_err(store_failed)?
        };
        Ok(Admitted { identity, scope, holdings, former, lease, revoked })
    }

    /// Tells the session when the person reaches something else than before.
    pub(super) async fn rescope(&mut self) -> Result<(), End> {
        let (Some(identity), Some((sectors, known))) = (self.session.identity(), &mut self.scoped) else {
            return Ok(());
        };
        let scope = self.relay.grants.scope(&identity, sectors, clock::now());
        if scope == *known {
            return Ok(());
        }
        known.clone_from(&scope);
        self.event(RelayEvent::Rescoped(scope)).await
    }

    async fn hold(&mut self, rows: &[HoldingRow]) -> Result<(), End> {
        let (Some(identity), now) = (self.session.identity(), clock::now()) else { return Ok(()) };
        self.relay.devices.hold(identity.device, rows, now).await.map_err(store_failed)?;
        for row in rows.iter().filter(|row| row.state == HoldState::Forgotten) {
            let entry = Entry::new(Action::DossierForgotten, now).by(identity);
            self.relay.audit.record(Entry { dossier: Some(row.dossier), ..entry }).await;
        }
        Ok(())
    }

    async fn note(&mut self, readings: Vec<Reading>) -> Result<(), End> {
        let (Some(identity), received) = (self.session.identity(), clock::now()) else { return Ok(()) };
        let known = |reading: &Reading| {
            let is_kind = DocumentKind::ALL.iter().any(|kind| kind.name() == reading.volet);
            is_kind || reading.volet == UNMASKED
        };
        let entry = |reading: Reading| Entry {
            at: reading.at,
            dossier: Some(reading.dossier),
            volet: Some(reading.volet),
            offline: reading.offline,
            ..Entry::new(Action::Read, received).by(identity)
        };
        let entries = readings.into_iter().filter(known).map(entry).collect();
        self.relay.audit.record_all(entries).await.map_err(|error| {
            tracing::error!(%error, "readings could not be written down");
            End::StoreFailed
        })
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
        let Some(identity) = self.session.identity() else { return Ok(Vec::new()) };
        if candidates.is_empty() {
            note_refusals(&self.relay.audit, identity, None, &refused).await;
            let event = RelayEvent::Appended { push, seq: Seq(0), refused, review: Vec::new(), fresh: Vec::new() };
            return Ok(self.session.handle(event, now));
        }
        let document = candidates.first().map(|candidate| candidate.document);
        let answer = self.relay.writer.push(Push { identity, candidates, received: now }).await?;
        let audit = self.relay.audit.clone();
        self.answers.push_back(Box::pin(async move {
            let appended = answer.await.map_err(|_| WriterStopped)?;
            refused.extend(appended.refused);
            note_refusals(&audit, identity, document, &refused).await;
            let fresh = appended.entries.iter().map(|entry| entry.seq).collect();
            Ok(RelayEvent::Appended { push, seq: appended.seq, refused, review: appended.review, fresh })
        }));
        Ok(Vec::new())
    }

    /// What this connection may see now.
    fn view(&self) -> Option<View> {
        Some(View { role: self.session.identity()?.role, dossiers: self.session.visible() })
    }

    fn listen(&self) {
        if let Some(view) = self.view() {
            self.listener.listen(view);
        }
    }

    /// What memory has is there at once, but takes its turn behind the answers to what this connection has pushed (FEED-5).
    fn read(&mut self, after: Seq) {
        let Some(view) = self.view() else { return };
        let settled = self.settled == Some(after);
        if let Some(page) = settled.then(|| self.relay.feed.recent(after, &view)).flatten() {
            self.reading = Some(Box::pin(ready(Ok(page))));
            return;
        }
        let feed = self.relay.feed.clone();
        let reading = tokio::spawn(async move { feed.read(after, &view).await });
        self.reading = Some(Box::pin(read_apart(reading)));
    }

    fn backfill(&mut self, dossier: DossierId, after: Seq) {
        let Some(identity) = self.session.identity() else { return };
        let feed = self.relay.feed.clone();
        let reading = tokio::spawn(async move { feed.backfill(dossier, after, identity.role).await });
        self.backfill = Some(Box::pin(async move { (dossier, read_apart(reading).await) }));
    }
}

/// A reading in a task of its own: it may hold what the writer waits for, so it must go on while this connection waits for
/// the writer.
async fn read_apart<T>(reading: JoinHandle<Result<T, LogError>>) -> Result<T, LogError> {
    reading.await.unwrap_or(Err(LogError::Interrupted))
}

/// Changes that were refused because of who wrote them belong in the access log; bad luck does not.
async fn note_refusals(
    audit: &crate::audit::Audit,
    identity: Identity,
    document: Option<DocumentId>,
    refused: &[RefusedChange],
) {
    let suspicious = |reason: ChangeRefusal| {
        matches!(
            reason,
            ChangeRefusal::Forbidden
                | ChangeRefusal::ForeignActor
                | ChangeRefusal::ForeignAuthor
                | ChangeRefusal::ForgedGenesis
        )
    };
    let Some(first) = refused.iter().find(|refusal| suspicious(refusal.reason)) else { return };
    let entry = Entry::new(Action::PushRefused, clock::now()).by(identity).because(first.reason.to_string());
    let dossier = document.and_then(|document| document.dossier());
    let volet = document.map(|document| document.kind().name().to_owned());
    audit.refused(Entry { dossier, volet, ..entry }, None).await;
}

#[expect(clippy::needless_pass_by_value, reason = "errors come by value, from map_err")]
fn store_failed(error: AccountError) -> End {
    tracing::error!(%error, "a connection could not be served");
    End::StoreFailed
}
