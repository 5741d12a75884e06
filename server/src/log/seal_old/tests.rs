//! Stores as the relay before encryption has left them.

use std::path::Path;

use liaison_shared::access::Role;
use liaison_shared::{DossierId, Epoch, Seq};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use tempfile::TempDir;

use super::*;
use crate::config::{StoreOptions, StoreUrl};
use crate::connections::at_most;
use crate::database::Database;
use crate::keys::{KeyError, MasterKeySource};
use crate::log::{ChangeLog as _, StoredLog, View};

const NOW: Timestamp = Timestamp(1_795_419_000_000);
const CHANGES: u8 = 50;

/// What change `seq` says; every one is unlike the others and long enough not to be found by chance.
fn text(seq: u8) -> Vec<u8> {
    format!("Madame Zéphyrine Quillacanthe, {seq:03}").repeat(40).into_bytes()
}

fn document(seq: u8) -> DocumentId {
    if seq == 1 { DocumentId::Annuaire } else { DocumentId::client(DossierId([seq % 3; 16])) }
}

/// A store as it was: rows in the clear, some of them deleted since. Left open: the write-ahead log stays too.
async fn old_store(path: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let options = options.journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
    let pool = at_most(1).connect_with(options).await.unwrap();
    sqlx::raw_sql(include_str!("../schema.sql")).execute(&pool).await.unwrap();
    sqlx::query("INSERT INTO meta (name, value) VALUES ('epoch', $1)").bind(&[9; 16][..]).execute(&pool).await.unwrap();
    sqlx::query("INSERT INTO actors (id, actor) VALUES (1, x'01')").execute(&pool).await.unwrap();
    for seq in 1..=CHANGES + 10 {
        let (number, id) = (if seq == 1 { 9 } else { i64::from(seq % 3) }, document(seq));
        let insert = sqlx::query("INSERT INTO documents (id, name, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
        insert.bind(number).bind(id.to_string()).bind(id.kind().name()).execute(&pool).await.unwrap();
        let insert = "INSERT INTO changes (seq, document, hash, actor, actor_seq, last_op, user_id, device, received) \
                      VALUES ($1, $2, $3, 1, $1, $1, $4, $4, 0)";
        let insert = sqlx::query(insert).bind(i64::from(seq)).bind(number).bind(vec![seq; 32]).bind(&[1; 16][..]);
        insert.execute(&pool).await.unwrap();
        let insert = sqlx::query("INSERT INTO bodies (seq, bytes) VALUES ($1, $2)").bind(i64::from(seq));
        insert.bind(text(seq)).execute(&pool).await.unwrap();
    }
    sqlx::query("DELETE FROM bodies WHERE seq > $1").bind(i64::from(CHANGES)).execute(&pool).await.unwrap();
    sqlx::query("DELETE FROM changes WHERE seq > $1").bind(i64::from(CHANGES)).execute(&pool).await.unwrap();
    pool
}

/// Whether the unusual name is in any file of the folder.
fn readable(folder: &TempDir) -> bool {
    let name = "Quillacanthe".as_bytes();
    let files = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
    files.into_iter().any(|file| std::fs::read(file).unwrap().windows(name.len()).any(|window| window == name))
}

async fn open(path: &Path) -> Result<Database, LogError> {
    Database::open(&StoreUrl::Sqlite(path.to_owned()), &StoreOptions::sqlite(path).key_files(), Epoch([1; 16]), NOW)
        .await
}

async fn expect_everything(database: &Database) {
    let log = StoredLog::new(database.clone());
    let page = log.read(Seq(0), usize::MAX, &View::agency(Role::Gestionnaire)).await.unwrap();
    let found: Vec<(Seq, Vec<u8>)> = page.chunks.into_iter().map(|chunk| (chunk.seq, chunk.bytes.to_vec())).collect();
    assert_eq!(found, (1..=CHANGES).map(|seq| (Seq(seq.into()), text(seq))).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_store_from_before_is_sealed_and_nothing_readable_remains() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let old = old_store(&path).await;
    assert!(readable(&folder), "the search finds what is there");
    old.close().await;
    let database = open(&path).await.unwrap();
    assert!(!readable(&folder), "while it is open");
    assert_eq!(database.epoch, Epoch([9; 16]));
    expect_everything(&database).await;
    database.close().await;
    assert!(!readable(&folder));
    expect_everything(&open(&path).await.unwrap()).await;
}

#[tokio::test]
async fn sealing_goes_on_wherever_it_was_cut() {
    for batches in [0, 1, 3, 7, 8, 9] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relay.db");
        let old = old_store(&path).await;
        let keys = StoreOptions::sqlite(&path).key_files().unlock(None).await.unwrap();
        for _ in 0..batches {
            seal_some(&Pool::Sqlite(old.clone()), &keys, NOW, 7).await.unwrap();
        }
        // And in the middle of a batch: what a killed process has not committed is not there.
        let mut transaction = old.begin().await.unwrap();
        sqlx::query("UPDATE bodies SET bytes = x'00'").execute(&mut *transaction).await.unwrap();
        drop(transaction);
        old.close().await;
        keys.close().await;
        let database = open(&path).await.unwrap();
        assert!(!readable(&folder), "after {batches} batches");
        expect_everything(&database).await;
    }
}

#[tokio::test]
async fn an_old_copy_does_not_bring_back_a_dossier_that_was_destroyed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let copy = folder.path().join("copy");
    old_store(&path).await.close().await;
    std::fs::copy(&path, &copy).unwrap();
    let database = open(&path).await.unwrap();
    database.keys.destroy(DossierId([2; 16]), NOW).await.unwrap();
    database.close().await;
    std::fs::rename(&copy, &path).unwrap();
    let database = open(&path).await.unwrap();
    assert!(!readable(&folder));
    let log = StoredLog::new(database);
    assert!(matches!(log.document(document(2)).await, Err(LogError::Destroyed(_))));
    let page = log.read(Seq(0), usize::MAX, &View::agency(Role::Gestionnaire)).await.unwrap();
    assert!(page.chunks.iter().all(|chunk| chunk.document != document(2)));
    assert_eq!((page.chunks.len(), page.upto), (33, Seq(CHANGES.into())));
}

#[tokio::test]
async fn a_store_that_has_sealed_something_does_not_begin_without_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    old_store(&path).await.close().await;
    let database = open(&path).await.unwrap();
    database.close().await;
    let files = StoreOptions::sqlite(&path).key_files();
    let MasterKeySource::File(master) = &files.master else { panic!("a file") };
    let error = |result: Result<Database, LogError>| match result {
        Err(LogError::Keys(error)) => error,
        other => panic!("{other:?}"),
    };
    let away = folder.path().join("away");

    std::fs::rename(master, &away).unwrap();
    assert!(matches!(error(open(&path).await), KeyError::MissingMasterKey(_)));
    assert!(!master.exists(), "no other one is made");
    std::fs::write(master, format!("{}\n", "ab".repeat(32))).unwrap();
    assert!(matches!(error(open(&path).await), KeyError::WrongMasterKey { .. }));
    std::fs::rename(&away, master).unwrap();

    std::fs::rename(&files.keyring, &away).unwrap();
    assert!(matches!(error(open(&path).await), KeyError::MissingKeyring(_)));
    assert!(!files.keyring.exists(), "no other one is made");
    let other = folder.path().join("other.db");
    open(&other).await.unwrap().close().await;
    let mut foreign = StoreOptions::sqlite(&path);
    foreign.keys = Some(StoreOptions::sqlite(&other).key_files().keyring);
    foreign.master_key_file = Some(folder.path().join("other.db.master-key"));
    let opened = Database::open(&foreign.store, &foreign.key_files(), Epoch([1; 16]), NOW).await;
    assert!(matches!(error(opened), KeyError::ForeignKeyring(_)));
    std::fs::rename(&away, &files.keyring).unwrap();
    expect_everything(&open(&path).await.unwrap()).await;
}

#[tokio::test]
async fn a_keyring_older_than_the_store_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let database = open(&path).await.unwrap();
    database.close().await;
    let keyring = StoreOptions::sqlite(&path).key_files().keyring;
    let older = folder.path().join("older");
    std::fs::copy(&keyring, &older).unwrap();
    let database = open(&path).await.unwrap();
    database.keys.ensure([KeyName::Agence], NOW).await.unwrap();
    let insert = "INSERT INTO documents (id, name, kind) VALUES (1, 'annuaire', 'annuaire')";
    query(insert).execute(&database.write).await.unwrap();
    database.close().await;
    std::fs::rename(&older, &keyring).unwrap();
    assert!(matches!(open(&path).await, Err(LogError::Keys(KeyError::LostKeys(1)))));
}
