//! Signing in: from an address and a password to a session on a device.
//!
//! Never answers differently, nor faster, for an account that does not exist.

use std::net::IpAddr;
use std::time::Duration;

use liaison_shared::Timestamp;
use liaison_shared::ids::DeviceId;
use thiserror::Error;

use super::{Account, AccountError, AccountStore, LoginLimits, Passwords, Sessions, normal_email};
use crate::devices::Devices;

/// Why nobody was signed in.
#[derive(Debug, Error)]
pub enum LoginError {
    /// No such account, or not its password.
    #[error("wrong address or password")]
    WrongCredentials,
    /// Too many attempts.
    #[error("too many attempts, wait {0:?}")]
    TooMany(Duration),
    /// The accounts could not answer.
    #[error(transparent)]
    Account(#[from] AccountError),
}

/// What the person's browser says of itself.
#[derive(Debug, Clone)]
pub struct LoginDevice {
    /// What an earlier login called it.
    pub id: Option<DeviceId>,
    /// For people: "Firefox sur Windows".
    pub name: String,
}

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct LoggedIn {
    /// The session's token: given once.
    pub token: String,
    /// Who.
    pub account: Account,
    /// On which device.
    pub device: DeviceId,
}

/// All that signing in needs.
#[derive(Debug)]
pub struct Login {
    /// The accounts.
    pub accounts: AccountStore,
    /// The sessions.
    pub sessions: Sessions,
    /// The devices.
    pub devices: Devices,
    /// The verifier.
    pub passwords: Passwords,
    /// The brakes.
    pub limits: LoginLimits,
}

impl Login {
    /// Signs somebody in.
    ///
    /// # Errors
    /// When the credentials are wrong, there were too many attempts, or the store cannot answer.
    pub async fn attempt(
        &self,
        email: &str,
        password: String,
        device: LoginDevice,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<LoggedIn, LoginError> {
        let email = normal_email(email);
        self.limits.attempt(&email, address).map_err(LoginError::TooMany)?;
        let (account, stored) = self.accounts.by_email(&email).await?.unzip();
        let right = self.passwords.verify(password, stored).await;
        let Some(account) = account.filter(|_| right) else { return Err(LoginError::WrongCredentials) };
        let device = self.devices.register(account.user, device.id, &device.name, now).await?;
        let token = self.sessions.start(account.user, device, now).await?;
        Ok(LoggedIn { token, account, device })
    }
}
