//! Everything at once over HTTP: BOOT.

use liaison_shared::protocol::{BootstrapItem, ItemReader};
use liaison_tests::client::Session;
use liaison_tests::office::Office;
use liaison_tests::wait::eventually;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use super::*;

/// Dossiers that the relay reads at once.
const AT_ONCE: u8 = 64;
/// Characters of a name: that many dossiers are more than all that may be on the way to somebody who does not read.
const LONG: usize = 180_000;

/// The items in what has come of a stream.
fn items_of(bytes: &[u8]) -> Vec<BootstrapItem> {
    let mut reader = ItemReader::default();
    reader.extend(bytes);
    let mut items = Vec::new();
    while let Some(item) = reader.next_item().unwrap() {
        items.push(item);
    }
    items
}

/// The items of a stream, as a client reads them.
async fn bootstrap(relay: &TestRelay, session: &Session, after: &str) -> Vec<BootstrapItem> {
    let request = reqwest::Client::new().get(relay.url(&format!("/api/bootstrap{after}"))).bearer_auth(&session.token);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    items_of(&response.bytes().await.unwrap())
}

/// A relay with so many dossiers that hardly compress.
async fn full(dossiers: u8) -> (TestRelay, Office) {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let mut random = fastrand::Rng::with_seed(5);
    for number in 1..=dossiers {
        office.name(number, &noise(&mut random, LONG)).await;
    }
    (relay, office)
}

/// Asks for everything and reads no more than what the answer begins with: its status, and what is to be read. In the first
/// version of HTTP, where the stream comes as it is.
async fn begun(relay: &TestRelay, session: &Session) -> (String, TcpStream) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(64 << 10).unwrap();
    let mut stream = socket.connect(relay.address).await.unwrap();
    let request = format!("GET /api/bootstrap HTTP/1.0\r\nauthorization: Bearer {}\r\n\r\n", session.token);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    (head.split(' ').nth(1).unwrap().to_owned(), stream)
}

fn documents(items: &[BootstrapItem]) -> Vec<&str> {
    let document = |item: &'_ BootstrapItem| matches!(item, BootstrapItem::Document { .. });
    let items = items.iter().filter(|item| document(item));
    items.map(|item| if let BootstrapItem::Document { document, .. } = item { document.as_str() } else { "" }).collect()
}

/// A relay with dossiers 1, 2 and 3, and somebody of the office.
async fn three() -> (TestRelay, Session) {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    for number in 1..=3 {
        office.name(number, "Petit").await;
    }
    let session = relay.login(PAUL).await;
    (relay, session)
}

#[tokio::test]
async fn boot_1_the_office_gets_what_the_feed_would_bring() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    office.name(1, "Petit").await;
    office.name(2, "Grand").await;
    let head = office.transmit(1, "Courses faites").await;
    let session = relay.login(PAUL).await;
    let items = bootstrap(&relay, &session, "").await;
    assert!(matches!(items[0], BootstrapItem::Start { head: at, dossiers: 2, .. } if at == head), "{:?}", items[0]);
    assert_eq!(items.last(), Some(&BootstrapItem::Done {}));
    let mut client = TestClient::open(relay.address, &session).await;
    client.hello(None).await;
    client.catch_up(head).await;
    let mut fed: Vec<&str> = client.feed.iter().map(|entry| &entry.document[..]).collect();
    fed.sort_unstable();
    fed.dedup();
    let mut got = documents(&items);
    got.sort_unstable();
    assert_eq!(got, fed);
}

#[tokio::test]
async fn boot_2_a_stream_that_was_cut_goes_on_behind_what_was_reached() {
    let (relay, session) = three().await;
    let items = bootstrap(&relay, &session, &format!("?after={}", dossier(2))).await;
    assert!(documents(&items).iter().all(|name| name.starts_with(&dossier(3).to_string())), "{items:?}");
    assert!(items.contains(&BootstrapItem::Reached { dossier: dossier(3), count: 3 }));
    assert_eq!(items.last(), Some(&BootstrapItem::Done {}));
}

#[tokio::test]
async fn boot_4_one_dossier_comes_by_itself_when_somebody_waits_for_it() {
    let (relay, session) = three().await;
    let items = bootstrap(&relay, &session, &format!("?dossier={}", dossier(2))).await;
    assert!(!documents(&items).is_empty());
    assert!(documents(&items).iter().all(|name| name.starts_with(&dossier(2).to_string())), "{items:?}");
    assert!(!items.iter().any(|item| matches!(item, BootstrapItem::Summaries { .. })));
    assert_eq!(items.last(), Some(&BootstrapItem::Done {}));
    // One that is not there is nothing, whole.
    let items = bootstrap(&relay, &session, &format!("?dossier={}", dossier(9))).await;
    assert!(documents(&items).is_empty());
    assert_eq!(items.last(), Some(&BootstrapItem::Done {}));
}

#[tokio::test]
async fn boot_3_who_is_granted_dossier_by_dossier_gets_nothing_at_once() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    office.name(1, "Petit").await;
    let session = relay.login(SONIA).await;
    let request = reqwest::Client::new().get(relay.url("/api/bootstrap")).bearer_auth(&session.token);
    let response = request.send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.bytes().await.unwrap().len()), (204, 0));
    let anybody = reqwest::get(relay.url("/api/bootstrap")).await.unwrap();
    assert_eq!(anybody.status(), 401);
}

#[tokio::test]
async fn boot_5_who_loses_the_right_to_a_stream_gets_nothing_that_is_written_afterwards() {
    const AFTERWARDS: &str = "ECRIT-APRES-COUP";
    let last = AT_ONCE + 2;
    let (relay, mut office) = full(last).await;
    let session = relay.login(PAUL).await;
    let (status, mut stream) = begun(&relay, &session).await;
    assert_eq!(status, "200");
    let (claire, revoke) = (office.claire.session.clone(), format!("/devices/{}/revoke", session.device));
    assert_eq!(relay.ask(Some(&claire), "POST", &revoke, Value::Null).await.status, 204);
    office.name(last, AFTERWARDS).await;
    let mut came = Vec::new();
    // The relay hangs up in the middle of it.
    stream.read_to_end(&mut came).await.ok();
    let reached =
        |item: &BootstrapItem| if let BootstrapItem::Reached { count, .. } = item { Some(*count) } else { None };
    let items = items_of(&came);
    let reached: Vec<u32> = items.iter().filter_map(reached).collect();
    // The first of them, or none where the revocation was faster.
    assert!(reached.iter().all(|count| *count <= u32::from(AT_ONCE)), "{reached:?}");
    assert_ne!(items.last(), Some(&BootstrapItem::Done {}), "it is not whole");
    assert!(!came.windows(AFTERWARDS.len()).any(|window| window == AFTERWARDS.as_bytes()));
    // The same search finds it for who still may.
    let request = reqwest::Client::new().get(relay.url("/api/bootstrap")).bearer_auth(&claire.token);
    let whole = request.send().await.unwrap().bytes().await.unwrap();
    assert!(whole.windows(AFTERWARDS.len()).any(|window| window == AFTERWARDS.as_bytes()));
}

#[tokio::test]
async fn boot_5_a_device_has_two_streams_of_everything_and_one_that_it_leaves_makes_room() {
    let (relay, office) = full(AT_ONCE).await;
    let (session, claire) = (relay.login(PAUL).await, office.claire.session.clone());
    let ((first, left), (second, kept)) = (begun(&relay, &session).await, begun(&relay, &session).await);
    let third = begun(&relay, &session).await.0;
    assert_eq!([first, second, third], ["200", "200", "429"]);
    // Somebody else's device does not count, nor what somebody waits for.
    assert_eq!(begun(&relay, &claire).await.0, "200");
    assert!(!documents(&bootstrap(&relay, &session, &format!("?dossier={}", dossier(2))).await).is_empty());
    drop(left);
    eventually("room", async || (begun(&relay, &session).await.0 == "200").then_some(())).await;
    drop(kept);
}
