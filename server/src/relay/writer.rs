//! The one writer of the log: takes whatever is queued, appends it in one transaction, answers each push.
//!
//! Never answers what is not durable. When the store fails, the pushes get no answer at all: their
//! connections end and their devices push again.

use liaison_shared::sync::LogChunk;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::Publisher;
use crate::clock::Stopwatch;
use crate::log::{Appended, ChangeLog, Push};
use crate::metrics;

/// Changes in one transaction: more would make the first wait for the last without saving much.
const BATCH_CHANGES: usize = 1024;

/// The writer has ended, or could not store a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the log did not take the push")]
pub struct WriterStopped;

#[derive(Debug)]
struct Queued {
    push: Push,
    answer: oneshot::Sender<Appended>,
}

/// The way to the writer.
#[derive(Debug, Clone)]
pub struct Writer {
    queue: mpsc::Sender<Queued>,
}

impl Writer {
    /// Starts the writer; it ends when every [`Writer`] is dropped and the queue is empty.
    #[must_use]
    pub fn start(log: impl ChangeLog, publisher: Publisher, queue: usize) -> (Self, JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(queue);
        let task = tokio::spawn(run(log, publisher, receiver));
        (Self { queue: sender }, task)
    }

    /// Queues a push, waiting for room; the receiver gets its answer once it is durable, or an error when it
    /// will not be.
    ///
    /// # Errors
    /// When the writer has ended.
    pub async fn push(&self, push: Push) -> Result<oneshot::Receiver<Appended>, WriterStopped> {
        let (answer, receiver) = oneshot::channel();
        self.queue.send(Queued { push, answer }).await.map_err(|_| WriterStopped)?;
        Ok(receiver)
    }
}

async fn run(log: impl ChangeLog, publisher: Publisher, mut queue: mpsc::Receiver<Queued>) {
    while let Some(first) = queue.recv().await {
        let mut changes = first.push.candidates.len();
        let mut pushes = vec![first.push];
        let mut answers = vec![first.answer];
        while changes < BATCH_CHANGES
            && let Ok(next) = queue.try_recv()
        {
            changes += next.push.candidates.len();
            pushes.push(next.push);
            answers.push(next.answer);
        }
        let _turn = publisher.turn().await;
        let watch = Stopwatch::start();
        match log.append(pushes).await {
            Ok(appended) => {
                metrics::appended(&appended, watch.elapsed());
                publish(&publisher, appended, answers).await;
            }
            Err(error) => {
                metrics::append_failed();
                tracing::error!(%error, changes, "the log could not append; nothing was acknowledged");
            }
        }
    }
}

/// Answers before it announces, so that a connection knows its own changes when it reads on.
async fn publish(publisher: &Publisher, appended: Vec<Appended>, answers: Vec<oneshot::Sender<Appended>>) {
    let chunks = appended.iter().flat_map(|appended| &appended.entries).map(LogChunk::from).collect();
    for (answer, appended) in answers.into_iter().zip(appended) {
        // The connection may have ended meanwhile: its device will push again and be told it is known.
        answer.send(appended).ok();
    }
    publisher.publish(chunks).await;
}
