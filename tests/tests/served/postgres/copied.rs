//! A store is copied from SQLite to PostgreSQL and back: the same log, the same people, the same chain, the same keys.

use liaison_server::commands::{self, CommandError};
use liaison_server::config::{Command, CopyStore, StoreCommand, StoreOptions, StoreUrl};
use liaison_server::copy::{CopyError, copy};
use liaison_server::database::sql::{query, query_scalar};
use liaison_server::log::{ChangeLog as _, StoredLog, View};
use liaison_server::server::open;
use liaison_shared::access::Role;
use liaison_shared::sync::LogChunk;
use liaison_shared::{DocumentId, Seq};
use liaison_tests::files::{Device, TestFile, Volet};
use liaison_tests::office::Office;
use liaison_tests::postgres::Database;
use liaison_tests::relay::{CLAIRE, SONIA, TestRelay};
use liaison_tests::writing::dossier;
use sqlx::{Connection as _, PgConnection};

async fn entries(store: &StoreOptions) -> Vec<LogChunk> {
    let database = open(store).await.unwrap();
    let log = StoredLog::new(database.clone());
    let page = log.read(Seq(0), usize::MAX, &View::agency(Role::Gestionnaire)).await.unwrap();
    database.close().await;
    page.chunks
}

fn command(store: &StoreOptions, to: &StoreUrl) -> Command {
    Command::Store(StoreCommand::Copy(CopyStore { store: store.clone(), to: to.clone() }))
}

/// An agency in an SQLite file with a bit of everything: documents, a team, a phone that holds a dossier, what arrived late, a
/// file, entries of the access log.
async fn agency() -> (TestRelay, TestFile) {
    let relay = TestRelay::start_in_a_file().await;
    let mut office = Office::open(&relay).await;
    office.name(1, "Petit").await;
    office.name(2, "Grand").await;
    let mut phone = relay.phone(&mut office, SONIA, &[1]).await;
    office.withdraw_from(&mut phone, 1).await;
    let (id, changes) = phone.transmission(1, "Après coup");
    phone.push(id, &changes).await;
    let file = TestFile::new(3, 600_000, "Devis");
    Device::at(relay.address, &office.claire.session).bring(Volet(dossier(1), "client"), &file).await;
    (relay, file)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_moves_to_postgres_and_back_and_goes_on_where_it_was() {
    let (mut relay, file) = agency().await;
    let session = relay.login(CLAIRE).await;
    relay.stop().await;
    let (old, database) = (relay.store(), Database::create().await);
    let before = entries(&old).await;
    let to: StoreUrl = database.url().parse().unwrap();
    commands::run(command(&old, &to)).await.unwrap();
    let new = old.moved_to(&to);
    assert_eq!(entries(&new).await, before);

    // Served from there, the same session goes on; the log, the access log and what is numbered by the database, too.
    let mut relay = TestRelay::serving(new.clone()).await;
    let mut office = Office::open(&relay).await;
    let seq = office.name(3, "Nouveau").await;
    assert_eq!(seq.0, before.len() as u64 + 2);
    assert_eq!(relay.reviews(&session).await.len(), 1);
    let device = Device::at(relay.address, &session);
    assert_eq!(device.download(Volet(dossier(1), "client"), &file.hash).await, file.bytes);
    let mut phone = relay.phone(&mut office, SONIA, &[2]).await;
    office.withdraw_from(&mut phone, 2).await;
    let (id, changes) = phone.transmission(2, "Encore après coup");
    phone.push(id, &changes).await;
    assert_eq!(relay.reviews(&session).await.len(), 2);
    drop((phone, office));
    relay.stop().await;

    let back = tempfile::tempdir().unwrap();
    let file = StoreUrl::Sqlite(back.path().join("back.db"));
    let after = entries(&new).await;
    commands::run(command(&new, &file)).await.unwrap();
    assert_eq!(entries(&new.moved_to(&file)).await, after);
    assert!(after.len() > before.len() && after.iter().any(|entry| entry.document == DocumentId::client(dossier(3))));
}

/// Such an agency whose relay has stopped, and a database to copy its store to.
async fn stopped() -> (TestRelay, Database, StoreUrl) {
    let (mut relay, _file) = agency().await;
    relay.stop().await;
    let database = Database::create().await;
    let to = database.url().parse().unwrap();
    (relay, database, to)
}

async fn is_empty(database: &Database) -> bool {
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    let rows = "SELECT (SELECT COUNT(*) FROM meta) + (SELECT COUNT(*) FROM changes) + (SELECT COUNT(*) FROM blobs)";
    let rows: i64 = sqlx::query_scalar(rows).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows == 0
}

#[tokio::test]
async fn a_copy_that_does_not_succeed_leaves_the_new_store_empty() {
    let (relay, database, to) = stopped().await;
    let old = relay.store();
    // What PostgreSQL does not take stands near the end.
    let store = open(&old).await.unwrap();
    let odd = query("INSERT INTO settings (name, value) VALUES ($1, $2)").bind("odd").bind("a\u{0}b");
    odd.execute(&store.write).await.unwrap();
    store.close().await;
    let error = copy(&old.store, &to).await.unwrap_err();
    assert!(matches!(error, CopyError::Row { table: "settings", .. }), "{error}");
    assert!(is_empty(&database).await);
    // Interrupted wherever it is: nothing is there, or everything.
    let store = open(&old).await.unwrap();
    query("DELETE FROM settings WHERE name = 'odd'").execute(&store.write).await.unwrap();
    store.close().await;
    for millis in [1, 5, 10, 20, 40, 80] {
        tokio::time::timeout(std::time::Duration::from_millis(millis), copy(&old.store, &to)).await.ok();
        if !is_empty(&database).await {
            break;
        }
    }
    if is_empty(&database).await {
        copy(&old.store, &to).await.unwrap();
    }
    assert_eq!(entries(&old.moved_to(&to)).await, entries(&old).await);
}

#[tokio::test]
async fn a_store_with_anything_in_it_is_not_copied_to() {
    let (relay, _database, to) = stopped().await;
    let old = relay.store();
    commands::run(command(&old, &to)).await.unwrap();
    let again = commands::run(command(&old, &to)).await.unwrap_err();
    assert!(matches!(again, CommandError::Copy(CopyError::NotEmpty(_))), "{again}");
    let missing = StoreOptions::sqlite(old.beside.with_file_name("none.db"));
    assert!(matches!(commands::run(command(&missing, &to)).await, Err(CommandError::NoStore)));
    let store = open(&old.moved_to(&to)).await.unwrap();
    let people: i64 = query_scalar("SELECT COUNT(*) FROM users").fetch_one(&store.read).await.unwrap();
    assert_eq!(people, 7);
    store.close().await;
}
