//! Writes what a batch has taken, by a few statements of many rows.
//!
//! Never decides anything, never commits.

use liaison_shared::documents::GENESIS_ACTOR;
use liaison_shared::sync::{Candidate, Facts as _, LogEntry};
use liaison_shared::{ActorId, DeviceId, DocumentId};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::contract::{Appended, LogError};
use super::facts::BatchFacts;
use super::sqlite::number;

/// Rows of one statement: ten values each stay well below every database's limit.
const ROWS: usize = 256;

#[derive(Debug)]
struct ChangeRow {
    document: i64,
    actor: i64,
    actor_seq: i64,
    last_op: i64,
}

/// The rows of one batch; those of changes stand in the order of their positions.
#[derive(Debug, Default)]
pub(super) struct Inserts {
    documents: Vec<(i64, DocumentId)>,
    actors: Vec<(i64, ActorId, Option<DeviceId>)>,
    changes: Vec<ChangeRow>,
}

impl Inserts {
    /// Whether nothing was taken.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Adds a change that was taken.
    pub fn add(&mut self, candidate: &Candidate, facts: &mut BatchFacts) {
        let header = &candidate.header;
        let (document, new) = facts.number_document(candidate.document);
        if new {
            self.documents.push((document, candidate.document));
        }
        let (actor, new) = facts.number_actor(&header.actor);
        if new {
            let owner = if header.actor.0 == GENESIS_ACTOR { None } else { facts.device_of(&header.actor) };
            self.actors.push((actor, header.actor.clone(), owner));
        }
        // Admission has bounded both numbers far below the limits of the column.
        let bounded = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let (actor_seq, last_op) = (bounded(header.actor_seq), bounded(header.ops.1));
        self.changes.push(ChangeRow { document, actor, actor_seq, last_op });
    }

    /// Writes everything; the entries of `answers` are the changes, in the same order.
    pub async fn execute(self, connection: &mut SqliteConnection, answers: &[Appended]) -> Result<(), LogError> {
        for rows in self.documents.chunks(ROWS) {
            let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO documents (id, name, kind) ");
            query.push_values(rows, |mut row, (number, id)| {
                row.push_bind(*number).push_bind(id.to_string()).push_bind(id.kind().name());
            });
            query.build().persistent(false).execute(&mut *connection).await?;
        }
        for rows in self.actors.chunks(ROWS) {
            let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO actors (id, actor, device) ");
            query.push_values(rows, |mut row, (number, actor, device)| {
                row.push_bind(*number).push_bind(&actor.0[..]);
                row.push_bind(device.as_ref().map(DeviceId::as_bytes));
            });
            query.build().persistent(false).execute(&mut *connection).await?;
        }
        let entries: Vec<&LogEntry> = answers.iter().flat_map(|answer| &answer.entries).collect();
        let rows: Vec<(&ChangeRow, &LogEntry)> = self.changes.iter().zip(entries).collect();
        for rows in rows.chunks(ROWS) {
            insert_changes(connection, rows).await?;
        }
        Ok(())
    }
}

async fn insert_changes(connection: &mut SqliteConnection, rows: &[(&ChangeRow, &LogEntry)]) -> Result<(), LogError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "INSERT INTO changes (seq, document, hash, actor, actor_seq, last_op, user_id, device, received, bytes) ",
    );
    let mut positions = Vec::with_capacity(rows.len());
    for (row, entry) in rows {
        positions.push((number(entry.seq)?, *row, *entry));
    }
    query.push_values(positions, |mut values, (seq, row, entry)| {
        values.push_bind(seq).push_bind(row.document).push_bind(&entry.hash.0[..]).push_bind(row.actor);
        values.push_bind(row.actor_seq).push_bind(row.last_op).push_bind(&entry.user.0[..]);
        values.push_bind(&entry.device.0[..]).push_bind(entry.received.0).push_bind(&entry.bytes[..]);
    });
    query.build().persistent(false).execute(connection).await?;
    Ok(())
}
