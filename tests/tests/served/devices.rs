//! Devices: their list, their names, revoking one.

use std::time::Duration;

use liaison_server::config::Limits;
use liaison_server::database::sql::query;
use liaison_server::server::open;
use liaison_shared::{DocumentId, Seq};
use liaison_tests::client::{Session, TestClient, login};
use liaison_tests::relay::{CLAIRE, HELENE, PASSWORD, SONIA, TestRelay};
use liaison_tests::writing::{Writing, dossier};
use serde_json::{Value, json};

async fn device(relay: &TestRelay, session: &Session) -> Value {
    let devices = relay.get(session, "/devices").await;
    let id = session.device.to_string();
    devices.as_array().unwrap().iter().find(|device| device["id"] == id.as_str()).unwrap().clone()
}

#[tokio::test]
async fn the_list_says_how_far_a_device_has_come() {
    let relay = TestRelay::with_limits(Limits { contact_every: Duration::from_millis(20), ..Limits::default() }).await;
    let mut client = relay.client(CLAIRE).await;
    let session = client.session.clone();
    let first = device(&relay, &session).await;
    assert_eq!((&first["cursor"], &first["head"]), (&Value::Null, &json!(0)));
    assert_eq!((&first["current"], &first["name"]), (&json!(true), &json!("Essai")));
    let mut writing = Writing::new(DocumentId::client(dossier(1)), session.pen(1));
    client.push(writing.id(), &[writing.genesis(), writing.nom("Petit")]).await;
    client.catch_up(Seq(2)).await;
    let mut known = first;
    for _ in 0..100 {
        known = device(&relay, &session).await;
        if known["cursor"] == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!((&known["cursor"], &known["head"]), (&json!(2), &json!(2)), "{known}");
    let everybody = relay.get(&relay.login(HELENE).await, "/devices?all=true").await;
    assert_eq!(everybody.as_array().unwrap().len(), 2);
    assert_eq!(relay.get(&session, "/devices").await.as_array().unwrap().len(), 1, "one's own only");
}

#[tokio::test]
async fn a_name_that_a_person_chose_stays() {
    let relay = TestRelay::start().await;
    let sonia = relay.login(SONIA).await;
    let path = format!("/devices/{}", sonia.device);
    let named = relay.ask(Some(&sonia), "PATCH", &path, json!({ "name": " Le bleu " })).await.ok();
    assert_eq!(named["name"], "Le bleu");
    let again = login(relay.address, SONIA, PASSWORD, Some(&sonia.device.to_string())).await.unwrap();
    assert_eq!(again.device, sonia.device);
    assert_eq!(device(&relay, &again).await["name"], "Le bleu");
    let refused = relay.ask(Some(&sonia), "PATCH", &path, json!({ "name": "" })).await;
    assert_eq!((refused.status, refused.code()), (422, "invalid_request".to_owned()));
}

#[tokio::test]
async fn a_revoked_device_is_only_told_to_forget() {
    let relay = TestRelay::start().await;
    let (claire, mut lost) = (relay.login(CLAIRE).await, relay.client(SONIA).await);
    let (mut kept, session) = (relay.client(SONIA).await, lost.session.clone());
    let link = relay.ask(Some(&session), "POST", "/devices/link", json!({ "origin": relay.origin() })).await.ok();
    let revoke = format!("/devices/{}/revoke", session.device);
    for _ in 0..2 {
        assert_eq!(relay.ask(Some(&claire), "POST", &revoke, Value::Null).await.status, 204, "twice is once");
    }
    assert_eq!(lost.closed().await, Some(1012));
    kept.ping().await;
    for (method, path) in [("GET", "/settings"), ("POST", "/logout"), ("GET", "/devices")] {
        let refused = relay.ask(Some(&session), method, path, Value::Null).await;
        assert_eq!((refused.status, refused.code()), (401, "unknown_session".to_owned()), "{path}");
    }
    let token = liaison_tests::http::token(&link);
    assert_eq!(relay.accept(&token, None).await.status, 410, "nor has it kept a way back in");
    let again = login(relay.address, SONIA, PASSWORD, Some(&session.device.to_string())).await.unwrap();
    assert_ne!(again.device, session.device, "its identity is not used again");

    assert_eq!(relay.ask(Some(&session), "POST", "/forgotten", Value::Null).await.status, 204);
    assert_eq!(relay.ask(Some(&session), "POST", "/forgotten", Value::Null).await.status, 401, "its sessions are gone");
    let devices = relay.get(&claire, "/devices?all=true").await;
    let forgotten: Vec<&Value> =
        devices.as_array().unwrap().iter().filter(|device| device["forgotten"].is_i64()).collect();
    assert_eq!(forgotten.len(), 1);
    assert_eq!(forgotten[0]["id"], session.device.to_string());
    let log = relay.access_log(&relay.login(HELENE).await).await;
    let words = format!("device {}", session.device);
    assert_eq!(log.iter().filter(|entry| **entry == ("device_revoked".to_owned(), words.clone())).count(), 1);
    assert!(log.contains(&("device_forgotten".to_owned(), String::new())));
}

#[tokio::test]
async fn one_s_own_device_can_be_revoked_without_a_power() {
    let relay = TestRelay::start().await;
    let (lost, here) = (relay.login(SONIA).await, relay.login(SONIA).await);
    let revoke = format!("/devices/{}/revoke", lost.device);
    assert_eq!(relay.ask(Some(&here), "POST", &revoke, Value::Null).await.status, 204);
    TestClient::welcomed(relay.address, &here).await;
}

#[tokio::test]
async fn a_revocation_of_which_no_word_came_is_found_out() {
    let relay = TestRelay::with_limits(Limits { contact_every: Duration::from_millis(50), ..Limits::default() }).await;
    let mut client = relay.client(SONIA).await;
    client.ping().await;
    let database = open(&relay.store()).await.unwrap();
    let revoke = query("UPDATE devices SET revoked = 1 WHERE id = $1").bind(client.session.device.as_bytes());
    assert_eq!(revoke.execute(&database.write).await.unwrap().rows_affected(), 1);
    database.close().await;
    assert_eq!(client.closed().await, Some(1012));
}
