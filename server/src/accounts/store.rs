//! Accounts as rows.
//!
//! Never sees a password, only its hash.

use liaison_shared::access::Role;
use liaison_shared::{Timestamp, UserId};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::{Account, AccountError, normal_email};
use crate::database::Database;

/// The accounts of one database.
#[derive(Debug, Clone)]
pub struct AccountStore {
    database: Database,
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
        let inserted = sqlx::query(
            "INSERT INTO users (id, email, name, role, fonction, password, created) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email) DO NOTHING",
        )
        .bind(account.user.as_bytes())
        .bind(normal_email(&account.email))
        .bind(&account.name)
        .bind(account.role.name())
        .bind(&account.fonction)
        .bind(password)
        .bind(now.0)
        .execute(&self.database.write)
        .await?;
        if inserted.rows_affected() == 0 { Err(AccountError::EmailTaken) } else { Ok(()) }
    }

    /// Gives an account another role; true when there is such an account.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn change_role(&self, email: &str, role: Role) -> Result<bool, AccountError> {
        let changed = sqlx::query("UPDATE users SET role = $1 WHERE email = $2")
            .bind(role.name())
            .bind(normal_email(email))
            .execute(&self.database.write)
            .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// The account with an address, and its password's hash.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn by_email(&self, email: &str) -> Result<Option<(Account, String)>, AccountError> {
        let row = sqlx::query("SELECT id, email, name, role, fonction, password FROM users WHERE email = $1")
            .bind(normal_email(email))
            .fetch_optional(&self.database.read)
            .await?;
        row.map(|row| Ok((account(&row)?, row.try_get("password")?))).transpose()
    }
}

fn account(row: &SqliteRow) -> Result<Account, AccountError> {
    let id: &[u8] = row.try_get("id")?;
    let role: &str = row.try_get("role")?;
    Ok(Account {
        user: UserId::try_from(id).map_err(|_| AccountError::Corrupt("user"))?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        role: Role::from_name(role).ok_or(AccountError::Corrupt("role"))?,
        fonction: row.try_get("fonction")?,
    })
}
