//! Late changes as rows.

use liaison_shared::{ChangeHash, DeviceId, Timestamp, UserId};

use super::{Decision, Late};
use crate::database::Database;
use crate::database::sql::{QueryBuilder, Row};
use crate::keys::{KeyError, KeyName, Label};
use crate::log::LogError;

/// Decided changes that are listed.
const LISTED: i64 = 200;

const COLUMNS: &str = "SELECT id, document, hash, user_id, device, received, bytes, decision, decided_by, decided \
                       FROM late_changes";

/// What waits, oldest first; then what was decided last.
pub(super) async fn list(database: &Database) -> Result<Vec<Late>, LogError> {
    let mut late = read(database, " WHERE decision IS NULL ORDER BY id").await?;
    let mut query = QueryBuilder::new(COLUMNS);
    query.push(" WHERE decision IS NOT NULL ORDER BY decided DESC, id LIMIT ").push_bind(LISTED);
    let rows = query.build().fetch_all(&database.read).await?;
    late.extend(opened(database, &rows)?);
    Ok(late)
}

async fn read(database: &Database, rest: &'static str) -> Result<Vec<Late>, LogError> {
    database.keys.refresh().await?;
    let rows = QueryBuilder::new(COLUMNS).push(rest).build().fetch_all(&database.read).await?;
    opened(database, &rows)
}

/// What waits together with one change: of the same person, device and document.
pub(super) async fn waiting(database: &Database, id: i64) -> Result<Vec<Late>, LogError> {
    let all = read(database, " WHERE decision IS NULL ORDER BY id").await?;
    let Some(first) = all.iter().find(|late| late.id == id) else { return Ok(Vec::new()) };
    let whose = (first.user, first.device, first.document);
    Ok(all.into_iter().filter(|late| (late.user, late.device, late.document) == whose).collect())
}

/// Notes a decision; one that was taken meanwhile stays.
pub(super) async fn decide(
    database: &Database,
    ids: &[i64],
    decision: Decision,
    by: UserId,
    now: Timestamp,
) -> Result<(), LogError> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::new("UPDATE late_changes SET decision = ");
    query.push_bind(number(decision)).push(", decided_by = ").push_bind(by.as_bytes());
    query.push(", decided = ").push_bind(now.0).push(" WHERE decision IS NULL AND id IN (");
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    query.push(")");
    query.build().execute(&database.write).await?;
    Ok(())
}

fn number(decision: Decision) -> i64 {
    match decision {
        Decision::Accepted => 1,
        Decision::SetAside => 2,
    }
}

/// Those of dossiers whose key was destroyed are passed over.
fn opened(database: &Database, rows: &[Row]) -> Result<Vec<Late>, LogError> {
    let mut late = Vec::with_capacity(rows.len());
    for row in rows {
        late.extend(open(database, row)?);
    }
    Ok(late)
}

fn open(database: &Database, row: &Row) -> Result<Option<Late>, LogError> {
    let name: &str = row.try_get("document")?;
    let document = name.parse().map_err(|_| LogError::Corrupt("document name"))?;
    let hash = ChangeHash::try_from(row.try_get::<&[u8], _>("hash")?).map_err(|_| LogError::Corrupt("hash"))?;
    let sealed: &[u8] = row.try_get("bytes")?;
    let bytes = match database.keys.unseal(KeyName::of(&document), &Label::change(document, &hash), sealed) {
        Err(KeyError::Destroyed(_)) => return Ok(None),
        bytes => bytes?,
    };
    let user = |bytes: &[u8]| UserId::try_from(bytes).map_err(|_| LogError::Corrupt("user"));
    let decided = match row.try_get::<Option<i64>, _>("decision")? {
        None => None,
        Some(decision) => {
            let decision = match decision {
                1 => Decision::Accepted,
                2 => Decision::SetAside,
                _ => return Err(LogError::Corrupt("decision")),
            };
            Some((decision, user(row.try_get("decided_by")?)?, Timestamp(row.try_get("decided")?)))
        }
    };
    Ok(Some(Late {
        id: row.try_get("id")?,
        document,
        hash,
        user: user(row.try_get("user_id")?)?,
        device: DeviceId::try_from(row.try_get::<&[u8], _>("device")?).map_err(|_| LogError::Corrupt("device"))?,
        received: Timestamp(row.try_get("received")?),
        bytes,
        decided,
    }))
}
