//! What a connection waits for, one kind of thing per source.

use std::future::Future;
use std::pin::Pin;

use axum::extract::ws::Message;
use liaison_shared::sync::RelayEvent;
use liaison_shared::{DossierId, Seq};
use tokio::sync::broadcast::error::RecvError;

use super::WriterStopped;
use super::end::End;
use super::fanout::Stretch;
use crate::accounts::Revocation;
use crate::log::{LogError, Page};

/// Something that is under way.
pub(super) type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;
/// What the log says to a push.
pub(super) type Answer = Result<RelayEvent<'static>, WriterStopped>;

/// What a connection waits for.
pub(super) enum Input {
    Frame(Option<Result<Message, axum::Error>>),
    Answer(Answer),
    Page(Result<Page, LogError>),
    Backfill(DossierId, Result<Stretch, LogError>),
    Scope,
    Advanced(Seq),
    Revocation(Result<Revocation, RecvError>),
    Contact,
    End(End),
}

/// The value of a future that may not be there: never, then.
pub(super) async fn pending<T>(future: &mut Option<Pending<T>>) -> T {
    match future {
        Some(future) => future.as_mut().await,
        None => std::future::pending().await,
    }
}
