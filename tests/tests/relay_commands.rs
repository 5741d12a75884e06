//! The relay's commands: the demo's agency, the first account of a real one.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail loudly")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use liaison_server::config::{Limits, ServeOptions, StoreUrl};
use liaison_server::demo;
use liaison_server::log::{ChangeLog as _, MemoryLog, SqliteLog};
use liaison_server::server::{Server, open};
use liaison_shared::access::Role;
use liaison_shared::documents::Document;
use liaison_shared::documents::annuaire::personnes;
use liaison_shared::documents::client::{CODE_POSTAL, ClientView, FIELDS, NOM, TELEPHONE};
use liaison_shared::sync::LogEntry;
use liaison_shared::{DocumentId, DocumentKind, Epoch, Seq};
use liaison_tests::client::{TestClient, login};
use liaison_tests::process::binary;

async fn demo_log(folder: &Path, seed: u64) -> Vec<LogEntry> {
    let database = open(&StoreUrl::Sqlite(folder.join(format!("{seed}.db")))).await.unwrap();
    let log = MemoryLog::new(Epoch([1; 16]));
    demo::fill(&database, &log, 60, seed).await.unwrap();
    log.read(Seq(0), usize::MAX, Role::Bureau).await.unwrap().entries
}

#[tokio::test]
async fn the_same_seed_makes_the_same_agency() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = demo_log(one.path(), 7).await;
    assert_eq!(first, demo_log(other.path(), 7).await);
    assert_ne!(first, demo_log(one.path(), 8).await);
}

#[tokio::test]
async fn the_demo_reads_well_and_holds_what_real_files_hold() {
    let folder = tempfile::tempdir().unwrap();
    let entries = demo_log(folder.path(), 1).await;
    let mut documents: BTreeMap<DocumentId, Vec<&[u8]>> = BTreeMap::new();
    for entry in &entries {
        documents.entry(entry.document).or_default().push(&entry.bytes);
    }
    let (mut clients, mut journals, mut relations) = (Vec::new(), 0, 0);
    for (id, changes) in documents {
        let (document, unreadable) = Document::load(id, changes);
        assert_eq!(unreadable, 0, "{id}");
        match id.kind() {
            DocumentKind::Client => clients.push(ClientView::read(&document)),
            DocumentKind::Journal { .. } => journals += 1,
            DocumentKind::Relation => relations += 1,
            DocumentKind::Annuaire => assert_eq!(personnes(&document).len(), demo::PEOPLE.len()),
        }
    }
    assert_eq!(clients.len(), 60);
    assert!(journals > 10 && relations > 10, "{journals} journals, {relations} relations");
    assert!(clients.iter().all(|client| !client.value(&NOM).is_empty() && client.contested() == 0));
    assert!(clients.iter().any(|client| client.value(&TELEPHONE).is_empty()));
    assert!(clients.iter().any(|client| client.value(&NOM).chars().count() >= 60));
    let flagged =
        |client: &ClientView| FIELDS.iter().filter(|field| field.check(client.value(field)).is_some()).count();
    let wrong: Vec<&str> =
        clients.iter().filter(|client| flagged(client) > 0).map(|client| client.value(&CODE_POSTAL)).collect();
    assert_eq!(wrong, ["3800"], "one wrong postcode was planted, everything else is valid");
}

fn add_account(store: &Path, email: &str, password: &str) -> (bool, String) {
    let mut child = Command::new(binary())
        .args(["account", "add", "--email", email, "--name", "Ève Dupré", "--role", "bureau", "--fonction", "Gérante"])
        .arg("--store")
        .arg(format!("sqlite:{}", store.display()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The command may refuse before it reads.
    writeln!(child.stdin.take().unwrap(), "{password}").ok();
    let output = child.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn a_real_agency_starts_with_one_account() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("liaison.db");
    assert_eq!(
        add_account(&store, "eve@example.fr", "court"),
        (false, "liaison-server: the password needs at least 12 characters\n".to_owned())
    );
    assert!(add_account(&store, "eve@example.fr", "une phrase de passe").0);
    let (added, error) = add_account(&store, "Eve@Example.fr", "une autre phrase");
    assert!(!added && error.contains("already"), "{error}");

    let options = ServeOptions {
        listen: "127.0.0.1:0".to_owned(),
        store: StoreUrl::Sqlite(store.clone()),
        static_dir: folder.path().join("none"),
        agency: "Essai".to_owned(),
        behind_tls_proxy: false,
    };
    let server = Server::bind(&options, Limits::default()).await.unwrap();
    let address = server.address().unwrap();
    tokio::spawn(server.run(std::future::pending()));
    let session = login(address, "eve@example.fr", "une phrase de passe", None).await.unwrap();
    let mut client = TestClient::welcomed(address, &session).await;
    client.catch_up(Seq(2)).await;
    let log = SqliteLog::new(open(&options.store).await.unwrap());
    let entries = log.document(DocumentId::Annuaire).await.unwrap();
    let (annuaire, _) = Document::load(DocumentId::Annuaire, entries.iter().map(|entry| &entry.bytes[..]));
    let everyone = personnes(&annuaire);
    assert_eq!(everyone.iter().map(|personne| &personne.nom[..]).collect::<Vec<_>>(), ["Ève Dupré"]);
    assert_eq!(everyone[0].user, session.user);
}
