//! What the command line can do with a whole store: copy it to another database.
//!
//! Never changes the old store beyond what any start would, and moves no key and no file.

use std::fmt::Write as _;

use super::{CommandError, say};
use crate::blobs::BlobsPlace;
use crate::config::{CopyStore, StoreCommand, StoreUrl};
use crate::copy::copy;
use crate::server::open;

/// Runs a command to its end.
pub(super) async fn run(command: StoreCommand) -> Result<(), CommandError> {
    match command {
        StoreCommand::Copy(options) => copy_store(&options).await,
    }
}

async fn copy_store(options: &CopyStore) -> Result<(), CommandError> {
    let CopyStore { store, to } = options;
    // Opening would make one.
    if matches!(&store.store, StoreUrl::Sqlite(path) if !path.exists()) {
        return Err(CommandError::NoStore);
    }
    // Brings it up to date, and sees that it has the right keys.
    open(store).await?.close().await;
    let (tables, report) = copy(&store.store, to).await?;
    // The same keys open it.
    let copied = store.moved_to(to);
    open(&copied).await?.close().await;
    let mut said = String::new();
    for table in &tables {
        // Writing to a text does not fail.
        writeln!(said, "  {:<18} {:>12}  {}", table.table, table.rows, &table.hash[..16]).ok();
    }
    say(&format!("Copié et relu, à l’identique (table, lignes, empreinte) :\n{said}"));
    let chain = if report.broken.is_none() { "entière" } else { "rompue, comme avant la copie" };
    say(&format!("Journal des accès : chaîne {chain}. Tête : n° {}, {}", report.head_id, report.head));
    let files = copied.key_files();
    say(
        "Les clés et les fichiers restent où ils sont. Démarrez désormais avec --store suivi de la nouvelle adresse, et :",
    );
    say(&format!("  --keys {}", files.keyring.display()));
    if let Some(path) = copied.master_key_file {
        say(&format!("  --master-key-file {}", path.display()));
    }
    if let Some(BlobsPlace::Folder(path)) = copied.blobs {
        say(&format!("  --blobs {}", path.display()));
    }
    say("Ne servez plus l’ancien magasin : ce qui y serait écrit manquerait au nouveau.");
    Ok(())
}
