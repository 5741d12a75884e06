//! Who gets at files, and until when. What each role may is walked in `access_matrix.rs`.

use liaison_tests::client::Session;
use liaison_tests::files::{TestFile, Volet};
use liaison_tests::http::Answer;
use liaison_tests::relay::{HELENE, NADIA, SONIA, TestRelay};
use liaison_tests::wait::eventually;
use liaison_tests::writing::dossier;
use serde_json::Value;

use super::{SIZE, volet, world};

/// What somebody is told who asks for everything about a file: status and body of each.
async fn told(relay: &TestRelay, session: &Session, volet: Volet<'_>, file: &TestFile) -> Vec<Answer> {
    let device = relay.device(session);
    vec![
        device.begin(volet, file).await,
        device.put(volet, file, 0).await,
        device.ask(volet, &file.hash).await,
        device.get(volet, &file.hash, 0).await.unwrap_err(),
    ]
}

#[tokio::test]
async fn blob_4_knowing_the_hash_of_an_office_s_file_opens_nothing() {
    let (relay, office, sonia) = world().await;
    let (claire, sonia) = (&office.claire.session, &sonia.session);
    let file = TestFile::new(10, SIZE, "Mandat");
    relay.device(claire).bring(volet("administratif"), &file).await;
    let unknown = TestFile::new(11, SIZE, "Inconnu");
    let refused = told(&relay, sonia, volet("administratif"), &file).await;
    assert!(refused.iter().all(|answer| answer.status == 403), "{refused:?}");
    assert_eq!(refused, told(&relay, sonia, volet("administratif"), &unknown).await, "whether it exists or not");

    // Nor does naming it where she may write: she is asked for all of it, as for any file.
    let device = relay.device(sonia);
    assert_eq!(device.missing(volet("journal"), &file).await, [0, 1, 2]);
    assert_eq!(device.missing(volet("journal"), &unknown).await, [0, 1, 2]);
    assert_eq!(device.get(volet("journal"), &file.hash, 0).await.unwrap_err().status, 404);
    for index in 0..2 {
        assert_eq!(device.put(volet("journal"), &unknown, index).await.status, 204);
        let guess = unknown.chunk(index);
        assert_eq!(device.put_as(volet("journal"), &file.hash, index, guess).await.status, 204);
    }
    let refused = device.put_as(volet("journal"), &file.hash, 2, unknown.chunk(2)).await;
    assert_eq!(refused.code(), "wrong_hash");
    assert_eq!(relay.device(claire).download(volet("administratif"), &file.hash).await, file.bytes, "untouched");

    // Who has the file can bring it; the dossier keeps it once.
    let before = relay.stored_chunks().len();
    device.bring(volet("journal"), &file).await;
    assert_eq!(device.download(volet("journal"), &file.hash).await, file.bytes);
    assert_eq!(relay.stored_chunks().len(), before, "what came is there already");
    assert_eq!(device.ask(volet("administratif"), &file.hash).await.status, 403);
}

#[tokio::test]
async fn blob_3_a_withdrawal_and_a_revocation_end_access_at_once() {
    let (relay, mut office, mut phone) = world().await;
    let claire = office.claire.session.clone();
    let file = TestFile::new(12, SIZE, "Photo");
    let sonia = phone.session.clone();
    relay.device(&sonia).bring(volet("journal"), &file).await;
    assert_eq!(relay.device(&sonia).download(volet("journal"), &file.hash).await, file.bytes);
    office.withdraw_from(&mut phone, 1).await;
    let out = told(&relay, &sonia, volet("journal"), &file).await;
    let nowhere = told(&relay, &sonia, Volet(dossier(200), "journal"), &file).await;
    assert!(out.iter().all(|answer| answer.status == 403), "{out:?}");
    assert_eq!(out, nowhere, "a dossier that was hers is as one that never was");

    office.put_on(1, sonia.user).await;
    phone.hold(dossier(1)).await;
    assert_eq!(relay.device(&sonia).download(volet("journal"), &file.hash).await, file.bytes);
    let path = format!("/devices/{}/revoke", sonia.device);
    relay.ask(Some(&claire), "POST", &path, Value::Null).await.ok();
    let revoked = told(&relay, &sonia, volet("journal"), &file).await;
    assert!(revoked.iter().all(|answer| (answer.status, answer.code()) == (401, "unknown_session".to_owned())));
    assert_eq!(relay.device(&claire).download(volet("journal"), &file.hash).await, file.bytes);
}

#[tokio::test]
async fn a_dossier_that_nobody_has_begun_takes_no_files() {
    let (relay, office, _sonia) = world().await;
    let file = TestFile::new(13, SIZE, "Devis");
    let nowhere = Volet(dossier(200), "client");
    let answers = told(&relay, &office.claire.session, nowhere, &file).await;
    assert!(answers.iter().all(|answer| answer.code() == "not_found"), "{answers:?}");
    let nadia = relay.login(NADIA).await;
    let answers = told(&relay, &nadia, nowhere, &file).await;
    assert!(answers.iter().all(|answer| answer.code() == "forbidden"), "{answers:?}");
    for path in ["/blobs/x/client/y", &Volet(dossier(1), "client").path("y")] {
        let answer = relay.ask(Some(&office.claire.session), "GET", path, Value::Null).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    assert_eq!(relay.ask(Some(&nadia), "GET", "/blobs/x/client/y", Value::Null).await.status, 403);
}

#[tokio::test]
async fn each_download_and_each_refusal_is_one_line_of_the_access_log() {
    let (relay, office, sonia) = world().await;
    let (claire, sonia) = (&office.claire.session, &sonia.session);
    let file = TestFile::new(14, SIZE, "Photo");
    relay.device(claire).bring(volet("client"), &file).await;
    relay.device(sonia).download(volet("client"), &file.hash).await;
    relay.device(sonia).download(volet("client"), &file.hash).await;
    relay.device(sonia).ask(volet("relation"), &file.hash).await;

    let helene = relay.login(HELENE).await;
    let read = relay.entries(&helene, "read", 1).await;
    assert_eq!(read.len(), 1, "six chunks of one download, more or less: {read:?}");
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let line = ["user", "device", "dossier", "volet", "reason"].map(|name| text(&read[0], name));
    let reason = format!("file {}", file.hash);
    let expected = [&sonia.user.to_string(), &sonia.device.to_string(), &dossier(1).to_string(), "client", &reason];
    assert_eq!(line, expected.map(str::to_owned));
    let refused = relay.entries(&helene, "forbidden", 1).await;
    let line = ["user", "dossier", "volet", "reason"].map(|name| text(&refused[0], name));
    let reason = "GET /api/blobs/{dossier}/{kind}/{hash}";
    assert_eq!(line, [&sonia.user.to_string(), &dossier(1).to_string(), "relation", reason].map(str::to_owned));
}

#[tokio::test]
async fn a_person_of_another_sector_gets_nothing_once_the_dossier_has_one() {
    let (relay, mut office, _phone) = world().await;
    let (nadia, sonia) = (relay.login(NADIA).await, relay.login(SONIA).await);
    let file = TestFile::new(15, SIZE, "Devis");
    relay.device(&nadia).bring(volet("client"), &file).await;
    office.give_to(1, "Sud").await;
    let refused = async || {
        let answer = relay.device(&nadia).ask(volet("client"), &file.hash).await;
        (answer.status == 403).then_some(())
    };
    eventually("the relay has read whose the dossier is", refused).await;
    assert_eq!(relay.device(&sonia).download(volet("client"), &file.hash).await, file.bytes, "on the team as before");
}
