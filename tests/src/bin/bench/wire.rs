//! A WebSocket whose every byte is counted, below the HTTP upgrade and the framing.
//!
//! Never counts TCP and IP headers, nor TLS: there is none on loopback.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, ready};

use futures_util::{SinkExt as _, StreamExt as _};
use liaison_shared::protocol::{ClientMessage, Cursor, PROTOCOL, RelayMessage, decode, encode};
use liaison_tests::client::Session;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use crate::Failure;

/// What a browser adds to the upgrade; the library sends only what the RFC asks for.
const BROWSER_HEADERS: [(&str, &str); 6] = [
    ("pragma", "no-cache"),
    ("cache-control", "no-cache"),
    (
        "user-agent",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    ),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "fr-FR,fr;q=0.9"),
    ("sec-websocket-extensions", "permessage-deflate; client_max_window_bits"),
];

/// What went over a connection so far.
#[derive(Debug, Default)]
pub struct Traffic {
    /// Bytes sent.
    pub sent: AtomicU64,
    /// Bytes received.
    pub received: AtomicU64,
    /// How often something was received after something was sent: round trips.
    pub turns: AtomicU64,
    sending: AtomicBool,
}

/// A TCP connection that counts.
#[derive(Debug)]
pub struct Counted {
    inner: TcpStream,
    traffic: Arc<Traffic>,
}

impl AsyncRead for Counted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        let bytes = buf.filled().len() - before;
        if bytes > 0 {
            self.traffic.received.fetch_add(bytes as u64, Relaxed);
            if self.traffic.sending.swap(false, Relaxed) {
                self.traffic.turns.fetch_add(1, Relaxed);
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let bytes = ready!(Pin::new(&mut self.inner).poll_write(cx, buf))?;
        self.traffic.sent.fetch_add(bytes as u64, Relaxed);
        self.traffic.sending.store(true, Relaxed);
        Poll::Ready(Ok(bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

/// A WebSocket to the relay.
pub struct Wire {
    /// The socket.
    pub socket: WebSocketStream<Counted>,
    /// What it has carried.
    pub traffic: Arc<Traffic>,
}

impl Wire {
    /// Connects and upgrades, as a browser would ask for it.
    pub async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let inner = TcpStream::connect(address).await?;
        inner.set_nodelay(true)?;
        let mut request = format!("ws://{address}/sync").into_client_request()?;
        for (name, value) in BROWSER_HEADERS {
            request.headers_mut().insert(name, value.parse()?);
        }
        request.headers_mut().insert("origin", format!("http://{address}").parse()?);
        let traffic = Arc::new(Traffic::default());
        let counted = Counted { inner, traffic: Arc::clone(&traffic) };
        let (socket, _) = tokio_tungstenite::client_async(request, counted).await?;
        Ok(Self { socket, traffic })
    }

    /// A connection of a device that has everything: it begins where the log stands.
    pub async fn at_head(address: SocketAddr, session: &Session) -> Result<Self, Failure> {
        let head = Self::open(address).await?.hello(session, None).await?;
        let mut wire = Self::open(address).await?;
        wire.hello(session, Some(head)).await?;
        Ok(wire)
    }

    /// What it has carried, both ways.
    pub fn bytes(&self) -> u64 {
        self.traffic.sent.load(Relaxed) + self.traffic.received.load(Relaxed)
    }

    /// Greets from a cursor; gives where the log stands.
    pub async fn hello(&mut self, session: &Session, cursor: Option<Cursor>) -> Result<Cursor, Failure> {
        let token = session.token.clone();
        self.send(encode(&ClientMessage::Hello {
            protocol: PROTOCOL,
            app: "bench".to_owned(),
            token,
            cursor,
            held: None,
        }))
        .await?;
        match decode(&self.frame().await?)? {
            RelayMessage::Welcome { epoch, head, .. } => Ok(Cursor { epoch, seq: head }),
            other => Err(format!("no welcome, but {other:?}").into()),
        }
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: Vec<u8>) -> Result<(), Failure> {
        Ok(self.socket.send(Message::Binary(frame.into())).await?)
    }

    /// The next frame.
    pub async fn frame(&mut self) -> Result<Vec<u8>, Failure> {
        loop {
            match self.socket.next().await.ok_or("the relay has hung up")?? {
                Message::Binary(bytes) => return Ok(bytes.into()),
                Message::Close(frame) => return Err(format!("the relay has hung up: {frame:?}").into()),
                _ => {}
            }
        }
    }
}
