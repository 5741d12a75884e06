//! The browsers that have signed in: whose they are, when they were last here, how far they have stored the log.
//!
//! Never decides what a device may see: that follows from its person's role.

mod holdings;
mod list;

use liaison_shared::{DeviceId, Epoch, Seq, Timestamp, UserId};

use crate::accounts::AccountError;
use crate::database::Database;
use crate::database::sql::query;
use crate::entropy;

pub use list::{Device, Whose};

/// A device's name is for people; nobody needs more.
const NAME_LENGTH: usize = 120;

/// The devices of one database.
#[derive(Debug, Clone)]
pub struct Devices {
    database: Database,
}

impl Devices {
    /// The devices in an open database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Gives a browser its identity: the one it says it has, unless that belongs to somebody else or was revoked.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn register(
        &self,
        user: UserId,
        claimed: Option<DeviceId>,
        name: &str,
        now: Timestamp,
    ) -> Result<DeviceId, AccountError> {
        if let Some(device) = claimed
            && self.insert_or_touch(user, device, name, now).await?
        {
            return Ok(device);
        }
        let device = DeviceId(entropy::bytes());
        self.insert_or_touch(user, device, name, now).await?;
        Ok(device)
    }

    /// `false` when the device belongs to somebody else or was revoked. A name that a person chose stays.
    async fn insert_or_touch(
        &self,
        user: UserId,
        device: DeviceId,
        name: &str,
        now: Timestamp,
    ) -> Result<bool, AccountError> {
        let name: String = name.chars().take(NAME_LENGTH).collect();
        let written = query(
            "INSERT INTO devices (id, user_id, name, created, last_contact) VALUES ($1, $2, $3, $4, $4) \
             ON CONFLICT (id) DO UPDATE SET last_contact = excluded.last_contact, \
             name = CASE WHEN devices.named = 0 THEN excluded.name ELSE devices.name END \
             WHERE devices.user_id = excluded.user_id AND devices.revoked IS NULL",
        )
        .bind(device.as_bytes())
        .bind(user.as_bytes())
        .bind(name)
        .bind(now.0)
        .execute(&self.database.write)
        .await?;
        Ok(written.rows_affected() > 0)
    }

    /// Notes that a device was here, and how far it has stored the log.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn contact(
        &self,
        device: DeviceId,
        stored: Option<(Epoch, Seq)>,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let (epoch, seq) = stored.unzip();
        query(
            "UPDATE devices SET last_contact = $2, cursor_epoch = COALESCE($3, cursor_epoch), \
             cursor_seq = COALESCE($4, cursor_seq) WHERE id = $1",
        )
        .bind(device.as_bytes())
        .bind(now.0)
        .bind(epoch.as_ref().map(Epoch::as_bytes))
        .bind(seq.and_then(|seq| i64::try_from(seq.0).ok()))
        .execute(&self.database.write)
        .await?;
        Ok(())
    }
}
