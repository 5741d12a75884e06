//! Documents looked for by their dossier or their kind: for what leaves as a whole, or is compared as a whole.
//!
//! Never opens more than is asked for, and passes over dossiers whose key was destroyed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use liaison_shared::sync::LogChunk;
use liaison_shared::{DocumentId, DocumentKind, DossierId, Seq};

use super::chunks::{Of, Reading};
use super::contract::{ChangeLog as _, LogError};
use super::stored::{StoredLog, number};
use super::tail::Tail;
use crate::database::sql::{Pool, QueryBuilder, Row, query as query_of, query_scalar};

/// What there is of one document, in the order of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Which document.
    pub id: DocumentId,
    /// Its changes and snapshots.
    pub chunks: Vec<LogChunk>,
}

/// What the log takes up, in bytes, without what the database adds to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Of snapshots.
    pub snapshots: u64,
    /// Of who wrote what when: one row for each change.
    pub metadata: u64,
}

impl StoredLog {
    /// Every document of a dossier, by name. Their key may have been destroyed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn documents_of(&self, dossier: DossierId) -> Result<Vec<DocumentId>, LogError> {
        let query = "SELECT name FROM documents WHERE dossier = $1 ORDER BY name";
        let names: Vec<String> = query_scalar(query).bind(dossier.to_string()).fetch_all(&self.database().read).await?;
        names.iter().map(|name| name.parse().map_err(|_| LogError::Corrupt("document name"))).collect()
    }

    /// Every dossier that was ever begun, those whose key was destroyed too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn dossiers(&self) -> Result<HashSet<DossierId>, LogError> {
        let query = "SELECT DISTINCT dossier FROM documents WHERE dossier IS NOT NULL";
        let names: Vec<String> = query_scalar(query).fetch_all(&self.database().read).await?;
        names.iter().map(|name| name.parse().map_err(|_| LogError::Corrupt("dossier"))).collect()
    }

    /// Every document of a kind, whole.
    ///
    /// # Errors
    /// When the database cannot be read, or a chunk does not open.
    pub async fn every(&self, kind: DocumentKind) -> Result<Vec<Stored>, LogError> {
        self.stored(Reading::whole(Of::Kind(kind.name()))).await
    }

    /// Every document of some dossiers, whole; of these kinds only, when they are said.
    ///
    /// # Errors
    /// When the database cannot be read, or a chunk does not open.
    pub async fn of_dossiers(
        &self,
        dossiers: &BTreeSet<DossierId>,
        kinds: Option<Vec<&'static str>>,
    ) -> Result<Vec<Stored>, LogError> {
        let of = Of::Dossiers(dossiers.iter().map(ToString::to_string).collect());
        self.stored(Reading { kinds, ..Reading::whole(of) }).await
    }

    /// Every document of the agency as a whole, of these kinds.
    ///
    /// # Errors
    /// When the database cannot be read, or a chunk does not open.
    pub async fn of_agency(&self, kinds: Vec<&'static str>) -> Result<Vec<Stored>, LogError> {
        self.stored(Reading { kinds: Some(kinds), ..Reading::whole(Of::Agency) }).await
    }

    /// How many changes stand by themselves in each document.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn standing(&self) -> Result<Vec<(DocumentId, u32)>, LogError> {
        self.counts(
            "SELECT d.name, COUNT(*) AS changes FROM bodies b JOIN changes c ON c.seq = b.seq \
                     JOIN documents d ON d.id = c.document WHERE b.seq > $1 GROUP BY d.name",
            Seq(0),
        )
        .await
    }

    /// How many changes the snapshots of some documents hold; none of those that have none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn covered(&self, documents: &[DocumentId]) -> Result<HashMap<DocumentId, u32>, LogError> {
        let mut query = QueryBuilder::new("WITH wanted (name) AS (");
        query.push_values(documents, |mut row, id| {
            row.push_bind(id.to_string());
        });
        query.push(
            ") SELECT d.name, COUNT(*) AS changes \
             FROM wanted CROSS JOIN documents d CROSS JOIN snapshots s CROSS JOIN changes c \
             WHERE d.name = wanted.name AND s.document = d.id AND c.document = d.id AND c.seq <= s.upto GROUP BY d.name",
        );
        let rows = query.build().persistent(false).fetch_all(&self.database().read).await?;
        rows.iter().map(count).collect()
    }

    /// How many changes each document got after a position, and the position looked at last.
    ///
    /// # Errors
    /// When the database cannot be read.
    async fn counted(&self, after: Seq) -> Result<(HashMap<DocumentId, u32>, Seq), LogError> {
        let head = self.head().await?.max(after);
        let counts = "SELECT d.name, COUNT(*) AS changes FROM changes c JOIN documents d ON d.id = c.document \
                      WHERE c.seq > $1 GROUP BY d.name";
        Ok((self.counts(counts, after).await?.into_iter().collect(), head))
    }

    /// As [`Self::counted`], from the newest entries in memory where they reach so far back.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn written(&self, after: Seq, tail: &Tail) -> Result<(HashMap<DocumentId, u32>, Seq), LogError> {
        match tail.counted(after) {
            Some(counted) => Ok(counted),
            None => self.counted(after).await,
        }
    }

    /// What the log takes up, in bytes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sizes(&self) -> Result<Sizes, LogError> {
        let read = async |query: &'static str| -> Result<u64, LogError> {
            let bytes: i64 = query_scalar(query).fetch_one(&self.database().read).await?;
            u64::try_from(bytes).map_err(|_| LogError::Corrupt("size"))
        };
        Ok(Sizes {
            snapshots: read("SELECT COALESCE(SUM(length(bytes)), 0) FROM snapshots").await?,
            metadata: read(match &self.database().read {
                Pool::Sqlite(_) => "SELECT COALESCE(SUM(payload), 0) FROM dbstat WHERE name = 'changes'",
                Pool::Postgres(..) => "SELECT COALESCE(SUM(pg_column_size(c.*)), 0) FROM changes c",
            })
            .await?,
        })
    }

    async fn counts(&self, query: &'static str, after: Seq) -> Result<Vec<(DocumentId, u32)>, LogError> {
        let rows = query_of(query).bind(number(after)?).fetch_all(&self.database().read).await?;
        rows.iter().map(count).collect()
    }

    /// The documents that a reading finds, each whole, but for dossiers whose key was destroyed.
    async fn stored(&self, reading: Reading<'_>) -> Result<Vec<Stored>, LogError> {
        let mut all: BTreeMap<DocumentId, Vec<LogChunk>> = BTreeMap::new();
        for sealed in reading.fetch(self.database()).await? {
            if let Some(chunk) = sealed.open(&self.database().keys)? {
                all.entry(chunk.document).or_default().push(chunk);
            }
        }
        Ok(all.into_iter().map(|(id, chunks)| Stored { id, chunks }).collect())
    }
}

fn count(row: &Row) -> Result<(DocumentId, u32), LogError> {
    let name: &str = row.try_get("name")?;
    let document = name.parse().map_err(|_| LogError::Corrupt("document name"))?;
    Ok((document, u32::try_from(row.try_get::<i64, _>("changes")?).unwrap_or(u32::MAX)))
}
