//! What devices that do not read cost the relay: a bounded memory, however much others write. Its memory is asked of the
//! system, of a relay in a process of its own.
#![cfg(target_os = "linux")]

use liaison_shared::protocol::{ClientMessage, RelayMessage, encode};
use liaison_shared::{DocumentId, Seq};
use liaison_tests::client::{TestClient, login};
use liaison_tests::process::RelayProcess;
use liaison_tests::writing::{Writing, dossier};
use tokio_tungstenite::tungstenite::Message;

const PASSWORD: &str = "demo-liaison-2026";
/// Devices that say hello and read nothing any more.
const SLOW: usize = 20;
/// Journals that are written in at each turn.
const JOURNALS: u8 = 60;
/// Bytes of one entry: what is written in a turn is some four megabytes.
const ENTRY: usize = 64 << 10;
/// What the slow ones may cost together, in bytes: some two megabytes each were measured. What is written while they are there,
/// kept for each of them, would be five times as much as this.
const MOST: usize = 120 << 20;

/// Writes once in every journal; gives the head after it.
async fn write(writer: &mut TestClient, journals: &mut [Writing], random: &mut fastrand::Rng) -> Seq {
    let mut head = Seq(0);
    for journal in journals {
        let text: String = std::iter::repeat_with(|| random.alphanumeric()).take(ENTRY).collect();
        head = writer.push(journal.id(), &[journal.transmission(&text)]).await.0;
    }
    head
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_that_do_not_read_cost_a_bounded_memory_and_nobody_waits_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let relay = RelayProcess::start(&folder.path().join("relay.db"));
    let session = login(relay.address, "paul.bernard@liaison.demo", PASSWORD, None).await.unwrap();
    let mut writer = TestClient::welcomed(relay.address, &session).await;
    let pen = writer.new_pen();
    let journal = |number| Writing::new(DocumentId::journal(dossier(number), 2026), pen.clone());
    let mut journals: Vec<Writing> = (100..100 + JOURNALS).map(journal).collect();
    for journal in &journals {
        writer.push(journal.id(), &[journal.genesis()]).await;
    }
    let mut random = fastrand::Rng::with_seed(9);
    // Everything of the relay's own has its size: the newest changes in memory, the pages of the database, and what as many
    // devices cost that do read.
    let mut head = Seq(0);
    for _ in 0..3 {
        head = write(&mut writer, &mut journals, &mut random).await;
    }
    let reading = (0..SLOW).map(|_| async {
        let mut reader = TestClient::open(relay.address, &session).await;
        reader.hello(None).await;
        reader.catch_up(head).await;
    });
    futures_util::future::join_all(reading).await;
    let before = relay.memory();
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        slow.push(TestClient::greeted_narrow(relay.address, &session).await);
    }
    for _ in 0..6 {
        head = write(&mut writer, &mut journals, &mut random).await;
        for client in &mut slow {
            // They claim to have stored what they never read, so that the relay goes on sending.
            let stored = encode(&ClientMessage::Stored { seq: Seq(1 << 40) });
            client.send_raw(Message::Binary(stored.into())).await.ok();
        }
    }
    let grown = relay.memory().saturating_sub(before);
    assert!(grown < MOST, "{SLOW} slow readers cost {} KiB", grown >> 10);
    // One that reads gets everything meanwhile, and one of them does when it comes back.
    for session in [&session, &slow.remove(0).session] {
        let mut reader = TestClient::open(relay.address, session).await;
        let Some(RelayMessage::Welcome { .. }) = reader.hello(None).await else { panic!("a welcome") };
        reader.catch_up(head).await;
        assert_eq!(reader.upto, head);
    }
}
