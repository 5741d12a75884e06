//! What the command line can ask for.
//!
//! The only part of the library that writes to the standard output: addresses and demo accounts, for people.

use std::io::{BufRead as _, Write as _};
use std::net::Ipv4Addr;

use liaison_shared::documents::DocumentError;
use liaison_shared::documents::annuaire::Personne;
use liaison_shared::{Epoch, UserId};
use thiserror::Error;

use crate::accounts::{Account, AccountError, AccountStore, hash_password, normal_email};
use crate::config::{AccountCommand, AddAccount, ChangeRole, Command, DemoOptions, Limits, NewEpoch, ServeOptions};
use crate::log::{ChangeLog as _, LogError, SqliteLog};
use crate::server::{Server, ServerError, open};
use crate::{annuaire, clock, demo, entropy, shutdown};

/// A password that is easier to guess than to type is not taken.
const SHORTEST_PASSWORD: usize = 12;

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
    /// The log did not take what the relay itself wrote.
    #[error("the log refused a change of the relay's own")]
    Refused,
    /// The password cannot be read.
    #[error("the password cannot be read from the standard input: {0}")]
    Input(#[from] std::io::Error),
    /// The password is too short.
    #[error("the password needs at least {SHORTEST_PASSWORD} characters")]
    ShortPassword,
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
        Command::Account(AccountCommand::Add(options)) => add_account(&options).await,
        Command::Account(AccountCommand::Role(options)) => change_role(&options).await,
        Command::NewEpoch(options) => new_epoch(&options).await,
    }
}

async fn serve(options: &ServeOptions) -> Result<(), CommandError> {
    let server = Server::bind(options, Limits::default()).await?;
    say(&format!("Liaison : http://{}", server.address()?));
    Ok(server.run(shutdown::signal()).await?)
}

async fn demo(options: DemoOptions) -> Result<(), CommandError> {
    let DemoOptions { dossiers, seed, fill_only, mut serve } = options;
    demo::AGENCY.clone_into(&mut serve.agency);
    let database = open(&serve.store).await?;
    let log = SqliteLog::new(database.clone());
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

async fn add_account(options: &AddAccount) -> Result<(), CommandError> {
    let email = normal_email(&options.email);
    if liaison_shared::validate::email(&email).is_some() || email.is_empty() {
        return Err(CommandError::InvalidEmail);
    }
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(CommandError::ShortPassword);
    }
    let database = open(&options.store).await?;
    let account = Account {
        user: UserId(entropy::bytes()),
        email,
        name: options.name.clone(),
        role: options.role,
        fonction: options.fonction.clone(),
    };
    let now = clock::now();
    AccountStore::new(database.clone()).add(&account, &hash_password(password)?, now).await?;
    let personne = Personne { user: account.user, nom: account.name, fonction: account.fonction };
    annuaire::add(&SqliteLog::new(database.clone()), &[personne], entropy::bytes(), now).await?;
    database.close().await;
    say("Compte ajouté.");
    Ok(())
}

async fn change_role(options: &ChangeRole) -> Result<(), CommandError> {
    let database = open(&options.store).await?;
    let changed = AccountStore::new(database.clone()).change_role(&options.email, options.role).await?;
    database.close().await;
    if !changed {
        return Err(CommandError::UnknownAccount);
    }
    say("Rôle changé. Il vaut à la prochaine connexion de chaque appareil.");
    Ok(())
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
