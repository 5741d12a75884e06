//! All or nothing: whatever happens to the relay meanwhile, a file is in it whole or not at all.

use liaison_shared::Seq;
use liaison_tests::client::{Session, login};
use liaison_tests::clients::{lines, people};
use liaison_tests::http::{Answer, request, send};
use liaison_tests::process::RelayProcess;
use liaison_tests::relay::{CLAIRE, PAUL, TestRelay};
use liaison_tests::sheets::csv;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use std::path::Path;
use std::time::Duration;

use super::{created, refused};

async fn beside(store: &Path) -> SqlitePool {
    SqlitePool::connect_with(SqliteConnectOptions::new().filename(store)).await.unwrap()
}

async fn count(store: &SqlitePool, table: &str) -> i64 {
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"))).fetch_one(store).await.unwrap()
}

#[tokio::test]
async fn a_row_without_a_name_keeps_the_whole_file_out_until_it_is_left_out() {
    let relay = TestRelay::start().await;
    let claire = relay.login(CLAIRE).await;
    let mut clients = people(3, 4);
    clients[2].cell("NOM").clear();
    let mut order = relay.order(&claire, &csv(&lines(&clients))).await;
    assert_eq!(refused(&relay.import(&claire, &order).await), (422, "import_has_errors".to_owned()));
    assert_eq!(relay.head(&claire).await, Seq(0), "nothing was written");
    order["skip"] = json!([4, 5]);
    let answer = relay.import(&claire, &order).await.ok();
    let rows: Vec<&Value> = answer["created"].as_array().unwrap().iter().map(|created| &created["row"]).collect();
    assert_eq!(rows, [2, 3]);
    // The answer was lost: the same again changes nothing, whatever it leaves out.
    let head = relay.head(&claire).await;
    order["skip"] = json!([4]);
    assert_eq!(refused(&relay.import(&claire, &order).await), (409, "already_imported".to_owned()));
    order["skip"] = json!([2, 3, 4]);
    assert_eq!(refused(&relay.import(&claire, &order).await), (409, "already_imported".to_owned()));
    assert_eq!(relay.head(&claire).await, head);
    order["skip"] = json!([4]);
    order["import"] = json!("ffffffffffffffffffffffffffffffff");
    assert_eq!(created(&relay.import(&claire, &order).await).len(), 3, "another import is another");
}

#[tokio::test]
async fn a_store_that_fails_in_the_middle_has_nothing_of_the_file() {
    let relay = TestRelay::start().await;
    let (claire, mut paul) = (relay.login(CLAIRE).await, relay.client(PAUL).await);
    let order = relay.order(&claire, &csv(&lines(&people(4, 60)))).await;
    let store = beside(&relay.folder().join("liaison.db")).await;
    let fails =
        "CREATE TRIGGER full BEFORE INSERT ON changes WHEN NEW.seq > 300 BEGIN SELECT RAISE(ABORT, 'full'); END";
    sqlx::raw_sql(fails).execute(&store).await.unwrap();
    let answer = relay.import(&claire, &order).await;
    assert_eq!(refused(&answer), (503, "unavailable".to_owned()));
    for table in ["changes", "documents", "actors"] {
        assert_eq!(count(&store, table).await, 0, "{table}");
    }
    paul.ping().await;
    assert!(paul.feed.is_empty());
    // The same again, once the store works.
    sqlx::raw_sql("DROP TRIGGER full").execute(&store).await.unwrap();
    assert_eq!(created(&relay.import(&claire, &order).await).len(), 60);
    assert_eq!(count(&store, "changes").await, 60 * 11);
    let head = relay.head(&claire).await;
    paul.catch_up(head).await;
    store.close().await;
}

async fn post(relay: &RelayProcess, by: &Session, path: &str, body: &Value) -> Option<Answer> {
    let asked = request(relay.address, "POST", path).header("authorization", format!("Bearer {}", by.token));
    let response = asked.header("content-type", "application/json").body(body.to_string()).send().await.ok()?;
    Some(Answer { status: response.status().as_u16(), text: response.text().await.ok()? })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigkill_in_the_middle_of_an_import_leaves_all_of_it_or_nothing() {
    const CLIENTS: usize = 400;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("liaison.db");
    let file = csv(&lines(&people(5, CLIENTS)));
    let mut outcomes = Vec::new();
    for round in 0..6_u64 {
        let relay = RelayProcess::start(&path);
        let claire = login(relay.address, "claire.martin@liaison.demo", "demo-liaison-2026", None).await.unwrap();
        let read = send(request(relay.address, "POST", "/import/read").body(file.clone()), Some(&claire.token), None);
        let mapping = read.await.ok()["mapping"].clone();
        let body = json!({ "import": format!("{round:032x}"), "mapping": mapping, "file": base64(&file) });
        let store = beside(&path).await;
        let before = count(&store, "documents").await;
        // Each round is killed a little later; the last one is let be.
        let kill = Duration::from_millis(if round == 5 { 60_000 } else { 40 + round * 150 });
        let answer = tokio::time::timeout(kill, post(&relay, &claire, "/import/commit", &body)).await;
        relay.kill();
        let made = count(&store, "documents").await - before;
        assert!(made == 0 || made == 3 * i64::try_from(CLIENTS).unwrap(), "round {round}: {made} documents");
        if let Ok(Some(answer)) = answer {
            assert_eq!((created(&answer).len(), made > 0), (CLIENTS, true), "what was answered is there");
        }
        outcomes.push(made > 0);
        store.close().await;
    }
    assert!(outcomes[5] && !outcomes[0], "{outcomes:?}: some were cut off, some were not");
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
