//! What the command line can ask for.
//!
//! The only part of the library that writes to the standard output: addresses and demo accounts, for people.

mod keys;
mod store;

use std::io::{BufRead as _, Write as _};
use std::net::Ipv4Addr;

use liaison_shared::access::Role;
use liaison_shared::documents::DocumentError;
use liaison_shared::{DossierId, Epoch, Timestamp, UserId};
use thiserror::Error;

use crate::accounts::{Account, AccountError, AccountStore, WeakPassword, check_password, hash_password, normal_email};
use crate::annuaire::AnnuaireError;
use crate::audit::{Action, AuditError, Entry, Report};
use crate::blobs::BlobError;
use crate::config::{
    AccountCommand, AddAccount, AuditCommand, ChangeRole, Command, DemoOptions, InitOptions, Limits, NewEpoch,
    ServeOptions, StoreUrl, VerifyOptions,
};
use crate::copy::CopyError;
use crate::database::Database;
use crate::keys::KeyError;
use crate::log::{ChangeLog as _, LogError, StoredLog};
use crate::server::{Server, ServerError, open};
use crate::settings::SettingsStore;
use crate::{annuaire, audit, clock, demo, entropy, shutdown};

/// Why a command failed.
#[derive(Debug, Error)]
pub enum CommandError {
    /// The relay does not run.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The store cannot be used.
    #[error("store: {0}")]
    Store(#[from] LogError),
    /// The account cannot be added.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// A document could not be written.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The annuaire could not be written.
    #[error(transparent)]
    Annuaire(#[from] AnnuaireError),
    /// The keys cannot be used.
    #[error("keys: {0}")]
    Keys(#[from] KeyError),
    /// The files of the dossiers cannot be used.
    #[error("files: {0}")]
    Blobs(#[from] BlobError),
    /// Some changes do not open.
    #[error("{0} changes do not open: they were altered, or the keyring is not this store's newest")]
    Unreadable(usize),
    /// Some files do not open.
    #[error("{0} files are missing or do not open: they were altered, or --blobs is an older copy than the store")]
    UnreadableFiles(usize),
    /// What is asked for cannot be undone.
    #[error(
        "{changes} changes and {files} files of dossier {dossier} would be unreadable for good, here and in every \
         backup; to do it, add --yes"
    )]
    Unconfirmed {
        /// The dossier.
        dossier: DossierId,
        /// How many changes it has.
        changes: u64,
        /// How many files.
        files: u64,
    },
    /// The log did not take what the demo invented.
    #[error("the log refused a change of the demo's")]
    Refused,
    /// The access log cannot be read or written.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The access log was tampered with.
    #[error("the access log is broken: entry {0} does not follow from the one before")]
    BrokenAccessLog(i64),
    /// The store was not copied.
    #[error("copy: {0}")]
    Copy(#[from] CopyError),
    /// There is no store there.
    #[error("there is no store at this path")]
    NoStore,
    /// The agency has no name.
    #[error("the agency needs a name")]
    NoName,
    /// The password cannot be read.
    #[error("the password cannot be read from the standard input: {0}")]
    Input(#[from] std::io::Error),
    /// The password is too easy to guess.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// The address is not one.
    #[error("not an e-mail address")]
    InvalidEmail,
    /// Nobody has that address.
    #[error("no account with this e-mail address")]
    UnknownAccount,
}

/// Runs a command to its end.
///
/// # Errors
/// See [`CommandError`].
pub async fn run(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Serve(options) => serve(&options).await,
        Command::Demo(options) => demo(options).await,
        Command::Init(options) => init(&options).await,
        Command::Account(AccountCommand::Add(options)) => add_account(&options).await,
        Command::Account(AccountCommand::Role(options)) => change_role(&options).await,
        Command::Audit(AuditCommand::Verify(options)) => verify_audit(&options).await,
        Command::Keys(command) => keys::run(command).await,
        Command::Store(command) => store::run(command).await,
        Command::NewEpoch(options) => new_epoch(&options).await,
    }
}

async fn serve(options: &ServeOptions) -> Result<(), CommandError> {
    complete_annuaire(options).await?;
    let server = Server::bind(options, Limits::default()).await?;
    say(&format!("Liaison : http://{}", server.address()?));
    Ok(server.run(shutdown::signal()).await?)
}

/// Writes whoever is missing in the annuaire, or stands there with another name or role: an earlier version wrote no
/// roles, and a relay may have been cut off between the account and the document.
async fn complete_annuaire(options: &ServeOptions) -> Result<(), CommandError> {
    let database = open(&options.store).await?;
    let everybody = AccountStore::new(database.clone()).everybody().await?;
    if !everybody.is_empty() {
        let personnes: Vec<_> = everybody.iter().map(annuaire::personne).collect();
        annuaire::put(&StoredLog::new(database.clone()), &personnes, entropy::bytes(), clock::now()).await?;
    }
    database.close().await;
    Ok(())
}

async fn demo(options: DemoOptions) -> Result<(), CommandError> {
    let DemoOptions { dossiers, seed, fill_only, mut serve } = options;
    serve.agency = Some(demo::AGENCY.to_owned());
    let database = open(&serve.store).await?;
    let log = StoredLog::new(database.clone());
    if log.head().await?.0 == 0 {
        say(&format!("Création de {dossiers} dossiers…"));
        demo::fill(&database, &log, dossiers, seed).await?;
    }
    database.close().await;
    if fill_only {
        return Ok(());
    }
    let server = Server::bind(&serve, Limits::default()).await?;
    let address = server.address()?;
    // The name people type: a browser keeps what it stores by name, and the two must not be two demos.
    let host = if address.ip() == Ipv4Addr::LOCALHOST { "localhost".to_owned() } else { address.ip().to_string() };
    let mut welcome = format!("\n{} : http://{host}:{}\n\n", demo::AGENCY, address.port());
    for person in &demo::PEOPLE {
        let (role, fonction) = (person.role.name(), person.fonction);
        welcome += &format!("  {:<28} {:<18} {role:<12} {} ({fonction})\n", person.email, demo::PASSWORD, person.nom);
    }
    say(&welcome);
    Ok(server.run(shutdown::signal()).await?)
}

async fn init(options: &InitOptions) -> Result<(), CommandError> {
    let agency = options.agency.trim();
    if agency.is_empty() {
        return Err(CommandError::NoName);
    }
    let email = email(&options.email)?;
    let password = password(&email, agency)?;
    let database = open(&options.store).await?;
    let account = new_account(email, &options.name, Role::Gestionnaire, &options.fonction);
    let now = clock::now();
    AccountStore::new(database.clone()).add_first(&account, &hash_password(&password)?, now).await?;
    SettingsStore::load(database.clone()).await?.name_agency(agency).await?;
    tell(&database, &account, format!("{}, added by init", account.user), now).await?;
    database.close().await;
    say("Agence créée, avec son premier compte. Lancez le relais (`serve`), puis connectez-vous.");
    Ok(())
}

async fn add_account(options: &AddAccount) -> Result<(), CommandError> {
    let email = email(&options.email)?;
    // Before the store is opened: a password that is not taken makes no new one.
    let password = password(&email, "")?;
    let database = open(&options.store).await?;
    let agency = SettingsStore::load(database.clone()).await?.agency().await?.unwrap_or_default();
    check_password(&password, &email, &agency)?;
    let account = new_account(email, &options.name, options.role, &options.fonction);
    let now = clock::now();
    AccountStore::new(database.clone()).add(&account, &hash_password(&password)?, now).await?;
    tell(&database, &account, format!("{}, added by command", account.user), now).await?;
    database.close().await;
    say("Compte ajouté.");
    Ok(())
}

async fn change_role(options: &ChangeRole) -> Result<(), CommandError> {
    let (database, now) = (open(&options.store).await?, clock::now());
    let changed = AccountStore::new(database.clone()).change_role(&options.email, options.role, now).await?;
    if let Some(changed) = &changed {
        tell(&database, &changed.after, format!("{}, by command", changed.words()), now).await?;
    }
    database.close().await;
    if changed.is_none() {
        return Err(CommandError::UnknownAccount);
    }
    say("Rôle changé. Il vaut à la prochaine connexion de chaque appareil.");
    Ok(())
}

/// Writes what a command did to an account where others look: the annuaire and the access log.
async fn tell(database: &Database, account: &Account, words: String, now: Timestamp) -> Result<(), CommandError> {
    let log = StoredLog::new(database.clone());
    annuaire::put(&log, &[annuaire::personne(account)], entropy::bytes(), now).await?;
    Ok(audit::append(database, &[Entry::new(Action::AccountChanged, now).because(words)]).await?)
}

fn new_account(email: String, name: &str, role: Role, fonction: &str) -> Account {
    let (name, fonction) = (name.trim().to_owned(), fonction.trim().to_owned());
    Account { user: UserId(entropy::bytes()), email, name, role, fonction, sectors: Vec::new(), closed: None }
}

fn email(text: &str) -> Result<String, CommandError> {
    let email = normal_email(text);
    if liaison_shared::validate::email(&email).is_some() || email.is_empty() {
        return Err(CommandError::InvalidEmail);
    }
    Ok(email)
}

/// The first line of the standard input, when it may be a password.
fn password(email: &str, agency: &str) -> Result<String, CommandError> {
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    check_password(password, email, agency)?;
    Ok(password.to_owned())
}

async fn verify_audit(options: &VerifyOptions) -> Result<(), CommandError> {
    // Opening would make one.
    if matches!(&options.store.store, StoreUrl::Sqlite(path) if !path.exists()) {
        return Err(CommandError::NoStore);
    }
    let database = open(&options.store).await?;
    let report = audit::verify(&database).await?;
    database.close().await;
    let Report { entries, span, head_id, head, broken } = report;
    let span = span.map_or_else(String::new, |(first, last)| format!(", du {} au {}", time(first), time(last)));
    say(&format!("Journal des accès : {entries} entrées{span}. Tête : n° {head_id}, {head}"));
    if let Some(id) = broken {
        return Err(CommandError::BrokenAccessLog(id));
    }
    say("La chaîne est entière. Comparez la tête avec la dernière que vous avez notée ailleurs.");
    Ok(())
}

fn time(time: Timestamp) -> String {
    chrono::DateTime::from_timestamp_millis(time.0).map_or_else(String::new, |time| time.to_rfc3339())
}

async fn new_epoch(options: &NewEpoch) -> Result<(), CommandError> {
    let database = open(&options.store).await?;
    database.begin_epoch(Epoch(entropy::bytes())).await?;
    database.close().await;
    say("Nouvelle époque : chaque appareil renverra ce qu’il a écrit et que cette copie n’a pas.");
    Ok(())
}

/// Writes for people. That nobody reads (a closed pipe) is no reason to stop.
fn say(text: &str) {
    if let Err(error) = writeln!(std::io::stdout(), "{text}") {
        tracing::debug!(%error, "the standard output is closed");
    }
}
