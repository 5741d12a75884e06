//! What changes an account: its person, what they may do, whether it is open, its password.
//!
//! Never leaves the agency without anybody who may manage accounts; tells nobody (that is for who asked).

use liaison_shared::access::Role;
use liaison_shared::{Timestamp, UserId};

use super::store::{COLUMNS, account, sectors_text};
use super::{Account, AccountError, AccountStore, normal_email};
use crate::database::sql::{Connection, Turn, query, query_scalar};

/// What is to change; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonChange {
    /// First and last name.
    pub name: Option<String>,
    /// What they may do.
    pub role: Option<Role>,
    /// The sectors they answer for.
    pub sectors: Option<Vec<String>>,
    /// What they do, in the agency's words.
    pub fonction: Option<String>,
    /// Whether the account is closed.
    pub closed: Option<bool>,
}

/// An account before and after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// As it was.
    pub before: Account,
    /// As it is.
    pub after: Account,
}

impl Changed {
    /// Whether the person's connections stand on something that is no longer so.
    #[must_use]
    pub fn concerns_access(&self) -> bool {
        let Self { before, after } = self;
        (before.role, &before.sectors, before.closed) != (after.role, &after.sectors, after.closed)
    }

    /// What changed, in words for the access log: never a name.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { before, after } = self;
        let mut words = vec![after.user.to_string()];
        if before.role != after.role {
            words.push(format!("role {} > {}", before.role.name(), after.role.name()));
        }
        if before.sectors != after.sectors {
            words.push("sectors".to_owned());
        }
        match (before.closed, after.closed) {
            (None, Some(_)) => words.push("closed".to_owned()),
            (Some(_), None) => words.push("reopened".to_owned()),
            _ => {}
        }
        if (&before.name, &before.fonction) != (&after.name, &after.fonction) {
            words.push("name or fonction".to_owned());
        }
        words.join(", ")
    }
}

impl AccountStore {
    /// Changes an account. Who may no longer manage accounts has the invitations withdrawn that they made: one might
    /// be to themselves. Closing an account also revokes its devices and the links to add one: a device whose person has
    /// left has to forget what it holds.
    ///
    /// # Errors
    /// When there is no such account, nobody would be left to manage accounts, or the database refuses.
    pub async fn change(&self, user: UserId, change: PersonChange, now: Timestamp) -> Result<Changed, AccountError> {
        let mut transaction = self.database.write.begin(Turn::People).await?;
        let row = query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM users WHERE id = $1")))
            .bind(user.as_bytes())
            .fetch_optional(&mut *transaction)
            .await?;
        let before = account(&row.ok_or(AccountError::Unknown)?)?;
        let after = changed(&before, change, now);
        if manages(&before) && !manages(&after) && !others_manage(&mut transaction, user).await? {
            return Err(AccountError::LastGestionnaire);
        }
        query("UPDATE users SET name = $2, role = $3, fonction = $4, sectors = $5, closed = $6 WHERE id = $1")
            .bind(user.as_bytes())
            .bind(&after.name)
            .bind(after.role.name())
            .bind(&after.fonction)
            .bind(sectors_text(&after.sectors))
            .bind(after.closed.map(|closed| closed.0))
            .execute(&mut *transaction)
            .await?;
        if before.closed.is_none() && after.closed.is_some() {
            revoke_everything(&mut transaction, user, now).await?;
        }
        if manages(&before) && !manages(&after) {
            withdraw_invitations_by(&mut transaction, user, now).await?;
        }
        transaction.commit().await?;
        Ok(Changed { before, after })
    }

    /// Gives an account another role; `None` when there is no such account.
    ///
    /// # Errors
    /// When nobody would be left to manage accounts, or the database refuses.
    pub async fn change_role(&self, email: &str, role: Role, now: Timestamp) -> Result<Option<Changed>, AccountError> {
        let Some((account, _)) = self.by_email(&normal_email(email)).await? else { return Ok(None) };
        let change = PersonChange { role: Some(role), ..PersonChange::default() };
        self.change(account.user, change, now).await.map(Some)
    }

    /// Gives an account another password (a hash), and withdraws the links to add a device to it: whoever knew the
    /// old password may have made one.
    ///
    /// # Errors
    /// When there is no such account, or the database refuses.
    pub async fn set_password(&self, user: UserId, password: &str, now: Timestamp) -> Result<(), AccountError> {
        let mut transaction = self.database.write.begin(Turn::People).await?;
        let changed = query("UPDATE users SET password = $2 WHERE id = $1")
            .bind(user.as_bytes())
            .bind(password)
            .execute(&mut *transaction)
            .await?;
        if changed.rows_affected() == 0 {
            return Err(AccountError::Unknown);
        }
        withdraw_links(&mut transaction, user, now).await?;
        Ok(transaction.commit().await?)
    }
}

fn changed(before: &Account, change: PersonChange, now: Timestamp) -> Account {
    let before = before.clone();
    Account {
        name: change.name.unwrap_or(before.name),
        role: change.role.unwrap_or(before.role),
        sectors: change.sectors.unwrap_or(before.sectors),
        fonction: change.fonction.unwrap_or(before.fonction),
        closed: match change.closed {
            None => before.closed,
            Some(false) => None,
            Some(true) => before.closed.or(Some(now)),
        },
        ..before
    }
}

fn manages(account: &Account) -> bool {
    account.role == Role::Gestionnaire && account.closed.is_none()
}

async fn others_manage(connection: &mut Connection, user: UserId) -> Result<bool, AccountError> {
    let others = query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE role = $1 AND closed IS NULL AND id <> $2)");
    Ok(others.bind(Role::Gestionnaire.name()).bind(user.as_bytes()).fetch_one(connection).await?)
}

async fn revoke_everything(connection: &mut Connection, user: UserId, now: Timestamp) -> Result<(), AccountError> {
    query("UPDATE devices SET revoked = $2 WHERE user_id = $1 AND revoked IS NULL")
        .bind(user.as_bytes())
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    withdraw_links(connection, user, now).await
}

async fn withdraw_links(connection: &mut Connection, user: UserId, now: Timestamp) -> Result<(), AccountError> {
    query("UPDATE invitations SET withdrawn = $2 WHERE user_id = $1 AND used IS NULL AND withdrawn IS NULL")
        .bind(user.as_bytes())
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}

async fn withdraw_invitations_by(
    connection: &mut Connection,
    user: UserId,
    now: Timestamp,
) -> Result<(), AccountError> {
    query("UPDATE invitations SET withdrawn = $2 WHERE created_by = $1 AND used IS NULL AND withdrawn IS NULL")
        .bind(user.as_bytes())
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}
