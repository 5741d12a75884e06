//! The database goes away and comes back: nothing is acknowledged meanwhile, and nobody has to restart a relay.

use liaison_server::config::Limits;
use liaison_shared::{DocumentId, Seq};
use liaison_tests::client::{TestClient, login};
use liaison_tests::postgres::Database;
use liaison_tests::relay::{CLAIRE, PASSWORD, PAUL, TestRelay};
use liaison_tests::wait::eventually;
use liaison_tests::writing::{Writing, dossier};

async fn health(relay: &TestRelay) -> u16 {
    reqwest::get(relay.url("/healthz")).await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_goes_on_by_itself_once_the_database_is_back() {
    let mut database = Database::alone().await;
    let mut server = database.take_server();
    let one = TestRelay::on(database, Limits::default()).await;
    let other = one.another(Limits::default()).await;
    let mut claire = one.client(CLAIRE).await;
    let session = claire.session.clone();
    let mut writing = Writing::new(DocumentId::client(dossier(1)), session.pen(1));
    claire.push(writing.id(), &[writing.genesis()]).await;
    assert_eq!(health(&one).await, 200);

    server.stop("immediate");
    let lost = writing.nom("Petit");
    let answer = claire.push_raw(&writing.id().to_string(), vec![lost.bytes.clone()]).await;
    assert_eq!(answer, None, "no answer at all");
    assert_eq!(health(&one).await, 503);
    let refused = login(one.address, CLAIRE, PASSWORD, None).await.unwrap_err();
    assert_eq!(refused["code"], "unavailable", "{refused}");

    server.start_again();
    let back = async |relay: &TestRelay| (health(relay).await == 200).then_some(());
    eventually("the first relay answers again", async || back(&one).await).await;
    eventually("the second relay answers again", async || back(&other).await).await;
    let mut claire = TestClient::welcomed(one.address, &session).await;
    let (seq, refused) = claire.push(writing.id(), &[lost]).await;
    assert_eq!((seq, refused), (Seq(2), vec![]));
    // The relays hear each other again.
    let mut paul = other.client(PAUL).await;
    paul.catch_up(seq).await;
    for turn in 0..10 {
        let (seq, _) = claire.push(writing.id(), &[writing.nom(&format!("Petit-{turn}"))]).await;
        paul.catch_up(seq).await;
    }
}
