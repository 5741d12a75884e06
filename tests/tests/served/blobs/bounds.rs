//! What is bounded: sizes, chunks, uploads that are not finished.

use liaison_server::blobs::Blobs;
use liaison_server::config::Limits;
use liaison_server::database::sql::query;
use liaison_server::server::open;
use liaison_shared::Timestamp;
use liaison_tests::files::{CHUNK, TestFile};
use liaison_tests::http::{now, request, send};
use liaison_tests::office::Office;
use liaison_tests::relay::{CLAIRE, TestRelay};
use serde_json::json;

use super::{SIZE, volet, world};

#[tokio::test]
async fn blob_6_what_is_too_large_or_no_chunk_is_refused_with_its_reason() {
    let (relay, office, _sonia) = world().await;
    let device = relay.device(&office.claire.session);
    let file = TestFile::new(20, SIZE, "Devis");
    for (size, status, code) in
        [(0, 422, "empty_file"), ((32 << 20) + 1, 413, "file_too_large"), (usize::MAX / 4, 413, "file_too_large")]
    {
        let answer = device.begin_as(volet("client"), &file.hash, size).await;
        assert_eq!((answer.status, answer.code()), (status, code.to_owned()), "{size}");
    }
    assert_eq!(device.put(volet("client"), &file, 0).await.status, 404, "not begun");
    device.begin(volet("client"), &file).await.ok();
    for (index, length, status, code) in [
        (3, 1, 422, "wrong_chunk"),
        (0, CHUNK - 1, 422, "wrong_chunk"),
        (0, CHUNK + 1, 422, "wrong_chunk"),
        (2, CHUNK, 422, "wrong_chunk"),
        (2, 0, 422, "wrong_chunk"),
        (0, 2 * CHUNK, 413, "too_large"),
    ] {
        let answer = device.put_as(volet("client"), &file.hash, index, vec![7; length]).await;
        assert_eq!((answer.status, answer.code()), (status, code.to_owned()), "{length} bytes as {index}");
    }
    for kind in ["annuaire", "journal/2026", "x"] {
        let answer = device.begin(volet(kind), &file).await;
        let expected = if kind.contains('/') { 405 } else { 422 };
        assert_eq!(answer.status, expected, "{kind}: {answer:?}");
    }
    assert_eq!(device.begin(volet("x"), &file).await.code(), "unknown_kind");
    assert!(relay.stored_chunks().is_empty());
    // What is not a chunk stays as small as everywhere.
    let long = json!({ "size": SIZE, "name": "x".repeat(20_000) });
    let asked = request(relay.address, "POST", &volet("client").path(&file.hash));
    assert_eq!(send(asked, Some(&office.claire.session.token), Some(&long)).await.code(), "too_large");
}

#[tokio::test]
async fn blob_6_a_device_finishes_what_it_has_begun_before_it_begins_more() {
    let relay = TestRelay::with_limits(Limits { uploads_per_device: 2, ..Limits::default() }).await;
    let mut office = Office::open(&relay).await;
    office.name(1, "Oiseau").await;
    let device = relay.device(&office.claire.session);
    let files: Vec<TestFile> = (0..3).map(|seed| TestFile::new(30 + seed, SIZE, "Photo")).collect();
    for file in &files[..2] {
        assert_eq!(device.missing(volet("client"), file).await.len(), 3);
    }
    let refused = device.begin(volet("client"), &files[2]).await;
    assert_eq!((refused.status, refused.code()), (429, "too_many_uploads".to_owned()));
    assert_eq!(device.missing(volet("client"), &files[0]).await.len(), 3, "what is begun goes on");
    let other = relay.login(CLAIRE).await;
    assert_eq!(relay.device(&other).missing(volet("client"), &files[2]).await.len(), 3, "another device");
    device.bring(volet("client"), &files[0]).await;
    assert_eq!(device.missing(volet("relation"), &files[1]).await.len(), 3, "one is finished: there is room");
}

#[tokio::test]
async fn blob_6_what_was_not_finished_in_30_days_is_deleted_and_nothing_else() {
    let (mut relay, office, _sonia) = world().await;
    let claire = office.claire.session.clone();
    let (whole, part) = (TestFile::new(40, SIZE, "Photo"), TestFile::new(41, SIZE, "Photo"));
    let last = TestFile::new(42, CHUNK, "Photo");
    let device = relay.device(&claire);
    device.bring(volet("client"), &whole).await;
    device.bring(volet("client"), &last).await;
    device.begin(volet("client"), &part).await.ok();
    device.put(volet("client"), &part, 0).await;
    // Begun anew: the chunk of the first beginning is of no use.
    device.begin_as(volet("client"), &part.hash, SIZE - 1).await.ok();
    device.put(volet("client"), &part, 1).await;
    assert_eq!(relay.stored_chunks().len(), 6);
    relay.stop().await;

    let database = open(&relay.store()).await.unwrap();
    // As if the store had been restored from a copy that was made before the last chunk of this one came.
    let reopen = query("UPDATE blob_sets SET complete = 0 WHERE size = $1").bind(CHUNK as i64);
    reopen.execute(&database.write).await.unwrap();
    let blobs = Blobs::open(database.clone(), &relay.store().blobs_place(), 20).await.unwrap();
    let day = |days: i64| Timestamp(now() + days * 86_400_000);
    assert_eq!(blobs.tidy(day(29)).await.unwrap(), 1);
    assert_eq!(relay.stored_chunks().len(), 5);
    assert_eq!(blobs.tidy(day(31)).await.unwrap(), 1);
    assert_eq!(relay.stored_chunks().len(), 4);
    assert_eq!(blobs.tidy(day(400)).await.unwrap(), 0);
    database.close().await;
    relay.restart().await;
    let device = relay.device(&claire);
    assert_eq!(device.ask(volet("client"), &part.hash).await.status, 404);
    assert_eq!(device.download(volet("client"), &whole.hash).await, whole.bytes);
    assert_eq!(device.download(volet("client"), &last.hash).await, last.bytes);
}
