//! Accounts as the office manages them: roles, sectors, closing, passwords.

use liaison_server::database::sql::script;
use liaison_server::log::{ChangeLog as _, StoredLog};
use liaison_server::server::open;
use liaison_shared::DocumentId;
use liaison_shared::access::Role;
use liaison_shared::documents::Document;
use liaison_shared::documents::annuaire::{Personne, personnes};
use liaison_tests::client::{Session, login, post_login};
use liaison_tests::http::Answer;
use liaison_tests::relay::{CLAIRE, HELENE, NADIA, NORD, PASSWORD, PAUL, SONIA, TestRelay};
use serde_json::{Value, json};

const NEW_PASSWORD: &str = "quatre mots sans rapport";

async fn change(relay: &TestRelay, by: &Session, whom: &Session, change: Value) -> Answer {
    relay.ask(Some(by), "PATCH", &format!("/people/{}", whom.user), change).await
}

async fn annuaire(relay: &TestRelay) -> Vec<Personne> {
    let database = open(&relay.store()).await.unwrap();
    let entries = StoredLog::new(database.clone()).document(DocumentId::Annuaire).await.unwrap();
    database.close().await;
    personnes(&Document::load(DocumentId::Annuaire, entries.iter().map(|entry| &entry.bytes[..])).0)
}

#[tokio::test]
async fn another_role_takes_effect_at_once_and_everybody_s_annuaire_has_it() {
    let relay = TestRelay::start().await;
    let (claire, mut sonia, mut other) =
        (relay.login(CLAIRE).await, relay.client(SONIA).await, relay.client(NADIA).await);
    let body = json!({ "role": "responsable-secteur", "sectors": ["Sud", " Nord ", "Sud"], "fonction": "Responsable" });
    let person = change(&relay, &claire, &sonia.session, body).await.ok();
    assert_eq!(person["sectors"], json!(["Nord", "Sud"]));
    assert_eq!((&person["role"], &person["closed"]), (&json!("responsable-secteur"), &json!(false)));
    assert_eq!(sonia.closed().await, Some(1012), "its connection is renewed");
    other.ping().await;
    let written = annuaire(&relay).await;
    assert_eq!((written.len(), written[0].role), (1, Some(Role::ResponsableSecteur)));
    assert_eq!((&written[0].nom[..], &written[0].fonction[..]), ("Sonia Haddad", "Responsable"));
    let head = relay.ask(None, "GET", "/agency", Value::Null).await;
    assert_eq!(head.ok(), json!({ "name": "Agence d’essai", "open": true }));
    let log = relay.access_log(&relay.login(HELENE).await).await;
    let words = format!("{}, role intervenant > responsable-secteur, sectors, name or fonction", sonia.session.user);
    assert!(log.contains(&("account_changed".to_owned(), words)), "{log:?}");
}

#[tokio::test]
async fn a_closed_account_is_over_and_can_be_opened_again() {
    let relay = TestRelay::start().await;
    let (claire, mut sonia) = (relay.login(CLAIRE).await, relay.client(SONIA).await);
    change(&relay, &claire, &sonia.session, json!({ "closed": true })).await.ok();
    assert_eq!(sonia.closed().await, Some(1012));
    assert_eq!(relay.ask(Some(&sonia.session), "GET", "/settings", Value::Null).await.status, 401);
    let (closed, unknown) = (
        post_login(relay.address, SONIA, PASSWORD, None).await,
        post_login(relay.address, "personne@example.fr", PASSWORD, None).await,
    );
    assert_eq!((closed.status().as_u16(), unknown.status().as_u16()), (401, 401));
    assert_eq!(closed.text().await.unwrap(), unknown.text().await.unwrap());
    assert_eq!(annuaire(&relay).await[0].role, None, "who has left has no role any more, but a name");
    let devices = relay.get(&claire, "/devices?all=true").await;
    let device = devices.as_array().unwrap().iter().find(|device| device["user_name"] == "Sonia Haddad").unwrap();
    assert!(device["revoked"].is_i64(), "its devices have to forget: {device}");

    change(&relay, &claire, &sonia.session, json!({ "closed": false })).await.ok();
    assert_eq!(annuaire(&relay).await[0].role, Some(Role::Intervenant));
    let again = login(relay.address, SONIA, PASSWORD, Some(&sonia.session.device.to_string())).await.unwrap();
    assert_ne!(again.device, sonia.session.device);
}

#[tokio::test]
async fn somebody_always_manages_accounts() {
    let relay = TestRelay::start().await;
    let (claire, paul) = (relay.login(CLAIRE).await, relay.login(PAUL).await);
    change(&relay, &claire, &paul, json!({ "closed": true })).await.ok();
    for last in [json!({ "closed": true }), json!({ "role": "dpo" })] {
        let refused = change(&relay, &claire, &claire, last).await;
        assert_eq!((refused.status, refused.code()), (409, "last_gestionnaire".to_owned()));
    }
    change(&relay, &claire, &claire, json!({ "name": "Claire Martin-Roux" })).await.ok();
    change(&relay, &claire, &paul, json!({ "closed": false })).await.ok();
    change(&relay, &claire, &claire, json!({ "role": "dpo" })).await.ok();
}

#[tokio::test]
async fn what_a_person_cannot_be_called_is_refused() {
    let relay = TestRelay::start().await;
    let (claire, sonia) = (relay.login(CLAIRE).await, relay.login(SONIA).await);
    for wrong in [
        json!({ "name": "  " }),
        json!({ "name": "x".repeat(121) }),
        json!({ "role": "roi" }),
        json!({ "sectors": ["Nord", ""] }),
        json!({ "fonction": "une\nligne" }),
    ] {
        let refused = change(&relay, &claire, &sonia, wrong.clone()).await;
        assert_eq!((refused.status, refused.code()), (422, "invalid_request".to_owned()), "{wrong}");
    }
    let nadia = relay.get(&claire, "/people").await;
    let nadia = nadia.as_array().unwrap().iter().find(|person| person["email"] == NADIA).unwrap().clone();
    assert_eq!(nadia["sectors"], json!([NORD]));
}

#[tokio::test]
async fn a_new_password_ends_one_s_other_sessions() {
    let relay = TestRelay::start().await;
    let (mut here, mut elsewhere) = (relay.client(SONIA).await, relay.client(SONIA).await);
    let password = |current: &str, new: &str| json!({ "current": current, "new": new });
    let session = here.session.clone();
    let post = async |body: Value| relay.ask(Some(&session), "POST", "/password", body).await;
    let wrong = post(password("pas le bon mot", NEW_PASSWORD)).await;
    assert_eq!((wrong.status, wrong.code()), (401, "wrong_credentials".to_owned()));
    for (weak, says) in [
        ("trop court", "12 caractères"),
        ("motdepasse1234", "les plus courants"),
        ("sonia a un chat gris", "adresse e-mail"),
        ("j’aime l’Agence d’essai", "nom de l’agence"),
        (&"long ".repeat(41), "200 caractères"),
    ] {
        let refused = post(password(PASSWORD, weak)).await;
        assert_eq!((refused.status, refused.code()), (422, "weak_password".to_owned()), "{weak}");
        assert!(refused.text.contains(says), "{}", refused.text);
    }
    assert_eq!(post(password(PASSWORD, NEW_PASSWORD)).await.status, 204);
    assert_eq!(elsewhere.closed().await, Some(1008));
    here.ping().await;
    assert_eq!(post_login(relay.address, SONIA, PASSWORD, None).await.status(), 401);
    assert_eq!(post_login(relay.address, SONIA, NEW_PASSWORD, None).await.status(), 200);
    let mut attempts = Vec::new();
    for _ in 0..10 {
        attempts.push(post(password("pas le bon mot", NEW_PASSWORD)).await.status);
    }
    assert_eq!(attempts.last(), Some(&429), "the current password cannot be guessed here either: {attempts:?}");
}

#[tokio::test]
async fn a_store_of_the_first_version_opens() {
    let mut relay = TestRelay::start().await;
    relay.stop().await;
    let database = open(&relay.store()).await.unwrap();
    for statement in [
        "UPDATE users SET role = 'bureau' WHERE email = 'claire@example.fr'",
        "ALTER TABLE users DROP COLUMN sectors",
        "ALTER TABLE users DROP COLUMN closed",
        "ALTER TABLE devices DROP COLUMN named",
        "ALTER TABLE devices DROP COLUMN revoked",
        "ALTER TABLE devices DROP COLUMN forgotten",
        "DROP TABLE access_log",
        "DROP TABLE settings",
    ] {
        script(statement, &database.write).await.unwrap();
    }
    database.close().await;
    relay.restart().await;
    let claire = relay.login(CLAIRE).await;
    let people = relay.get(&claire, "/people").await;
    let roles: Vec<&str> = people.as_array().unwrap().iter().map(|person| person["role"].as_str().unwrap()).collect();
    assert_eq!(roles.iter().filter(|role| **role == "gestionnaire").count(), 2, "{roles:?}");
    relay.restart().await;
    relay.get(&claire, "/people").await;
}
