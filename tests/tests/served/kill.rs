//! The relay is killed in the middle of everything: what was acknowledged is there, once.

use std::collections::HashMap;

use liaison_server::config::StoreOptions;
use liaison_shared::documents::NewChange;
use liaison_shared::{ChangeHash, DocumentId, Seq};
use liaison_tests::client::{TestClient, login};
use liaison_tests::log::whole_log;
use liaison_tests::process::RelayProcess;
use liaison_tests::writing::{Writing, dossier};
use tokio::sync::mpsc;

const PASSWORD: &str = "demo-liaison-2026";
const EMAILS: [&str; 2] = ["claire.martin@liaison.demo", "paul.bernard@liaison.demo"];

/// Pushes one change after the other until the relay is gone; reports what was acknowledged.
async fn write_until_it_dies(
    mut client: TestClient,
    mut writing: Writing,
    acked: mpsc::UnboundedSender<(NewChange, Seq)>,
) -> Writing {
    for number in 0.. {
        let change = writing.nom(&format!("{}-{number}", client.session.device));
        let changes = vec![writing.genesis().bytes, change.bytes.clone()];
        match client.push_raw(&writing.id().to_string(), changes).await {
            Some((seq, refused)) => {
                assert!(refused.is_empty(), "{refused:?}");
                acked.send((change, seq)).unwrap();
            }
            None => break,
        }
    }
    writing
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigkill_loses_nothing_acknowledged_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("liaison.db");
    let (sender, mut acked) = mpsc::unbounded_channel();
    let mut all: HashMap<ChangeHash, Seq> = HashMap::new();
    for round in 0..3_u8 {
        let relay = RelayProcess::start(&store);
        let mut writers = Vec::new();
        let mut sessions = Vec::new();
        for (place, email) in (0_u8..).zip(EMAILS) {
            let session = login(relay.address, email, PASSWORD, None).await.unwrap();
            let writing = Writing::new(DocumentId::client(dossier(100 + round * 10 + place)), session.pen(round));
            let client = TestClient::welcomed(relay.address, &session).await;
            writers.push(tokio::spawn(write_until_it_dies(client, writing, sender.clone())));
            sessions.push(session);
        }
        let mut fresh = Vec::new();
        while fresh.len() < 40 {
            fresh.push(acked.recv().await.unwrap());
        }
        relay.kill();
        for writer in writers {
            writer.await.unwrap();
        }
        while let Ok(more) = acked.try_recv() {
            fresh.push(more);
        }
        all.extend(fresh.iter().map(|(change, seq)| (change.hash, *seq)));

        let relay = RelayProcess::start(&store);
        let (_, log) = whole_log(&StoreOptions::sqlite(&store), relay.address, &sessions[0]).await;
        let positions: Vec<u64> = log.iter().map(|(seq, _)| seq.0).collect();
        assert_eq!(positions, (1..=positions.len() as u64).collect::<Vec<_>>(), "no gap, nothing twice");
        let found: HashMap<ChangeHash, Seq> = log.iter().map(|(seq, hash)| (*hash, *seq)).collect();
        assert_eq!(found.len(), log.len(), "no change twice");
        for (hash, seq) in &all {
            assert_eq!(found.get(hash), Some(seq), "acknowledged at {seq:?}");
        }
        // A device that never saw its acknowledgement pushes again and is told the same.
        let (change, seq) = fresh.last().unwrap();
        let mut again = TestClient::welcomed(relay.address, &sessions[0]).await;
        assert_eq!(again.push(change.document, std::slice::from_ref(change)).await, (*seq, vec![]));
        relay.kill();
    }
}
