//! A device as the protocol sees it: raw frames over a WebSocket, no engine.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use liaison_shared::documents::{NewChange, Pen};
use liaison_shared::protocol::{
    ClientMessage, Cursor, FeedEntry, PROTOCOL, RefusedChange, RelayMessage, decode, encode,
};
use liaison_shared::sync::{Identity, digest};
use liaison_shared::{DeviceId, DocumentId, DossierId, Epoch, Seq, Timestamp, UserId};
use minicbor::bytes::ByteVec;
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// Longer than anything takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// Without a word of the relay, before it is asked.
const ASK_AFTER: Duration = Duration::from_millis(100);

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
    /// `upto` of the last feed frame, or of the cursor that was said.
    pub upto: Seq,
    /// The life of the log, once welcomed.
    pub epoch: Option<Epoch>,
    /// Every binary frame received, as bytes.
    pub frames: Vec<Vec<u8>>,
    /// What the hello says of the dossiers held.
    pub held: Option<[u8; 16]>,
    /// What is here whole, and was not taken back.
    pub granted: Vec<DossierId>,
    /// The ends of what was granted, as last told.
    pub ends: BTreeMap<DossierId, Option<Timestamp>>,
    /// Places of the last push that are left to the office.
    pub review: Vec<u32>,
    /// How many tab sessions have written on this device.
    pens: u8,
    turn: u64,
    waiting: VecDeque<RelayMessage>,
    pushes: u64,
}

impl TestClient {
    /// Opens a socket and says nothing yet.
    pub async fn open(address: SocketAddr, session: &Session) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        Self::over(stream, address, session).await
    }

    /// Greets, from nothing, and reads no answer; with a receive buffer so small that the relay notices.
    pub async fn greeted_narrow(address: SocketAddr, session: &Session) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let mut client = Self::over(socket.connect(address).await.unwrap(), address, session).await;
        let token = session.token.clone();
        let hello = ClientMessage::Hello { protocol: PROTOCOL, app: String::new(), token, cursor: None, held: None };
        client.send(&hello).await;
        client
    }

    async fn over(stream: TcpStream, address: SocketAddr, session: &Session) -> Self {
        let url = format!("ws://{address}/sync");
        let (socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
        Self {
            socket,
            session: session.clone(),
            feed: Vec::new(),
            upto: Seq(0),
            epoch: None,
            frames: Vec::new(),
            held: None,
            granted: Vec::new(),
            ends: BTreeMap::new(),
            review: Vec::new(),
            pens: 100,
            turn: 0,
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
        let held = self.held;
        self.send(&ClientMessage::Hello { protocol: PROTOCOL, app: "essai".to_owned(), token, cursor, held }).await;
        let answer = self.next().await;
        if let Some(RelayMessage::Welcome { epoch, .. }) = &answer {
            self.epoch = Some(*epoch);
        }
        answer
    }

    /// The device as it comes back: another connection, with the cursor and the dossiers that are stored here, after
    /// its hello. The answer is read and not looked at.
    pub async fn back(self, address: SocketAddr) -> (Self, RelayMessage) {
        let Self { session, upto, epoch, granted, ends, pens, .. } = self;
        let mut client = Self::open(address, &session).await;
        let held: BTreeMap<_, _> =
            granted.iter().map(|dossier| (*dossier, ends.get(dossier).copied().flatten())).collect();
        client.held = Some(digest(held.iter().map(|(dossier, ends)| (dossier, *ends))));
        (client.granted, client.ends, client.upto, client.pens) = (granted, ends, upto, pens);
        let answer = client.hello(epoch.map(|epoch| Cursor { epoch, seq: upto })).await;
        (client, answer.expect("an answer to the hello"))
    }

    /// Hangs up, as a phone without a network does.
    pub async fn leave(mut self) -> Self {
        self.send_raw(Message::Close(None)).await.ok();
        self.closed().await;
        self
    }

    /// Everything that the relay has said on this connection.
    pub fn heard(&self) -> Vec<RelayMessage> {
        self.frames.iter().map(|frame| decode(frame).unwrap()).collect()
    }

    /// Whether these bytes came in any frame.
    pub fn saw(&self, needle: &[u8]) -> bool {
        self.frames.iter().any(|frame| frame.windows(needle.len()).any(|window| window == needle))
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
            let Ok(received) = tokio::time::timeout(PATIENCE, self.socket.next()).await else {
                let heard = self.heard();
                panic!("the relay says nothing more after {:?}", &heard[heard.len().saturating_sub(9)..]);
            };
            match received {
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
                RelayMessage::Ack { id, seq, refused, review } => {
                    assert_eq!(id, self.pushes);
                    self.review = review;
                    return Some((seq, refused));
                }
                other => self.take_or_wait(other).await,
            }
        }
    }

    /// The pen of another tab session of this device.
    pub fn new_pen(&mut self) -> Pen {
        self.pens += 1;
        self.session.pen(self.pens)
    }

    /// Takes one message, whatever it is.
    pub async fn take_one(&mut self) {
        let message = self.next().await.expect("the relay says something");
        self.take(&message).await;
    }

    /// Takes feed frames until the position is reached; asks where the log stands, as a device does after a while (FEED-7).
    pub async fn catch_up(&mut self, head: Seq) {
        let mut questions = 0;
        while self.upto < head {
            let Ok(message) = tokio::time::timeout(ASK_AFTER, self.next()).await else {
                assert!(ASK_AFTER * questions < PATIENCE, "the feed goes on");
                questions += 1;
                self.ping().await;
                continue;
            };
            let (message, before) = (message.expect("the feed goes on"), self.upto);
            assert!(self.take(&message).await, "{message:?}");
            if self.upto > before {
                questions = 0;
            }
        }
    }

    /// Takes feed frames and grants until a dossier is held, whole.
    pub async fn hold(&mut self, dossier: DossierId) {
        while !self.granted.contains(&dossier) {
            let message = self.next().await.expect("the dossier is granted");
            self.take(&message).await;
        }
    }

    /// Takes what comes until the relay asks to forget something; does not answer.
    pub async fn forget(&mut self) -> Vec<DossierId> {
        loop {
            match self.next().await.expect("something is withdrawn") {
                RelayMessage::Forget { dossiers, .. } => {
                    self.granted.retain(|dossier| !dossiers.contains(dossier));
                    self.ends.retain(|dossier, _| !dossiers.contains(dossier));
                    return dossiers;
                }
                message => drop(self.take(&message).await),
            }
        }
    }

    /// Says that nothing of these is here any more.
    pub async fn forgotten(&mut self, dossiers: Vec<DossierId>) {
        self.say(|turn| ClientMessage::Forgotten { dossiers, turn }).await;
    }

    /// Says something that has a turn.
    pub async fn say(&mut self, message: impl FnOnce(u64) -> ClientMessage) {
        self.turn += 1;
        self.send(&message(self.turn)).await;
    }

    /// Stores what the feed and the grants bring, as a device does; false for anything else.
    async fn take(&mut self, message: &RelayMessage) -> bool {
        let whole = match message {
            RelayMessage::Feed { entries, upto, .. } => {
                self.store(entries.clone(), *upto).await;
                return true;
            }
            RelayMessage::Grant { grants, .. } => {
                self.ends.extend(grants.iter().map(|grant| (grant.grant.dossier, grant.grant.ends)));
                grants.iter().filter(|grant| grant.whole).map(|grant| grant.grant.dossier).collect()
            }
            RelayMessage::Backfill { dossier, entries, done, .. } => {
                self.feed.extend(entries.iter().cloned());
                if *done { vec![*dossier] } else { Vec::new() }
            }
            _ => return false,
        };
        if !whole.is_empty() {
            self.granted.extend(&whole);
            self.turn += 1;
            let granted = ClientMessage::Granted { dossiers: whole, turn: self.turn };
            self.send_raw(Message::Binary(encode(&granted).into())).await.ok();
        }
        true
    }

    async fn take_or_wait(&mut self, message: RelayMessage) {
        if !self.take(&message).await {
            self.waiting.push_back(message);
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
        self.send(&ClientMessage::Ping { nonce: 77, turn: self.turn }).await;
        loop {
            match self.receive().await.expect("the connection lives") {
                RelayMessage::Pong { nonce: 77, .. } => return,
                other => self.take_or_wait(other).await,
            }
        }
    }
}
