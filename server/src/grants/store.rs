//! Teams as rows: projections that are kept so that a start does not open every `prestation`. Sealed like the changes
//! they come from.

use liaison_shared::access::Team;
use liaison_shared::protocol::{decode, encode};
use liaison_shared::{DossierId, Seq};

use crate::database::Database;
use crate::database::sql::query;
use crate::keys::{KeyError, KeyName, Label};
use crate::log::{LogError, number, position};

/// What the store knows of one dossier.
pub(super) struct Row {
    pub dossier: DossierId,
    /// The projection, and the position it was made at; none when it has to be made.
    pub team: Option<(Team, Seq)>,
    /// The last position of its `prestation`; 0 when it has none.
    pub last: Seq,
}

fn label(dossier: DossierId) -> Label {
    Label::new("team", &dossier.to_string(), &[])
}

/// Every dossier, those whose key was destroyed left out.
pub(super) async fn load(database: &Database) -> Result<Vec<Row>, LogError> {
    database.keys.refresh().await?;
    let rows = query(
        "SELECT x.dossier, t.upto, t.bytes, COALESCE((SELECT MAX(c.seq) FROM changes c JOIN documents p \
         ON p.id = c.document WHERE p.name = x.dossier || '/prestation'), 0) AS last \
         FROM (SELECT DISTINCT dossier FROM documents WHERE dossier IS NOT NULL) x \
         LEFT JOIN teams t ON t.dossier = x.dossier",
    )
    .fetch_all(&database.read)
    .await?;
    let mut loaded = Vec::with_capacity(rows.len());
    for row in rows {
        let name: &str = row.try_get("dossier")?;
        let dossier: DossierId = name.parse().map_err(|_| LogError::Corrupt("dossier"))?;
        let last = position(row.try_get("last")?)?;
        let sealed: Option<&[u8]> = row.try_get("bytes")?;
        let team = match sealed.map(|sealed| database.keys.unseal(KeyName::Dossier(dossier), &label(dossier), sealed)) {
            Some(Err(KeyError::Destroyed(_))) => continue,
            // One that does not open, or is of another version, is made again.
            Some(Ok(bytes)) => decode(&bytes).ok(),
            Some(Err(_)) | None => None,
        };
        let upto = row.try_get::<Option<i64>, _>("upto")?.map(position).transpose()?;
        loaded.push(Row { dossier, team: team.zip(upto), last });
    }
    Ok(loaded)
}

/// Whether there is a projection, of whatever position.
pub(super) async fn is_kept(database: &Database, dossier: DossierId) -> Result<bool, LogError> {
    let kept = query("SELECT upto FROM teams WHERE dossier = $1").bind(dossier.to_string());
    Ok(kept.fetch_optional(&database.read).await?.is_some())
}

/// Keeps a projection.
pub(super) async fn keep(database: &Database, dossier: DossierId, team: &Team, upto: Seq) -> Result<(), LogError> {
    let sealed = database.keys.seal(KeyName::Dossier(dossier), &label(dossier), &encode(team))?;
    query(
        "INSERT INTO teams (dossier, upto, bytes) VALUES ($1, $2, $3) \
         ON CONFLICT (dossier) DO UPDATE SET upto = excluded.upto, bytes = excluded.bytes \
         WHERE teams.upto <= excluded.upto",
    )
    .bind(dossier.to_string())
    .bind(number(upto)?)
    .bind(sealed)
    .execute(&database.write)
    .await?;
    Ok(())
}
