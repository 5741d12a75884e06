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
