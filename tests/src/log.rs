//! The whole log, as a store has it: every change at its position, whatever snapshots have taken the place of; and a client
//! is sent the same.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use liaison_server::config::StoreOptions;
use liaison_server::database::sql::query;
use liaison_server::server::open;
use liaison_shared::documents::{ChangeHeader, changes_of, is_snapshot};
use liaison_shared::protocol::{FeedEntry, RelayMessage};
use liaison_shared::{ChangeHash, Seq};

use crate::client::{Session, TestClient};

/// The head of a served log, and its changes in order. The session is of somebody who may read everything.
pub async fn whole_log(store: &StoreOptions, address: SocketAddr, session: &Session) -> (Seq, Vec<(Seq, ChangeHash)>) {
    let mut client = TestClient::open(address, session).await;
    let Some(RelayMessage::Welcome { head, .. }) = client.hello(None).await else { panic!("a welcome") };
    client.catch_up(head).await;
    let sent: Vec<ChangeHash> = client.feed.iter().flat_map(hashes).collect();
    let database = open(store).await.unwrap();
    let rows = query("SELECT seq, hash FROM changes ORDER BY seq").fetch_all(&database.read).await.unwrap();
    let log: Vec<(Seq, ChangeHash)> = rows
        .iter()
        .map(|row| {
            let seq: i64 = row.try_get("seq").unwrap();
            (Seq(seq.try_into().unwrap()), ChangeHash::try_from(row.try_get::<&[u8], _>("hash").unwrap()).unwrap())
        })
        .collect();
    database.close().await;
    let kept: BTreeSet<ChangeHash> = log.iter().map(|(_, hash)| *hash).collect();
    assert_eq!(sent.into_iter().collect::<BTreeSet<_>>(), kept, "a client is sent what the store has");
    (head, log)
}

/// The changes in an entry of the feed.
fn hashes(entry: &FeedEntry) -> Vec<ChangeHash> {
    if !is_snapshot(&entry.chunk) {
        return vec![ChangeHeader::read(&entry.chunk).unwrap().0.hash];
    }
    let changes = changes_of(entry.document.parse().unwrap(), [&entry.chunk[..]]);
    changes.into_iter().map(|change| change.hash).collect()
}
