//! Dossiers that are granted, withdrawn, given back late and left: the rules of SPEC.md over a real socket.
mod dates;
mod deposit;
mod forget;
mod grant;
mod late;
mod leaving;
mod noted;
mod restart;
mod sectors;

use liaison_shared::protocol::{ChangeRefusal, ClientMessage, NewGrant, RelayMessage};
use liaison_shared::{DocumentId, DossierId, Seq};
use liaison_tests::client::{Session, TestClient};
use liaison_tests::office::{Office, day, journal, prestation};
use liaison_tests::relay::{AMINA, CLAIRE, HELENE, NADIA, NORD, PAUL, SONIA, TestRelay};
use liaison_tests::writing::{Writing, dossier, first_step};
use serde_json::{Value, json};

/// A sector that is not Nadia's.
const SUD: &str = "Sud";

/// What a message is, without what is in it.
fn kind(message: &RelayMessage) -> &'static str {
    match message {
        RelayMessage::Welcome { .. } => "welcome",
        RelayMessage::Refused { .. } => "refused",
        RelayMessage::Feed { .. } => "feed",
        RelayMessage::Ack { .. } => "ack",
        RelayMessage::Pong { .. } => "pong",
        RelayMessage::Malformed { .. } => "malformed",
        RelayMessage::TellHeld { .. } => "tell held",
        RelayMessage::Grant { .. } => "grant",
        RelayMessage::Backfill { .. } => "backfill",
        RelayMessage::Forget { .. } => "forget",
        RelayMessage::ForgetAll { .. } => "forget all",
        RelayMessage::Noted { .. } => "noted",
    }
}

/// What the relay has said on this connection, in order, without the pongs; of several in a row one.
fn told(client: &TestClient) -> Vec<&'static str> {
    let mut kinds: Vec<&str> = client.heard().iter().map(kind).filter(|kind| *kind != "pong").collect();
    kinds.dedup();
    kinds
}

/// Every grant that came on this connection.
fn grants(client: &TestClient) -> Vec<NewGrant> {
    let grants = client.heard().into_iter().filter_map(|message| match message {
        RelayMessage::Grant { grants, .. } => Some(grants),
        _ => None,
    });
    grants.flatten().collect()
}

/// Pushes a transmission into a dossier's journal; its places that are left to the office, and the refusals.
async fn transmit(client: &mut TestClient, number: u8, texte: &str) -> (Vec<u32>, Vec<ChangeRefusal>) {
    let (id, changes) = client.transmission(number, texte);
    let (_, refused) = client.push(id, &changes).await;
    (client.review.clone(), refused.iter().map(|refusal| refusal.reason).collect())
}

const TAKEN: (Vec<u32>, Vec<ChangeRefusal>) = (Vec::new(), Vec::new());

/// Both of them are left to the office.
fn left_to_the_office() -> (Vec<u32>, Vec<ChangeRefusal>) {
    (vec![0, 1], Vec::new())
}

fn forbidden() -> (Vec<u32>, Vec<ChangeRefusal>) {
    (Vec::new(), vec![ChangeRefusal::Forbidden; 2])
}

/// Everything of the log that somebody who reaches it all is sent, as text to search in.
async fn in_the_log(relay: &TestRelay, session: &Session, text: &str) -> bool {
    let mut reader = TestClient::open(relay.address, session).await;
    let Some(RelayMessage::Welcome { head, .. }) = reader.hello(None).await else { panic!("a welcome") };
    reader.catch_up(head).await;
    reader.saw(text.as_bytes())
}

/// Changes what somebody may do; their connections are closed.
async fn make(relay: &TestRelay, claire: &Session, whom: &Session, role: &str, sectors: &[&str]) {
    let body = json!({ "role": role, "sectors": sectors });
    relay.ask(Some(claire), "PATCH", &format!("/people/{}", whom.user), body).await.ok();
}
