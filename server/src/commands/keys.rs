//! What the command line can do with keys: check, rotate, destroy.
//!
//! Never prints a key.

use super::{CommandError, say};
use crate::blobs::{BlobError, Blobs};
use crate::clock;
use crate::config::{CheckKeys, DestroyKey, KeysCommand, RotateKeys, StoreOptions};
use crate::database::Database;
use crate::keys::MasterKey;
use crate::log::StoredLog;
use crate::server::open;

/// Changes that do not open and are named one by one; of more, the number says enough.
const NAMED: usize = 20;

/// Runs a command to its end.
pub(super) async fn run(command: KeysCommand) -> Result<(), CommandError> {
    match command {
        KeysCommand::Check(options) => check(&options).await,
        KeysCommand::Rotate(options) => rotate(&options).await,
        KeysCommand::Destroy(options) => destroy(&options).await,
    }
}

async fn check(options: &CheckKeys) -> Result<(), CommandError> {
    let database = open(&options.store).await?;
    let checked = StoredLog::new(database.clone()).check().await?;
    let files = open_blobs(&database, &options.store).await?.check().await?;
    let (keys, destroyed) = database.keys.count();
    database.close().await;
    say(&format!("Clés : {keys} en service, {destroyed} détruites."));
    say(&format!(
        "Modifications : {} lisibles, {} de dossiers détruits, {} illisibles.",
        checked.readable,
        checked.destroyed,
        checked.unreadable.len()
    ));
    say(&format!(
        "Fichiers : {} lisibles, {} de dossiers détruits, {} illisibles.",
        files.readable,
        files.destroyed,
        files.unreadable.len()
    ));
    for (seq, document) in checked.unreadable.iter().take(NAMED) {
        say(&format!("  illisible : n° {} de {document}", seq.0));
    }
    for set in files.unreadable.iter().take(NAMED) {
        say(&format!("  illisible : fichier {set}"));
    }
    match (checked.unreadable.len(), files.unreadable.len()) {
        (0, 0) => Ok(()),
        (0, files) => Err(CommandError::UnreadableFiles(files)),
        (changes, _) => Err(CommandError::Unreadable(changes)),
    }
}

/// The files of a store that is not served: nothing is brought.
async fn open_blobs(database: &Database, options: &StoreOptions) -> Result<Blobs, BlobError> {
    Blobs::open(database.clone(), &options.blobs_place(), 0).await
}

async fn rotate(options: &RotateKeys) -> Result<(), CommandError> {
    // The whole store, so that a keyring is not locked anew that is not this store's.
    let database = open(&options.store).await?;
    // Durable before anything is locked with it.
    let new = MasterKey::load_or_create(&options.new_master_key_file)?;
    let keys = database.keys.clone().rotate(&new).await;
    database.close().await;
    let path = options.new_master_key_file.display();
    say(&format!("{} clés verrouillées par la clé maîtresse {} : démarrez désormais avec", keys?, new.id()));
    say(&format!("  --master-key-file {path}"));
    say("L’ancienne n’ouvre plus que les anciennes copies du trousseau : détruisez-la avec elles.");
    Ok(())
}

async fn destroy(options: &DestroyKey) -> Result<(), CommandError> {
    let database = open(&options.store).await?;
    let dossier = options.dossier;
    if !options.yes {
        let changes = StoredLog::new(database.clone()).changes_of(dossier).await?;
        let files = open_blobs(&database, &options.store).await?.count_of(dossier).await?;
        database.close().await;
        return Err(CommandError::Unconfirmed { dossier, changes, files });
    }
    let destroyed = database.keys.destroy(dossier, clock::now()).await;
    database.close().await;
    destroyed?;
    say("Clé détruite : personne ne relira ce dossier, ni ici ni dans une sauvegarde du magasin.");
    say("Redémarrez le relais s’il est en service, et détruisez les anciennes copies du trousseau.");
    Ok(())
}
