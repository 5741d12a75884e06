//! Deletes the oldest entries after the time that the agency has chosen.
//!
//! The last deleted row's number and hash stay, and an entry of the chain names them: what is left still verifies, and
//! nobody shortens the log at its beginning unnoticed.

use chrono::{DateTime, Months, NaiveTime};
use liaison_shared::Timestamp;

use super::append::{Head, append_within};
use super::chain::Link;
use super::entry::{Action, Entry};
use super::{Audit, AuditError};
use crate::database::sql::{Turn, query, query_scalar};

/// What the entry about a purge says of it.
pub(super) fn statement(last: &Head) -> String {
    format!("until {} {}", last.id, hex::encode(last.hash))
}

impl Audit {
    /// Deletes what the relay heard of before the day that was `months` ago; gives how many entries that were.
    /// By whole days: a purge is an entry itself, and one a day is enough.
    ///
    /// # Errors
    /// When the database refuses; then nothing was deleted.
    pub async fn purge(&self, months: u32, now: Timestamp) -> Result<u64, AuditError> {
        let Some(before) = day_before(months, now) else { return Ok(0) };
        let mut transaction = self.database.write.begin(Turn::Audit).await?;
        let kept: Option<i64> = query_scalar("SELECT id FROM access_log WHERE received >= $1 ORDER BY id LIMIT 1")
            .bind(before.0)
            .fetch_optional(&mut *transaction)
            .await?;
        let last = query("SELECT id, hash FROM access_log WHERE id < $1 ORDER BY id DESC LIMIT 1")
            .bind(kept.unwrap_or(i64::MAX))
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(last) = last else { return Ok(0) };
        let hash: Link = last.try_get::<Vec<u8>, _>("hash")?.try_into().map_err(|_| AuditError::Corrupt("hash"))?;
        let last = Head { id: last.try_get("id")?, hash };
        // Before the rows go: when all of them do, the entry still follows the last one.
        let entry = Entry::new(Action::Purged, now).because(statement(&last));
        append_within(&mut transaction, &[entry]).await?;
        query(
            "INSERT INTO access_log_anchor (\"only\", id, hash) VALUES (1, $1, $2) \
             ON CONFLICT (\"only\") DO UPDATE SET id = excluded.id, hash = excluded.hash",
        )
        .bind(last.id)
        .bind(&last.hash[..])
        .execute(&mut *transaction)
        .await?;
        let deleted = query("DELETE FROM access_log WHERE id <= $1").bind(last.id).execute(&mut *transaction);
        let deleted = deleted.await?.rows_affected();
        transaction.commit().await?;
        Ok(deleted)
    }
}

/// The beginning (UTC) of the day that was so many months ago.
fn day_before(months: u32, now: Timestamp) -> Option<Timestamp> {
    let day = DateTime::from_timestamp_millis(now.0)?.date_naive().checked_sub_months(Months::new(months))?;
    Some(Timestamp(day.and_time(NaiveTime::MIN).and_utc().timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar_and_days_are_whole() {
        let at = |text: &str| Timestamp(DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis());
        assert_eq!(day_before(12, at("2026-11-23T07:30:00Z")), Some(at("2025-11-23T00:00:00Z")));
        assert_eq!(day_before(6, at("2026-08-31T23:59:59Z")), Some(at("2026-02-28T00:00:00Z")));
    }
}
