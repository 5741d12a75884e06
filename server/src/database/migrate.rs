//! Brings an earlier version's store up to date.
//!
//! Never loses anything: adds a column that is missing, moves bytes to where they are today, writes today's word for a role.
//! Opening twice changes nothing.

use liaison_shared::access::Role;

use crate::database::Database;
use crate::database::sql::{Pool, Turn, query, query_scalar, script};
use crate::log::LogError;

/// Columns that `log/schema.sql` has today and the first version's tables lack.
const ADDED: [(&str, &str, &str); 7] = [
    ("users", "sectors", "TEXT NOT NULL DEFAULT '[]'"),
    ("users", "closed", "INTEGER"),
    ("devices", "named", "INTEGER NOT NULL DEFAULT 0"),
    ("devices", "revoked", "INTEGER"),
    ("devices", "forgotten", "INTEGER"),
    ("devices", "served", "TEXT"),
    ("documents", "dossier", "TEXT"),
];

/// Before snapshots, the bytes of a change stood in its row. First of all: nothing else reads such a store.
///
/// # Errors
/// When the database refuses.
pub(super) async fn move_bodies(write: &Pool) -> Result<(), LogError> {
    const OLD: &str = "SELECT COUNT(*) FROM pragma_table_info('changes') WHERE name = 'bytes'";
    // One that is as it should be is only read: a command beside a busy relay does not wait for it.
    if query_scalar(OLD).fetch_one::<i64>(write).await? == 0 {
        return Ok(());
    }
    let mut transaction = write.begin(Turn::Store).await?;
    if query_scalar(OLD).fetch_one::<i64>(&mut *transaction).await? > 0 {
        for statement in
            ["INSERT INTO bodies (seq, bytes) SELECT seq, bytes FROM changes", "ALTER TABLE changes DROP COLUMN bytes"]
        {
            query(statement).execute(&mut *transaction).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// Brings a store up to date.
///
/// # Errors
/// When the database refuses.
pub async fn migrate(database: &Database) -> Result<(), LogError> {
    // No PostgreSQL store is that old.
    let Pool::Sqlite(_) = database.write else { return Ok(()) };
    let mut transaction = database.write.begin(Turn::Store).await?;
    for (table, column, definition) in ADDED {
        let known: i64 = query_scalar("SELECT COUNT(*) FROM pragma_table_info($1) WHERE name = $2")
            .bind(table)
            .bind(column)
            .fetch_one(&mut *transaction)
            .await?;
        if known == 0 {
            // All three are constants of this file.
            let statement = format!("ALTER TABLE {table} ADD COLUMN {column} {definition}");
            script(sqlx::AssertSqlSafe(statement), &mut *transaction).await?;
        }
    }
    query("UPDATE users SET role = $1 WHERE role = 'bureau'")
        .bind(Role::Gestionnaire.name())
        .execute(&mut *transaction)
        .await?;
    // A document's name begins with its dossier's 32 digits; the annuaire belongs to none.
    for statement in [
        "UPDATE documents SET dossier = substr(name, 1, 32) WHERE dossier IS NULL AND kind IN \
         ('client', 'journal', 'relation', 'administratif', 'prestation')",
        "CREATE INDEX IF NOT EXISTS documents_by_dossier ON documents (dossier)",
    ] {
        query(statement).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}
