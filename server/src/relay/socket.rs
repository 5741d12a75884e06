//! The sending half of a connection: a bounded outbox in front of the socket.
//!
//! Never waits for a device that does not read: after the send timeout the connection is cut off. Until then it keeps so many
//! bytes for it, and no more.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::SinkExt as _;
use futures_util::stream::SplitSink;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;

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
    /// Starts sending.
    pub fn start(sink: SplitSink<WebSocket, Message>, frames: usize, timeout: Duration) -> Self {
        let (sender, receiver) = mpsc::channel(frames);
        let room = Arc::new(Semaphore::new(ROOM));
        Self { frames: sender, room, sender: tokio::spawn(send_all(sink, receiver, timeout)) }
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

async fn send_all(mut sink: SplitSink<WebSocket, Message>, mut frames: mpsc::Receiver<Queued>, timeout: Duration) {
    while let Some((first, room)) = frames.recv().await {
        let burst = async {
            sink.feed(first).await?;
            drop(room);
            while let Ok((next, room)) = frames.try_recv() {
                sink.feed(next).await?;
                drop(room);
            }
            sink.flush().await
        };
        match tokio::time::timeout(timeout, burst).await {
            Ok(Ok(())) => {}
            Ok(Err(_gone)) => return,
            Err(_slow) => {
                crate::metrics::cut_off();
                return;
            }
        }
    }
}
