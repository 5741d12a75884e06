//! Papers as PDF/A, over the real relay: made of what the person may read, kept with the dossier's files, written down.

use liaison_shared::DocumentId;
use liaison_shared::documents::schema::administratif as adm;
use liaison_tests::http::request;
use liaison_tests::office::Office;
use liaison_tests::relay::{AMINA, CLAIRE, HELENE, SONIA, TestRelay};
use liaison_tests::writing::{Writing, dossier};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

fn path(number: u8) -> String {
    format!("/dossiers/{}/pdf", dossier(number))
}

async fn world() -> (TestRelay, Office) {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    office.name(1, "Petit").await;
    (relay, office)
}

#[tokio::test]
async fn a_paper_is_made_once_kept_whole_and_in_the_access_log() {
    let (relay, mut office) = world().await;
    let papers = DocumentId::administratif(dossier(1));
    let mut copy = Writing::whole(papers, office.claire.session.pen(2));
    copy.record(&adm::PIECES, &adm::PIECE_TYPE, adm::DEVIS);
    assert!(office.claire.push(papers, &copy.document.changes()).await.1.is_empty());
    let claire = relay.login(CLAIRE).await;
    let exported = relay.get(&claire, &format!("/dossiers/{}/export.json", dossier(1))).await;
    let piece = exported["records"][0]["id"].clone();
    let made = relay.ask(Some(&claire), "POST", &path(1), json!({ "paper": "devis", "piece": piece })).await.ok();
    assert_eq!(made["kind"], "administratif");
    assert!(made["name"].as_str().unwrap().starts_with("Devis ") && made["name"].as_str().unwrap().ends_with(".pdf"));

    let hash = made["hash"].as_str().unwrap();
    let blob = format!("/blobs/{}/administratif/{hash}", dossier(1));
    assert_eq!(relay.get(&claire, &blob).await["complete"], true);
    let chunk =
        request(relay.address, "GET", &format!("{blob}/0")).header("authorization", format!("Bearer {}", claire.token));
    let bytes = chunk.send().await.unwrap().bytes().await.unwrap();
    assert_eq!(
        (hex::encode(Sha256::digest(&bytes)), bytes.len()),
        (hash.to_owned(), usize::try_from(made["size"].as_u64().unwrap()).unwrap())
    );
    assert!(bytes.starts_with(b"%PDF-1.7"));

    let helene = relay.login(HELENE).await;
    let logged = relay.entries(&helene, "exported", 1).await;
    assert!(logged.iter().any(|entry| entry["reason"] == "pdf"), "{logged:?}");
}

#[tokio::test]
async fn who_may_not_keep_a_file_there_has_no_paper_made_and_learns_nothing() {
    let (relay, mut office) = world().await;
    let sonia = relay.phone(&mut office, SONIA, &[1]).await;
    let amina = relay.login(AMINA).await;
    let ask = async |session, number, paper: &str| {
        relay.ask(Some(session), "POST", &path(number), json!({ "paper": paper })).await.status
    };
    assert_eq!(ask(&sonia.session, 1, "recueil").await, 403);
    assert_eq!(ask(&sonia.session, 9, "recueil").await, 403);
    assert_eq!(ask(&amina, 1, "dossier").await, 403, "reception reads the office's volets and does not write there");
    assert_eq!(ask(&amina, 1, "recueil").await, 200);
    assert_eq!(ask(&amina, 9, "recueil").await, 404);
    assert_eq!(ask(&amina, 1, "roman").await, 422);
    let claire = relay.login(CLAIRE).await;
    let unknown = json!({ "paper": "devis", "piece": "00000000000000000000000000000009" });
    assert_eq!(relay.ask(Some(&claire), "POST", &path(1), unknown).await.status, 404);
    assert_eq!(relay.ask(None, "POST", &path(1), Value::Null).await.status, 401);
}
