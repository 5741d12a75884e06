//! Summaries as rows: projections of dossiers, sealed like the changes they come from.
//!
//! Never opens a document: whoever makes a summary hands it over.

use std::collections::HashSet;

use liaison_shared::dossier::{SUMMARIES_VERSION, Summary};
use liaison_shared::protocol::{decode, encode};
use liaison_shared::{DossierId, Seq};

use crate::database::Database;
use crate::database::sql::{Turn, query, query_scalar};
use crate::keys::{KeyError, KeyName, Label};
use crate::log::{LogError, number};

fn label(dossier: DossierId) -> Label {
    Label::new("summary", &dossier.to_string(), &[SUMMARIES_VERSION])
}

/// Puts down what lists show of dossiers as of a position, in one transaction.
pub(super) async fn keep(database: &Database, made: &[(Summary, Seq)]) -> Result<(), LogError> {
    let mut transaction = database.write.begin(Turn::Upkeep).await?;
    for (summary, upto) in made {
        let dossier = summary.dossier;
        let sealed = match database.keys.seal(KeyName::Dossier(dossier), &label(dossier), &encode(summary)) {
            // While it was being made.
            Err(KeyError::Destroyed(_)) => continue,
            sealed => sealed?,
        };
        let upsert = "INSERT INTO summaries (dossier, upto, bytes) VALUES ($1, $2, $3) \
                      ON CONFLICT (dossier) DO UPDATE SET upto = excluded.upto, bytes = excluded.bytes \
                      WHERE summaries.upto <= excluded.upto";
        let upsert = query(upsert).bind(dossier.to_string()).bind(number(*upto)?).bind(sealed);
        upsert.execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// What lists show of every dossier, by their ids. Those that no summary was made of yet, or by another version, are
/// not there.
///
/// # Errors
/// When the store cannot be read.
pub async fn kept(database: &Database) -> Result<Vec<Summary>, LogError> {
    let rows = query("SELECT dossier, bytes FROM summaries ORDER BY dossier").fetch_all(&database.read).await?;
    database.keys.refresh().await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let name: &str = row.try_get("dossier")?;
        let dossier: DossierId = name.parse().map_err(|_| LogError::Corrupt("dossier"))?;
        let opened = database.keys.unseal(KeyName::Dossier(dossier), &label(dossier), row.try_get("bytes")?);
        all.extend(opened.ok().and_then(|bytes| decode(&bytes).ok()));
    }
    Ok(all)
}

/// The dossiers that something was written in since their summary was made, or that have none.
///
/// # Errors
/// When the store cannot be read.
pub async fn outdated(database: &Database) -> Result<HashSet<DossierId>, LogError> {
    let names: Vec<String> = query_scalar(
        "SELECT d.dossier FROM documents d LEFT JOIN summaries s ON s.dossier = d.dossier WHERE d.dossier IS NOT NULL \
         GROUP BY d.dossier, s.upto \
         HAVING s.upto IS NULL OR MAX((SELECT MAX(c.seq) FROM changes c WHERE c.document = d.id)) > s.upto",
    )
    .fetch_all(&database.read)
    .await?;
    names.iter().map(|name| name.parse().map_err(|_| LogError::Corrupt("dossier"))).collect()
}
