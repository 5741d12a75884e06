//! What goes into the access log over the socket: READ, and refusals.

use liaison_shared::Timestamp;
use liaison_shared::protocol::{MAX_READINGS, PROTOCOL, Reading};
use liaison_tests::http::now;

use super::*;

fn reading(number: u8, volet: &str, at: i64, offline: bool) -> Reading {
    Reading { dossier: dossier(number), volet: volet.to_owned(), at: Timestamp(at), offline }
}

/// Reports readings and waits until they are durable.
async fn report(client: &mut TestClient, id: u64, readings: Vec<Reading>) {
    client.send(&ClientMessage::Readings { id, readings }).await;
    while !client.heard().contains(&RelayMessage::Noted { id }) {
        client.take_one().await;
    }
}

#[tokio::test]
async fn read_1_readings_are_in_the_access_log_once_they_are_noted() {
    let relay = TestRelay::start().await;
    let dpo = relay.login(HELENE).await;
    let mut phone = relay.client(SONIA).await;
    let (asked, yesterday) = (now(), now() - 24 * 3_600_000);
    let readings =
        vec![reading(1, "client", yesterday, true), reading(1, "secret", 5, true), reading(2, "journal", asked, false)];
    report(&mut phone, 7, readings).await;
    // Nothing is waited for: noted means written.
    let page = relay.get(&dpo, &format!("/audit?user={}&limit=200", phone.session.user)).await;
    let entries = page["entries"].as_array().unwrap().iter().filter(|entry| entry["action"] == "read");
    let told = |it: &Value| json!([it["dossier"], it["volet"], it["at"], it["offline"], it["device"]]);
    let device = phone.session.device.to_string();
    let expected = [
        json!([dossier(2).to_string(), "journal", asked, false, device]),
        json!([dossier(1).to_string(), "client", yesterday, true, device]),
    ];
    let entries: Vec<&Value> = entries.collect();
    assert_eq!(entries.iter().map(|it| told(it)).collect::<Vec<_>>(), expected);
    for entry in entries {
        let received = entry["received"].as_i64().unwrap();
        assert!((asked..=now()).contains(&received), "by the relay's clock: {entry}");
    }
}

#[tokio::test]
async fn read_2_a_report_has_a_last_reading() {
    let relay = TestRelay::start().await;
    let dpo = relay.login(HELENE).await;
    let mut phone = relay.client(SONIA).await;
    let many = (0..=MAX_READINGS).map(|number| reading(1, "client", i64::try_from(number).unwrap(), false));
    report(&mut phone, 1, many.collect()).await;
    let (mut before, mut ats) = (i64::MAX, Vec::new());
    loop {
        let path = format!("/audit?dossier={}&limit=200&before={before}", dossier(1));
        let page = relay.get(&dpo, &path).await;
        for entry in page["entries"].as_array().unwrap() {
            before = entry["id"].as_i64().unwrap();
            ats.push(entry["at"].as_i64().unwrap());
        }
        if page["more"] == false {
            break;
        }
    }
    assert_eq!((ats.len(), ats[0]), (MAX_READINGS, i64::try_from(MAX_READINGS).unwrap() - 1), "newest first");
}

#[tokio::test]
async fn push_6_a_refused_change_is_in_the_access_log() {
    let relay = TestRelay::start().await;
    let dpo = relay.login(HELENE).await;
    let mut phone = relay.client(SONIA).await;
    assert_eq!(transmit(&mut phone, 3, "Pas à elle").await, forbidden());
    let entries = relay.entries(&dpo, "push_refused", 1).await;
    let told = ["user", "device", "dossier", "volet"].map(|name| entries[0][name].as_str().unwrap().to_owned());
    let (user, device) = (phone.session.user.to_string(), phone.session.device.to_string());
    assert_eq!(told, [user, device, dossier(3).to_string(), "journal".to_owned()]);
    assert_eq!(entries.len(), 1, "one for a push, however many changes it has");
}

#[tokio::test]
async fn hello_2_a_refused_session_is_in_the_access_log() {
    let relay = TestRelay::start().await;
    let (claire, dpo) = (relay.login(CLAIRE).await, relay.login(HELENE).await);
    let phone = relay.login(SONIA).await;
    let revoke = format!("/devices/{}/revoke", phone.device);
    relay.ask(Some(&claire), "POST", &revoke, Value::Null).await.ok();
    assert_eq!(
        TestClient::open(relay.address, &phone).await.hello(None).await,
        Some(RelayMessage::ForgetAll { reset: false })
    );
    let mut nobody = TestClient::open(relay.address, &phone).await;
    let token = "00".repeat(32);
    let hello = ClientMessage::Hello { protocol: PROTOCOL, app: String::new(), token, cursor: None, held: None };
    nobody.send(&hello).await;
    assert_eq!(nobody.closed().await, Some(1008));
    let entries = relay.entries(&dpo, "session_refused", 2).await;
    let told: Vec<Value> = entries.iter().map(|entry| json!([entry["user"], entry["reason"]])).collect();
    assert_eq!(told, [json!([null, null]), json!([phone.user.to_string(), "revoked"])]);
}
