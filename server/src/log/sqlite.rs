//! The log in SQLite. The SQL keeps to what PostgreSQL understands too.
//!
//! Never opens the file itself ([`crate::database`]) and never judges a change ([`super::facts`] gathers, `admit` decides).

use futures_util::TryStreamExt as _;
use liaison_shared::access::{Role, readable_kinds};
use liaison_shared::protocol::RefusedChange;
use liaison_shared::sync::{LogEntry, Verdict, admit};
use liaison_shared::{ChangeHash, DeviceId, DocumentId, Epoch, Seq, Timestamp, UserId};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite};

use super::contract::{Appended, ChangeLog, LogError, Page, Push};
use super::facts::BatchFacts;
use super::insert::Inserts;
use crate::database::Database;

/// One reading looks at no more positions than this, whatever it finds.
const READ_SPAN: u64 = 16_384;

const COLUMNS: &str = "SELECT c.seq, d.name, c.hash, c.user_id, c.device, c.received, c.bytes \
                       FROM changes c JOIN documents d ON d.id = c.document";

/// The log of one database.
#[derive(Debug, Clone)]
pub struct SqliteLog {
    database: Database,
}

impl SqliteLog {
    /// The log in an open database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

impl ChangeLog for SqliteLog {
    fn epoch(&self) -> Epoch {
        self.database.epoch
    }

    async fn head(&self) -> Result<Seq, LogError> {
        let head: i64 =
            sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM changes").fetch_one(&self.database.read).await?;
        position(head)
    }

    async fn append(&self, batch: Vec<Push>) -> Result<Vec<Appended>, LogError> {
        let mut transaction = self.database.write.begin_with("BEGIN IMMEDIATE").await?;
        let mut facts = BatchFacts::gather(&mut transaction, &batch).await?;
        let mut inserts = Inserts::default();
        let mut answers = Vec::with_capacity(batch.len());
        for push in batch {
            answers.push(judge(push, &mut facts, &mut inserts));
        }
        if inserts.is_empty() {
            transaction.rollback().await?;
            return Ok(answers);
        }
        inserts.execute(&mut transaction, &answers).await?;
        transaction.commit().await?;
        Ok(answers)
    }

    async fn read(&self, after: Seq, max_bytes: usize, role: Role) -> Result<Page, LogError> {
        let end = self.head().await?.min(Seq(after.0.saturating_add(READ_SPAN))).max(after);
        let mut query = QueryBuilder::<Sqlite>::new(COLUMNS);
        query.push(" WHERE c.seq > ").push_bind(number(after)?);
        query.push(" AND c.seq <= ").push_bind(number(end)?);
        query.push(" AND d.kind IN (");
        let mut kinds = query.separated(", ");
        for kind in readable_kinds(role) {
            kinds.push_bind(kind);
        }
        query.push(") ORDER BY c.seq");
        let mut rows = query.build().fetch(&self.database.read);
        let (mut entries, mut bytes) = (Vec::new(), 0);
        while let Some(row) = rows.try_next().await? {
            let entry = entry(&row)?;
            if bytes >= max_bytes {
                return Ok(Page { entries, upto: Seq(entry.seq.0 - 1) });
            }
            bytes += entry.bytes.len();
            entries.push(entry);
        }
        Ok(Page { entries, upto: end })
    }

    async fn document(&self, id: DocumentId) -> Result<Vec<LogEntry>, LogError> {
        let mut query = QueryBuilder::<Sqlite>::new(COLUMNS);
        query.push(" WHERE d.name = ").push_bind(id.to_string()).push(" ORDER BY c.seq");
        let rows = query.build().fetch_all(&self.database.read).await?;
        rows.iter().map(entry).collect()
    }
}

/// Decides on each change of a push; what is taken counts for the next ones at once.
fn judge(push: Push, facts: &mut BatchFacts, inserts: &mut Inserts) -> Appended {
    let Push { identity, candidates, received } = push;
    let mut answer = Appended::default();
    for candidate in candidates {
        match admit(&candidate, identity.device, facts) {
            Verdict::Known(seq) => answer.seq = answer.seq.max(seq),
            Verdict::Refused(reason) => answer.refused.push(RefusedChange { index: candidate.index, reason }),
            Verdict::New => {
                let seq = facts.take(&candidate, identity.device);
                inserts.add(&candidate, facts);
                answer.seq = seq;
                answer.entries.push(LogEntry {
                    seq,
                    document: candidate.document,
                    hash: candidate.header.hash,
                    bytes: candidate.bytes,
                    user: identity.user,
                    device: identity.device,
                    received,
                });
            }
        }
    }
    answer
}

fn entry(row: &SqliteRow) -> Result<LogEntry, LogError> {
    let name: &str = row.try_get("name")?;
    Ok(LogEntry {
        seq: position(row.try_get("seq")?)?,
        document: name.parse().map_err(|_| LogError::Corrupt("document name"))?,
        hash: ChangeHash::try_from(row.try_get::<&[u8], _>("hash")?).map_err(|_| LogError::Corrupt("hash"))?,
        bytes: row.try_get("bytes")?,
        user: UserId::try_from(row.try_get::<&[u8], _>("user_id")?).map_err(|_| LogError::Corrupt("user"))?,
        device: DeviceId::try_from(row.try_get::<&[u8], _>("device")?).map_err(|_| LogError::Corrupt("device"))?,
        received: Timestamp(row.try_get("received")?),
    })
}

/// A position as the database counts.
pub(super) fn number(seq: Seq) -> Result<i64, LogError> {
    i64::try_from(seq.0).map_err(|_| LogError::Corrupt("position"))
}

/// A position as the protocol counts.
pub(super) fn position(number: i64) -> Result<Seq, LogError> {
    u64::try_from(number).map(Seq).map_err(|_| LogError::Corrupt("position"))
}
