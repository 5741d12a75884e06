//! One façade for tests of the relay: the real server on a free port, with people in every role.
//!
//! Never reaches into the server: everything goes through HTTP and the WebSocket.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use liaison_server::accounts::{Account, AccountStore, hash_password};
use liaison_server::config::{Limits, ServeOptions, StoreOptions};
use liaison_server::server::{Server, open};
use liaison_shared::access::Role;
use liaison_shared::{Timestamp, UserId};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::client::{Session, TestClient, login};
use crate::postgres::Database;

/// Everybody's password.
pub const PASSWORD: &str = "mot-de-passe-2026";
/// In the office.
pub const CLAIRE: &str = "claire@example.fr";
/// In the office too.
pub const PAUL: &str = "paul@example.fr";
/// In clients' homes.
pub const SONIA: &str = "sonia@example.fr";

/// Answers calls and visits.
pub const AMINA: &str = "amina@example.fr";
/// Answers for the sector [`NORD`].
pub const NADIA: &str = "nadia@example.fr";
/// Answers for the quality of the data.
pub const JULIEN: &str = "julien@example.fr";
/// Data protection officer.
pub const HELENE: &str = "helene@example.fr";
/// The sector of [`NADIA`].
pub const NORD: &str = "Nord";

/// `postgres` has every test's relay on PostgreSQL: what holds on one database holds on the other.
const STORE: &str = "LIAISON_TEST_STORE";

/// A relay that runs in this process.
pub struct TestRelay {
    /// Where it listens.
    pub address: SocketAddr,
    store: StoreOptions,
    folder: Arc<TempDir>,
    /// Kept as long as a relay is on it.
    database: Option<Arc<Database>>,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
}

impl TestRelay {
    /// A relay with the usual limits and no application.
    pub async fn start() -> Self {
        Self::start_with(Limits::default(), |_| {}).await
    }

    /// A relay with its own limits.
    pub async fn with_limits(limits: Limits) -> Self {
        Self::start_with(limits, |_| {}).await
    }

    /// A relay with an application: `build` fills its folder.
    pub async fn with_files(build: impl FnOnce(&Path)) -> Self {
        Self::start_with(Limits::default(), build).await
    }

    /// A relay on an SQLite file, wherever others are.
    pub async fn start_in_a_file() -> Self {
        Self::start_on(None, Limits::default(), |_| {}).await
    }

    /// A relay on a store that somebody else has made and keeps.
    pub async fn serving(store: StoreOptions) -> Self {
        let mut relay = Self::new(store, Arc::new(tempfile::tempdir().unwrap()), None);
        relay.serve(Limits::default()).await;
        relay
    }

    /// A relay on a PostgreSQL database.
    pub async fn on(database: Database, limits: Limits) -> Self {
        Self::start_on(Some(database), limits, |_| {}).await
    }

    /// Another relay on the same store.
    pub async fn another(&self, limits: Limits) -> Self {
        let Self { store, folder, database, .. } = self;
        let mut relay = Self::new(store.clone(), folder.clone(), database.clone());
        relay.serve(limits).await;
        relay
    }

    async fn start_with(limits: Limits, build: impl FnOnce(&Path)) -> Self {
        let database = match std::env::var(STORE) {
            Ok(store) if store == "postgres" => Some(Database::create().await),
            _ => None,
        };
        Self::start_on(database, limits, build).await
    }

    async fn start_on(database: Option<Database>, limits: Limits, build: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = StoreOptions::sqlite(folder.path().join("liaison.db"));
        let store = match &database {
            Some(database) => StoreOptions { store: database.url().parse().unwrap(), ..store },
            None => store,
        };
        let files = folder.path().join("dist");
        std::fs::create_dir(&files).unwrap();
        build(&files);
        add_people(&store).await;
        let mut relay = Self::new(store, Arc::new(folder), database.map(Arc::new));
        relay.serve(limits).await;
        relay
    }

    fn new(store: StoreOptions, folder: Arc<TempDir>, database: Option<Arc<Database>>) -> Self {
        Self { address: ([127, 0, 0, 1], 0).into(), store, folder, database, stop: None, running: None }
    }

    async fn serve(&mut self, limits: Limits) {
        let options = ServeOptions {
            listen: "127.0.0.1:0".to_owned(),
            store: self.store(),
            static_dir: self.folder.path().join("dist"),
            agency: Some("Agence d’essai".to_owned()),
            behind_tls_proxy: false,
        };
        let server = Server::bind(&options, limits).await.unwrap();
        self.address = server.address().unwrap();
        let (stop, stopped) = oneshot::channel();
        self.stop = Some(stop);
        self.running = Some(tokio::spawn(async move {
            server.run(async { drop(stopped.await) }).await.unwrap();
        }));
    }

    /// Stops in good order.
    pub async fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(running) = self.running.take() {
            running.await.unwrap();
        }
    }

    /// Stops in good order and serves the same store again.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.serve(Limits::default()).await;
    }

    /// The store, for what is done beside the running relay.
    pub fn store(&self) -> StoreOptions {
        self.store.clone()
    }

    /// The folder with the store and its keys.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of something the relay serves.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Signs somebody in on a new device.
    pub async fn login(&self, email: &str) -> Session {
        login(self.address, email, PASSWORD, None).await.unwrap()
    }

    /// Signs somebody in and connects, up to the welcome.
    pub async fn client(&self, email: &str) -> TestClient {
        let session = self.login(email).await;
        TestClient::welcomed(self.address, &session).await
    }
}

async fn add_people(store: &StoreOptions) {
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = HASH.get_or_init(|| hash_password(PASSWORD).unwrap());
    let database = open(store).await.unwrap();
    let accounts = AccountStore::new(database.clone());
    for (number, email, name, role) in [
        (1, CLAIRE, "Claire Martin", Role::Gestionnaire),
        (2, PAUL, "Paul Bernard", Role::Gestionnaire),
        (3, SONIA, "Sonia Haddad", Role::Intervenant),
        (4, NADIA, "Nadia Ferrand", Role::ResponsableSecteur),
        (5, JULIEN, "Julien Roche", Role::ReferentQualite),
        (6, HELENE, "Hélène Vasseur", Role::Dpo),
        (7, AMINA, "Amina Cherif", Role::ChargeAccueil),
    ] {
        let account = Account {
            user: UserId([number; 16]),
            email: email.to_owned(),
            name: name.to_owned(),
            role,
            fonction: String::new(),
            sectors: if email == NADIA { vec![NORD.to_owned()] } else { Vec::new() },
            closed: None,
        };
        accounts.add(&account, hash, Timestamp(0)).await.unwrap();
    }
    database.close().await;
}
