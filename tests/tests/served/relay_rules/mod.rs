//! The rules of SPEC.md that a relay keeps, asked over a real socket.
mod bootstrap;
mod feed;
mod hello;
mod login;
mod push;

use liaison_server::config::Limits;
use liaison_shared::documents::{Pen, genesis};
use liaison_shared::protocol::{
    ChangeRefusal, ClientMessage, Cursor, HelloRefusal, MAX_CHANGE, MAX_CHANGES_PER_PUSH, MAX_FRAME, PROTOCOL,
    RefusedChange, RelayMessage, encode,
};
use liaison_shared::{DocumentId, Epoch, Seq};
use liaison_tests::client::{TestClient, login, post_login};
use liaison_tests::relay::{CLAIRE, PASSWORD, PAUL, SONIA, TestRelay};
use liaison_tests::writing::{Writing, demande, dossier, first_step, team, transmission};
use tokio_tungstenite::tungstenite::Message;

fn only(reason: ChangeRefusal) -> (Seq, Vec<RefusedChange>) {
    (Seq(0), vec![RefusedChange { index: 0, reason }])
}

/// Text that hardly compresses.
fn noise(random: &mut fastrand::Rng, letters: usize) -> String {
    std::iter::repeat_with(|| random.alphanumeric()).take(letters).collect()
}

async fn client_document(relay: &TestRelay) -> (TestClient, Writing) {
    let client = relay.client(CLAIRE).await;
    let writing = Writing::new(DocumentId::client(dossier(1)), client.session.pen(1));
    (client, writing)
}

async fn refusal(relay: &TestRelay, hello: ClientMessage) -> HelloRefusal {
    let session = relay.login(CLAIRE).await;
    let mut client = TestClient::open(relay.address, &session).await;
    client.send(&hello).await;
    let Some(RelayMessage::Refused { reason }) = client.next().await else { panic!("a refusal") };
    assert_eq!(client.closed().await, Some(1008));
    reason
}
