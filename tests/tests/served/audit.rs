//! The access log: what it takes, what it shows, what it keeps, and that nobody changes it unnoticed.

use std::path::Path;

use liaison_server::audit::{Action, Audit, Entry, Filter, Report, append, verify};
use liaison_server::config::{Limits, StoreOptions, StoreUrl};
use liaison_server::database::Database;
use liaison_server::database::sql::{query, script};
use liaison_server::server::open;
use liaison_shared::access::Role;
use liaison_shared::sync::Identity;
use liaison_shared::{DeviceId, DossierId, Timestamp, UserId};
use liaison_tests::client::post_login;
use liaison_tests::process::binary;
use liaison_tests::relay::{CLAIRE, HELENE, SONIA, TestRelay};
use liaison_tests::writing::NOW;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

const MONTH: i64 = 31 * 24 * 3_600_000;

async fn database(folder: &Path) -> Database {
    open(&StoreOptions::sqlite(folder.join("liaison.db"))).await.unwrap()
}

/// A reading of a dossier, so many months before now.
fn reading(dossier: u8, months_ago: i64) -> Entry {
    let identity = Identity { user: UserId([1; 16]), device: DeviceId([2; 16]), role: Role::Intervenant };
    let entry = Entry::new(Action::Read, Timestamp(NOW.0 - months_ago * MONTH)).by(identity).because("visite");
    Entry { dossier: Some(DossierId([dossier; 16])), volet: Some("client".to_owned()), ..entry }
}

async fn ten_readings() -> (TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path()).await;
    for number in 0..10 {
        append(&database, &[reading(number, 0)]).await.unwrap();
    }
    (folder, database)
}

async fn sql(database: &Database, statement: &str) {
    script(sqlx::AssertSqlSafe(statement.to_owned()), &database.write).await.unwrap();
}

#[tokio::test]
async fn an_untouched_chain_is_whole() {
    let (_folder, database) = ten_readings().await;
    let report = verify(&database).await.unwrap();
    assert_eq!((report.entries, report.head_id, report.broken), (10, 10, None));
    assert_eq!(report.span, Some((NOW, NOW)));
}

#[tokio::test]
async fn whatever_somebody_does_to_a_row_shows() {
    for (statement, broken) in [
        ("DELETE FROM access_log WHERE id = 4", 5),
        ("DELETE FROM access_log WHERE id <= 3", 4),
        ("DELETE FROM access_log WHERE id = 4; UPDATE access_log SET id = id - 1 WHERE id > 4", 4),
        ("UPDATE access_log SET user_id = zeroblob(16) WHERE id = 4", 4),
        ("UPDATE access_log SET dossier = NULL WHERE id = 10", 10),
        ("UPDATE access_log SET reason = 'urgence' WHERE id = 1", 1),
        ("UPDATE access_log SET action = 'login', at = at + 1 WHERE id = 7", 7),
        ("UPDATE access_log SET reason = x'76697369746565' WHERE id = 2", 2),
        ("UPDATE access_log SET at = 'hier' WHERE id = 6", 6),
        ("UPDATE access_log SET hash = zeroblob(32) WHERE id = 5", 5),
        ("UPDATE access_log SET hash = x'00' WHERE id = 5", 5),
        (
            "UPDATE access_log SET id = 99 WHERE id = 4; UPDATE access_log SET id = 4 WHERE id = 5; \
          UPDATE access_log SET id = 5 WHERE id = 99",
            4,
        ),
        (
            "INSERT INTO access_log SELECT 11, at, received, user_id, device, dossier, volet, action, reason, offline, \
          hash FROM access_log WHERE id = 10",
            11,
        ),
        (
            "INSERT INTO access_log SELECT 0, at, received, user_id, device, dossier, volet, action, reason, offline, \
          hash FROM access_log WHERE id = 1",
            0,
        ),
    ] {
        let (_folder, database) = ten_readings().await;
        sql(&database, statement).await;
        let report = verify(&database).await.unwrap();
        assert_eq!(report.broken, Some(broken), "{statement}");
    }
}

#[tokio::test]
async fn an_end_that_was_cut_off_shows_beside_a_head_noted_elsewhere_only() {
    let (_folder, database) = ten_readings().await;
    let noted = verify(&database).await.unwrap();
    sql(&database, "DELETE FROM access_log WHERE id > 8").await;
    let report = verify(&database).await.unwrap();
    assert_eq!(report.broken, None);
    assert_ne!((report.head_id, report.head), (noted.head_id, noted.head));
}

#[tokio::test]
async fn what_is_older_than_the_setting_goes_and_the_rest_still_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path()).await;
    let entries: Vec<Entry> = (0..10).map(|number| reading(number, 20 - i64::from(number) * 2)).collect();
    append(&database, &entries).await.unwrap();
    let (audit, _task) = Audit::start(database.clone(), 30);
    assert_eq!(audit.purge(12, NOW).await.unwrap(), 5, "20, 18, 16, 14 and 12 times 31 days ago");
    assert_eq!(audit.purge(12, NOW).await.unwrap(), 0);
    let report = verify(&database).await.unwrap();
    assert_eq!((report.entries, report.head_id, report.broken), (6, 11, None), "with the purge itself");
    let (listed, more) = audit.list(Filter { dossier: None, user: None, before: None, limit: 2 }).await.unwrap();
    let listed = serde_json::to_value(listed).unwrap();
    assert_eq!((&listed[0]["action"], &listed[0]["user"], more), (&json!("purged"), &Value::Null, true));
    // Once more, when everything is old: what follows is chained to the last one all the same.
    let later = Timestamp(NOW.0 + 24 * MONTH);
    assert_eq!(audit.purge(12, later).await.unwrap(), 6);
    audit.record_all(vec![Entry { received: later, ..reading(1, 0) }]).await.unwrap();
    let report = verify(&database).await.unwrap();
    assert_eq!((report.entries, report.head_id, report.broken), (2, 13, None));
}

#[tokio::test]
async fn nobody_passes_a_deletion_off_as_a_purge() {
    let (_folder, database) = ten_readings().await;
    sql(&database, "INSERT INTO access_log_anchor SELECT 1, id, hash FROM access_log WHERE id = 4").await;
    sql(&database, "DELETE FROM access_log WHERE id <= 4").await;
    assert_eq!(verify(&database).await.unwrap().broken, Some(5), "no entry says so");

    let (_folder, database) = ten_readings().await;
    let (audit, _task) = Audit::start(database.clone(), 30);
    audit.record_all(vec![Entry { received: Timestamp(NOW.0 + 20 * MONTH), ..reading(3, 0) }]).await.unwrap();
    assert_eq!(audit.purge(12, Timestamp(NOW.0 + 20 * MONTH)).await.unwrap(), 10);
    assert_eq!(verify(&database).await.unwrap().broken, None);
    sql(&database, "UPDATE access_log_anchor SET id = 11, hash = (SELECT hash FROM access_log WHERE id = 11)").await;
    sql(&database, "DELETE FROM access_log WHERE id = 11").await;
    assert_eq!(verify(&database).await.unwrap().broken, Some(12), "the entry says another number");
    sql(&database, "DELETE FROM access_log_anchor").await;
    assert_eq!(verify(&database).await.unwrap().broken, Some(1));
}

#[tokio::test]
async fn entries_told_at_once_are_durable_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path()).await;
    let (audit, task) = Audit::start(database.clone(), 30);
    let many = (0..2000).map(|number| Entry { offline: true, ..reading((number % 7) as u8, 0) }).collect();
    let callers = (0..50).map(|_| {
        let audit = audit.clone();
        tokio::spawn(async move { audit.record(reading(9, 0)).await })
    });
    let callers: Vec<_> = callers.collect();
    audit.record_all(many).await.unwrap();
    assert!(verify(&database).await.unwrap().entries >= 2000, "durable before it answers");
    for caller in callers {
        caller.await.unwrap();
    }
    drop(audit);
    task.await.unwrap();
    let report = verify(&database).await.unwrap();
    assert_eq!((report.entries, report.broken), (2050, None), "whatever was recorded is written before the end");
}

#[tokio::test]
async fn the_dpo_reads_by_dossier_and_person_page_by_page() {
    let mut relay = TestRelay::start().await;
    relay.stop().await;
    let database = open(&relay.store()).await.unwrap();
    let entries: Vec<Entry> = (0..500).map(|number| reading((number % 2) as u8, 0)).collect();
    append(&database, &entries).await.unwrap();
    database.close().await;
    relay.restart().await;
    let dpo = relay.login(HELENE).await;
    let dossier = format!("/audit?dossier={}", DossierId([1; 16]));
    let first = relay.get(&dpo, &dossier).await;
    assert_eq!((first["entries"].as_array().unwrap().len(), &first["more"]), (50, &json!(true)));
    let entry = &first["entries"][0];
    assert_eq!(
        (&entry["id"], &entry["user_name"], &entry["volet"]),
        (&json!(500), &json!("Claire Martin"), &json!("client"))
    );
    assert_eq!((&entry["reason"], &entry["offline"]), (&json!("visite"), &json!(false)));
    let second = relay.get(&dpo, &format!("{dossier}&before=404&limit=9999")).await;
    assert_eq!((second["entries"].as_array().unwrap().len(), &second["more"]), (200, &json!(true)));
    assert_eq!(second["entries"][0]["id"], 402);
    let last = relay.get(&dpo, &format!("{dossier}&before=3")).await;
    assert_eq!((last["entries"].as_array().unwrap().len(), &last["more"]), (1, &json!(false)));
    let own = relay.get(&dpo, &format!("/audit?user={}", dpo.user)).await;
    assert_eq!(own["entries"].as_array().unwrap().len(), 1, "that she has signed in; not that she reads this");
    for wrong in ["/audit?dossier=x", "/audit?before=hier", "/audit?limit=-1"] {
        assert_eq!(relay.ask(Some(&dpo), "GET", wrong, Value::Null).await.status, 422, "{wrong}");
    }
    let database = open(&relay.store()).await.unwrap();
    for column in ["dossier", "user_id"] {
        let plan =
            format!("EXPLAIN QUERY PLAN SELECT * FROM access_log WHERE id < 9 AND {column} = x'00' ORDER BY id DESC");
        let plan = query(sqlx::AssertSqlSafe(plan)).fetch_one(&database.read).await.unwrap();
        let plan: String = plan.try_get("detail").unwrap();
        assert!(plan.contains("USING INDEX access_log_by"), "{plan}");
    }
}

#[tokio::test]
async fn refusals_are_listed_without_what_was_typed_and_a_flood_once() {
    let relay = TestRelay::with_limits(Limits { refusals_listed: 3, ..Limits::default() }).await;
    let sonia = relay.login(SONIA).await;
    post_login(relay.address, CLAIRE, "pas le bon mot", None).await;
    for number in 0..8 {
        post_login(relay.address, &format!("personne{number}@example.fr"), "pas le bon mot", None).await;
    }
    for _ in 0..8 {
        relay.ask(Some(&sonia), "GET", "/people", Value::Null).await;
    }
    let dpo = relay.login(HELENE).await;
    let log = relay.access_log(&dpo).await;
    let count = |action: &str, reason: &str| log.iter().filter(|(a, r)| a == action && r.contains(reason)).count();
    // A minute may have begun meanwhile: then they are counted anew.
    assert!((4..=7).contains(&count("login_refused", "credentials")), "{log:?}");
    assert!((3..=6).contains(&count("forbidden", "GET /api/people")), "{log:?}");
    assert!(count("forbidden", "further refusals") <= 2 && count("login_refused", "further refusals") <= 2, "{log:?}");
    let everything = relay.get(&dpo, "/audit?limit=200").await.to_string();
    assert!(!everything.contains("example.fr") && !everything.contains("pas le bon mot"), "{everything}");
    assert!(!everything.contains(&sonia.token));
}

#[tokio::test]
async fn the_command_says_whether_the_chain_is_whole_beside_a_running_relay() {
    let relay = TestRelay::start().await;
    relay.access_log(&relay.login(HELENE).await).await;
    let StoreUrl::Sqlite(store) = relay.store().store else { panic!("a file") };
    let (whole, said, _) = verify_command(&store).await;
    let database = open(&relay.store()).await.unwrap();
    let Report { head, .. } = verify(&database).await.unwrap();
    assert!(whole && said.contains("1 entrées") && said.contains(&head), "{said}");
    sql(&database, "UPDATE access_log SET reason = NULL WHERE id = 1").await;
    let (whole, said, error) = verify_command(&store).await;
    assert!(!whole && said.contains("1 entrées") && error.contains("entry 1 does not follow"), "{said} {error}");
    let missing = store.with_file_name("missing.db");
    assert!(!verify_command(&missing).await.0 && !missing.exists(), "it makes no store");
}

/// Waits without blocking, so that the relay of this thread goes on.
async fn verify_command(store: &Path) -> (bool, String, String) {
    let store = format!("sqlite:{}", store.display());
    let output = Command::new(binary()).args(["audit", "verify", "--store", &store]).output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code() == Some(0), text(output.stdout), text(output.stderr))
}
