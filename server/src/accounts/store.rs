//! Accounts as rows: adding them, finding them.
//!
//! Never sees a password, only its hash. What changes an account is in [`super::people`].

use liaison_shared::access::Role;
use liaison_shared::{Timestamp, UserId};

use super::{Account, AccountError, normal_email};
use crate::database::Database;
use crate::database::sql::{Connection, Row, Turn, query, query_scalar};

/// Everything about an account but its password.
pub(super) const COLUMNS: &str = "id, email, name, role, fonction, sectors, closed";

/// The accounts of one database.
#[derive(Debug, Clone)]
pub struct AccountStore {
    pub(super) database: Database,
}

impl AccountStore {
    /// The accounts in an open database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Adds an account; `password` is a hash.
    ///
    /// # Errors
    /// When the address is taken, or the database refuses.
    pub async fn add(&self, account: &Account, password: &str, now: Timestamp) -> Result<(), AccountError> {
        insert(&mut self.database.write.acquire().await?, account, password, now).await
    }

    /// Adds the first account of a store.
    ///
    /// # Errors
    /// When there are accounts already, or the database refuses.
    pub async fn add_first(&self, account: &Account, password: &str, now: Timestamp) -> Result<(), AccountError> {
        let mut transaction = self.database.write.begin(Turn::People).await?;
        if query_scalar("SELECT EXISTS (SELECT 1 FROM users)").fetch_one(&mut *transaction).await? {
            return Err(AccountError::AlreadyStarted);
        }
        insert(&mut transaction, account, password, now).await?;
        Ok(transaction.commit().await?)
    }

    /// Whether there is an account at all.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn any(&self) -> Result<bool, AccountError> {
        Ok(query_scalar("SELECT EXISTS (SELECT 1 FROM users)").fetch_one(&self.database.read).await?)
    }

    /// The account with an address, and its password's hash.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn by_email(&self, email: &str) -> Result<Option<(Account, String)>, AccountError> {
        let row = query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS}, password FROM users WHERE email = $1")))
            .bind(normal_email(email))
            .fetch_optional(&self.database.read)
            .await?;
        row.map(|row| Ok((account(&row)?, row.try_get("password")?))).transpose()
    }

    /// An account, and its password's hash.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn by_id(&self, user: UserId) -> Result<Option<(Account, String)>, AccountError> {
        let row = query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS}, password FROM users WHERE id = $1")))
            .bind(user.as_bytes())
            .fetch_optional(&self.database.read)
            .await?;
        row.map(|row| Ok((account(&row)?, row.try_get("password")?))).transpose()
    }

    /// Everybody, closed accounts too, by name.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn everybody(&self) -> Result<Vec<Account>, AccountError> {
        let rows = query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM users ORDER BY name, id")))
            .fetch_all(&self.database.read)
            .await?;
        rows.iter().map(account).collect()
    }
}

/// Writes a new account.
///
/// # Errors
/// When the address is taken, or the database refuses.
pub(crate) async fn insert(
    connection: &mut Connection,
    account: &Account,
    password: &str,
    now: Timestamp,
) -> Result<(), AccountError> {
    let inserted = query(
        "INSERT INTO users (id, email, name, role, fonction, password, created, sectors, closed) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (email) DO NOTHING",
    )
    .bind(account.user.as_bytes())
    .bind(normal_email(&account.email))
    .bind(&account.name)
    .bind(account.role.name())
    .bind(&account.fonction)
    .bind(password)
    .bind(now.0)
    .bind(sectors_text(&account.sectors))
    .bind(account.closed.map(|closed| closed.0))
    .execute(connection)
    .await?;
    if inserted.rows_affected() == 0 { Err(AccountError::EmailTaken) } else { Ok(()) }
}

pub(super) fn account(row: &Row) -> Result<Account, AccountError> {
    let id: &[u8] = row.try_get("id")?;
    let role: &str = row.try_get("role")?;
    Ok(Account {
        user: UserId::try_from(id).map_err(|_| AccountError::Corrupt("user"))?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        role: Role::from_name(role).ok_or(AccountError::Corrupt("role"))?,
        fonction: row.try_get("fonction")?,
        sectors: sectors(row.try_get("sectors")?)?,
        closed: row.try_get::<Option<i64>, _>("closed")?.map(Timestamp),
    })
}

/// Sectors as a row keeps them.
#[must_use]
pub(crate) fn sectors_text(sectors: &[String]) -> String {
    serde_json::Value::from(sectors).to_string()
}

/// Sectors as a row keeps them, read.
///
/// # Errors
/// When the text is not a list of texts.
pub(crate) fn sectors(text: &str) -> Result<Vec<String>, AccountError> {
    serde_json::from_str(text).map_err(|_| AccountError::Corrupt("list of sectors"))
}
