//! The log in the database. The SQL keeps to what both databases understand.
//!
//! Never opens the file itself ([`crate::database`]) and never judges a change ([`super::facts`] gathers, `admit` decides).

use futures_util::TryStreamExt as _;
use liaison_shared::access::readable_kinds;
use liaison_shared::protocol::{ChangeRefusal, RefusedChange};
use liaison_shared::sync::{LogChunk, LogEntry, Verdict, admit};
use liaison_shared::{DocumentId, DossierId, Epoch, Seq, Timestamp};

use super::chunks::{Of, Reading};
use super::compact::compact;
use super::contract::{Appended, ChangeLog, Compacted, LogError, Page, Push, View};
use super::facts::BatchFacts;
use super::insert::Inserts;
use super::sealing::SealedChunk;
use crate::database::Database;
use crate::database::sql::{Turn, query_scalar};
use crate::keys::{KeyName, Keyring};

/// One reading looks at no more positions than this, whatever it finds.
const READ_SPAN: u64 = 16_384;
/// Nor gives more chunks: PostgreSQL sends all that was asked for, taken or not.
const READ_ROWS: i64 = 1024;

/// Dossiers that a statement names twice, at most: SQLite knows 32,766 places.
const MOST_NAMED: usize = 8_000;
/// Behind every position.
pub(super) const END: Seq = Seq(i64::MAX as u64);

/// The log of one database.
#[derive(Debug, Clone)]
pub struct StoredLog {
    database: Database,
}

/// What opening every chunk came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Changes and snapshots that open.
    pub readable: u64,
    /// Those of dossiers whose key was destroyed.
    pub destroyed: u64,
    /// Those that do not open though they should.
    pub unreadable: Vec<(Seq, DocumentId)>,
}

impl StoredLog {
    /// The log in an open database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Where it is.
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Opens every chunk.
    ///
    /// # Errors
    /// When the database cannot be read; not when a change does not open.
    pub async fn check(&self) -> Result<Checked, LogError> {
        self.database.keys.refresh().await?;
        let mut query = Reading::whole(Of::All).query()?;
        let mut rows = query.build().fetch(&self.database.read);
        let mut checked = Checked::default();
        while let Some(row) = rows.try_next().await? {
            match SealedChunk::read(&row)?.open(&self.database.keys) {
                Ok(Some(_)) => checked.readable += 1,
                Ok(None) => checked.destroyed += 1,
                Err(LogError::Unreadable { seq, document }) => checked.unreadable.push((seq, document)),
                Err(error) => return Err(error),
            }
        }
        Ok(checked)
    }

    /// How many changes a dossier has, over all its documents.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes_of(&self, dossier: DossierId) -> Result<u64, LogError> {
        let query = "SELECT COUNT(*) FROM changes c JOIN documents d ON d.id = c.document WHERE d.name LIKE $1";
        let count: i64 = query_scalar(query).bind(format!("{dossier}/%")).fetch_one(&self.database.read).await?;
        u64::try_from(count).map_err(|_| LogError::Corrupt("count"))
    }
}

impl ChangeLog for StoredLog {
    fn epoch(&self) -> Epoch {
        self.database.epoch
    }

    async fn head(&self) -> Result<Seq, LogError> {
        let head: i64 =
            query_scalar("SELECT COALESCE(MAX(seq), 0) FROM changes").fetch_one(&self.database.read).await?;
        position(head)
    }

    async fn append(&self, batch: Vec<Push>) -> Result<Vec<Appended>, LogError> {
        let mut transaction = self.database.write.begin(Turn::Log).await?;
        let mut facts = BatchFacts::gather(&mut transaction, &batch).await?;
        let mut inserts = Inserts::default();
        let mut answers = Vec::with_capacity(batch.len());
        let keys = &self.database.keys;
        keys.refresh().await?;
        let received = batch.iter().map(|push| push.received).max().unwrap_or(Timestamp(0));
        for push in batch {
            answers.push(judge(push, &mut facts, &mut inserts, keys));
        }
        if inserts.is_empty() {
            transaction.rollback().await?;
            return Ok(answers);
        }
        // A key is durable before anything that only it opens.
        let entries = answers.iter().flat_map(|answer| &answer.entries).map(|entry| &entry.document);
        keys.ensure(entries.chain(inserts.late_documents()).map(KeyName::of), received).await?;
        inserts.execute(&mut transaction, &answers, keys).await?;
        transaction.commit().await?;
        Ok(answers)
    }

    async fn read(&self, after: Seq, max_bytes: usize, view: &View) -> Result<Page, LogError> {
        let head = self.head().await?.max(after);
        let (of, upto) = match &view.dossiers {
            // Found by their documents, however much others have written meanwhile.
            Some(dossiers) if dossiers.len() <= MOST_NAMED => {
                (Of::Reached(dossiers.iter().map(ToString::to_string).collect()), END)
            }
            _ => (Of::All, Seq(after.0.saturating_add(READ_SPAN))),
        };
        // To the end of what there is when the statement runs, not to the head of before: what a snapshot has meanwhile taken
        // the place of stands where the snapshot does.
        let upto = if upto < head { upto } else { END };
        let reading = Reading { of, kinds: Some(readable_kinds(view.role)), after, upto };
        let mut query = reading.query()?;
        query.push(" LIMIT ").push_bind(READ_ROWS);
        // After the head was read: whatever stands before it has its key by now.
        self.database.keys.refresh().await?;
        let mut keys_upto = head;
        // A list of dossiers has as many forms as it may have lengths: not worth remembering.
        let mut rows = query.build().persistent(view.dossiers.is_none()).fetch(&self.database.read);
        let (mut chunks, mut bytes, mut count, mut last) = (Vec::new(), 0, 0, after);
        while let Some(row) = rows.try_next().await? {
            let chunk = SealedChunk::read(&row)?;
            (count, last) = (count + 1, chunk.seq);
            if bytes >= max_bytes {
                return Ok(Page { chunks, upto: Seq(chunk.seq.0 - 1), settled: false });
            }
            if chunk.seq > keys_upto {
                self.database.keys.refresh().await?;
                keys_upto = END;
            }
            if let Some(chunk) = chunk.open(&self.database.keys)?.filter(|chunk| view.shows(&chunk.document)) {
                bytes += chunk.weight();
                chunks.push(chunk);
            }
        }
        if count == READ_ROWS {
            return Ok(Page { chunks, upto: last, settled: false });
        }
        Ok(if upto == END {
            Page { chunks, upto: head.max(last), settled: true }
        } else {
            Page { chunks, upto, settled: false }
        })
    }

    async fn document(&self, id: DocumentId) -> Result<Vec<LogChunk>, LogError> {
        let name = id.to_string();
        let sealed = Reading::whole(Of::Document(&name)).fetch(&self.database).await?;
        let open = |chunk: SealedChunk| chunk.open(&self.database.keys)?.ok_or(LogError::Destroyed(id));
        sealed.into_iter().map(open).collect()
    }

    async fn compact(&self, documents: Vec<DocumentId>) -> Result<Compacted, LogError> {
        compact(&self.database, documents).await
    }
}

/// Decides on each change of a push; what is taken counts for the next ones at once.
fn judge(push: Push, facts: &mut BatchFacts, inserts: &mut Inserts, keys: &Keyring) -> Appended {
    let Push { identity, candidates, received } = push;
    let mut answer = Appended::default();
    for candidate in candidates {
        match admit(&candidate, identity.device, facts) {
            Verdict::Known(seq) => answer.seq = answer.seq.max(seq),
            // What nobody could read again is not taken as if it were safe here. Nor is it held for what will not come.
            _ if keys.is_destroyed(KeyName::of(&candidate.document)) => {
                answer.refused.push(RefusedChange { index: candidate.index, reason: ChangeRefusal::Forbidden });
            }
            Verdict::Refused(reason) => answer.refused.push(RefusedChange { index: candidate.index, reason }),
            Verdict::Review => {
                answer.review.push(candidate.index);
                facts.keep(&candidate);
                inserts.keep(candidate, identity, received);
            }
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

/// A position as the database counts.
pub(crate) fn number(seq: Seq) -> Result<i64, LogError> {
    i64::try_from(seq.0).map_err(|_| LogError::Corrupt("position"))
}

/// A position as the protocol counts.
pub(crate) fn position(number: i64) -> Result<Seq, LogError> {
    u64::try_from(number).map(Seq).map_err(|_| LogError::Corrupt("position"))
}
