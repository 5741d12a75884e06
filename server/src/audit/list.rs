//! The access log as the DPO reads it: newest first, with the names of today.
//!
//! Never fails over a row that somebody has tampered with: that is for `audit verify` to say.

use liaison_shared::{DossierId, UserId};

use super::{Audit, AuditError};
use crate::database::sql::{QueryBuilder, Row};

/// Which entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// Of this dossier only.
    pub dossier: Option<DossierId>,
    /// Of this person only.
    pub user: Option<UserId>,
    /// Before this entry.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// One entry, with names.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Listed {
    id: i64,
    at: i64,
    received: i64,
    user: Option<String>,
    user_name: Option<String>,
    device: Option<String>,
    device_name: Option<String>,
    dossier: Option<String>,
    volet: Option<String>,
    action: String,
    reason: Option<String>,
    offline: bool,
}

impl Audit {
    /// Entries, newest first, with everything recorded until now; and whether there are older ones.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, filter: Filter) -> Result<(Vec<Listed>, bool), AuditError> {
        self.record_all(Vec::new()).await?;
        let mut query = QueryBuilder::new(
            "SELECT a.id, a.at, a.received, a.user_id, u.name AS user_name, a.device, d.name AS device_name, \
             a.dossier, a.volet, a.action, a.reason, a.offline FROM access_log a \
             LEFT JOIN users u ON u.id = a.user_id LEFT JOIN devices d ON d.id = a.device WHERE a.id < ",
        );
        query.push_bind(filter.before.unwrap_or(i64::MAX));
        if let Some(dossier) = &filter.dossier {
            query.push(" AND a.dossier = ").push_bind(dossier.as_bytes());
        }
        if let Some(user) = &filter.user {
            query.push(" AND a.user_id = ").push_bind(user.as_bytes());
        }
        query.push(" ORDER BY a.id DESC LIMIT ").push_bind(i64::from(filter.limit) + 1);
        let rows = query.build().fetch_all(&self.database.read).await?;
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        Ok((rows.iter().take(limit).map(listed).collect(), more))
    }
}

fn listed(row: &Row) -> Listed {
    let number = |column: &str| row.try_get::<i64, _>(column).unwrap_or_default();
    let text = |column: &str| row.try_get::<Option<String>, _>(column).ok().flatten();
    let id = |column: &str| row.try_get::<Option<&[u8]>, _>(column).ok().flatten().map(hex::encode);
    Listed {
        id: number("id"),
        at: number("at"),
        received: number("received"),
        user: id("user_id"),
        user_name: text("user_name"),
        device: id("device"),
        device_name: text("device_name"),
        dossier: id("dossier"),
        volet: text("volet"),
        action: text("action").unwrap_or_default(),
        reason: text("reason"),
        offline: number("offline") != 0,
    }
}
