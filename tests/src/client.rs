//! A device as the protocol sees it: raw frames over a WebSocket, no engine.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use liaison_shared::documents::{NewChange, Pen};
use liaison_shared::protocol::{
    ClientMessage, Cursor, FeedEntry, PROTOCOL, RefusedChange, RelayMessage, decode, encode,
};
use liaison_shared::sync::Identity;
use liaison_shared::{DeviceId, DocumentId, Seq, UserId};
use minicbor::bytes::ByteVec;
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// Longer than anything takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A signed-in device.
#[derive(Debug, Clone)]
pub struct Session {
    /// The token.
    pub token: String,
    /// The person.
    pub user: UserId,
    /// The device.
    pub device: DeviceId,
}

impl Session {
    /// A pen of this person; each number is another tab session.
    pub fn pen(&self, number: u8) -> Pen {
        let mut actor = self.device.0;
        actor[15] = number;
        Pen { user: self.user, actor }
    }

    /// As the relay knows this device.
    pub fn identity(&self, role: liaison_shared::access::Role) -> Identity {
        Identity { user: self.user, device: self.device, role }
    }
}

/// `POST /api/login` as it is.
pub async fn post_login(address: SocketAddr, email: &str, password: &str, device: Option<&str>) -> reqwest::Response {
    let device = json!({ "id": device, "name": "Essai" });
    let body = json!({ "email": email, "password": password, "device": device });
    let request = reqwest::Client::new().post(format!("http://{address}/api/login")).json(&body);
    request.send().await.unwrap()
}

/// Signs in; the error is the whole answer.
pub async fn login(address: SocketAddr, email: &str, password: &str, device: Option<&str>) -> Result<Session, Value> {
    let response = post_login(address, email, password, device).await;
    let (ok, body) = (response.status().is_success(), response.json::<Value>().await.unwrap());
    if !ok {
        return Err(body);
    }
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
    Ok(Session {
        token: text("/token"),
        user: text("/user/id").parse().unwrap(),
        device: text("/device/id").parse().unwrap(),
    })
}

/// One connection.
pub struct TestClient {
    socket: WebSocketStream<TcpStream>,
    /// Whose connection this is.
    pub session: Session,
    /// Feed entries received so far.
    pub feed: Vec<FeedEntry>,
    /// `upto` of the last feed frame.
    pub upto: Seq,
    /// Every binary frame received, as bytes.
    pub frames: Vec<Vec<u8>>,
    waiting: VecDeque<RelayMessage>,
    pushes: u64,
}

impl TestClient {
    /// Opens a socket and says nothing yet.
    pub async fn open(address: SocketAddr, session: &Session) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        Self::over(stream, address, session).await
    }

    /// As [`Self::open`], with a receive buffer so small that the relay notices when nothing is read.
    pub async fn open_narrow(address: SocketAddr, session: &Session) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        Self::over(socket.connect(address).await.unwrap(), address, session).await
    }

    async fn over(stream: TcpStream, address: SocketAddr, session: &Session) -> Self {
        let url = format!("ws://{address}/sync");
        let (socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
        Self {
            socket,
            session: session.clone(),
            feed: Vec::new(),
            upto: Seq(0),
            frames: Vec::new(),
            waiting: VecDeque::new(),
            pushes: 0,
        }
    }

    /// Opens a socket and greets, from nothing.
    pub async fn welcomed(address: SocketAddr, session: &Session) -> Self {
        let mut client = Self::open(address, session).await;
        let welcome = client.hello(None).await;
        assert!(matches!(welcome, Some(RelayMessage::Welcome { .. })), "{welcome:?}");
        client
    }

    /// Greets, and gives the relay's answer.
    pub async fn hello(&mut self, cursor: Option<Cursor>) -> Option<RelayMessage> {
        let token = self.session.token.clone();
        self.send(&ClientMessage::Hello { protocol: PROTOCOL, app: "essai".to_owned(), token, cursor }).await;
        self.next().await
    }

    /// Sends a message.
    pub async fn send(&mut self, message: &ClientMessage) {
        self.send_bytes(encode(message)).await;
    }

    /// Sends any bytes as a binary frame.
    pub async fn send_bytes(&mut self, bytes: Vec<u8>) {
        self.socket.send(Message::Binary(bytes.into())).await.unwrap();
    }

    /// Sends any WebSocket message; an error means that the relay has hung up.
    pub async fn send_raw(&mut self, message: Message) -> Result<(), tokio_tungstenite::tungstenite::Error> {
        self.socket.send(message).await
    }

    /// The next message of the relay; `None` when the connection has ended.
    pub async fn next(&mut self) -> Option<RelayMessage> {
        if let Some(message) = self.waiting.pop_front() {
            return Some(message);
        }
        self.receive().await
    }

    async fn receive(&mut self) -> Option<RelayMessage> {
        loop {
            match tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("the relay says something") {
                Some(Ok(Message::Binary(bytes))) => {
                    self.frames.push(bytes.to_vec());
                    return Some(decode(&bytes).unwrap());
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Waits for the relay to hang up; gives the close code, if there was one.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            match tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("the relay hangs up") {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Pushes and waits for the `Ack`; feed frames that come meanwhile are stored.
    pub async fn push(&mut self, document: DocumentId, changes: &[NewChange]) -> (Seq, Vec<RefusedChange>) {
        let changes: Vec<Vec<u8>> = changes.iter().map(|change| change.bytes.clone()).collect();
        self.push_raw(&document.to_string(), changes).await.expect("an ack")
    }

    /// As [`Self::push`], with any name and any bytes; `None` when the connection ends instead.
    pub async fn push_raw(&mut self, document: &str, changes: Vec<Vec<u8>>) -> Option<(Seq, Vec<RefusedChange>)> {
        self.pushes += 1;
        let changes = changes.into_iter().map(ByteVec::from).collect();
        let push = ClientMessage::Push { id: self.pushes, document: document.to_owned(), changes };
        self.send_raw(Message::Binary(encode(&push).into())).await.ok()?;
        loop {
            match self.receive().await? {
                RelayMessage::Ack { id, seq, refused } => {
                    assert_eq!(id, self.pushes);
                    return Some((seq, refused));
                }
                RelayMessage::Feed { entries, upto, .. } => self.store(entries, upto).await,
                other => self.waiting.push_back(other),
            }
        }
    }

    /// Takes feed frames until the position is reached.
    pub async fn catch_up(&mut self, head: Seq) {
        while self.upto < head {
            match self.next().await.expect("the feed goes on") {
                RelayMessage::Feed { entries, upto, .. } => self.store(entries, upto).await,
                other => panic!("{other:?}"),
            }
        }
    }

    async fn store(&mut self, entries: Vec<FeedEntry>, upto: Seq) {
        self.feed.extend(entries);
        self.upto = upto;
        // The relay may have hung up meanwhile; the next reading tells.
        self.send_raw(Message::Binary(encode(&ClientMessage::Stored { seq: upto }).into())).await.ok();
    }

    /// Asserts that the connection still works.
    pub async fn ping(&mut self) {
        self.send(&ClientMessage::Ping { nonce: 77 }).await;
        loop {
            match self.receive().await.expect("the connection lives") {
                RelayMessage::Pong { nonce: 77, .. } => return,
                RelayMessage::Feed { entries, upto, .. } => self.store(entries, upto).await,
                other => self.waiting.push_back(other),
            }
        }
    }
}
