//! What admission needs to know about a batch, fetched by a few set queries before anything is judged.
//!
//! Never writes: what is taken during the batch is noted here and inserted by [`super::insert`].

use std::collections::{HashMap, HashSet};

use liaison_shared::documents::is_genesis_actor;
use liaison_shared::sync::{Candidate, Facts, KnownChange, Right};
use liaison_shared::{ActorId, ChangeHash, DeviceId, DocumentId, DossierId, Seq};

use super::contract::{LogError, Push};
use super::stored::position;
use crate::database::sql::{Connection, QueryBuilder, query, query_scalar};

/// Rows of one set query: two values each stay well below every database's limit.
const ROWS: usize = 500;

/// What of `wanted` there is. The joins are crossed because SQLite then takes them in the order in which they are written: one
/// look into the index for each row that is wanted.
const KNOWN: &str = "SELECT c.document, c.hash, c.seq, c.last_op FROM wanted CROSS JOIN changes c \
                     WHERE c.document = wanted.document AND c.hash = wanted.hash";

/// The facts about one batch, kept up to date while it is judged.
#[derive(Debug, Default)]
pub(super) struct BatchFacts {
    head: Seq,
    pub documents: HashMap<DocumentId, i64>,
    pub actors: HashMap<ActorId, i64>,
    owners: HashMap<ActorId, DeviceId>,
    known: HashMap<(DocumentId, ChangeHash), KnownChange>,
    actor_seqs: HashMap<(DocumentId, ActorId), u64>,
    late: HashSet<(DocumentId, ChangeHash)>,
    openers: HashMap<DossierId, DeviceId>,
    last_document: i64,
    last_actor: i64,
}

impl Facts for BatchFacts {
    fn known(&self, document: &DocumentId, hash: &ChangeHash) -> Option<KnownChange> {
        self.known.get(&(*document, *hash)).copied()
    }

    fn device_of(&self, actor: &ActorId) -> Option<DeviceId> {
        self.owners.get(actor).copied()
    }

    fn last_actor_seq(&self, document: &DocumentId, actor: &ActorId) -> u64 {
        self.actor_seqs.get(&(*document, actor.clone())).copied().unwrap_or(0)
    }

    fn is_late(&self, document: &DocumentId, hash: &ChangeHash) -> bool {
        self.late.contains(&(*document, *hash))
    }

    fn opener(&self, dossier: &DossierId) -> Option<DeviceId> {
        self.openers.get(dossier).copied()
    }
}

impl BatchFacts {
    /// Asks the database everything that admission may ask about these pushes.
    pub async fn gather(connection: &mut Connection, batch: &[Push]) -> Result<Self, LogError> {
        let candidates = || batch.iter().flat_map(|push| &push.candidates);
        let mut facts = Self::default();
        let numbers = "SELECT (SELECT COALESCE(MAX(seq), 0) FROM changes) AS head, \
                       (SELECT COALESCE(MAX(id), 0) FROM documents) AS document, \
                       (SELECT COALESCE(MAX(id), 0) FROM actors) AS actor, \
                       EXISTS (SELECT 1 FROM late_changes) AS late";
        let row = query(numbers).fetch_one(&mut *connection).await?;
        facts.head = position(row.try_get("head")?)?;
        facts.last_document = row.try_get("document")?;
        facts.last_actor = row.try_get("actor")?;

        let late: bool = row.try_get("late")?;

        let documents: HashSet<DocumentId> = candidates().map(|candidate| candidate.document).collect();
        facts.find_documents(connection, &documents.into_iter().collect::<Vec<_>>()).await?;
        let actors: HashSet<&ActorId> = candidates().map(|candidate| &candidate.header.actor).collect();
        facts.find_actors(connection, &actors.into_iter().collect::<Vec<_>>()).await?;

        let mut hashes: HashSet<(DocumentId, ChangeHash)> = HashSet::new();
        for candidate in candidates().filter(|candidate| facts.documents.contains_key(&candidate.document)) {
            hashes.insert((candidate.document, candidate.header.hash));
            hashes.extend(candidate.header.deps.iter().map(|hash| (candidate.document, *hash)));
        }
        facts.find_changes(connection, &hashes.into_iter().collect::<Vec<_>>()).await?;
        let pairs: HashSet<(DocumentId, &ActorId)> =
            candidates().map(|candidate| (candidate.document, &candidate.header.actor)).collect();
        facts.find_actor_seqs(connection, &pairs.into_iter().collect::<Vec<_>>()).await?;
        if late {
            facts.find_late(connection, batch).await?;
        }
        let begins = candidates().filter(|candidate| candidate.right == Right::Begin);
        let dossiers: HashSet<DossierId> = begins.filter_map(|candidate| candidate.document.dossier()).collect();
        for dossier in dossiers {
            facts.find_opener(connection, dossier).await?;
        }
        Ok(facts)
    }

    async fn find_documents(&mut self, connection: &mut Connection, ids: &[DocumentId]) -> Result<(), LogError> {
        for ids in ids.chunks(ROWS) {
            let mut query = QueryBuilder::new("WITH wanted (name) AS (");
            query.push_values(ids, |mut row, id| {
                row.push_bind(id.to_string());
            });
            query.push(") SELECT d.id, d.name FROM wanted CROSS JOIN documents d WHERE d.name = wanted.name");
            for row in query.build().persistent(false).fetch_all(&mut *connection).await? {
                let name: &str = row.try_get("name")?;
                let id = name.parse().map_err(|_| LogError::Corrupt("document name"))?;
                self.documents.insert(id, row.try_get("id")?);
            }
        }
        Ok(())
    }

    async fn find_actors(&mut self, connection: &mut Connection, actors: &[&ActorId]) -> Result<(), LogError> {
        for actors in actors.chunks(ROWS) {
            let mut query = QueryBuilder::new("WITH wanted (actor) AS (");
            query.push_values(actors, |mut row, actor| {
                row.push_bind(&actor.0[..]);
            });
            query.push(") SELECT a.id, a.actor, a.device FROM wanted CROSS JOIN actors a WHERE a.actor = wanted.actor");
            for row in query.build().persistent(false).fetch_all(&mut *connection).await? {
                let actor = ActorId(row.try_get("actor")?);
                if let Some(device) = row.try_get::<Option<&[u8]>, _>("device")? {
                    let device = DeviceId::try_from(device).map_err(|_| LogError::Corrupt("device"))?;
                    self.owners.insert(actor.clone(), device);
                }
                self.actors.insert(actor, row.try_get("id")?);
            }
        }
        Ok(())
    }

    async fn find_changes(
        &mut self,
        connection: &mut Connection,
        hashes: &[(DocumentId, ChangeHash)],
    ) -> Result<(), LogError> {
        let by_number: HashMap<i64, DocumentId> = self.documents.iter().map(|(id, number)| (*number, *id)).collect();
        for hashes in hashes.chunks(ROWS) {
            let mut query = QueryBuilder::new("WITH wanted (document, hash) AS (");
            query.push_values(hashes, |mut row, (document, hash)| {
                row.push_bind(self.documents.get(document).copied()).push_bind(&hash.0[..]);
            });
            query.push(") ").push(KNOWN);
            for row in query.build().persistent(false).fetch_all(&mut *connection).await? {
                let Some(document) = by_number.get(&row.try_get::<i64, _>("document")?) else { continue };
                let hash: &[u8] = row.try_get("hash")?;
                let hash = ChangeHash::try_from(hash).map_err(|_| LogError::Corrupt("hash"))?;
                let last_op: i64 = row.try_get("last_op")?;
                let last_op = u64::try_from(last_op).map_err(|_| LogError::Corrupt("operation number"))?;
                let seq = position(row.try_get("seq")?)?;
                self.known.insert((*document, hash), KnownChange { seq, last_op });
            }
        }
        Ok(())
    }

    async fn find_actor_seqs(
        &mut self,
        connection: &mut Connection,
        pairs: &[(DocumentId, &ActorId)],
    ) -> Result<(), LogError> {
        let pairs: Vec<(i64, i64, &(DocumentId, &ActorId))> = pairs
            .iter()
            .filter_map(|pair| Some((*self.documents.get(&pair.0)?, *self.actors.get(pair.1)?, pair)))
            .collect();
        let by_number: HashMap<(i64, i64), &(DocumentId, &ActorId)> =
            pairs.iter().map(|(document, actor, pair)| ((*document, *actor), *pair)).collect();
        for pairs in pairs.chunks(ROWS) {
            let mut query = QueryBuilder::new("WITH wanted (document, actor) AS (");
            query.push_values(pairs, |mut row, (document, actor, _)| {
                row.push_bind(*document).push_bind(*actor);
            });
            query.push(
                ") SELECT document, actor, COALESCE((SELECT c.actor_seq FROM changes c \
                 WHERE c.document = wanted.document AND c.actor = wanted.actor \
                 ORDER BY c.actor_seq DESC LIMIT 1), 0) AS last FROM wanted",
            );
            for row in query.build().persistent(false).fetch_all(&mut *connection).await? {
                let Some((document, actor)) = by_number.get(&(row.try_get("document")?, row.try_get("actor")?)) else {
                    continue;
                };
                let last: i64 = row.try_get("last")?;
                let last = u64::try_from(last).map_err(|_| LogError::Corrupt("number of a change"))?;
                self.actor_seqs.insert((*document, (*actor).clone()), last);
            }
        }
        Ok(())
    }

    /// What changes of the batch stand on that is kept for the office: rare, and asked one by one.
    async fn find_late(&mut self, connection: &mut Connection, batch: &[Push]) -> Result<(), LogError> {
        for candidate in batch.iter().flat_map(|push| &push.candidates) {
            for hash in &candidate.header.deps {
                let pair = (candidate.document, *hash);
                if self.known.contains_key(&pair) || self.late.contains(&pair) {
                    continue;
                }
                let kept = query("SELECT 1 FROM late_changes WHERE document = $1 AND hash = $2");
                let kept = kept.bind(candidate.document.to_string()).bind(&hash.0[..]);
                if kept.fetch_optional(&mut *connection).await?.is_some() {
                    self.late.insert(pair);
                }
            }
        }
        Ok(())
    }

    async fn find_opener(&mut self, connection: &mut Connection, dossier: DossierId) -> Result<(), LogError> {
        let query = "SELECT c.device FROM documents d JOIN changes c ON c.document = d.id \
                     WHERE d.dossier = $1 ORDER BY c.seq LIMIT 1";
        let device: Option<Vec<u8>> = query_scalar(query).bind(dossier.to_string()).fetch_optional(connection).await?;
        if let Some(device) = device {
            let device = DeviceId::try_from(&device[..]).map_err(|_| LogError::Corrupt("device"))?;
            self.openers.insert(dossier, device);
        }
        Ok(())
    }

    /// Notes that a change is kept for the office.
    pub fn keep(&mut self, candidate: &Candidate) {
        self.late.insert((candidate.document, candidate.header.hash));
    }

    /// Notes that a change is taken, and gives it its position.
    pub fn take(&mut self, candidate: &Candidate, device: DeviceId) -> Seq {
        let Candidate { document, header, .. } = candidate;
        self.head = self.head.next();
        self.known.insert((*document, header.hash), KnownChange { seq: self.head, last_op: header.ops.1 });
        if !is_genesis_actor(&header.actor) {
            self.owners.entry(header.actor.clone()).or_insert(device);
        }
        self.actor_seqs.insert((*document, header.actor.clone()), header.actor_seq);
        if let Some(dossier) = document.dossier() {
            self.openers.entry(dossier).or_insert(device);
        }
        self.head
    }

    /// The number of a document, and whether it has just got it.
    pub fn number_document(&mut self, document: DocumentId) -> (i64, bool) {
        number(&mut self.documents, &mut self.last_document, document)
    }

    /// The number of an actor, and whether it has just got it.
    pub fn number_actor(&mut self, actor: &ActorId) -> (i64, bool) {
        number(&mut self.actors, &mut self.last_actor, actor.clone())
    }
}

fn number<K: std::hash::Hash + Eq>(numbers: &mut HashMap<K, i64>, last: &mut i64, key: K) -> (i64, bool) {
    let mut new = false;
    let number = *numbers.entry(key).or_insert_with(|| {
        *last += 1;
        new = true;
        *last
    });
    (number, new)
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqlitePool;
    use sqlx::{AssertSqlSafe, Row as _, raw_sql};

    use super::*;
    use crate::connections::at_most;

    // One that read all changes of the document for each hash was half of what a morning rush cost.
    #[tokio::test]
    async fn what_is_known_is_found_by_its_hash() {
        let database: SqlitePool = at_most(1).connect("sqlite::memory:").await.unwrap();
        raw_sql(include_str!("schema.sql")).execute(&database).await.unwrap();
        let wanted = "EXPLAIN QUERY PLAN WITH wanted (document, hash) AS (VALUES (?, ?), (?, ?), (?, ?))";
        let rows = sqlx::query(AssertSqlSafe(format!("{wanted} {KNOWN}"))).fetch_all(&database).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        assert_eq!(plan.last().unwrap(), "SEARCH c USING INDEX changes_by_hash (document=? AND hash=?)", "{plan:?}");
    }
}
