//! The relay put together: store, writer, router, and their orderly end.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt as _;
use liaison_shared::{Epoch, Seq};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::accounts::{AccountError, AccountStore, Login, LoginLimits, Passwords, Sessions};
use crate::annuaire::Annuaire;
use crate::assets::{Assets, AssetsError};
use crate::audit::Audit;
use crate::blobs::{BlobError, Blobs};
use crate::config::{Limits, ServeOptions, StoreOptions};
use crate::database::{Database, migrate};
use crate::devices::Devices;
use crate::grants::Follower;
use crate::import::Import;
use crate::invitations::InvitationStore;
use crate::log::{ChangeLog as _, LogError, StoredLog, Tail};
use crate::neighbours::Neighbours;
use crate::relay::{ConnectionCounts, Feed, Publisher, Relay, Writer};
use crate::reviews::Reviews;
use crate::router::{App, router};
use crate::settings::SettingsStore;
use crate::upkeep::Upkeep;
use crate::{clock, entropy, metrics};

/// How often what is no longer needed is forgotten.
const UPKEEP: Duration = Duration::from_secs(60);

/// Why the relay does not run.
#[derive(Debug, Error)]
pub enum ServerError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// The network failed.
    #[error("network: {0}")]
    Network(#[from] std::io::Error),
    /// The store cannot be used.
    #[error("store: {0}")]
    Store(#[from] LogError),
    /// The files of the dossiers cannot be used.
    #[error("files: {0}")]
    Blobs(#[from] BlobError),
    /// The accounts cannot be used.
    #[error("accounts: {0}")]
    Accounts(#[from] AccountError),
    /// The application's files cannot be read.
    #[error("application: {0}")]
    Assets(#[from] AssetsError),
    /// Metrics cannot be recorded.
    #[error("metrics: {0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
    /// The writer of the log, or of the access log, has panicked.
    #[error("writer: {0}")]
    Writer(#[from] tokio::task::JoinError),
}

/// Opens a store and its keys, whichever version wrote it.
///
/// # Errors
/// When it cannot be opened, or its keys are missing or not the right ones.
pub async fn open(options: &StoreOptions) -> Result<Database, LogError> {
    let database = Database::open(&options.store, &options.key_files(), Epoch(entropy::bytes()), clock::now()).await?;
    migrate(&database).await?;
    Ok(database)
}

/// A relay that listens but does not serve yet.
pub struct Server {
    listener: TcpListener,
    app: App,
    database: Database,
    /// The writer of the log, and that of the access log.
    tasks: (JoinHandle<()>, JoinHandle<()>),
    /// What follows the other relays.
    neighbours: JoinHandle<()>,
    stopping: watch::Sender<bool>,
    ended: mpsc::Receiver<()>,
    shutdown_timeout: Duration,
}

impl Server {
    /// Opens the store, reads the application, listens.
    ///
    /// # Errors
    /// See [`ServerError`].
    pub async fn bind(options: &ServeOptions, limits: Limits) -> Result<Self, ServerError> {
        let recorder = metrics::recorder()?;
        let assets = Assets::load(&options.static_dir)?;
        if !assets.is_built() {
            tracing::warn!(folder = %options.static_dir.display(), "there is no application in this folder");
        }
        let database = open(&options.store).await?;
        let blobs = Blobs::open(database.clone(), &options.store.blobs_place(), limits.uploads_per_device).await?;
        let log = StoredLog::new(database.clone());
        let tail = Arc::new(Tail::default());
        let publisher = Publisher::new(log.clone(), tail.clone(), log.head().await?);
        let (head, listeners) = (publisher.head(), publisher.listeners());
        let (writer, writer_task) = Writer::start(log.clone(), publisher.clone(), limits.writer_queue);
        let (stopping_sender, stopping) = watch::channel(false);
        let (alive, ended) = mpsc::channel(1);
        let settings = SettingsStore::load(database.clone()).await?;
        let (follower, grants) = Follower::start(database.clone(), settings.clone(), tail.clone()).await?;
        tokio::spawn(follower.run(head.clone()));
        tokio::spawn(Upkeep::new(database.clone(), tail.clone()).run(head.clone()));
        let (audit, audit_task) = Audit::start(database.clone(), limits.refusals_listed);
        let annuaire = Annuaire::new(log.clone(), writer.clone());
        let import = Import::new(log.clone(), writer.clone());
        let reviews = Reviews::new(database.clone(), writer.clone());
        let sessions = Sessions::new(database.clone(), limits.session_lifetime);
        let devices = Devices::new(database.clone());
        let neighbours = Neighbours::new(database.clone(), publisher, sessions.clone(), settings.clone());
        let neighbours = tokio::spawn(neighbours.run());
        let login = Login {
            accounts: AccountStore::new(database.clone()),
            sessions: sessions.clone(),
            devices: devices.clone(),
            passwords: Passwords::new()?,
            limits: LoginLimits::new(&limits),
        };
        let shutdown_timeout = limits.shutdown_timeout;
        let relay = Relay {
            writer,
            feed: Feed::new(log.clone(), tail, head, listeners),
            sessions,
            devices,
            grants,
            settings: settings.clone(),
            audit: audit.clone(),
            counts: Arc::new(ConnectionCounts::default()),
            limits: Arc::new(limits),
            stopping,
            alive,
        };
        let app = App {
            relay,
            streams: Arc::default(),
            login: Arc::new(login),
            assets: Arc::new(assets),
            annuaire,
            reviews,
            blobs,
            log,
            import,
            invitations: InvitationStore::new(database.clone()),
            audit,
            settings,
            agency: options.agency.as_deref().map(Into::into),
            behind_proxy: options.behind_tls_proxy,
            metrics: recorder,
        };
        let listener = listen(&options.listen).await?;
        let tasks = (writer_task, audit_task);
        Ok(Self { listener, app, database, tasks, neighbours, stopping: stopping_sender, ended, shutdown_timeout })
    }

    /// Where the relay listens.
    ///
    /// # Errors
    /// When the operating system does not say.
    pub fn address(&self) -> Result<SocketAddr, ServerError> {
        Ok(self.listener.local_addr()?)
    }

    /// The last position in the log at this moment.
    #[must_use]
    pub fn head(&self) -> Seq {
        *self.app.relay.feed.head().borrow()
    }

    /// Serves until `stop`: then no more connections, what was pushed is made durable and acknowledged, and
    /// devices are told to come back (close code 1012).
    ///
    /// # Errors
    /// When the network fails.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServerError> {
        let Self { listener, app, database, tasks, neighbours, stopping, mut ended, shutdown_timeout } = self;
        let upkeep = tokio::spawn(upkeep(app.clone()));
        let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
        let mut told = stopping.subscribe();
        // Small frames leave at once: an acknowledgement must not wait for company.
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY");
            }
        });
        let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
            told.wait_for(|stopping| *stopping).await.ok();
        });
        let serving = tokio::spawn(async move { serving.await });
        stop.await;
        tracing::info!("stopping");
        stopping.send_replace(true);
        upkeep.abort();
        neighbours.abort();
        // It holds ways to both writers, which end only when every one is dropped.
        upkeep.await.ok();
        // Idle HTTP connections and devices that do not answer are not waited for for ever.
        let abort = serving.abort_handle();
        let orderly = async {
            serving.await??;
            // Nobody ever sends: this ends when every connection has dropped its handle.
            ended.recv().await;
            tasks.0.await?;
            tasks.1.await?;
            Ok::<(), ServerError>(())
        };
        match tokio::time::timeout(shutdown_timeout, orderly).await {
            Ok(result) => result?,
            Err(_late) => {
                tracing::warn!("some connections did not end in time");
                abort.abort();
            }
        }
        // A server that does not answer any more is not waited for.
        if tokio::time::timeout(shutdown_timeout, database.close()).await.is_err() {
            tracing::warn!("the store did not close in time");
        }
        tracing::info!("stopped");
        Ok(())
    }
}

async fn listen(address: &str) -> Result<TcpListener, ServerError> {
    let failed = |source| ServerError::Listen { address: address.to_owned(), source };
    TcpListener::bind(address).await.map_err(failed)
}

async fn upkeep(app: App) {
    let mut every = tokio::time::interval(UPKEEP);
    loop {
        every.tick().await;
        let now = clock::now();
        app.metrics.run_upkeep();
        app.login.limits.forget_old();
        if let Err(error) = app.login.sessions.delete_expired(now).await {
            tracing::warn!(%error, "expired sessions could not be deleted");
        }
        if let Err(error) = app.invitations.delete_old(now).await {
            tracing::warn!(%error, "old invitations could not be deleted");
        }
        match app.blobs.tidy(now).await {
            Ok(0) => {}
            Ok(sets) => tracing::info!(sets, "unfinished and unused uploads were deleted"),
            Err(error) => tracing::warn!(%error, "unfinished uploads could not be deleted"),
        }
        match app.audit.purge(app.settings.current().journal_mois, now).await {
            Ok(0) => {}
            Ok(entries) => tracing::info!(entries, "the oldest entries of the access log were deleted"),
            Err(error) => tracing::warn!(%error, "the access log could not be purged"),
        }
    }
}
