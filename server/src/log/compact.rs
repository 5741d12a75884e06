//! Snapshots in the place of changes: what was written is kept in a tenth of the space, and opened at once.
//!
//! Never drops what it has not just put into a snapshot, in the same transaction; never drops the rows of changes, which
//! say who wrote what and when.

use liaison_shared::documents::Snapshot;
use liaison_shared::protocol::MAX_SNAPSHOT;
use liaison_shared::sync::LogChunk;
use liaison_shared::{ChangeHash, DocumentId, Seq};

use super::chunks::{Of, Reading};
use super::contract::{Compacted, LogError};
use super::stored::number;
use crate::database::Database;
use crate::database::sql::{Connection, QueryBuilder, Turn, query};
use crate::keys::{KeyError, KeyName, Label};

/// A snapshot that is ready to take the place of what it was made of.
struct Ready {
    document: String,
    /// The last change it covers.
    upto: Seq,
    hash: ChangeHash,
    sealed: Vec<u8>,
    /// Changes before it that Automerge did not take: they stay.
    left_out: Vec<Seq>,
    before: usize,
    after: usize,
}

/// See [`super::ChangeLog::compact`]. Reads and merges beside the writer; only the exchange itself waits for it.
pub(super) async fn compact(database: &Database, documents: Vec<DocumentId>) -> Result<Compacted, LogError> {
    let mut ready = Vec::new();
    for id in documents {
        match make(database, id).await {
            Ok(made) => ready.extend(made),
            // One that cannot be read stays as it is, and keeps no other from being made smaller.
            Err(error) if error.is_lasting() => {
                tracing::error!(document = %id, %error, "a document cannot be compacted");
            }
            Err(error) => return Err(error),
        }
    }
    let mut done = Compacted::default();
    if ready.is_empty() {
        return Ok(done);
    }
    let mut transaction = database.write.begin(Turn::Upkeep).await?;
    for snapshot in ready {
        snapshot.exchange(&mut transaction).await?;
        done.documents += 1;
        done.before += snapshot.before;
        done.after += snapshot.after;
    }
    transaction.commit().await?;
    Ok(done)
}

/// A document's next snapshot; `None` when there is nothing to gain, or nothing that may be kept.
async fn make(database: &Database, id: DocumentId) -> Result<Option<Ready>, LogError> {
    let document = id.to_string();
    let mut chunks = Vec::new();
    for sealed in Reading::whole(Of::Document(&document)).fetch(database).await? {
        let hash = sealed.hash;
        match sealed.open(&database.keys)? {
            Some(chunk) => chunks.push((hash, chunk)),
            None => return Ok(None),
        }
    }
    if chunks.len() < 2 {
        return Ok(None);
    }
    let before = chunks.iter().map(|(_, chunk)| chunk.bytes.len()).sum();
    let merged = tokio::task::spawn_blocking(move || merge(&chunks)).await;
    let Some((snapshot, upto, left_out)) = merged.map_err(|_| LogError::Interrupted)?? else { return Ok(None) };
    let (hash, after) = (snapshot.hash(), snapshot.bytes.len());
    let sealed = match database.keys.seal(KeyName::of(&id), &Label::snapshot(id, &hash), &snapshot.bytes) {
        // While it was being made.
        Err(KeyError::Destroyed(_)) => return Ok(None),
        sealed => sealed?,
    };
    Ok(Some(Ready { document, upto, hash, sealed, left_out, before, after }))
}

/// The snapshot, the last position it covers, and those before it that it does not hold.
fn merge(chunks: &[(ChangeHash, LogChunk)]) -> Result<Option<(Snapshot, Seq, Vec<Seq>)>, LogError> {
    let snapshot = Snapshot::of(chunks.iter().map(|(_, chunk)| &chunk.bytes[..]))?;
    if snapshot.bytes.len() > MAX_SNAPSHOT {
        return Ok(None);
    }
    let (mut upto, mut left_out) = (Seq(0), Vec::new());
    for (hash, chunk) in chunks {
        match snapshot.covers(hash, &chunk.bytes) {
            true => upto = chunk.seq,
            // An older snapshot that does not go into the new one: nothing is touched.
            false if chunk.is_snapshot() => return Ok(None),
            false => left_out.push(chunk.seq),
        }
    }
    left_out.retain(|seq| *seq < upto);
    Ok((upto > Seq(0)).then_some((snapshot, upto, left_out)))
}

impl Ready {
    /// The snapshot is put down before what it covers is taken away, in the transaction of the caller. One that reaches as far,
    /// made meanwhile elsewhere, stays, and so does what only this one covers.
    async fn exchange(&self, connection: &mut Connection) -> Result<(), LogError> {
        let upto = number(self.upto)?;
        let put = "INSERT INTO snapshots (document, upto, hash, bytes) \
                   SELECT id, $2, $3, $4 FROM documents WHERE name = $1 \
                   ON CONFLICT (document) DO UPDATE SET upto = excluded.upto, hash = excluded.hash, bytes = excluded.bytes \
                   WHERE snapshots.upto < excluded.upto";
        let put = query(put).bind(&self.document).bind(upto).bind(&self.hash.0[..]).bind(&self.sealed[..]);
        if put.execute(&mut *connection).await?.rows_affected() == 0 {
            return Ok(());
        }
        let mut drop = QueryBuilder::new(
            "DELETE FROM bodies WHERE seq IN (SELECT c.seq FROM changes c JOIN documents d ON d.id = c.document \
             WHERE d.name = ",
        );
        drop.push_bind(&self.document).push(" AND c.seq <= ").push_bind(upto).push(")");
        if !self.left_out.is_empty() {
            drop.push(" AND seq NOT IN (");
            let mut kept = drop.separated(", ");
            for seq in &self.left_out {
                kept.push_bind(number(*seq)?);
            }
            drop.push(")");
        }
        drop.build().execute(connection).await?;
        Ok(())
    }
}
