//! What the relay is told at start: commands, options, limits.
//!
//! Never reads the environment elsewhere, never changes once the relay runs.

use std::fmt;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use liaison_shared::DossierId;
use liaison_shared::access::Role;
use thiserror::Error;

use crate::blobs::BlobsPlace;
use crate::keys::{KeyFiles, MasterKeySource, SecretText};

/// The relay of Liaison.
#[derive(Debug, Parser)]
#[command(name = "liaison-server", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How log lines look.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Pretty, env = "LIAISON_LOG_FORMAT")]
    pub log_format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object per line.
    Json,
}

/// What the relay can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve an agency.
    Serve(ServeOptions),
    /// Fill an empty store with a made-up agency, then serve it.
    Demo(DemoOptions),
    /// Begin an agency in an empty store: its name and its first account.
    Init(InitOptions),
    /// Accounts.
    #[command(subcommand)]
    Account(AccountCommand),
    /// The keys that the dossiers are encrypted with.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The access log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// The store as a whole.
    #[command(subcommand)]
    Store(StoreCommand),
    /// After restoring a backup: begin a new life of the log, so that devices give back what the backup lacks.
    NewEpoch(NewEpoch),
}

/// A restored store. The relay must not be running on it.
#[derive(Debug, Clone, Args)]
pub struct NewEpoch {
    /// Where it is.
    #[command(flatten)]
    pub store: StoreOptions,
}

/// What can be done with a store.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Copy it to another, empty database, and compare the two. No relay may be running on either.
    Copy(CopyStore),
}

/// A store to copy.
#[derive(Debug, Clone, Args)]
pub struct CopyStore {
    /// Where it is.
    #[command(flatten)]
    pub store: StoreOptions,
    /// Where it goes: `sqlite:PATH`, or `postgres://USER@HOST/DATABASE`.
    #[arg(long, env = "LIAISON_COPY_TO", hide_env_values = true)]
    pub to: StoreUrl,
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Open every change and every file in the store, and count what opens and what does not.
    Check(CheckKeys),
    /// Lock the keys with another master key. The relay must not be running.
    Rotate(RotateKeys),
    /// Destroy the key of a dossier: nobody reads it again, here or in any backup of the store.
    Destroy(DestroyKey),
}

/// A store whose changes are to be opened.
#[derive(Debug, Clone, Args)]
pub struct CheckKeys {
    /// Where it is.
    #[command(flatten)]
    pub store: StoreOptions,
}

/// Another master key.
#[derive(Debug, Clone, Args)]
pub struct RotateKeys {
    /// Where the store is, and the master key until now.
    #[command(flatten)]
    pub store: StoreOptions,
    /// The master key from now on; the file is made, with a new key, when it does not exist.
    #[arg(long, value_name = "PATH")]
    pub new_master_key_file: PathBuf,
}

/// A dossier to be made unreadable.
#[derive(Debug, Clone, Args)]
pub struct DestroyKey {
    /// Where the store is.
    #[command(flatten)]
    pub store: StoreOptions,
    /// Which dossier: the 32 hexadecimal digits of its identifier.
    #[arg(long)]
    pub dossier: DossierId,
    /// Yes, for good. Without it, the command says what would be lost and does nothing.
    #[arg(long)]
    pub yes: bool,
}

/// Where the log, the accounts and the keys are.
#[derive(Debug, Clone, Args)]
pub struct StoreOptions {
    /// Where the log and the accounts are: `sqlite:PATH`, or `postgres://USER@HOST/DATABASE` (a password belongs in the
    /// environment, here or as `PGPASSWORD`: everybody may see a command line).
    #[arg(long, env = "LIAISON_STORE", hide_env_values = true)]
    pub store: StoreUrl,
    /// For a store in PostgreSQL: the path that stands for the store's where keys and files are « beside the store ». Relays of
    /// one store share it.
    #[arg(long, value_name = "PATH", default_value = "liaison", env = "LIAISON_BESIDE")]
    pub beside: PathBuf,
    /// File with the keys of the dossiers; by default beside the store, with `.keys` after its name.
    #[arg(long, value_name = "PATH", env = "LIAISON_KEYS")]
    pub keys: Option<PathBuf>,
    /// File with the master key that locks them: 64 hexadecimal digits; by default beside the store, with
    /// `.master-key` after its name, made for a new store. Or the digits themselves in `LIAISON_MASTER_KEY`.
    #[arg(long, value_name = "PATH", env = "LIAISON_MASTER_KEY_FILE")]
    pub master_key_file: Option<PathBuf>,
    /// The digits themselves: from the environment only, everybody may see a command line.
    #[arg(skip = SecretText::from_environment())]
    pub master_key: Option<SecretText>,
    /// Where the files of the dossiers are: a folder, by default beside the store, with `.blobs` after its name; or
    /// `s3://BUCKET/PREFIX` (when built with the feature `s3`).
    #[arg(long, value_name = "DIR|URL", env = "LIAISON_BLOBS")]
    pub blobs: Option<BlobsPlace>,
}

impl StoreOptions {
    /// Another store with the keys and the files of this one.
    #[must_use]
    pub fn moved_to(&self, store: &StoreUrl) -> Self {
        let files = self.key_files();
        Self {
            store: store.clone(),
            keys: Some(files.keyring),
            master_key_file: files.master.into_file(),
            blobs: Some(self.blobs_place()),
            ..self.clone()
        }
    }

    /// An SQLite file with its keys beside it.
    #[must_use]
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        let beside = path.into();
        let store = StoreUrl::Sqlite(beside.clone());
        Self { store, beside, keys: None, master_key_file: None, master_key: None, blobs: None }
    }

    /// Where the keys are: a file that was named counts before the environment's key, that before the default.
    #[must_use]
    pub fn key_files(&self) -> KeyFiles {
        let beside = |suffix| self.beside(suffix);
        let master = match (&self.master_key_file, &self.master_key) {
            (Some(path), _) => MasterKeySource::File(path.clone()),
            (None, Some(text)) => MasterKeySource::Text(text.clone()),
            (None, None) => MasterKeySource::File(beside(".master-key")),
        };
        let shared = matches!(self.store, StoreUrl::Postgres(_));
        KeyFiles { keyring: self.keys.clone().unwrap_or_else(|| beside(".keys")), master, shared }
    }

    /// Where the files of the dossiers are.
    #[must_use]
    pub fn blobs_place(&self) -> BlobsPlace {
        self.blobs.clone().unwrap_or_else(|| BlobsPlace::Folder(self.beside(".blobs")))
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let store = match &self.store {
            StoreUrl::Sqlite(path) => path,
            StoreUrl::Postgres(_) => &self.beside,
        };
        let mut path = store.as_os_str().to_owned();
        path.push(suffix);
        PathBuf::from(path)
    }
}

/// A new agency.
#[derive(Debug, Clone, Args)]
pub struct InitOptions {
    /// Where it will be.
    #[command(flatten)]
    pub store: StoreOptions,
    /// The agency's name, as devices show it.
    #[arg(long)]
    pub agency: String,
    /// What its first gestionnaire signs in with. The password is read from the standard input.
    #[arg(long)]
    pub email: String,
    /// First and last name.
    #[arg(long)]
    pub name: String,
    /// What the person does, in the agency's words.
    #[arg(long, default_value = "Gestionnaire")]
    pub fonction: String,
}

/// What can be done with the access log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check that no entry was deleted, changed, inserted or moved. The relay may be running.
    Verify(VerifyOptions),
}

/// An access log to check.
#[derive(Debug, Clone, Args)]
pub struct VerifyOptions {
    /// Where it is.
    #[command(flatten)]
    pub store: StoreOptions,
}

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Add an account; its password is read from the standard input.
    Add(AddAccount),
    /// Change what a person may do, from their next connection on.
    Role(ChangeRole),
}

/// Where and what to serve.
#[derive(Debug, Clone, Args)]
pub struct ServeOptions {
    /// Address and port to listen on.
    #[arg(long, default_value = "127.0.0.1:8080", env = "LIAISON_LISTEN")]
    pub listen: String,
    /// Where the log, the accounts and the keys are.
    #[command(flatten)]
    pub store: StoreOptions,
    /// Folder of the built application.
    #[arg(long = "static", value_name = "DIR", env = "LIAISON_STATIC")]
    pub static_dir: PathBuf,
    /// The agency's name, as devices show it, instead of the one that `init` was given.
    #[arg(long, env = "LIAISON_AGENCY")]
    pub agency: Option<String>,
    /// The relay stands behind a proxy that speaks TLS and sets X-Forwarded-For: send HSTS, and count
    /// login attempts by the address the proxy saw.
    #[arg(long, env = "LIAISON_BEHIND_TLS_PROXY")]
    pub behind_tls_proxy: bool,
}

/// A made-up agency.
#[derive(Debug, Clone, Args)]
pub struct DemoOptions {
    /// How many dossiers.
    #[arg(long, default_value_t = 200)]
    pub dossiers: u32,
    /// The same seed makes the same agency.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Fill the store and end.
    #[arg(long)]
    pub fill_only: bool,
    /// Where and what to serve.
    #[command(flatten)]
    pub serve: ServeOptions,
}

/// A new account.
#[derive(Debug, Clone, Args)]
pub struct AddAccount {
    /// Where the log, the accounts and the keys are.
    #[command(flatten)]
    pub store: StoreOptions,
    /// What the person signs in with.
    #[arg(long)]
    pub email: String,
    /// First and last name.
    #[arg(long)]
    pub name: String,
    /// What the person may do: one of the roles' words.
    #[arg(long, value_parser = role)]
    pub role: Role,
    /// What the person does, in the agency's words.
    #[arg(long)]
    pub fonction: String,
}

/// Another role for an account.
#[derive(Debug, Clone, Args)]
pub struct ChangeRole {
    /// Where the log, the accounts and the keys are.
    #[command(flatten)]
    pub store: StoreOptions,
    /// What the person signs in with.
    #[arg(long)]
    pub email: String,
    /// What the person may do from the next connection on: one of the roles' words.
    #[arg(long, value_parser = role)]
    pub role: Role,
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_name(text).ok_or_else(|| format!("one of {}", Role::ALL.map(Role::name).join(", ")))
}

/// A store that this relay does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected sqlite:PATH or postgres://USER@HOST/DATABASE")]
pub struct UnknownStore;

/// Where the log and the accounts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreUrl {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database.
    Postgres(PostgresUrl),
}

/// Where a PostgreSQL database is. May hold a password: it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(String);

impl PostgresUrl {
    /// The address, for whoever connects.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresUrl(…)")
    }
}

impl FromStr for StoreUrl {
    type Err = UnknownStore;

    fn from_str(text: &str) -> Result<Self, UnknownStore> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(PostgresUrl(text.to_owned())));
        }
        let path = text.strip_prefix("sqlite:").ok_or(UnknownStore)?;
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() { Err(UnknownStore) } else { Ok(Self::Sqlite(path.into())) }
    }
}

/// Everything that is bounded. Tests make some of it small.
#[derive(Debug, Clone)]
pub struct Limits {
    /// From the opening of a socket to its hello.
    pub hello_timeout: Duration,
    /// Without any frame from the device, the connection is closed.
    pub idle_timeout: Duration,
    /// A frame that the device does not take for this long: the connection is cut off.
    pub send_timeout: Duration,
    /// Frames waiting to be sent, per connection.
    pub outbox_frames: usize,
    /// Pushes waiting for the log, per connection; the relay reads no further meanwhile.
    pub pushes_in_flight: usize,
    /// Connections per account.
    pub connections_per_account: usize,
    /// Pushes waiting for the log, over all connections.
    pub writer_queue: usize,
    /// Between two notes of where a device stands.
    pub contact_every: Duration,
    /// Login attempts at once per account.
    pub logins_per_account: NonZeroU32,
    /// Login attempts at once per address.
    pub logins_per_address: NonZeroU32,
    /// One more attempt every so often.
    pub login_refill: Duration,
    /// Refusals written to the access log, per address, person and minute.
    pub refusals_listed: u32,
    /// Files that one device may have begun to bring and not finished.
    pub uploads_per_device: usize,
    /// Bootstrap streams of everything that one device may have open: the one it reads, and one of before a cut that is not
    /// noticed yet.
    pub streams_per_device: usize,
    /// Bootstrap streams of single dossiers that one device may have open: each for somebody who waits.
    pub dossier_streams_per_device: usize,
    /// How long a session lasts.
    pub session_lifetime: chrono::TimeDelta,
    /// How long connections may take to end when the relay stops.
    pub shutdown_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            hello_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(90),
            send_timeout: Duration::from_secs(20),
            outbox_frames: 64,
            pushes_in_flight: 16,
            connections_per_account: 50,
            writer_queue: 1024,
            contact_every: Duration::from_secs(30),
            logins_per_account: NonZeroU32::MIN.saturating_add(9),
            logins_per_address: NonZeroU32::MIN.saturating_add(29),
            login_refill: Duration::from_secs(6),
            refusals_listed: 30,
            uploads_per_device: 20,
            streams_per_device: 2,
            dossier_streams_per_device: 8,
            session_lifetime: chrono::TimeDelta::days(90),
            shutdown_timeout: Duration::from_secs(10),
        }
    }
}
