//! Sessions: a random token on the device, its SHA-256 here.
//!
//! Never extends a session by itself, never keeps a token.

use liaison_shared::access::Role;
use liaison_shared::sync::Identity;
use liaison_shared::{DeviceId, Timestamp, UserId};
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;
use tokio::sync::broadcast;

use super::AccountError;
use crate::database::Database;
use crate::entropy;

/// What the relay knows of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a token as the device gave it.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }
}

/// The sessions of one database.
#[derive(Debug, Clone)]
pub struct Sessions {
    database: Database,
    lifetime: chrono::TimeDelta,
    revoked: broadcast::Sender<TokenHash>,
}

impl Sessions {
    /// The sessions in an open database; new ones last `lifetime`.
    #[must_use]
    pub fn new(database: Database, lifetime: chrono::TimeDelta) -> Self {
        Self { database, lifetime, revoked: broadcast::Sender::new(64) }
    }

    /// Starts a session and gives its token, which is not kept.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn start(&self, user: UserId, device: DeviceId, now: Timestamp) -> Result<String, AccountError> {
        let token = hex::encode(entropy::bytes::<32>());
        sqlx::query("INSERT INTO sessions (token, user_id, device, created, expires) VALUES ($1, $2, $3, $4, $5)")
            .bind(&TokenHash::of(&token).0[..])
            .bind(user.as_bytes())
            .bind(device.as_bytes())
            .bind(now.0)
            .bind(now.0.saturating_add(self.lifetime.num_milliseconds()))
            .execute(&self.database.write)
            .await?;
        Ok(token)
    }

    /// Whose token this is, while the session lasts.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn identify(&self, token: &str, now: Timestamp) -> Result<Option<Identity>, AccountError> {
        let row = sqlx::query(
            "SELECT s.user_id, s.device, u.role FROM sessions s JOIN users u ON u.id = s.user_id \
             WHERE s.token = $1 AND s.expires > $2",
        )
        .bind(&TokenHash::of(token).0[..])
        .bind(now.0)
        .fetch_optional(&self.database.read)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let (user, device): (&[u8], &[u8]) = (row.try_get("user_id")?, row.try_get("device")?);
        Ok(Some(Identity {
            user: UserId::try_from(user).map_err(|_| AccountError::Corrupt("user"))?,
            device: DeviceId::try_from(device).map_err(|_| AccountError::Corrupt("device"))?,
            role: Role::from_name(row.try_get("role")?).ok_or(AccountError::Corrupt("role"))?,
        }))
    }

    /// Ends a session; its connections are told. `false` when there was none.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn revoke(&self, token: &str) -> Result<bool, AccountError> {
        let hash = TokenHash::of(token);
        let deleted = sqlx::query("DELETE FROM sessions WHERE token = $1")
            .bind(&hash.0[..])
            .execute(&self.database.write)
            .await?;
        // Nobody listens when nobody is connected.
        self.revoked.send(hash).ok();
        Ok(deleted.rows_affected() > 0)
    }

    /// Deletes the sessions that have run out.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn delete_expired(&self, now: Timestamp) -> Result<(), AccountError> {
        sqlx::query("DELETE FROM sessions WHERE expires <= $1").bind(now.0).execute(&self.database.write).await?;
        Ok(())
    }

    /// Says which sessions end, from now on.
    #[must_use]
    pub fn revocations(&self) -> broadcast::Receiver<TokenHash> {
        self.revoked.subscribe()
    }
}
