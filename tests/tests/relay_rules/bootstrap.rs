//! Everything at once over HTTP: BOOT.

use liaison_shared::protocol::{BootstrapItem, ItemReader};
use liaison_tests::client::Session;
use liaison_tests::office::Office;

use super::*;

/// The items of a stream, as a client reads them.
async fn bootstrap(relay: &TestRelay, session: &Session, after: &str) -> Vec<BootstrapItem> {
    let request = reqwest::Client::new().get(relay.url(&format!("/api/bootstrap{after}"))).bearer_auth(&session.token);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let mut reader = ItemReader::default();
    reader.extend(&response.bytes().await.unwrap());
    let mut items = Vec::new();
    while let Some(item) = reader.next_item().unwrap() {
        items.push(item);
    }
    items
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
