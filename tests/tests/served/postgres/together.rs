//! Two relays, devices split between them: what is done at one is so at the other.

use std::time::Duration;

use liaison_server::audit::verify;
use liaison_server::config::Limits;
use liaison_server::database::sql::query;
use liaison_server::server::open;
use liaison_shared::{DocumentId, Seq};
use liaison_tests::client::TestClient;
use liaison_tests::files::{Device, TestFile, Volet};
use liaison_tests::office::{Office, YEAR};
use liaison_tests::postgres::Database;
use liaison_tests::relay::{CLAIRE, HELENE, PAUL, SONIA, TestRelay};
use liaison_tests::wait::eventually;
use liaison_tests::writing::{Writing, dossier};
use serde_json::{Value, json};

use super::two;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_cross_and_every_position_is_given_once() {
    const TURNS: u64 = 40;
    let (one, other) = two(Limits::default()).await;
    let (mut claire, mut paul) = (one.client(CLAIRE).await, other.client(PAUL).await);
    let mut begun = Writing::new(DocumentId::client(dossier(1)), claire.session.pen(1));
    let (first, _) = claire.push(begun.id(), &[begun.genesis(), begun.nom("Petit")]).await;
    assert_eq!(first, Seq(2));
    let mut answer = Writing::new(DocumentId::relation(dossier(1)), paul.session.pen(1));
    paul.push(answer.id(), &[answer.genesis()]).await;
    // Each waits for the other's words: looking every few seconds would take minutes.
    let turns = async {
        for turn in 0..TURNS {
            let (seq, refused) = claire.push(begun.id(), &[begun.nom(&format!("Petit-{turn}"))]).await;
            assert!(refused.is_empty());
            paul.catch_up(seq).await;
            let (seq, refused) = paul.push(answer.id(), &[answer.demande(&format!("Demande {turn}"))]).await;
            assert!(refused.is_empty());
            claire.catch_up(seq).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), turns).await.unwrap();
    // Each has the other's changes in their order, and from the start everything is there once, whoever is asked.
    assert_eq!(claire.came_of(1).len() as u64, TURNS + 1);
    assert_eq!(paul.came_of(1).len() as u64, TURNS + 2);
    for relay in [&one, &other] {
        let mut reader = relay.client(PAUL).await;
        let head = relay.head(&reader.session).await;
        reader.catch_up(head).await;
        assert_eq!(reader.came_of(1), (1..=3 + 2 * TURNS).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_grant_a_reading_and_a_withdrawal_cross() {
    let (one, other) = two(Limits::default()).await;
    let mut office = Office::open(&one).await;
    office.name(1, "Petit").await;
    let mut phone = other.phone(&mut office, SONIA, &[1]).await;
    assert!(phone.saw(b"Petit"));
    let (id, changes) = phone.transmission(1, "Tout va bien");
    let (seq, refused) = phone.push(id, &changes).await;
    assert!(refused.is_empty());
    office.claire.catch_up(seq).await;
    assert!(office.claire.saw("Tout va bien".as_bytes()));
    // What she writes after the withdrawal is left to the office, which decides at the other relay.
    office.withdraw_from(&mut phone, 1).await;
    let (id, changes) = phone.transmission(1, "Encore une chose");
    phone.push(id, &changes).await;
    assert_eq!(phone.review, [1], "the beginning is known");
    let claire = office.claire.session.clone();
    let waiting = one.reviews(&claire).await;
    one.decide(&claire, &waiting[0], "accept").await.ok();
    let mut paul = other.client(PAUL).await;
    paul.catch_up(other.head(&office.claire.session).await).await;
    assert!(paul.saw("Encore une chose".as_bytes()));
    assert_eq!(id, DocumentId::journal(dossier(1), YEAR));
}

#[tokio::test]
async fn a_revocation_crosses() {
    let (one, other) = two(Limits::default()).await;
    let claire = one.login(CLAIRE).await;
    // A device.
    let mut lost = other.client(SONIA).await;
    let mut kept = other.client(SONIA).await;
    let revoke = format!("/devices/{}/revoke", lost.session.device);
    assert_eq!(one.ask(Some(&claire), "POST", &revoke, Value::Null).await.status, 204);
    assert_eq!(lost.closed().await, Some(1012));
    kept.ping().await;
    let refused = other.ask(Some(&lost.session), "GET", "/settings", Value::Null).await;
    assert_eq!(refused.status, 401);
    // A session.
    assert_eq!(one.ask(Some(&kept.session), "POST", "/logout", Value::Null).await.status, 204);
    assert_eq!(kept.closed().await, Some(1008));
    // What a person may do.
    let mut paul = other.client(PAUL).await;
    let body = json!({ "role": "charge-accueil", "sectors": [] });
    one.ask(Some(&claire), "PATCH", &format!("/people/{}", paul.session.user), body).await.ok();
    assert_eq!(paul.closed().await, Some(1012));
}

#[tokio::test]
async fn a_revocation_whose_word_was_lost_is_noticed_all_the_same() {
    let (one, other) = two(Limits { contact_every: Duration::from_millis(50), ..Limits::default() }).await;
    let (mut sonia, mut paul) = (other.client(SONIA).await, other.client(PAUL).await);
    let database = open(&one.store()).await.unwrap();
    let revoke = query("UPDATE devices SET revoked = 1 WHERE id = $1").bind(sonia.session.device.as_bytes());
    revoke.execute(&database.write).await.unwrap();
    assert_eq!(sonia.closed().await, Some(1012));
    paul.ping().await;
    let end = query("DELETE FROM sessions WHERE device = $1").bind(paul.session.device.as_bytes());
    end.execute(&database.write).await.unwrap();
    assert_eq!(paul.closed().await, Some(1008));
    database.close().await;
}

#[tokio::test]
async fn settings_and_the_access_log_are_one() {
    let (one, other) = two(Limits::default()).await;
    let (claire, helene) = (one.login(CLAIRE).await, other.login(HELENE).await);
    one.set(&claire, "bail_jours", 3).await;
    let known = async || (other.get(&claire, "/settings").await["bail_jours"] == 3).then_some(());
    eventually("the setting at the other relay", known).await;
    // Both write into the chain at once.
    for turn in 0..20 {
        let relay = if turn % 2 == 0 { &one } else { &other };
        relay.login(SONIA).await;
    }
    other.entries(&helene, "login", 22).await;
    let database = open(&one.store()).await.unwrap();
    let report = verify(&database).await.unwrap();
    assert!(report.broken.is_none() && report.entries >= 23, "{report:?}");
    database.close().await;
}

#[tokio::test]
async fn a_link_works_once_wherever_it_is_taken() {
    let (one, other) = two(Limits::default()).await;
    let claire = one.login(CLAIRE).await;
    for number in 0..5 {
        let token = one.invite(&claire, &format!("marc{number}@example.fr"), "intervenant").await;
        let password = Some("un mot de passe de 2026");
        let (first, second) = tokio::join!(one.accept(&token, password), other.accept(&token, password));
        let mut codes = [first.status, second.status];
        codes.sort_unstable();
        assert_eq!(codes, [200, 410], "{} {}", first.text, second.text);
    }
}

#[tokio::test]
async fn a_file_is_brought_through_both_and_read_at_either() {
    let (one, other) = two(Limits::default()).await;
    let mut office = Office::open(&one).await;
    office.name(1, "Petit").await;
    let session = office.claire.session.clone();
    let volet = Volet(dossier(1), "client");
    let file = TestFile::new(7, 3 * 524_288 + 5, "Devis");
    let at = |relay: &TestRelay| Device::at(relay.address, &session);
    let missing = at(&one).missing(volet, &file).await;
    assert_eq!(missing, [0, 1, 2, 3]);
    // The same chunk twice at once, too.
    let (first, second) = tokio::join!(at(&one).put(volet, &file, 0), at(&other).put(volet, &file, 0));
    assert_eq!((first.status, second.status), (204, 204));
    at(&other).put(volet, &file, 1).await.ok();
    assert_eq!(at(&one).missing(volet, &file).await, [2, 3]);
    let (first, second) = tokio::join!(at(&one).put(volet, &file, 2), at(&other).put(volet, &file, 3));
    assert_eq!((first.status, second.status), (204, 204));
    for relay in [&one, &other] {
        assert_eq!(at(relay).download(volet, &file.hash).await, file.bytes);
    }
}

/// A dossier that is new has a key that the other relay has not made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dossiers_that_begin_at_both_at_once_have_one_key_each() {
    let (one, other) = two(Limits::default()).await;
    let (mut claire, mut paul) = (one.client(CLAIRE).await, other.client(PAUL).await);
    for number in 0..20 {
        let push = async |client: &mut TestClient, document: DocumentId| {
            let mut writing = Writing::new(document, client.session.pen(number));
            let genesis = writing.genesis();
            let change = if document == DocumentId::client(dossier(number)) {
                writing.nom("Petit")
            } else {
                writing.demande("Bonjour")
            };
            client.push(document, &[genesis, change]).await
        };
        let (first, second) = tokio::join!(
            push(&mut claire, DocumentId::client(dossier(number))),
            push(&mut paul, DocumentId::relation(dossier(number)))
        );
        assert!(first.1.is_empty() && second.1.is_empty());
    }
    for relay in [&one, &other] {
        let mut reader = relay.client(PAUL).await;
        let head = relay.head(&reader.session).await;
        assert_eq!(head, Seq(80));
        reader.catch_up(head).await;
        assert_eq!(reader.feed.len(), 80);
    }
}

#[tokio::test]
async fn one_relay_does_the_upkeep_and_another_goes_on_when_it_is_gone() {
    let database = Database::create().await;
    let (one, other) = (open(&database.store()).await.unwrap(), open(&database.store()).await.unwrap());
    for _ in 0..2 {
        assert!(one.keeps_up().await);
        assert!(!other.keeps_up().await);
    }
    one.close().await;
    // The server notices in its own time that the first is gone.
    eventually("the other does it", async || other.keeps_up().await.then_some(())).await;
    let third = open(&database.store()).await.unwrap();
    assert!(!third.keeps_up().await);
    other.close().await;
    third.close().await;
}
