//! One of two relays is killed in the middle of pushes: its devices go on at the other, by their cursor, and nothing that was
//! acknowledged is lost.

use std::collections::HashMap;

use liaison_shared::documents::NewChange;
use liaison_shared::protocol::RelayMessage;
use liaison_shared::{ChangeHash, DocumentId, Seq};
use liaison_tests::client::{TestClient, login};
use liaison_tests::log::whole_log;
use liaison_tests::postgres::Database;
use liaison_tests::process::RelayProcess;
use liaison_tests::writing::{Writing, dossier};
use tokio::sync::mpsc;

const PASSWORD: &str = "demo-liaison-2026";
const EMAILS: [&str; 2] = ["claire.martin@liaison.demo", "paul.bernard@liaison.demo"];

/// A device that has written until its relay was gone, and what was not answered.
struct Cut {
    client: TestClient,
    writing: Writing,
    unanswered: NewChange,
}

async fn write_until_it_dies(
    mut client: TestClient,
    mut writing: Writing,
    acked: mpsc::UnboundedSender<(ChangeHash, Seq)>,
) -> Cut {
    let mut change = writing.genesis();
    for number in 0.. {
        match client.push_raw(&writing.id().to_string(), vec![change.bytes.clone()]).await {
            Some((seq, refused)) => {
                assert!(refused.is_empty(), "{refused:?}");
                acked.send((change.hash, seq)).unwrap();
            }
            None => break,
        }
        change = writing.nom(&format!("{}-{number}", client.session.device));
    }
    Cut { client, writing, unanswered: change }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_devices_of_a_killed_relay_go_on_at_the_other() {
    let database = Database::create().await;
    let store = database.store();
    let other = RelayProcess::start_on(&store);
    let (sender, mut acked) = mpsc::unbounded_channel();
    let mut all: HashMap<ChangeHash, Seq> = HashMap::new();
    for round in 0..3_u8 {
        let killed = RelayProcess::start_on(&store);
        let mut writers = Vec::new();
        for (place, email) in (0_u8..).zip(EMAILS) {
            // Two devices at the one that is killed, and one at the other that goes on all the while.
            let session = login(killed.address, email, PASSWORD, None).await.unwrap();
            let writing = Writing::new(DocumentId::client(dossier(100 + round * 10 + place)), session.pen(round));
            let client = TestClient::welcomed(killed.address, &session).await;
            writers.push(tokio::spawn(write_until_it_dies(client, writing, sender.clone())));
        }
        let session = login(other.address, EMAILS[0], PASSWORD, None).await.unwrap();
        let mut writing = Writing::new(DocumentId::relation(dossier(100 + round * 10)), session.pen(7));
        let mut steady = TestClient::welcomed(other.address, &session).await;
        steady.push(writing.id(), &[writing.genesis()]).await;
        let mut answered = 0;
        while answered < 60 {
            let change = writing.demande("Bonjour");
            let (seq, refused) = steady.push(writing.id(), std::slice::from_ref(&change)).await;
            assert!(refused.is_empty());
            all.insert(change.hash, seq);
            while let Ok((hash, seq)) = acked.try_recv() {
                all.insert(hash, seq);
                answered += 1;
            }
        }
        killed.kill();
        let mut cut = Vec::new();
        for writer in writers {
            cut.push(writer.await.unwrap());
        }
        while let Ok((hash, seq)) = acked.try_recv() {
            all.insert(hash, seq);
        }
        // To the other relay, from where they stood; what was not answered is pushed again.
        for Cut { client, mut writing, unanswered } in cut {
            let (mut client, welcome) = client.back(other.address).await;
            let RelayMessage::Welcome { head, reset: false, .. } = welcome else { panic!("welcomed by its cursor") };
            client.catch_up(head).await;
            let (seq, refused) = client.push(writing.id(), std::slice::from_ref(&unanswered)).await;
            assert!(refused.is_empty(), "{refused:?}");
            all.insert(unanswered.hash, seq);
            let more = writing.nom("Encore");
            let (seq, _) = client.push(writing.id(), std::slice::from_ref(&more)).await;
            all.insert(more.hash, seq);
        }
        let (head, log) = whole_log(&store, other.address, &session).await;
        let positions: Vec<u64> = log.iter().map(|(seq, _)| seq.0).collect();
        assert_eq!(positions, (1..=head.0).collect::<Vec<_>>(), "no gap, nothing twice");
        let found: HashMap<ChangeHash, Seq> = log.into_iter().map(|(seq, hash)| (hash, seq)).collect();
        for (hash, seq) in &all {
            assert_eq!(found.get(hash), Some(seq), "acknowledged at {seq:?}");
        }
    }
}
