//! Writes what a batch has taken, by a few statements of many rows.
//!
//! Never decides anything, never commits.

use liaison_shared::documents::is_genesis_actor;
use liaison_shared::sync::{Candidate, Facts as _, Identity, LogEntry};
use liaison_shared::{ActorId, ChangeHash, DeviceId, DocumentId, Timestamp};

use super::contract::{Appended, LogError};
use super::facts::BatchFacts;
use super::sealing::seal;
use super::stored::number;
use crate::database::sql::{Connection, QueryBuilder, query};
use crate::keys::{KeyName, Keyring, Label};

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
    late: Vec<LateRow>,
}

/// A change that is kept for the office, whole.
#[derive(Debug)]
struct LateRow {
    document: DocumentId,
    hash: ChangeHash,
    identity: Identity,
    received: Timestamp,
    bytes: Vec<u8>,
}

impl Inserts {
    /// Whether nothing was taken.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.late.is_empty()
    }

    /// Adds a change that is kept for the office.
    pub fn keep(&mut self, candidate: Candidate, identity: Identity, received: Timestamp) {
        let Candidate { document, header, bytes, .. } = candidate;
        self.late.push(LateRow { document, hash: header.hash, identity, received, bytes });
    }

    /// Whose keys are needed for what is kept for the office.
    pub fn late_documents(&self) -> impl Iterator<Item = &DocumentId> {
        self.late.iter().map(|row| &row.document)
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
            let owner = if is_genesis_actor(&header.actor) { None } else { facts.device_of(&header.actor) };
            self.actors.push((actor, header.actor.clone(), owner));
        }
        // Admission has bounded both numbers far below the limits of the column.
        let bounded = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let (actor_seq, last_op) = (bounded(header.actor_seq), bounded(header.ops.1));
        self.changes.push(ChangeRow { document, actor, actor_seq, last_op });
    }

    /// Writes everything; the entries of `answers` are the changes, in the same order, and `keys` has their keys.
    pub async fn execute(
        self,
        connection: &mut Connection,
        answers: &[Appended],
        keys: &Keyring,
    ) -> Result<(), LogError> {
        for rows in self.documents.chunks(ROWS) {
            let mut query = QueryBuilder::new("INSERT INTO documents (id, name, kind, dossier) ");
            query.push_values(rows, |mut row, (number, id)| {
                row.push_bind(*number).push_bind(id.to_string()).push_bind(id.kind().name());
                row.push_bind(id.dossier().map(|dossier| dossier.to_string()));
            });
            query.build().persistent(false).execute(&mut *connection).await?;
        }
        for rows in self.actors.chunks(ROWS) {
            let mut query = QueryBuilder::new("INSERT INTO actors (id, actor, device) ");
            query.push_values(rows, |mut row, (number, actor, device)| {
                row.push_bind(*number).push_bind(&actor.0[..]);
                row.push_bind(device.as_ref().map(DeviceId::as_bytes));
            });
            query.build().persistent(false).execute(&mut *connection).await?;
        }
        let entries: Vec<&LogEntry> = answers.iter().flat_map(|answer| &answer.entries).collect();
        let rows: Vec<(&ChangeRow, &LogEntry)> = self.changes.iter().zip(entries).collect();
        for rows in rows.chunks(ROWS) {
            insert_changes(connection, rows, keys).await?;
        }
        for row in self.late {
            row.insert(connection, keys).await?;
        }
        Ok(())
    }
}

impl LateRow {
    /// The same change may arrive again: its answer was lost.
    async fn insert(self, connection: &mut Connection, keys: &Keyring) -> Result<(), LogError> {
        let sealed = keys.seal(KeyName::of(&self.document), &Label::change(self.document, &self.hash), &self.bytes)?;
        query(
            "INSERT INTO late_changes (document, hash, user_id, device, received, bytes) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (document, hash) DO NOTHING",
        )
        .bind(self.document.to_string())
        .bind(&self.hash.0[..])
        .bind(self.identity.user.as_bytes())
        .bind(self.identity.device.as_bytes())
        .bind(self.received.0)
        .bind(sealed)
        .execute(connection)
        .await?;
        Ok(())
    }
}

async fn insert_changes(
    connection: &mut Connection,
    rows: &[(&ChangeRow, &LogEntry)],
    keys: &Keyring,
) -> Result<(), LogError> {
    let mut query = QueryBuilder::new(
        "INSERT INTO changes (seq, document, hash, actor, actor_seq, last_op, user_id, device, received) ",
    );
    let mut positions = Vec::with_capacity(rows.len());
    let mut bodies = Vec::with_capacity(rows.len());
    for (row, entry) in rows {
        let seq = number(entry.seq)?;
        positions.push((seq, *row, *entry));
        bodies.push((seq, seal(keys, entry)?));
    }
    query.push_values(positions, |mut values, (seq, row, entry)| {
        values.push_bind(seq).push_bind(row.document).push_bind(&entry.hash.0[..]).push_bind(row.actor);
        values.push_bind(row.actor_seq).push_bind(row.last_op).push_bind(&entry.user.0[..]);
        values.push_bind(&entry.device.0[..]).push_bind(entry.received.0);
    });
    query.build().persistent(false).execute(&mut *connection).await?;
    let mut query = QueryBuilder::new("INSERT INTO bodies (seq, bytes) ");
    query.push_values(bodies, |mut values, (seq, sealed)| {
        values.push_bind(seq).push_bind(sealed);
    });
    query.build().persistent(false).execute(connection).await?;
    Ok(())
}
