//! What each device was granted, as rows; and the role that what it holds was chosen for.
//!
//! Never decides what a device may hold: that is [`liaison_shared::sync::RelaySession`]'s.

use liaison_shared::access::Role;
use liaison_shared::sync::{HoldState, HoldingRow};
use liaison_shared::{DeviceId, Timestamp};

use super::Devices;
use crate::accounts::AccountError;
use crate::database::sql::{QueryBuilder, Row, Turn, query, query_scalar};

/// Rows of one statement.
const ROWS: usize = 256;

const STATES: [HoldState; 4] = [HoldState::Granting, HoldState::Held, HoldState::Forgetting, HoldState::Forgotten];

impl Devices {
    /// Every dossier that a device was ever granted.
    ///
    /// # Errors
    /// When the database refuses, or holds something else.
    pub async fn holdings(&self, device: DeviceId) -> Result<Vec<HoldingRow>, AccountError> {
        let rows = query("SELECT dossier, state, ends FROM holdings WHERE device = $1")
            .bind(device.as_bytes())
            .fetch_all(&self.database.read)
            .await?;
        let holding = |row: &Row| {
            let (dossier, state): (&str, i64) = (row.try_get("dossier")?, row.try_get("state")?);
            let state = usize::try_from(state).ok().and_then(|place| STATES.get(place).copied());
            Ok(HoldingRow {
                dossier: dossier.parse().map_err(|_| AccountError::Corrupt("dossier"))?,
                state: state.ok_or(AccountError::Corrupt("state"))?,
                ends: row.try_get::<Option<i64>, _>("ends")?.map(Timestamp),
            })
        };
        rows.iter().map(holding).collect()
    }

    /// Keeps what a device holds, durably, before anything of it is sent.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn hold(&self, device: DeviceId, rows: &[HoldingRow], now: Timestamp) -> Result<(), AccountError> {
        let mut transaction = self.database.write.begin(Turn::Device(device)).await?;
        for rows in rows.chunks(ROWS) {
            let mut query = QueryBuilder::new("INSERT INTO holdings (device, dossier, state, ends, changed) ");
            query.push_values(rows, |mut values, row| {
                let state = STATES.iter().position(|state| *state == row.state).and_then(|it| i64::try_from(it).ok());
                values.push_bind(device.as_bytes()).push_bind(row.dossier.to_string()).push_bind(state);
                values.push_bind(row.ends.map(|ends| ends.0)).push_bind(now.0);
            });
            query.push(
                " ON CONFLICT (device, dossier) DO UPDATE \
                 SET state = excluded.state, ends = excluded.ends, changed = excluded.changed",
            );
            query.build().persistent(false).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The role that what a device holds was chosen for; none when it was never served.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn served(&self, device: DeviceId) -> Result<Option<Role>, AccountError> {
        let served: Option<Option<String>> = query_scalar("SELECT served FROM devices WHERE id = $1")
            .bind(device.as_bytes())
            .fetch_optional(&self.database.read)
            .await?;
        Ok(served.flatten().as_deref().and_then(Role::from_name))
    }

    /// Notes that what a device gets from now on is chosen for this role.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn serve_as(&self, device: DeviceId, role: Role) -> Result<(), AccountError> {
        query("UPDATE devices SET served = $1 WHERE id = $2 AND served IS DISTINCT FROM $1")
            .bind(role.name())
            .bind(device.as_bytes())
            .execute(&self.database.write)
            .await?;
        Ok(())
    }
}
