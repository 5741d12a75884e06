//! What reaches whom, and how connections end: FEED, LINK.

use std::time::Duration;

use liaison_server::annuaire;
use liaison_server::log::{ChangeLog as _, StoredLog};
use liaison_server::server::open;
use liaison_shared::UserId;
use liaison_shared::documents::annuaire::Personne;
use liaison_shared::documents::{Document, FieldsView, client};
use liaison_tests::writing::NOW;

use super::*;

#[tokio::test]
async fn feed_1_what_one_writes_the_others_get_and_the_writer_does_not() {
    let relay = TestRelay::start().await;
    let mut paul = relay.client(PAUL).await;
    let (mut claire, mut writing) = client_document(&relay).await;
    let changes = [writing.genesis(), writing.nom("Petit")];
    claire.push(writing.id(), &changes).await;
    paul.catch_up(Seq(2)).await;
    let got: Vec<&[u8]> = paul.feed.iter().map(|entry| &entry.chunk[..]).collect();
    assert_eq!(got, changes.iter().map(|change| &change.bytes[..]).collect::<Vec<_>>());
    claire.catch_up(Seq(2)).await;
    assert!(claire.feed.is_empty(), "the writer has it already");
}

#[tokio::test]
async fn feed_7_relations_never_reach_an_intervenant() {
    const SECRET: &str = "RECLAMATION-CONFIDENTIELLE";
    let relay = TestRelay::start().await;
    let mut live = relay.client(SONIA).await;
    let mut paul = relay.client(PAUL).await;
    let mut claire = relay.client(CLAIRE).await;
    let (prestation, changes) = team(1, &claire.session.pen(3), live.session.user);
    claire.push(prestation, &changes).await;
    live.hold(dossier(1)).await;
    let (relation, changes) = demande(1, &claire.session.pen(1), SECRET);
    claire.push(relation, &changes).await;
    let (journal, changes) = transmission(1, &claire.session.pen(2), "Visible");
    let (head, _) = claire.push(journal, &changes).await;
    let mut later = relay.client(SONIA).await;
    for client in [&mut live, &mut later, &mut paul] {
        client.catch_up(head).await;
    }
    for sonia in [&live, &later] {
        let documents: Vec<&str> = sonia.feed.iter().map(|entry| &entry.document[..]).collect();
        assert_eq!(documents, [prestation, prestation, journal, journal].map(|id| id.to_string()));
        assert!(!sonia.saw(SECRET.as_bytes()) && !sonia.saw(b"relation"));
        assert!(sonia.saw(b"Visible"));
    }
    assert!(paul.saw(SECRET.as_bytes()), "the same search finds it where it may be");
}

#[tokio::test]
async fn feed_1_a_cursor_brings_only_what_is_new_even_after_a_restart() {
    let mut relay = TestRelay::start().await;
    let (mut claire, mut writing) = client_document(&relay).await;
    claire.push(writing.id(), &[writing.genesis(), writing.nom("Petit")]).await;
    relay.restart().await;
    let session = claire.session.clone();
    let mut again = TestClient::welcomed(relay.address, &session).await;
    again.catch_up(Seq(2)).await;
    assert_eq!(again.feed.len(), 2);
    again.push(writing.id(), &[writing.nom("Petit-Jean")]).await;
    let mut paul = TestClient::open(relay.address, &relay.login(PAUL).await).await;
    let Some(RelayMessage::Welcome { epoch, .. }) = paul.hello(None).await else { panic!("a welcome") };
    let mut paul = TestClient::open(relay.address, &paul.session).await;
    paul.hello(Some(Cursor { epoch, seq: Seq(2) })).await;
    paul.catch_up(Seq(3)).await;
    assert_eq!(paul.feed.len(), 1);
}

#[tokio::test]
async fn feed_8_a_snapshot_reaches_whoever_comes_from_before_what_memory_has() {
    let mut relay = TestRelay::start().await;
    let (mut claire, mut writing) = client_document(&relay).await;
    let session = claire.session.clone();
    let mut random = fastrand::Rng::with_seed(1);
    claire.push(writing.id(), &[writing.genesis()]).await;
    for number in 0..20 {
        claire.push(writing.id(), &[writing.nom(&format!("Petit-{number}"))]).await;
    }
    let mut others = |client: &TestClient, number: u8| {
        let mut writing = Writing::new(DocumentId::client(dossier(number)), client.session.pen(number));
        let long = (0..6).map(|_| writing.nom(&noise(&mut random, 40_000))).collect::<Vec<_>>();
        (writing.id(), [vec![writing.genesis()], long].concat())
    };
    for number in [2, 3] {
        let (id, changes) = others(&claire, number);
        claire.push(id, &changes).await;
    }
    // From here on memory has everything; a page that begins before may end behind.
    relay.restart().await;
    let mut claire = TestClient::welcomed(relay.address, &session).await;
    for number in [4, 5] {
        let (id, changes) = others(&claire, number);
        claire.push(id, &changes).await;
    }
    let (head, _) = claire.push(writing.id(), &[writing.nom("Petit")]).await;
    let store = open(&relay.store()).await.unwrap();
    let made = StoredLog::new(store.clone()).compact(vec![writing.id()]).await.unwrap();
    assert_eq!(made.documents, 1);
    store.close().await;

    let mut paul = relay.client(PAUL).await;
    paul.catch_up(head).await;
    let name = writing.id().to_string();
    let chunks = paul.feed.iter().filter(|entry| entry.document == name).map(|entry| &entry.chunk[..]);
    let (document, left_out) = Document::load(writing.id(), chunks);
    assert_eq!(left_out, 0, "nothing stands on what did not come");
    assert_eq!(FieldsView::read(&document).value(&client::NOM), "Petit");
}

#[tokio::test]
async fn link_6_a_relay_that_stops_says_so() {
    let mut relay = TestRelay::start().await;
    let mut client = relay.client(CLAIRE).await;
    relay.stop().await;
    assert_eq!(client.closed().await, Some(1012));
}

#[tokio::test]
async fn link_5_a_slow_reader_is_cut_off_and_nobody_else_is() {
    let relay = TestRelay::with_limits(Limits { send_timeout: Duration::from_secs(1), ..Limits::default() }).await;
    let session = relay.login(PAUL).await;
    let mut slow = TestClient::greeted_narrow(relay.address, &session).await;
    let (mut writer, mut writing) = client_document(&relay).await;
    let mut reader = relay.client(CLAIRE).await;
    writer.push(writing.id(), &[writing.genesis()]).await;
    let mut head = Seq(0);
    for number in 0..40 {
        let text = format!("{number}{}", "x".repeat(200_000));
        head = writer.push(writing.id(), &[writing.nom(&text)]).await.0;
        // It claims to have stored what it never reads, so that the relay goes on sending until no buffer
        // of the operating system takes more. Once it is cut off this fails.
        let stored = encode(&ClientMessage::Stored { seq: Seq(1 << 40) });
        slow.send_raw(Message::Binary(stored.into())).await.ok();
    }
    reader.catch_up(head).await;
    let cut_off = async {
        loop {
            let metrics = reqwest::get(relay.url("/metrics")).await.unwrap().text().await.unwrap();
            if metrics.lines().any(|line| line.starts_with("liaison_cut_off_total") && !line.ends_with(" 0")) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(15), cut_off).await.expect("the slow reader is cut off");
    slow.closed().await;
    writer.ping().await;
    reader.ping().await;
}

#[tokio::test]
async fn feed_1_what_another_process_has_appended_comes_with_the_first_change_of_the_relay_s_own() {
    let relay = TestRelay::start().await;
    let mut sonia = relay.client(SONIA).await;
    let (mut claire, writing) = client_document(&relay).await;
    sonia.ping().await;
    // As a command beside the relay does it.
    let database = open(&relay.store()).await.unwrap();
    let who = Personne { user: UserId([9; 16]), nom: "Ève Dupré".to_owned(), fonction: String::new(), role: None };
    annuaire::put(&StoredLog::new(database.clone()), &[who], [9; 16], NOW).await.unwrap();
    database.close().await;
    // In a dossier that is none of Sonia's, who asks for nothing meanwhile.
    claire.push(writing.id(), &[writing.genesis()]).await;
    while sonia.feed.is_empty() {
        sonia.take_one().await;
    }
    assert!(sonia.feed.iter().all(|entry| entry.document == DocumentId::Annuaire.to_string()), "{:?}", sonia.feed);
}
