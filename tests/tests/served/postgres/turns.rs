//! Whose turn it is, when somebody gives up waiting for it: what they leave behind disturbs nobody.

use std::time::Duration;

use liaison_server::database::Database as Store;
use liaison_server::database::sql::{Transaction, Turn, query, query_scalar};
use liaison_server::server::open;
use liaison_tests::postgres::Database;
use tokio::time::timeout;

const WAITING: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'liaison' AND wait_event_type = 'Lock' \
                       AND datname = current_database()";
const GIVE_UP: &str = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'liaison' \
                       AND wait_event_type = 'Lock' AND datname = current_database()";
const NAME: &str = "INSERT INTO settings (name, value) VALUES ($1, $2)";

/// A store, another relay's connections to it, and its turn to change people.
async fn taken() -> (Database, Store, Store, Transaction) {
    let database = Database::create().await;
    let (one, other) = (open(&database.store()).await.unwrap(), open(&database.store()).await.unwrap());
    let turn = other.write.begin(Turn::People).await.unwrap();
    (database, one, other, turn)
}

async fn waits(other: &Store) {
    loop {
        let waiting: i64 = query_scalar(WAITING).fetch_one(&other.read).await.unwrap();
        if waiting > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Writes some rows, each by whichever connection comes, and says how many others see.
async fn written(one: &Store, other: &Store) -> i64 {
    for row in 0..20_i64 {
        query(NAME).bind(format!("essai-{row}")).bind("1".to_owned()).execute(&one.write).await.unwrap();
    }
    query_scalar("SELECT COUNT(*) FROM settings WHERE name LIKE 'essai-%'").fetch_one(&other.read).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turn_that_did_not_come_leaves_no_failed_transaction_behind() {
    let (_database, one, other, turn) = taken().await;
    let waiting = tokio::spawn({
        let pool = one.write.clone();
        async move { pool.begin(Turn::People).await.map(|_| ()) }
    });
    waits(&other).await;
    // As when it has waited for too long.
    query(GIVE_UP).fetch_all(&other.read).await.unwrap();
    waiting.await.unwrap().unwrap_err();
    turn.rollback().await.unwrap();
    assert_eq!(written(&one, &other).await, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_goes_away_before_their_turn_leaves_no_open_transaction_behind() {
    let (_database, one, other, turn) = taken().await;
    timeout(Duration::from_millis(300), one.write.begin(Turn::People)).await.unwrap_err();
    turn.rollback().await.unwrap();
    assert_eq!(written(&one, &other).await, 20, "all of it is committed");
    timeout(Duration::from_secs(20), other.write.begin(Turn::People)).await.expect("nobody keeps the turn").unwrap();
}
