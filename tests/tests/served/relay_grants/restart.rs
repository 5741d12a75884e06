//! A relay that stops and starts again knows what it knew: GRANT-6.

use liaison_server::database::sql::{query, query_scalar};
use liaison_server::server::open;

use super::*;

#[tokio::test]
async fn grant_6_after_a_restart_a_phone_that_holds_what_it_should_is_told_nothing() {
    let mut relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let mut phone = relay.phone(&mut office, SONIA, &[1, 2]).await;
    let head = office.name(1, "NOM-1").await;
    phone.catch_up(head).await;
    phone.ping().await;
    relay.restart().await;
    let (mut phone, welcome) = phone.back(relay.address).await;
    assert!(matches!(welcome, RelayMessage::Welcome { reset: false, start_over: false, .. }), "{welcome:?}");
    phone.ping().await;
    assert_eq!(told(&phone), ["welcome"]);
    // It is served as before: the teams are known without a change of theirs.
    let mut office = Office::open(&relay).await;
    office.name(3, "PAS-POUR-ELLE").await;
    let head = office.name(2, "NOM-2").await;
    phone.catch_up(head).await;
    assert!(phone.saw(b"NOM-2") && !phone.saw(b"PAS-POUR-ELLE"));
    assert_eq!(told(&phone), ["welcome", "feed"]);
    let fresh = relay.client(SONIA).await;
    let mut fresh = fresh;
    fresh.hold_all(&[1, 2]).await;
    assert!(grants(&fresh).iter().all(|grant| grant.whole), "{:?}", grants(&fresh));
}

#[tokio::test]
async fn grant_6_teams_that_are_not_kept_or_of_an_older_log_are_read_again() {
    let mut relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let phone = relay.phone(&mut office, SONIA, &[1, 2]).await;
    let kept = async |relay: &TestRelay, statement: &'static str| {
        let database = open(&relay.store()).await.unwrap();
        if !statement.is_empty() {
            query(statement).execute(&database.write).await.unwrap();
        }
        let rows: Vec<i64> = query_scalar("SELECT upto FROM teams").fetch_all(&database.read).await.unwrap();
        database.close().await;
        rows
    };
    drop(phone);
    for statement in ["DELETE FROM teams", "UPDATE teams SET upto = 1", "UPDATE teams SET bytes = x'00'"] {
        relay.stop().await;
        assert_eq!(kept(&relay, "").await.len(), 2);
        kept(&relay, statement).await;
        relay.restart().await;
        let mut phone = relay.client(SONIA).await;
        phone.hold_all(&[1, 2]).await;
        assert!(kept(&relay, "").await.iter().all(|upto| *upto > 1), "{statement}");
    }
}

/// Does something to the store, between two lives of the relay.
async fn done_to_the_store(relay: &mut TestRelay, statement: &'static str) {
    relay.stop().await;
    let database = open(&relay.store()).await.unwrap();
    query(statement).execute(&database.write).await.unwrap();
    database.close().await;
    relay.restart().await;
}

#[tokio::test]
async fn grant_6_a_team_that_does_not_open_holds_up_no_other_and_lets_nobody_in() {
    // One change in the place of another: sealed with the right key, but not there.
    const SWAP: &str = "UPDATE bodies SET bytes = (SELECT bytes FROM bodies WHERE seq = 2) WHERE seq = 1";
    let mut relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    office.give_to(1, SUD).await;
    let mut head = office.name(1, "NOM-1").await;
    // The last known team first, of memory, then of the store; then none is known.
    for (number, statement) in [(2, SWAP), (3, "SELECT 1"), (4, "DELETE FROM teams")] {
        office.claire.catch_up(head).await;
        done_to_the_store(&mut relay, statement).await;
        office.claire = office.claire.back(relay.address).await.0;
        let (mut sonia, mut nadia) = (relay.client(SONIA).await, relay.client(NADIA).await);
        office.put_on(1, sonia.session.user).await;
        office.name(1, &format!("NOM-1, {number}")).await;
        office.put_on(number, sonia.session.user).await;
        sonia.hold(dossier(number)).await;
        head = office.give_to(number, NORD).await;
        for client in [&mut sonia, &mut nadia] {
            client.hold(dossier(number)).await;
            client.catch_up(head).await;
            assert!(!client.granted.contains(&dossier(1)), "{statement}");
            assert!(client.came_of(1).is_empty() && !client.saw(b"NOM-1"), "{statement}");
        }
    }
}
