//! Sessions: a random token on the device, its SHA-256 here.
//!
//! Never extends a session by itself, never keeps a token.

use liaison_shared::access::Role;
use liaison_shared::sync::Identity;
use liaison_shared::{DeviceId, Timestamp, UserId};
use sha2::{Digest as _, Sha256};
use tokio::sync::broadcast;

use super::AccountError;
use super::store::sectors;
use crate::database::sql::{Row, query, query_scalar};
use crate::database::{Database, News};
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

/// What a token stands for, as things are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who, on which device, with which role.
    pub identity: Identity,
    /// The sectors the person answers for.
    pub sectors: Vec<String>,
    /// The device is revoked, or its person's account closed. Such a session is only good for being told to forget
    /// everything, and for saying that this is done; everywhere else it is to be treated as unknown.
    pub revoked: bool,
    /// Which session.
    pub token: TokenHash,
}

/// What no longer is as connections found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// This session has ended.
    Token(TokenHash),
    /// What this person may do has changed.
    User(UserId),
    /// This device was revoked.
    Device(DeviceId),
}

impl Revocation {
    /// As other relays are told.
    fn words(&self) -> String {
        match self {
            Self::Token(TokenHash(hash)) => format!("token {}", hex::encode(hash)),
            Self::User(user) => format!("user {user}"),
            Self::Device(device) => format!("device {device}"),
        }
    }

    /// As another relay has told; none when its version knows more than this one.
    #[must_use]
    pub fn read(words: &str) -> Option<Self> {
        let (kind, id) = words.split_once(' ')?;
        match kind {
            "token" => Some(Self::Token(TokenHash(hex::decode(id).ok()?.try_into().ok()?))),
            "user" => id.parse().ok().map(Self::User),
            "device" => id.parse().ok().map(Self::Device),
            _ => None,
        }
    }
}

/// The sessions of one database.
#[derive(Debug, Clone)]
pub struct Sessions {
    database: Database,
    lifetime: chrono::TimeDelta,
    revoked: broadcast::Sender<Revocation>,
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
        query("INSERT INTO sessions (token, user_id, device, created, expires) VALUES ($1, $2, $3, $4, $5)")
            .bind(&TokenHash::of(&token).0[..])
            .bind(user.as_bytes())
            .bind(device.as_bytes())
            .bind(now.0)
            .bind(now.0.saturating_add(self.lifetime.num_milliseconds()))
            .execute(&self.database.write)
            .await?;
        Ok(token)
    }

    /// What this token stands for, while the session lasts.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn identify(&self, token: &str, now: Timestamp) -> Result<Option<Session>, AccountError> {
        self.find(TokenHash::of(token), now).await
    }

    /// What the token of this hash stands for, while the session lasts.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn find(&self, hash: TokenHash, now: Timestamp) -> Result<Option<Session>, AccountError> {
        let row = query(
            "SELECT s.user_id, s.device, u.role, u.sectors, \
             d.revoked IS NOT NULL OR u.closed IS NOT NULL AS revoked \
             FROM sessions s JOIN users u ON u.id = s.user_id JOIN devices d ON d.id = s.device \
             WHERE s.token = $1 AND s.expires > $2",
        )
        .bind(&hash.0[..])
        .bind(now.0)
        .fetch_optional(&self.database.read)
        .await?;
        row.map(|row| session(&row, hash)).transpose()
    }

    /// Whether what was found still is as it was found.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn stands(&self, found: &Session, now: Timestamp) -> Result<bool, AccountError> {
        Ok(self.find(found.token, now).await?.as_ref() == Some(found))
    }

    /// Ends a session; its connections are told. `false` when there was none.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn revoke(&self, token: TokenHash) -> Result<bool, AccountError> {
        let deleted = query("DELETE FROM sessions WHERE token = $1").bind(&token.0[..]).execute(&self.database.write);
        let deleted = deleted.await?.rows_affected();
        self.announce(Revocation::Token(token)).await;
        Ok(deleted > 0)
    }

    /// Ends a person's other sessions; not those of revoked devices, which still have to be told to forget.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn revoke_others(&self, user: UserId, kept: TokenHash) -> Result<(), AccountError> {
        let tokens: Vec<Vec<u8>> = query_scalar(
            "DELETE FROM sessions WHERE user_id = $1 AND token <> $2 \
             AND device NOT IN (SELECT id FROM devices WHERE user_id = $1 AND revoked IS NOT NULL) RETURNING token",
        )
        .bind(user.as_bytes())
        .bind(&kept.0[..])
        .fetch_all(&self.database.write)
        .await?;
        for token in tokens {
            let token = token.try_into().map_err(|_| AccountError::Corrupt("token"))?;
            self.announce(Revocation::Token(TokenHash(token))).await;
        }
        Ok(())
    }

    /// Deletes every session of a device.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn delete_of_device(&self, device: DeviceId) -> Result<(), AccountError> {
        query("DELETE FROM sessions WHERE device = $1").bind(device.as_bytes()).execute(&self.database.write).await?;
        self.announce(Revocation::Device(device)).await;
        Ok(())
    }

    /// Deletes the sessions that have run out.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn delete_expired(&self, now: Timestamp) -> Result<(), AccountError> {
        query("DELETE FROM sessions WHERE expires <= $1").bind(now.0).execute(&self.database.write).await?;
        Ok(())
    }

    /// Tells every connection what no longer is as it found it, at the other relays too. Only once that is durable: a
    /// connection that is being made reads either the new state or this.
    pub async fn announce(&self, revocation: Revocation) {
        self.hear(revocation);
        self.database.tell(&News::Revoked(revocation.words())).await;
    }

    /// Tells the connections of this relay.
    pub fn hear(&self, revocation: Revocation) {
        // Nobody listens when nobody is connected.
        self.revoked.send(revocation).ok();
    }

    /// Says what changes for connections, from now on.
    #[must_use]
    pub fn revocations(&self) -> broadcast::Receiver<Revocation> {
        self.revoked.subscribe()
    }
}

fn session(row: &Row, token: TokenHash) -> Result<Session, AccountError> {
    let (user, device): (&[u8], &[u8]) = (row.try_get("user_id")?, row.try_get("device")?);
    let identity = Identity {
        user: UserId::try_from(user).map_err(|_| AccountError::Corrupt("user"))?,
        device: DeviceId::try_from(device).map_err(|_| AccountError::Corrupt("device"))?,
        role: Role::from_name(row.try_get("role")?).ok_or(AccountError::Corrupt("role"))?,
    };
    Ok(Session { identity, sectors: sectors(row.try_get("sectors")?)?, revoked: row.try_get("revoked")?, token })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revocation_is_heard_as_it_was_told() {
        for revocation in [
            Revocation::Token(TokenHash([0xa7; 32])),
            Revocation::User(UserId([1; 16])),
            Revocation::Device(DeviceId([0xfe; 16])),
        ] {
            assert_eq!(Revocation::read(&revocation.words()), Some(revocation));
        }
        for other in ["", "user", "user 12", "token 00", "planet 01010101010101010101010101010101"] {
            assert_eq!(Revocation::read(other), None, "{other}");
        }
    }
}
