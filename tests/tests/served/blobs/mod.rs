//! Files of the dossiers over the real relay: brought in parts, kept once, read again (rules BLOB-1 to BLOB-6 of
//! docs/api.md).
mod access;
mod bounds;
mod crash;
mod rest;

use liaison_tests::client::TestClient;
use liaison_tests::files::{CHUNK, TestFile, Volet};
use liaison_tests::office::Office;
use liaison_tests::relay::{CLAIRE, PAUL, SONIA, TestRelay};
use liaison_tests::writing::dossier;

/// Three chunks, the last one short.
const SIZE: usize = 2 * CHUNK + 12_345;

/// A relay with dossier 1, which Claire has begun and Sonia is on the team of.
async fn world() -> (TestRelay, Office, TestClient) {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    office.name(1, "Oiseau").await;
    let sonia = relay.phone(&mut office, SONIA, &[1]).await;
    (relay, office, sonia)
}

fn volet(kind: &str) -> Volet<'_> {
    Volet(dossier(1), kind)
}

#[tokio::test]
async fn blob_1_a_file_comes_in_parts_over_sessions_and_restarts_and_is_read_byte_for_byte() {
    let (mut relay, office, sonia) = world().await;
    let file = TestFile::new(1, SIZE, "Ordonnance");
    let claire = office.claire.session.clone();

    // Begun on one device, which brings the last chunk first and goes away.
    let device = relay.device(&claire);
    assert_eq!(device.missing(volet("client"), &file).await, [0, 1, 2]);
    assert_eq!(device.put(volet("client"), &file, 2).await.status, 204);
    assert_eq!(device.put(volet("client"), &file, 2).await.status, 204, "its answer was lost: once more");
    let told = device.ask(volet("client"), &file.hash).await.ok();
    assert_eq!((told["size"].as_u64(), &told["complete"]), (Some(SIZE as u64), &false.into()));
    let unfinished = device.get(volet("client"), &file.hash, 2).await.unwrap_err();
    assert_eq!(unfinished.status, 404, "nobody reads a part");

    // A restart forgets nothing; another session, then a colleague, go on.
    relay.restart().await;
    let again = relay.login(CLAIRE).await;
    assert_eq!(relay.device(&again).missing(volet("client"), &file).await, [0, 1]);
    assert_eq!(relay.device(&again).put(volet("client"), &file, 0).await.status, 204);
    let paul = relay.login(PAUL).await;
    relay.device(&paul).bring(volet("client"), &file).await;
    let begun = relay.device(&paul).begin(volet("client"), &file).await.ok();
    assert_eq!((&begun["complete"], begun["missing"].as_array().unwrap().len()), (&true.into(), 0));
    assert_eq!(relay.device(&paul).put(volet("client"), &file, 0).await.status, 204, "repeating is fine");

    assert_eq!(relay.device(&sonia.session).download(volet("client"), &file.hash).await, file.bytes);
    relay.restart().await;
    assert_eq!(relay.device(&sonia.session).download(volet("client"), &file.hash).await, file.bytes);
}

#[tokio::test]
async fn a_scan_of_25_mb_comes_and_goes_whole() {
    let (relay, office, _sonia) = world().await;
    let file = TestFile::new(2, 25 << 20, "Contrat");
    let device = relay.device(&office.claire.session);
    device.bring(volet("administratif"), &file).await;
    assert_eq!(device.download(volet("administratif"), &file.hash).await, file.bytes);
}

#[tokio::test]
async fn blob_2_another_file_than_announced_is_refused_and_nothing_of_it_stays() {
    let (relay, office, _sonia) = world().await;
    let device = relay.device(&office.claire.session);
    let (file, other) = (TestFile::new(3, SIZE, "Devis"), TestFile::new(4, SIZE, "Facture"));
    assert_eq!(device.missing(volet("client"), &file).await, [0, 1, 2]);
    for index in [0, 1] {
        assert_eq!(device.put(volet("client"), &file, index).await.status, 204);
    }
    let refused = device.put_as(volet("client"), &file.hash, 2, other.chunk(2)).await;
    assert_eq!((refused.status, refused.code()), (422, "wrong_hash".to_owned()));
    assert_eq!(device.ask(volet("client"), &file.hash).await.status, 404);
    assert!(relay.stored_chunks().is_empty(), "{:?}", relay.stored_chunks());
    // The right one is as welcome as ever.
    device.bring(volet("client"), &file).await;
    assert_eq!(device.download(volet("client"), &file.hash).await, file.bytes);
    let shorter = device.begin_as(volet("client"), &file.hash, SIZE - 1).await;
    assert_eq!((shorter.status, shorter.code()), (422, "wrong_hash".to_owned()), "its size is known");
    assert_eq!(device.download(volet("client"), &file.hash).await, file.bytes);
}

#[tokio::test]
async fn a_file_begun_with_another_size_begins_anew() {
    let (relay, office, _sonia) = world().await;
    let device = relay.device(&office.claire.session);
    let file = TestFile::new(5, SIZE, "Devis");
    device.begin_as(volet("client"), &file.hash, SIZE + CHUNK).await.ok();
    assert_eq!(device.put_as(volet("client"), &file.hash, 0, file.chunk(0)).await.status, 204);
    assert_eq!(device.missing(volet("client"), &file).await, [0, 1, 2]);
    device.bring(volet("client"), &file).await;
    assert_eq!(device.download(volet("client"), &file.hash).await, file.bytes);
}

#[tokio::test]
async fn blob_5_two_kinds_of_a_dossier_keep_a_file_once() {
    let (relay, office, _sonia) = world().await;
    let device = relay.device(&office.claire.session);
    let file = TestFile::new(6, SIZE, "Attestation");
    device.bring(volet("administratif"), &file).await;
    assert_eq!(relay.stored_chunks().len(), 3);
    assert!(device.missing(volet("relation"), &file).await.is_empty(), "she has seen it: it need not come again");
    assert_eq!(relay.stored_chunks().len(), 3);
    for kind in ["administratif", "relation"] {
        assert_eq!(device.download(volet(kind), &file.hash).await, file.bytes, "{kind}");
    }
    assert_eq!(device.ask(volet("client"), &file.hash).await.status, 404, "nobody has named it there");
}
