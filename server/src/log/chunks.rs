//! What there is to read of the log: the changes that still stand by themselves, and the snapshots that took the place of
//! others, in one statement, so that a compaction meanwhile hides nothing.
//!
//! Never judges who may read: whoever asks says which documents, which kinds and which positions.

use liaison_shared::Seq;

use super::contract::LogError;
use super::sealing::SealedChunk;
use super::stored::{END, number};
use crate::database::Database;
use crate::database::sql::QueryBuilder;

/// Which documents are looked at.
pub(super) enum Of<'a> {
    /// All of them.
    All,
    /// One.
    Document(&'a str),
    /// Those of one kind.
    Kind(&'a str),
    /// Those of these dossiers, and those of none.
    Reached(Vec<String>),
    /// Those of these dossiers.
    Dossiers(Vec<String>),
    /// Those of no dossier.
    Agency,
}

/// A reading: chunks of documents, between two positions, in order.
pub(super) struct Reading<'a> {
    pub of: Of<'a>,
    /// By name; none: all.
    pub kinds: Option<Vec<&'static str>>,
    pub after: Seq,
    pub upto: Seq,
}

/// The rows of a reading's statement, or of one made of it. The keys are looked at after the rows were read.
pub(super) async fn fetch(mut query: QueryBuilder, database: &Database) -> Result<Vec<SealedChunk>, LogError> {
    let rows = query.build().fetch_all(&database.read).await?;
    database.keys.refresh().await?;
    rows.iter().map(SealedChunk::read).collect()
}

fn among(query: &mut QueryBuilder, values: impl Iterator<Item = String>) {
    query.push("(");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
}

impl Reading<'_> {
    /// Everything there is of some documents.
    pub fn whole(of: Of<'_>) -> Reading<'_> {
        Reading { of, kinds: None, after: Seq(0), upto: END }
    }

    /// The statement; rows are read by [`super::sealing::SealedChunk::read`]. CROSS JOIN makes SQLite begin where there is
    /// least to look at: with the few documents, or with the changes after a position.
    pub fn query(&self) -> Result<QueryBuilder, LogError> {
        let all = matches!(self.of, Of::All);
        let mut query = QueryBuilder::new("SELECT c.seq AS seq, d.name AS name, c.hash AS hash, b.bytes AS bytes, ");
        query.push(if all {
            "CAST(0 AS BIGINT) AS snapshot FROM bodies b CROSS JOIN changes c CROSS JOIN documents d WHERE c.seq = b.seq AND d.id = c.document"
        } else {
            "CAST(0 AS BIGINT) AS snapshot FROM documents d CROSS JOIN changes c CROSS JOIN bodies b WHERE c.document = d.id AND b.seq = c.seq"
        });
        self.limit(&mut query, if all { "b.seq" } else { "c.seq" })?;
        query.push(" UNION ALL SELECT s.upto, d.name, s.hash, s.bytes, CAST(1 AS BIGINT) FROM ");
        query.push(if all {
            "snapshots s CROSS JOIN documents d WHERE d.id = s.document"
        } else {
            "documents d CROSS JOIN snapshots s WHERE s.document = d.id"
        });
        self.limit(&mut query, "s.upto")?;
        query.push(" ORDER BY seq");
        Ok(query)
    }

    /// Everything it finds, still sealed; whatever is among it has its key by now.
    pub async fn fetch(&self, database: &Database) -> Result<Vec<SealedChunk>, LogError> {
        fetch(self.query()?, database).await
    }

    fn limit(&self, query: &mut QueryBuilder, position: &str) -> Result<(), LogError> {
        match &self.of {
            Of::All => {}
            Of::Document(name) => {
                query.push(" AND d.name = ").push_bind((*name).to_owned());
            }
            Of::Kind(name) => {
                query.push(" AND d.kind = ").push_bind((*name).to_owned());
            }
            Of::Reached(dossiers) => {
                query.push(" AND (d.dossier IS NULL");
                // PostgreSQL knows no empty list.
                if !dossiers.is_empty() {
                    query.push(" OR d.dossier IN ");
                    among(query, dossiers.iter().cloned());
                }
                query.push(")");
            }
            Of::Dossiers(dossiers) => {
                query.push(" AND d.dossier IN ");
                among(query, dossiers.iter().cloned());
            }
            Of::Agency => {
                query.push(" AND d.dossier IS NULL");
            }
        }
        if let Some(kinds) = &self.kinds {
            query.push(" AND d.kind IN ");
            among(query, kinds.iter().map(|kind| (*kind).to_owned()));
        }
        query.push(" AND ").push(position).push(" > ").push_bind(number(self.after)?);
        query.push(" AND ").push(position).push(" <= ").push_bind(number(self.upto)?);
        Ok(())
    }
}
