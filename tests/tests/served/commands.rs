//! The relay's commands: the demo's agency, the first account of a real one.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use liaison_server::config::{Limits, ServeOptions, StoreOptions};
use liaison_server::log::{ChangeLog as _, MemoryLog, StoredLog, View};
use liaison_server::server::{Server, open};
use liaison_server::{audit, demo};
use liaison_shared::access::Role;
use liaison_shared::documents::Document;
use liaison_shared::documents::FieldsView;
use liaison_shared::documents::annuaire::personnes;
use liaison_shared::documents::client::{CODE_POSTAL, FIELDS, NOM, TELEPHONE};
use liaison_shared::sync::LogChunk;
use liaison_shared::{DocumentId, DocumentKind, Epoch, Seq};
use liaison_tests::client::{TestClient, login};
use liaison_tests::http::{request, send};
use liaison_tests::process::binary;
use liaison_tests::writing::NOW;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

async fn demo_log(folder: &Path, seed: u64) -> Vec<LogChunk> {
    let database = open(&StoreOptions::sqlite(folder.join(format!("{seed}.db")))).await.unwrap();
    let log = MemoryLog::new(Epoch([1; 16]));
    demo::fill(&database, &log, 60, seed).await.unwrap();
    log.read(Seq(0), usize::MAX, &View::agency(Role::Gestionnaire)).await.unwrap().chunks
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
            DocumentKind::Client => clients.push(FieldsView::read(&document)),
            DocumentKind::Journal { .. } => journals += 1,
            DocumentKind::Relation => relations += 1,
            DocumentKind::Annuaire => assert_eq!(personnes(&document).len(), demo::PEOPLE.len()),
            _ => {}
        }
    }
    assert_eq!(clients.len(), 60);
    assert!(journals > 10 && relations > 10, "{journals} journals, {relations} relations");
    assert!(clients.iter().all(|client| !client.value(&NOM).is_empty() && client.contested() == 0));
    assert!(clients.iter().any(|client| client.value(&TELEPHONE).is_empty()));
    assert!(clients.iter().any(|client| client.value(&NOM).chars().count() >= 60));
    let flagged = |client: &FieldsView| {
        FIELDS.iter().filter(|field| field.check(client.value(field), NOW.date()).is_some()).count()
    };
    let wrong: Vec<&str> =
        clients.iter().filter(|client| flagged(client) > 0).map(|client| client.value(&CODE_POSTAL)).collect();
    assert_eq!(wrong, ["3800"], "one wrong postcode was planted, everything else is valid");
}

async fn add_account(store: &Path, email: &str, password: &str) -> (bool, String) {
    let who = ["--email", email, "--name", "Ève Dupré", "--role", "gestionnaire", "--fonction", "Gérante"];
    with_password(store, &[&["account", "add"], &who[..]].concat(), password).await
}

async fn init(store: &Path, password: &str) -> (bool, String) {
    let agency = ["init", "--agency", "Agence des Alpes", "--email", "Anne@Example.fr", "--name", "Anne Dupont"];
    with_password(store, &agency, password).await
}

/// Runs a command that reads a password: whether it succeeded, and what it said went wrong. Waits without blocking: a
/// relay of the same thread that has begun a transaction must be able to end it, or the command finds the store locked.
async fn with_password(store: &Path, arguments: &[&str], password: &str) -> (bool, String) {
    let mut child = Command::new(binary())
        .args(arguments)
        .arg("--store")
        .arg(format!("sqlite:{}", store.display()))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The command may refuse before it reads.
    child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).await.ok();
    let output = child.wait_with_output().await.unwrap();
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn init_begins_an_agency_once_beside_a_running_relay() {
    // Built before the relay runs in this thread: a build takes longer than a database waits.
    binary();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("liaison.db");
    let options = ServeOptions {
        listen: "127.0.0.1:0".to_owned(),
        store: StoreOptions::sqlite(&store),
        static_dir: folder.path().join("none"),
        agency: None,
        behind_tls_proxy: false,
    };
    let server = Server::bind(&options, Limits::default()).await.unwrap();
    let address = server.address().unwrap();
    tokio::spawn(server.run(std::future::pending()));
    let agency = async || send(request(address, "GET", "/agency"), None, None).await.ok();
    assert_eq!(agency().await, json!({ "name": "Mon agence", "open": false }));
    for weak in ["trop court", "anne aime le vélo", "Agence-des-Alpes 38"] {
        assert!(!init(&store, weak).await.0, "{weak}");
    }
    assert_eq!(init(&store, "quatre mots sans rapport").await, (true, String::new()));
    assert_eq!(agency().await, json!({ "name": "Agence des Alpes", "open": true }));
    let (again, error) = init(&store, "quatre autres mots encore").await;
    assert!(!again && error.contains("has accounts already"), "{error}");
    let anne = login(address, "anne@example.fr", "quatre mots sans rapport", None).await.unwrap();
    let people = send(request(address, "GET", "/people"), Some(&anne.token), None).await.ok();
    assert_eq!((&people[0]["role"], people.as_array().unwrap().len()), (&json!("gestionnaire"), 1));
    let report = audit::verify(&open(&options.store).await.unwrap()).await.unwrap();
    assert_eq!((report.entries.min(1), report.broken), (1, None), "the account that init made");
}

#[tokio::test]
async fn a_real_agency_starts_with_one_account() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("liaison.db");
    assert_eq!(
        add_account(&store, "eve@example.fr", "court").await,
        (false, "liaison-server: the password needs at least 12 characters\n".to_owned())
    );
    assert!(add_account(&store, "eve@example.fr", "une phrase de passe").await.0);
    let (added, error) = add_account(&store, "Eve@Example.fr", "une autre phrase").await;
    assert!(!added && error.contains("already"), "{error}");

    let options = ServeOptions {
        listen: "127.0.0.1:0".to_owned(),
        store: StoreOptions::sqlite(&store),
        static_dir: folder.path().join("none"),
        agency: Some("Essai".to_owned()),
        behind_tls_proxy: false,
    };
    let server = Server::bind(&options, Limits::default()).await.unwrap();
    let address = server.address().unwrap();
    tokio::spawn(server.run(std::future::pending()));
    let session = login(address, "eve@example.fr", "une phrase de passe", None).await.unwrap();
    let mut client = TestClient::welcomed(address, &session).await;
    client.catch_up(Seq(2)).await;
    let log = StoredLog::new(open(&options.store).await.unwrap());
    let entries = log.document(DocumentId::Annuaire).await.unwrap();
    let (annuaire, _) = Document::load(DocumentId::Annuaire, entries.iter().map(|entry| &entry.bytes[..]));
    let everyone = personnes(&annuaire);
    assert_eq!(everyone.iter().map(|personne| &personne.nom[..]).collect::<Vec<_>>(), ["Ève Dupré"]);
    assert_eq!(everyone[0].user, session.user);
}
