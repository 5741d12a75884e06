//! The sending half of a connection: a bounded outbox in front of the socket.
//!
//! Never waits for a device that does not read: after the send timeout the connection is cut off. Until then it keeps so many
//! bytes for it, and no more. One that reads slowly has that time for each frame.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message};
use futures_util::{Sink, SinkExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::metrics;

/// Bytes that wait for one device: two of the largest frames, or many small ones.
const ROOM: usize = 512 << 10;

/// A frame, and the room that it takes until it is sent.
type Queued = (Message, Option<OwnedSemaphorePermit>);

/// Frames waiting to be sent.
#[derive(Debug)]
pub(super) struct Outbox {
    frames: mpsc::Sender<Queued>,
    room: Arc<Semaphore>,
    sender: JoinHandle<()>,
}

/// The device does not read, or is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CutOff;

impl Outbox {
    /// Starts sending; `limit` is for each frame.
    pub fn start<S>(sink: S, frames: usize, limit: Duration) -> Self
    where
        S: Sink<Message, Error = axum::Error> + Unpin + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(frames);
        let room = Arc::new(Semaphore::new(ROOM));
        Self { frames: sender, room, sender: tokio::spawn(send_all(sink, receiver, limit)) }
    }

    /// Queues a frame, waiting for room.
    pub async fn send(&self, frame: Vec<u8>) -> Result<(), CutOff> {
        // One that is larger than all there is takes all.
        let bytes = u32::try_from(frame.len().min(ROOM)).unwrap_or(u32::MAX);
        let room = tokio::select! {
            room = Arc::clone(&self.room).acquire_many_owned(bytes) => room.map_err(|_| CutOff)?,
            () = self.frames.closed() => return Err(CutOff),
        };
        self.frames.send((Message::Binary(frame.into()), Some(room))).await.map_err(|_| CutOff)
    }

    /// Ends when nothing can be sent any more.
    pub async fn cut_off(&self) {
        self.frames.closed().await;
    }

    /// Sends what is queued, then says goodbye.
    pub async fn close(self, code: u16, reason: &'static str) {
        let goodbye = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        // When the device is cut off already there is nobody to say it to.
        self.frames.send((goodbye, None)).await.ok();
        drop(self.frames);
        if let Err(error) = self.sender.await {
            tracing::error!(%error, "the sending half of a connection panicked");
        }
    }
}

/// What is queued together is flushed together. No step waits for more than one large frame: what was fed before has to be
/// taken first, and the sink is ready only then.
async fn send_all<S>(mut sink: S, mut frames: mpsc::Receiver<Queued>, limit: Duration)
where
    S: Sink<Message, Error = axum::Error> + Unpin,
{
    while let Some(first) = frames.recv().await {
        let mut next = Some(first);
        while let Some((frame, room)) = next {
            if !taken(limit, sink.feed(frame)).await {
                return;
            }
            drop(room);
            next = frames.try_recv().ok();
        }
        let ready = poll_fn(|context| sink.poll_ready_unpin(context));
        if !taken(limit, ready).await || !taken(limit, sink.flush()).await {
            return;
        }
    }
}

/// Whether a step of sending came to its end in time.
async fn taken(limit: Duration, step: impl Future<Output = Result<(), axum::Error>>) -> bool {
    let Ok(done) = timeout(limit, step).await else {
        metrics::cut_off();
        return false;
    };
    done.is_ok()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::sink::unfold;
    use tokio::time::sleep;

    use super::*;

    /// A device that takes so long for each frame, and how many it has taken.
    fn taking(each: Duration) -> (impl Sink<Message, Error = axum::Error> + Unpin + Send + 'static, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let sink = unfold(Arc::clone(&count), move |count, _: Message| async move {
            sleep(each).await;
            count.fetch_add(1, Ordering::SeqCst);
            Ok::<_, axum::Error>(count)
        });
        (Box::pin(sink), count)
    }

    #[tokio::test]
    async fn link_5_who_reads_slowly_without_a_pause_is_not_cut_off() {
        let limit = Duration::from_secs(1);
        let (sink, count) = taking(limit / 50);
        let outbox = Outbox::start(sink, 100, limit);
        // All of them together take longer.
        for _ in 0..75 {
            outbox.send(vec![0; 1000]).await.unwrap();
        }
        outbox.close(1000, "").await;
        assert_eq!(count.load(Ordering::SeqCst), 76, "and the goodbye");
    }

    #[tokio::test]
    async fn link_5_who_takes_nothing_is_cut_off() {
        let (sink, count) = taking(Duration::from_secs(3600));
        let outbox = Outbox::start(sink, 100, Duration::from_millis(50));
        outbox.send(vec![0; 1000]).await.unwrap();
        timeout(Duration::from_secs(20), outbox.cut_off()).await.expect("it is cut off");
        assert_eq!(outbox.send(vec![0; 1000]).await, Err(CutOff));
        assert_eq!(count.load(Ordering::SeqCst), 0);
    }
}
