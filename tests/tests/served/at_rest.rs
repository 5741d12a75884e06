//! What somebody finds who has taken the relay's disk, or a backup of it.

use std::fs;
use std::path::{Path, PathBuf};

use liaison_server::commands::{self, CommandError};
use liaison_server::config::{CheckKeys, Command, DestroyKey, KeysCommand, RotateKeys, StoreOptions};
use liaison_server::database::sql::query;
use liaison_server::keys::{KeyError, SecretText};
use liaison_server::log::{ChangeLog as _, LogError, StoredLog};
use liaison_server::server::open;
use liaison_shared::documents::NewChange;
use liaison_shared::protocol::{ChangeRefusal, RefusedChange};
use liaison_shared::{DocumentId, Seq};
use liaison_tests::client::TestClient;
use liaison_tests::files::holding;
use liaison_tests::relay::{CLAIRE, PAUL, TestRelay};
use liaison_tests::writing::{Writing, demande, dossier, transmission};
use tempfile::TempDir;

const NOM: &str = "Quillacanthe-Vermoulue";
const TEXTE: &str = "A refusé le zestronard ce midi.";

/// Pushes a client's name and a transmission to the dossier with this number.
async fn fill(client: &mut TestClient, number: u8) -> Seq {
    let pen = client.session.pen(number);
    let mut writing = Writing::new(DocumentId::client(dossier(number)), pen.clone());
    let changes = [writing.genesis(), writing.nom(NOM)];
    push(client, writing.id(), &changes).await;
    let (journal, changes) = transmission(number, &pen, TEXTE);
    push(client, journal, &changes).await
}

async fn push(client: &mut TestClient, document: DocumentId, changes: &[NewChange]) -> Seq {
    let (seq, refused) = client.push(document, changes).await;
    assert!(refused.is_empty(), "{refused:?}");
    seq
}

/// The documents that a new device gets, one per change, and how far the feed went.
async fn fed(relay: &TestRelay, head: Seq) -> Vec<String> {
    let mut client = relay.client(PAUL).await;
    client.catch_up(head).await;
    assert_eq!(client.upto, head);
    client.feed.iter().map(|entry| entry.document.clone()).collect()
}

fn of(documents: &[String], number: u8) -> usize {
    let start = format!("{}/", dossier(number));
    documents.iter().filter(|document| document.starts_with(&start)).count()
}

/// The store as a backup would have it, without its keys: the relay has been stopped.
fn backup(store: &Path) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("backup.db");
    fs::copy(store, &copy).unwrap();
    (folder, copy)
}

async fn keys(command: KeysCommand) -> Result<(), CommandError> {
    commands::run(Command::Keys(command)).await
}

#[tokio::test]
async fn what_people_write_is_in_no_file_of_the_relay() {
    let mut relay = TestRelay::start().await;
    let mut claire = relay.client(CLAIRE).await;
    let head = fill(&mut claire, 1).await;
    // The search finds both where they can be read: in what a device gets.
    let mut paul = relay.client(PAUL).await;
    paul.catch_up(head).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let plain: Vec<u8> = paul.feed.iter().flat_map(|entry| entry.chunk.to_vec()).collect();
    fs::write(elsewhere.path().join("feed"), plain).unwrap();
    let none: Vec<PathBuf> = Vec::new();
    for text in [NOM, TEXTE] {
        assert_eq!(holding(elsewhere.path(), text).len(), 1, "{text}");
        assert_eq!(holding(relay.folder(), text), none, "while it runs");
    }
    // And it looks into the right files: a dossier's number is not encrypted.
    assert!(!holding(relay.folder(), &dossier(1).to_string()).is_empty());
    relay.restart().await;
    assert_eq!(of(&fed(&relay, head).await, 1), 4, "read from the store, not from memory");
    relay.stop().await;
    for text in [NOM, TEXTE] {
        assert_eq!(holding(relay.folder(), text), none, "once it has ended");
    }
}

#[tokio::test]
async fn a_store_without_its_master_key_does_not_open() {
    let mut relay = TestRelay::start().await;
    let mut claire = relay.client(CLAIRE).await;
    fill(&mut claire, 1).await;
    relay.stop().await;
    let mut options = relay.store();
    options.master_key = Some(SecretText::from("ab".repeat(32)));
    let error = open(&options).await.unwrap_err();
    assert!(matches!(error, LogError::Keys(KeyError::WrongMasterKey { .. })), "{error}");
    assert!(error.to_string().contains("--master-key-file"), "it says what to do: {error}");
    // The right digits in the environment are as good as the file.
    let text = fs::read_to_string(relay.folder().join("liaison.db.master-key")).unwrap();
    options.master_key = Some(SecretText::from(text));
    open(&options).await.unwrap().close().await;
    // A thief of the store alone has nothing: not even with keys of their own.
    let (_folder, copy) = backup(&relay.folder().join("liaison.db"));
    let error = open(&StoreOptions::sqlite(copy)).await.unwrap_err();
    assert!(matches!(error, LogError::Keys(KeyError::MissingKeyring(_))), "{error}");
}

#[tokio::test]
async fn a_rotation_keeps_everything_readable() {
    let mut relay = TestRelay::start().await;
    let mut claire = relay.client(CLAIRE).await;
    let head = fill(&mut claire, 1).await;
    relay.stop().await;
    let new = relay.folder().join("new-master-key");
    let rotate = |store: StoreOptions| RotateKeys { store, new_master_key_file: new.clone() };
    keys(KeysCommand::Rotate(rotate(relay.store()))).await.unwrap();

    let error = open(&relay.store()).await.unwrap_err();
    assert!(matches!(error, LogError::Keys(KeyError::WrongMasterKey { .. })), "the former one is locked out: {error}");
    let mut rotated = relay.store();
    rotated.master_key_file = Some(new.clone());
    keys(KeysCommand::Check(CheckKeys { store: rotated.clone() })).await.unwrap();
    let again = keys(KeysCommand::Rotate(rotate(rotated))).await.unwrap_err();
    assert!(matches!(again, CommandError::Keys(KeyError::SameMasterKey)), "{again}");
    // With the new one in the place of the former one, the relay goes on.
    fs::rename(&new, relay.folder().join("liaison.db.master-key")).unwrap();
    relay.restart().await;
    assert_eq!(of(&fed(&relay, head).await, 1), 4);
}

#[tokio::test]
async fn a_dossier_whose_key_is_destroyed_is_gone_from_every_backup_and_the_others_stay() {
    let mut relay = TestRelay::start().await;
    let mut claire = relay.client(CLAIRE).await;
    fill(&mut claire, 1).await;
    let head = fill(&mut claire, 2).await;
    relay.stop().await;
    let store = relay.folder().join("liaison.db");
    let (_folder, before) = backup(&store);

    let destroy = |yes| KeysCommand::Destroy(DestroyKey { store: relay.store(), dossier: dossier(1), yes });
    let unconfirmed = keys(destroy(false)).await.unwrap_err();
    assert!(matches!(unconfirmed, CommandError::Unconfirmed { changes: 4, .. }), "{unconfirmed}");
    keys(KeysCommand::Check(CheckKeys { store: relay.store() })).await.unwrap();
    keys(destroy(true)).await.unwrap();
    // What cannot be read on purpose is no failure.
    keys(KeysCommand::Check(CheckKeys { store: relay.store() })).await.unwrap();

    relay.restart().await;
    let documents = fed(&relay, head).await;
    assert_eq!((of(&documents, 1), of(&documents, 2)), (0, 4), "the feed moves over what is gone");
    // A device that still writes there is refused, alone; it gets no new key, and the others go on.
    let mut claire = relay.client(CLAIRE).await;
    let (id, changes) = demande(1, &claire.session.pen(9), "Encore");
    let refused = |index| RefusedChange { index, reason: ChangeRefusal::Forbidden };
    assert_eq!(claire.push(id, &changes).await, (Seq(0), vec![refused(0), refused(1)]));
    assert_eq!(fill(&mut claire, 3).await, Seq(head.0 + 4));

    relay.stop().await;
    fs::copy(&before, &store).unwrap();
    relay.restart().await;
    let documents = fed(&relay, head).await;
    assert_eq!((of(&documents, 1), of(&documents, 2)), (0, 4), "the backup from before does not bring it back");
    let database = open(&relay.store()).await.unwrap();
    let log = StoredLog::new(database);
    let read = log.document(DocumentId::client(dossier(1))).await;
    assert!(matches!(read, Err(LogError::Destroyed(_))), "{read:?}");
}

#[tokio::test]
async fn bytes_that_were_altered_are_an_error_and_never_a_gap() {
    let mut relay = TestRelay::start().await;
    let mut claire = relay.client(CLAIRE).await;
    fill(&mut claire, 1).await;
    relay.stop().await;
    let database = open(&relay.store()).await.unwrap();
    // One change in the place of another of the same document: sealed with the right key, but not there.
    let swap = "UPDATE bodies SET bytes = (SELECT bytes FROM bodies WHERE seq = 2) WHERE seq = 1";
    query(swap).execute(&database.write).await.unwrap();
    let log = StoredLog::new(database);
    let read = log.document(DocumentId::client(dossier(1))).await;
    assert!(matches!(read, Err(LogError::Unreadable { seq: Seq(1), .. })), "{read:?}");
    let checked = keys(KeysCommand::Check(CheckKeys { store: relay.store() })).await.unwrap_err();
    assert!(matches!(checked, CommandError::Unreadable(1)), "{checked}");
}
