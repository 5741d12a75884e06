//! What somebody finds who has taken the folder of the files, or a backup of it.

use std::fs;

use liaison_server::blobs::BlobError;
use liaison_server::commands::{self, CommandError};
use liaison_server::config::{CheckKeys, Command, DestroyKey, KeysCommand, Limits, ServeOptions};
use liaison_server::server::{Server, ServerError};
use liaison_tests::files::{CHUNK, TestFile, Volet, files_below, holding};
use liaison_tests::relay::TestRelay;
use liaison_tests::writing::dossier;

use super::{SIZE, volet, world};

const TEXTE: &str = "Ordonnance de Madame Quillacanthe-Vermoulue";

async fn keys(command: KeysCommand) -> Result<(), CommandError> {
    commands::run(Command::Keys(command)).await
}

async fn check(relay: &TestRelay) -> Result<(), CommandError> {
    keys(KeysCommand::Check(CheckKeys { store: relay.store() })).await
}

#[tokio::test]
async fn blob_1_nothing_of_a_file_is_readable_on_the_disk() {
    let (mut relay, office, _sonia) = world().await;
    let device = relay.device(&office.claire.session);
    // Every chunk begins with the text: the whole file, and one that is not finished.
    let mut bytes = TestFile::new(60, SIZE, TEXTE).bytes;
    bytes[CHUNK..CHUNK + TEXTE.len()].copy_from_slice(TEXTE.as_bytes());
    bytes[2 * CHUNK..2 * CHUNK + TEXTE.len()].copy_from_slice(TEXTE.as_bytes());
    let whole = TestFile::of(bytes.clone());
    bytes.push(0);
    let part = TestFile::of(bytes);
    device.bring(volet("client"), &whole).await;
    device.begin(volet("client"), &part).await.ok();
    device.put(volet("client"), &part, 1).await;
    assert_eq!(relay.stored_chunks().len(), 4);
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("plain"), &whole.bytes).unwrap();
    assert_eq!(holding(elsewhere.path(), TEXTE).len(), 1, "the search finds what is there");
    for text in [TEXTE, "image/jpeg"] {
        assert_eq!(holding(relay.folder(), text).len(), 0, "{text}, while it runs");
    }
    relay.stop().await;
    assert_eq!(holding(relay.folder(), TEXTE).len(), 0, "once it has ended");
    let names: Vec<String> = relay.stored_chunks().iter().map(|path| path.display().to_string()).collect();
    assert!(names.iter().all(|name| !name.contains(&whole.hash)), "nor does a name tell what is in it: {names:?}");
}

#[tokio::test]
async fn a_dossier_whose_key_is_destroyed_has_no_files_any_more_and_the_others_keep_theirs() {
    let (mut relay, mut office, _sonia) = world().await;
    office.name(2, "Petit").await;
    let claire = office.claire.session.clone();
    let file = TestFile::new(61, SIZE, TEXTE);
    let (gone, kept) = (volet("client"), Volet(dossier(2), "client"));
    for volet in [gone, kept] {
        relay.device(&claire).bring(volet, &file).await;
    }
    assert_eq!(relay.stored_chunks().len(), 6, "each dossier has its own, under its own key");
    relay.stop().await;
    check(&relay).await.unwrap();
    let destroy = |yes| KeysCommand::Destroy(DestroyKey { store: relay.store(), dossier: dossier(1), yes });
    let unconfirmed = keys(destroy(false)).await.unwrap_err();
    assert!(matches!(unconfirmed, CommandError::Unconfirmed { files: 1, .. }), "{unconfirmed}");
    keys(destroy(true)).await.unwrap();
    check(&relay).await.unwrap();

    relay.restart().await;
    let device = relay.device(&claire);
    for answer in [
        device.ask(gone, &file.hash).await,
        device.get(gone, &file.hash, 0).await.unwrap_err(),
        device.begin(gone, &file).await,
        device.put(gone, &file, 0).await,
    ] {
        assert_eq!(answer.code(), "not_found");
    }
    assert_eq!(device.download(kept, &file.hash).await, file.bytes);
}

#[tokio::test]
async fn a_chunk_that_was_altered_or_moved_is_an_error_and_the_check_finds_it() {
    let (mut relay, office, _sonia) = world().await;
    let claire = office.claire.session.clone();
    let file = TestFile::new(62, SIZE, TEXTE);
    relay.device(&claire).bring(volet("client"), &file).await;
    let chunks = relay.stored_chunks();
    let aside = fs::read(&chunks[0]).unwrap();
    fs::copy(&chunks[1], &chunks[0]).unwrap();
    let device = relay.device(&claire);
    assert_eq!(device.get(volet("client"), &file.hash, 0).await.unwrap_err().code(), "unavailable");
    relay.stop().await;
    assert!(matches!(check(&relay).await, Err(CommandError::UnreadableFiles(1))));
    fs::remove_file(&chunks[0]).unwrap();
    assert!(matches!(check(&relay).await, Err(CommandError::UnreadableFiles(1))));
    fs::write(&chunks[0], aside).unwrap();
    check(&relay).await.unwrap();
}

#[tokio::test]
async fn a_relay_whose_files_are_not_there_does_not_start() {
    let (mut relay, office, _sonia) = world().await;
    let file = TestFile::new(63, SIZE, TEXTE);
    relay.device(&office.claire.session).bring(volet("client"), &file).await;
    relay.stop().await;
    let (folder, away) = (relay.folder().join("liaison.db.blobs"), relay.folder().join("away"));
    fs::rename(&folder, &away).unwrap();
    let options = |store| ServeOptions {
        listen: "127.0.0.1:0".to_owned(),
        store,
        static_dir: away.clone(),
        agency: None,
        behind_tls_proxy: false,
    };
    let error = Server::bind(&options(relay.store()), Limits::default()).await.err().unwrap();
    assert!(matches!(error, ServerError::Blobs(BlobError::MissingFolder(_))), "{error}");
    assert!(error.to_string().contains("--blobs"), "it says what to do: {error}");
    // Another place, said so.
    let mut store = relay.store();
    store.blobs = Some("s3://agence/liaison".parse().unwrap());
    let error = Server::bind(&options(store.clone()), Limits::default()).await.err().unwrap();
    assert!(matches!(error, ServerError::Blobs(BlobError::Place(_))), "built without S3: {error}");
    store.blobs = Some(away.display().to_string().parse().unwrap());
    keys(KeysCommand::Check(CheckKeys { store })).await.unwrap();
    assert_eq!(files_below(&away).len(), 3);
}
