//! Devices as people see and manage them: the list, names, revoking, forgetting.
//!
//! Never says who may: that is for who asks.

use liaison_shared::{DeviceId, Epoch, Seq, Timestamp, UserId};

use super::{Devices, NAME_LENGTH};
use crate::accounts::AccountError;
use crate::database::sql::{Row, Turn, query};

/// One device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its identity.
    pub id: DeviceId,
    /// Whose it is.
    pub user: UserId,
    /// Their name.
    pub user_name: String,
    /// Its name: what the browser says, until a person chooses one.
    pub name: String,
    /// When it first signed in.
    pub created: Timestamp,
    /// When it was last here.
    pub last_contact: Timestamp,
    /// How far it has stored this life of the log; `None` when it never said.
    pub cursor: Option<Seq>,
    /// Since when it has to forget everything.
    pub revoked: Option<Timestamp>,
    /// Since when it has.
    pub forgotten: Option<Timestamp>,
}

/// Which devices a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    Everybody,
    /// One person's.
    Of(UserId),
    /// One device, if it exists.
    One(DeviceId),
}

impl Devices {
    /// The devices, those last here first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn list(&self, whose: Whose) -> Result<Vec<Device>, AccountError> {
        let (user, device) = match &whose {
            Whose::Everybody => (None, None),
            Whose::Of(user) => (Some(user.as_bytes()), None),
            Whose::One(device) => (None, Some(device.as_bytes())),
        };
        let rows = query(
            "SELECT d.id, d.user_id, u.name AS user_name, d.name, d.created, d.last_contact, d.cursor_epoch, \
             d.cursor_seq, d.revoked, d.forgotten FROM devices d JOIN users u ON u.id = d.user_id \
             WHERE ($1 IS NULL OR d.user_id = $1) AND ($2 IS NULL OR d.id = $2) ORDER BY d.last_contact DESC, d.id",
        )
        .bind(user)
        .bind(device)
        .fetch_all(&self.database.read)
        .await?;
        rows.iter().map(|row| read(row, self.database.epoch)).collect()
    }

    /// One device; `None` when there is no such.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn one(&self, device: DeviceId) -> Result<Option<Device>, AccountError> {
        Ok(self.list(Whose::One(device)).await?.pop())
    }

    /// Gives a device a name that later logins keep.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn rename(&self, device: DeviceId, name: &str) -> Result<(), AccountError> {
        let name: String = name.trim().chars().take(NAME_LENGTH).collect();
        query("UPDATE devices SET name = $2, named = 1 WHERE id = $1")
            .bind(device.as_bytes())
            .bind(name)
            .execute(&self.database.write)
            .await?;
        Ok(())
    }

    /// Revokes a device; `false` when it was revoked already. Links to add a device that its person has made are
    /// withdrawn: who holds the device may have kept one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn revoke(&self, device: DeviceId, now: Timestamp) -> Result<bool, AccountError> {
        let mut transaction = self.database.write.begin(Turn::People).await?;
        let revoked = query("UPDATE devices SET revoked = $2 WHERE id = $1 AND revoked IS NULL")
            .bind(device.as_bytes())
            .bind(now.0)
            .execute(&mut *transaction)
            .await?;
        query(
            "UPDATE invitations SET withdrawn = $2 WHERE used IS NULL AND withdrawn IS NULL \
             AND user_id = (SELECT user_id FROM devices WHERE id = $1)",
        )
        .bind(device.as_bytes())
        .bind(now.0)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(revoked.rows_affected() > 0)
    }

    /// Notes that a revoked device has kept nothing.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forgotten(&self, device: DeviceId, now: Timestamp) -> Result<(), AccountError> {
        query("UPDATE devices SET forgotten = $2, last_contact = $2 WHERE id = $1 AND revoked IS NOT NULL")
            .bind(device.as_bytes())
            .bind(now.0)
            .execute(&self.database.write)
            .await?;
        Ok(())
    }
}

fn read(row: &Row, epoch: Epoch) -> Result<Device, AccountError> {
    let time = |column: &str| row.try_get::<Option<i64>, _>(column).map(|time| time.map(Timestamp));
    let (id, user): (&[u8], &[u8]) = (row.try_get("id")?, row.try_get("user_id")?);
    // A position in an earlier life of the log says nothing about this one.
    let same_life = row.try_get::<Option<&[u8]>, _>("cursor_epoch")? == Some(epoch.as_bytes());
    let cursor = row.try_get::<Option<i64>, _>("cursor_seq")?.filter(|_| same_life);
    Ok(Device {
        id: DeviceId::try_from(id).map_err(|_| AccountError::Corrupt("device"))?,
        user: UserId::try_from(user).map_err(|_| AccountError::Corrupt("user"))?,
        user_name: row.try_get("user_name")?,
        name: row.try_get("name")?,
        created: Timestamp(row.try_get("created")?),
        last_contact: Timestamp(row.try_get("last_contact")?),
        cursor: cursor.and_then(|seq| u64::try_from(seq).ok()).map(Seq),
        revoked: time("revoked")?,
        forgotten: time("forgotten")?,
    })
}
