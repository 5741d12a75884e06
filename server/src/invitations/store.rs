//! Invitations as rows.
//!
//! Taking one is a single statement: of two people with the same link, one is too late.

use liaison_shared::access::Role;
use liaison_shared::{Timestamp, UserId};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::{Invitation, Kind};
use crate::accounts::{Account, AccountError, insert, normal_email, sectors, sectors_text};
use crate::database::Database;
use crate::database::sql::{Connection, Row, Turn, query, query_scalar};
use crate::entropy;

/// What has been used, withdrawn or has run out is deleted after this long: it holds a name and an address.
const KEPT: i64 = 7 * 24 * 3_600_000;

/// Whether a link still works; `$1` is the time.
const WORKS: &str = "used IS NULL AND withdrawn IS NULL AND expires > $1";

/// Why a link was not taken.
#[derive(Debug, Error)]
pub enum InvitationError {
    /// Unknown, used, expired or withdrawn: nobody is told which.
    #[error("the link is not valid")]
    Invalid,
    /// The accounts could not answer, or the address has an account meanwhile.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<sqlx::Error> for InvitationError {
    fn from(error: sqlx::Error) -> Self {
        Self::Account(error.into())
    }
}

/// The invitations of one database.
#[derive(Debug, Clone)]
pub struct InvitationStore {
    database: Database,
}

impl InvitationStore {
    /// The invitations in an open database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Keeps an invitation and gives its token, which is not kept. An earlier one to the same address that still
    /// waits is withdrawn: only the last link works.
    ///
    /// # Errors
    /// When the address has an account already, or the database refuses.
    pub async fn create(&self, invitation: &Invitation) -> Result<String, AccountError> {
        let token = hex::encode(entropy::bytes::<32>());
        let (kind, user) = match &invitation.kind {
            Kind::Account => ("account", None),
            Kind::Device(user) => ("device", Some(user.as_bytes())),
        };
        let email = normal_email(&invitation.email);
        let mut transaction = self.database.write.begin(Turn::People).await?;
        if user.is_none() && has_account(&mut transaction, &email).await? {
            return Err(AccountError::EmailTaken);
        }
        query(
            "UPDATE invitations SET withdrawn = $1 \
             WHERE email = $2 AND kind = $3 AND used IS NULL AND withdrawn IS NULL",
        )
        .bind(invitation.created.0)
        .bind(&email)
        .bind(kind)
        .execute(&mut *transaction)
        .await?;
        query(
            "INSERT INTO invitations \
             (id, token, kind, user_id, email, name, role, fonction, sectors, created_by, created, expires) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(&invitation.id[..])
        .bind(hash(&token))
        .bind(kind)
        .bind(user)
        .bind(&email)
        .bind(&invitation.name)
        .bind(invitation.role.name())
        .bind(&invitation.fonction)
        .bind(sectors_text(&invitation.sectors))
        .bind(invitation.created_by.as_bytes())
        .bind(invitation.created.0)
        .bind(invitation.expires.0)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(token)
    }

    /// The invitations to an account that still wait, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn waiting(&self, now: Timestamp) -> Result<Vec<Invitation>, AccountError> {
        let rows = query(sqlx::AssertSqlSafe(format!(
            "SELECT * FROM invitations WHERE kind = 'account' AND {WORKS} ORDER BY created DESC, id"
        )))
        .bind(now.0)
        .fetch_all(&self.database.read)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Withdraws an invitation to an account that waits; `false` when there is none.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn withdraw(&self, id: [u8; 16], now: Timestamp) -> Result<bool, AccountError> {
        let withdrawn = query(sqlx::AssertSqlSafe(format!(
            "UPDATE invitations SET withdrawn = $1 WHERE id = $2 AND kind = 'account' AND {WORKS}"
        )))
        .bind(now.0)
        .bind(&id[..])
        .execute(&self.database.write)
        .await?;
        Ok(withdrawn.rows_affected() > 0)
    }

    /// What a link gives, while it works.
    ///
    /// # Errors
    /// When it does not, or the database refuses.
    pub async fn open(&self, token: &str, now: Timestamp) -> Result<Invitation, InvitationError> {
        let row = query(sqlx::AssertSqlSafe(format!("SELECT * FROM invitations WHERE token = $2 AND {WORKS}")))
            .bind(now.0)
            .bind(hash(token))
            .fetch_optional(&self.database.read)
            .await?;
        Ok(read(&row.ok_or(InvitationError::Invalid)?)?)
    }

    /// Uses a link up and makes the account it gives, both or neither; `password` is a hash.
    ///
    /// # Errors
    /// When the link does not work (any more), the address has an account meanwhile, or the database refuses.
    pub async fn make_account(
        &self,
        token: &str,
        account: &Account,
        password: &str,
        now: Timestamp,
    ) -> Result<(), InvitationError> {
        let mut transaction = self.database.write.begin(Turn::People).await?;
        use_up(&mut transaction, token, now).await?;
        insert(&mut transaction, account, password, now).await?;
        Ok(transaction.commit().await?)
    }

    /// Uses up a link that adds a device.
    ///
    /// # Errors
    /// When the link does not work (any more), or the database refuses.
    pub async fn take(&self, token: &str, now: Timestamp) -> Result<(), InvitationError> {
        use_up(&mut self.database.write.acquire().await?, token, now).await
    }

    /// Deletes what no longer works, after some days.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn delete_old(&self, now: Timestamp) -> Result<(), AccountError> {
        query("DELETE FROM invitations WHERE expires < $1 OR used < $1 OR withdrawn < $1")
            .bind(now.0.saturating_sub(KEPT))
            .execute(&self.database.write)
            .await?;
        Ok(())
    }
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

async fn use_up(connection: &mut Connection, token: &str, now: Timestamp) -> Result<(), InvitationError> {
    let used = query(sqlx::AssertSqlSafe(format!("UPDATE invitations SET used = $1 WHERE token = $2 AND {WORKS}")))
        .bind(now.0)
        .bind(hash(token))
        .execute(connection)
        .await?;
    if used.rows_affected() == 1 { Ok(()) } else { Err(InvitationError::Invalid) }
}

async fn has_account(connection: &mut Connection, email: &str) -> Result<bool, AccountError> {
    let some = query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE email = $1)");
    Ok(some.bind(email).fetch_one(connection).await?)
}

fn read(row: &Row) -> Result<Invitation, AccountError> {
    let user = |bytes: &[u8]| UserId::try_from(bytes).map_err(|_| AccountError::Corrupt("user"));
    let kind = match row.try_get::<Option<&[u8]>, _>("user_id")? {
        None => Kind::Account,
        Some(bytes) => Kind::Device(user(bytes)?),
    };
    let id: Vec<u8> = row.try_get("id")?;
    Ok(Invitation {
        id: id.try_into().map_err(|_| AccountError::Corrupt("invitation"))?,
        kind,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        role: Role::from_name(row.try_get("role")?).ok_or(AccountError::Corrupt("role"))?,
        fonction: row.try_get("fonction")?,
        sectors: sectors(row.try_get("sectors")?)?,
        created_by: user(row.try_get("created_by")?)?,
        created: Timestamp(row.try_get("created")?),
        expires: Timestamp(row.try_get("expires")?),
    })
}
