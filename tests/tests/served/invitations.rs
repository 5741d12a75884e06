//! Links that work once: to make an account, to add a device.

use std::num::NonZeroU32;

use liaison_server::config::Limits;
use liaison_server::database::sql::script;
use liaison_server::server::open;
use liaison_tests::client::{TestClient, login};
use liaison_tests::http::{now, request, token};
use liaison_tests::relay::{CLAIRE, HELENE, SONIA, TestRelay};
use serde_json::{Value, json};

const MARC: &str = "marc@example.fr";
const HIS_PASSWORD: &str = "quatre mots sans rapport";
const HOUR: i64 = 3_600_000;

#[tokio::test]
async fn an_invitation_makes_an_account_and_signs_it_in() {
    let relay = TestRelay::start().await;
    let claire = relay.login(CLAIRE).await;
    let body = json!({
        "name": "Marc Petit", "email": " Marc@Example.fr ", "role": "responsable-secteur", "sectors": ["Est"],
        "fonction": "Responsable", "origin": relay.origin(),
    });
    let invited = relay.ask(Some(&claire), "POST", "/invitations", body).await.ok();
    let (link, qr) = (invited["link"].as_str().unwrap(), invited["qr"].as_str().unwrap());
    assert!(link.starts_with(&format!("{}/invitation#", relay.origin())), "{link}");
    assert!(qr.starts_with("<svg role=\"img\"") && !qr.contains("script"), "{qr}");
    assert!((invited["expires"].as_i64().unwrap() - now() - 72 * HOUR).abs() < 60_000);
    let waiting = relay.get(&claire, "/invitations").await;
    assert_eq!((&waiting[0]["id"], &waiting[0]["email"]), (&invited["id"], &json!(MARC)));
    assert!(!waiting.to_string().contains(&token(&invited)), "the link is given once");

    let opened = relay.ask(None, "POST", "/invitations/open", json!({ "token": token(&invited) })).await.ok();
    assert_eq!(opened["kind"], "account");
    assert_eq!((&opened["name"], &opened["agency"]), (&json!("Marc Petit"), &json!("Agence d’essai")));
    for (weak, status) in [(Some("trop court"), 422), (Some("marc a un chien"), 422), (None, 422)] {
        assert_eq!(relay.accept(&token(&invited), weak).await.status, status);
    }
    let accepted = relay.accept(&token(&invited), Some(HIS_PASSWORD)).await;
    assert_eq!(accepted.json()["user"]["sectors"], json!(["Est"]));
    let mut marc = TestClient::welcomed(relay.address, &accepted.session()).await;
    marc.ping().await;
    login(relay.address, MARC, HIS_PASSWORD, None).await.unwrap();
    assert_eq!(relay.get(&claire, "/invitations").await, json!([]));
    let log = relay.access_log(&relay.login(HELENE).await).await;
    let id = invited["id"].as_str().unwrap();
    let user = accepted.session().user;
    for entry in [
        ("invited".to_owned(), format!("invitation {id} as responsable-secteur")),
        ("account_changed".to_owned(), format!("{user}, added by invitation {id}")),
        ("login".to_owned(), format!("link {id}")),
    ] {
        assert!(log.contains(&entry), "{entry:?} in {log:?}");
    }
    assert!(!format!("{log:?}").contains("example.fr"), "{log:?}");
}

#[tokio::test]
async fn of_two_people_with_one_link_one_is_too_late() {
    let relay = TestRelay::start().await;
    let claire = relay.login(CLAIRE).await;
    for round in 0..3 {
        let token = relay.invite(&claire, &format!("marc{round}@example.fr"), "intervenant").await;
        let (first, second) =
            tokio::join!(relay.accept(&token, Some(HIS_PASSWORD)), relay.accept(&token, Some(HIS_PASSWORD)));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 410]);
    }
    let link = relay.ask(Some(&claire), "POST", "/devices/link", json!({ "origin": relay.origin() })).await.ok();
    let token = token(&link);
    let (first, second) = tokio::join!(relay.accept(&token, None), relay.accept(&token, None));
    assert_eq!(first.status.min(second.status), 200);
    assert_eq!(first.status.max(second.status), 410);
}

#[tokio::test]
async fn nobody_is_told_why_a_link_does_not_work() {
    let relay = TestRelay::start().await;
    let claire = relay.login(CLAIRE).await;
    let used = relay.invite(&claire, "a1@example.fr", "intervenant").await;
    relay.accept(&used, Some(HIS_PASSWORD)).await.ok();
    let replaced = relay.invite(&claire, "b2@example.fr", "intervenant").await;
    let withdrawn = relay.invite(&claire, "b2@example.fr", "intervenant").await;
    let id = relay.get(&claire, "/invitations").await[0]["id"].as_str().unwrap().to_owned();
    let withdraw = format!("/invitations/{id}");
    assert_eq!(relay.ask(Some(&claire), "DELETE", &withdraw, Value::Null).await.status, 204);
    assert_eq!(relay.ask(Some(&claire), "DELETE", &withdraw, Value::Null).await.status, 404);
    let expired = relay.invite(&claire, "c3@example.fr", "intervenant").await;
    let database = open(&relay.store()).await.unwrap();
    let ran_out = "UPDATE invitations SET expires = 1 WHERE email = 'c3@example.fr'";
    script(ran_out, &database.write).await.unwrap();
    database.close().await;
    let mut answers = Vec::new();
    for token in [used, replaced, withdrawn, expired, "0".repeat(64), String::new()] {
        answers.push(relay.ask(None, "POST", "/invitations/open", json!({ "token": &token })).await);
        answers.push(relay.accept(&token, Some(HIS_PASSWORD)).await);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!((answers[0].status, answers[0].code()), (410, "invitation_invalid".to_owned()));
    let log = relay.access_log(&relay.login(HELENE).await).await;
    assert_eq!(log.iter().filter(|(action, _)| action == "invitation_refused").count(), 12);
}

#[tokio::test]
async fn a_link_adds_a_device_to_one_s_own_account_for_ten_minutes() {
    let relay = TestRelay::start().await;
    let sonia = relay.login(SONIA).await;
    let link = relay.ask(Some(&sonia), "POST", "/devices/link", json!({ "origin": relay.origin() })).await.ok();
    assert!((link["expires"].as_i64().unwrap() - now() - HOUR / 6).abs() < 60_000);
    let opened = relay.ask(None, "POST", "/invitations/open", json!({ "token": token(&link) })).await.ok();
    assert_eq!((&opened["kind"], &opened["name"]), (&json!("device"), &json!("Sonia Haddad")));
    let added = relay.accept(&token(&link), None).await.session();
    assert_eq!(added.user, sonia.user);
    assert_ne!(added.device, sonia.device);
    assert_eq!(relay.get(&sonia, "/devices").await.as_array().unwrap().len(), 2);
    assert_eq!(relay.get(&relay.login(CLAIRE).await, "/invitations").await, json!([]), "not an invitation");
}

#[tokio::test]
async fn an_address_has_one_account_and_a_link_leads_here() {
    let relay = TestRelay::start().await;
    let claire = relay.login(CLAIRE).await;
    let invite = async |email: &str, origin: &str| {
        let body = json!({ "name": "Marc", "email": email, "role": "dpo", "origin": origin });
        relay.ask(Some(&claire), "POST", "/invitations", body).await
    };
    let taken = invite(SONIA, &relay.origin()).await;
    assert_eq!((taken.status, taken.code()), (409, "email_taken".to_owned()));
    for foreign in ["https://ailleurs.example", "", "http://127.0.0.1"] {
        let refused = invite(MARC, foreign).await;
        assert_eq!((refused.status, refused.code()), (400, "invalid_request".to_owned()), "{foreign}");
    }
    assert_eq!(invite("pas une adresse", &relay.origin()).await.status, 422);
    assert_eq!(relay.get(&claire, "/invitations").await, json!([]));
}

#[tokio::test]
async fn who_no_longer_manages_accounts_leaves_no_invitation_behind() {
    let relay = TestRelay::start().await;
    let (claire, paul) = (relay.login(CLAIRE).await, relay.login(liaison_tests::relay::PAUL).await);
    let link = relay.invite(&paul, MARC, "gestionnaire").await;
    let body = json!({ "role": "charge-accueil" });
    relay.ask(Some(&claire), "PATCH", &format!("/people/{}", paul.user), body).await.ok();
    assert_eq!(relay.accept(&link, Some(HIS_PASSWORD)).await.status, 410);
}

#[tokio::test]
async fn links_cannot_be_tried_one_after_the_other() {
    let three = NonZeroU32::new(3).unwrap();
    let relay = TestRelay::with_limits(Limits { logins_per_address: three, ..Limits::default() }).await;
    let mut statuses = Vec::new();
    for number in 0..4 {
        let body = json!({ "token": number.to_string() });
        statuses.push(relay.ask(None, "POST", "/invitations/open", body).await.status);
    }
    assert_eq!(statuses, [410, 410, 410, 429]);
    let waiting = request(relay.address, "POST", "/invitations/open").json(&json!({ "token": "x" }));
    assert!(waiting.send().await.unwrap().headers().contains_key("retry-after"));
    relay.login(CLAIRE).await;
}
