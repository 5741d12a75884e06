//! The relay is killed, or its folder is not what the store believes: it claims nothing that it does not have.

use std::fs;

use liaison_server::database::sql::query;
use liaison_shared::DocumentId;
use liaison_tests::client::{TestClient, login};
use liaison_tests::files::{Device, TestFile};
use liaison_tests::process::RelayProcess;
use liaison_tests::writing::Writing;

use super::{CHUNK, SIZE, dossier, volet, world};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blob_1_sigkill_loses_no_chunk_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("liaison.db");
    let relay = RelayProcess::start(&store);
    let session = login(relay.address, "claire.martin@liaison.demo", "demo-liaison-2026", None).await.unwrap();
    let mut client = TestClient::welcomed(relay.address, &session).await;
    let mut writing = Writing::new(DocumentId::client(dossier(1)), session.pen(1));
    let changes = [writing.genesis(), writing.nom("Oiseau")];
    client.push(writing.id(), &changes).await;
    let file = TestFile::new(50, 12 * CHUNK, "Contrat");
    let device = Device::at(relay.address, &session);
    assert_eq!(device.missing(volet("client"), &file).await.len(), 12);
    for index in [3, 0, 7] {
        assert_eq!(device.put(volet("client"), &file, index).await.status, 204);
    }
    // Killed while the next one is on its way.
    let late = (session.clone(), file.clone(), relay.address);
    let late = tokio::spawn(async move {
        let asked = liaison_tests::http::request(late.2, "PUT", &format!("{}/1", volet("client").path(&late.1.hash)));
        let token = format!("Bearer {}", late.0.token);
        asked.header("authorization", token).body(late.1.chunk(1)).send().await.is_ok()
    });
    tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    relay.kill();
    let answered = late.await.unwrap();

    let relay = RelayProcess::start(&store);
    let device = Device::at(relay.address, &session);
    let missing = device.missing(volet("client"), &file).await;
    assert!([3, 0, 7].iter().all(|index| !missing.contains(index)), "{missing:?}");
    assert!(!(answered && missing.contains(&1)), "{missing:?}");
    device.bring(volet("client"), &file).await;
    assert_eq!(device.download(volet("client"), &file.hash).await, file.bytes);
    relay.kill();
}

#[tokio::test]
async fn blob_1_half_a_chunk_is_none_and_is_overwritten() {
    let (mut relay, office, _sonia) = world().await;
    let claire = office.claire.session.clone();
    let file = TestFile::new(51, SIZE, "Devis");
    let device = relay.device(&claire);
    device.begin(volet("client"), &file).await.ok();
    for index in [0, 1] {
        device.put(volet("client"), &file, index).await;
    }
    relay.stop().await;
    let chunks = relay.stored_chunks();
    fs::write(&chunks[0], b"half").unwrap();
    // As a relay leaves it that ends while it writes.
    fs::copy(&chunks[1], chunks[1].with_file_name("2#1")).unwrap();
    relay.restart().await;
    let device = relay.device(&claire);
    assert_eq!(device.missing(volet("client"), &file).await, [0, 2]);
    device.bring(volet("client"), &file).await;
    assert_eq!(device.download(volet("client"), &file.hash).await, file.bytes);
}

#[tokio::test]
async fn blob_2_all_chunks_there_and_never_checked_are_checked_at_the_next_beginning() {
    let (mut relay, office, _sonia) = world().await;
    let claire = office.claire.session.clone();
    let file = TestFile::new(52, SIZE, "Devis");
    relay.device(&claire).bring(volet("client"), &file).await;
    relay.stop().await;
    // As a relay leaves it that ends between the last chunk and the check.
    let database = liaison_server::server::open(&relay.store()).await.unwrap();
    query("UPDATE blob_sets SET complete = 0").execute(&database.write).await.unwrap();
    database.close().await;
    relay.restart().await;
    let device = relay.device(&claire);
    assert_eq!(device.ask(volet("client"), &file.hash).await.ok()["complete"], false);
    assert!(device.missing(volet("client"), &file).await.is_empty());
    assert_eq!(device.download(volet("client"), &file.hash).await, file.bytes);
}

#[tokio::test]
async fn what_an_older_copy_of_the_folder_lacks_is_asked_for_again() {
    let (mut relay, office, _sonia) = world().await;
    let claire = office.claire.session.clone();
    let file = TestFile::new(53, SIZE, "Devis");
    relay.device(&claire).bring(volet("client"), &file).await;
    relay.stop().await;
    fs::remove_file(&relay.stored_chunks()[1]).unwrap();
    relay.restart().await;
    let device = relay.device(&claire);
    assert_eq!(device.get(volet("client"), &file.hash, 1).await.unwrap_err().code(), "unavailable");
    assert_eq!(device.missing(volet("client"), &file).await, [1]);
    device.bring(volet("client"), &file).await;
    assert_eq!(device.download(volet("client"), &file.hash).await, file.bytes);
}
