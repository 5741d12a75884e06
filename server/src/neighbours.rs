//! Other relays on the same PostgreSQL database: what they have done is taken up here within moments.
//!
//! What they say (NOTIFY) only wakes; what counts is read from the store, and looked for every few seconds anyway: nothing
//! depends on a word that may get lost. Beside SQLite there are no other relays, and this has nothing to do.

use std::fmt::Display;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use sqlx::postgres::PgListener;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::accounts::{Revocation, Sessions};
use crate::database::{Database, News};
use crate::relay::Publisher;
use crate::settings::SettingsStore;

/// How often the store is looked at, whatever was heard.
const POLL: Duration = Duration::from_secs(5);
/// Before the next attempt to listen.
const RETRY: Duration = Duration::from_secs(1);

/// What follows the other relays.
#[derive(Debug, Clone)]
pub struct Neighbours {
    database: Database,
    publisher: Publisher,
    sessions: Sessions,
    settings: SettingsStore,
}

impl Neighbours {
    /// What they append goes to `publisher`, what they end to the connections of `sessions`, what they choose to `settings`.
    #[must_use]
    pub fn new(database: Database, publisher: Publisher, sessions: Sessions, settings: SettingsStore) -> Self {
        Self { database, publisher, sessions, settings }
    }

    /// Follows them as long as it is let; ends at once where there cannot be any.
    pub async fn run(self) {
        let mut away = false;
        loop {
            match self.database.listen().await {
                Ok(None) => return,
                Ok(Some(listener)) => {
                    away = false;
                    self.follow(words(listener)).await;
                    tracing::warn!("the connection that listens to the other relays was lost");
                }
                Err(error) if !away => {
                    away = true;
                    tracing::error!(%error, "the other relays cannot be heard");
                }
                Err(_still) => {}
            }
            sleep(RETRY).await;
        }
    }

    /// Follows until the listener is lost.
    async fn follow(&self, mut words: BoxStream<'static, String>) {
        let mut poll = interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                heard = words.next() => match heard {
                    Some(words) => self.hear(&words).await,
                    None => return,
                },
                // At once for the first time: what was done before anybody listened is missed otherwise.
                _ = poll.tick() => {
                    let reached = told(self.publisher.catch_up().await);
                    let _settings = told(self.settings.reload().await);
                    // Where nothing can be read, what listens may have been lost without a word.
                    if !reached {
                        return;
                    }
                }
            }
        }
    }

    async fn hear(&self, words: &str) {
        match News::read(words) {
            Some(News::Log(relay)) if self.database.is_own(relay) => {}
            Some(News::Log(_)) => _ = told(self.publisher.catch_up().await),
            Some(News::Settings) => _ = told(self.settings.reload().await),
            Some(News::Revoked(what)) => match Revocation::read(&what) {
                Some(revocation) => self.sessions.hear(revocation),
                None => tracing::warn!("another relay has revoked something that this version does not know"),
            },
            // Of a newer version.
            None => {}
        }
    }
}

/// What is said, until the connection is lost.
fn words(listener: PgListener) -> BoxStream<'static, String> {
    let next = |mut listener: PgListener| async move {
        match listener.try_recv().await {
            Ok(Some(heard)) => Some((heard.payload().to_owned(), listener)),
            Ok(None) | Err(_) => None,
        }
    };
    stream::unfold(listener, next).boxed()
}

/// What could not be taken up is looked for again soon. Whether it could.
fn told(result: Result<(), impl Display>) -> bool {
    result.inspect_err(|error| tracing::warn!(%error, "what another relay has done could not be read")).is_ok()
}
