//! Checks the chain from its beginning, or from where it was purged, to its head.
//!
//! Never trusts what a row says of itself, and never writes. One reading transaction: a running relay may append
//! meanwhile.

use futures_util::TryStreamExt as _;
use liaison_shared::Timestamp;

use super::AuditError;
use super::append::{Head, anchor};
use super::chain::{BEGINNING, Link, Row};
use super::entry::Action;
use super::purge::statement;
use crate::database::Database;
use crate::database::sql::{self, Connection, query};

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many entries there are.
    pub entries: u64,
    /// When the relay heard of the first and of the last one.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The last entry's number: together with its hash, what to note elsewhere.
    pub head_id: i64,
    /// The last entry's hash, in hex.
    pub head: String,
    /// The number of the first entry that does not follow from the one before.
    pub broken: Option<i64>,
}

/// Checks the access log of a store.
///
/// # Errors
/// When the database cannot be read. A broken chain is no error but a finding.
pub async fn verify(database: &Database) -> Result<Report, AuditError> {
    let mut transaction = database.read.snapshot().await?;
    let report = verify_in(&mut transaction).await?;
    transaction.rollback().await?;
    Ok(report)
}

/// As [`verify`], in a transaction that sees everything as of one moment.
///
/// # Errors
/// As [`verify`].
pub async fn verify_in(connection: &mut Connection) -> Result<Report, AuditError> {
    // An anchor that cannot be read is as good as none: then the first row does not follow.
    let anchor = anchor(connection).await.ok().flatten();
    let beginning = anchor.unwrap_or(Head { id: 0, hash: BEGINNING });
    let mut check = Check { head: beginning, entries: 0, span: None, broken: None, purged: None };
    let mut rows = query("SELECT * FROM access_log ORDER BY id").fetch(connection);
    while let Some(row) = rows.try_next().await? {
        check.row(&row)?;
    }
    drop(rows);
    // Only a purge moves the beginning, and it says so in the chain.
    if check.purged != anchor.map(|anchor| statement(&anchor)) {
        check.broken = Some(check.broken.unwrap_or(i64::MAX).min(beginning.id + 1));
    }
    let Check { head, entries, span, broken, .. } = check;
    Ok(Report { entries, span, head_id: head.id, head: hex::encode(head.hash), broken })
}

struct Check {
    head: Head,
    entries: u64,
    span: Option<(Timestamp, Timestamp)>,
    broken: Option<i64>,
    /// What the last entry about a purge says.
    purged: Option<String>,
}

impl Check {
    fn row(&mut self, row: &sql::Row) -> Result<(), AuditError> {
        let id: i64 = row.try_get("id")?;
        // Of a row whose columns hold something of another type, nothing follows.
        let (hash, follows) = link(row, &self.head.hash).unwrap_or((BEGINNING, false));
        if self.broken.is_none() && !(follows && id == self.head.id + 1) {
            self.broken = Some(id);
        }
        if row.try_get::<&str, _>("action").is_ok_and(|action| action == Action::Purged.word()) {
            self.purged = row.try_get("reason").unwrap_or_default();
        }
        let received = Timestamp(row.try_get("received").unwrap_or_default());
        self.span = Some((self.span.map_or(received, |(first, _)| first), received));
        self.entries += 1;
        self.head = Head { id, hash };
        Ok(())
    }
}

/// The hash that a row has, and whether it is the one it should have.
fn link(row: &sql::Row, before: &Link) -> Result<(Link, bool), AuditError> {
    let found = Row {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        received: row.try_get("received")?,
        user: row.try_get("user_id")?,
        device: row.try_get("device")?,
        dossier: row.try_get("dossier")?,
        volet: row.try_get("volet")?,
        action: row.try_get("action")?,
        reason: row.try_get("reason")?,
        offline: row.try_get("offline")?,
    };
    let hash: Link = row.try_get::<&[u8], _>("hash")?.try_into().map_err(|_| AuditError::Corrupt("hash"))?;
    Ok((hash, hash == found.link(before)))
}
