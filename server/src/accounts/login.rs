//! Signing in: from an address and a password to a session on a device.
//!
//! Never answers differently, nor faster, for an account that does not exist or is closed.

use std::net::IpAddr;
use std::time::Duration;

use liaison_shared::{DeviceId, Timestamp, UserId};
use thiserror::Error;

use super::{Account, AccountError, AccountStore, LoginLimits, Passwords, Sessions, normal_email};
use crate::devices::Devices;

/// Why nobody was signed in.
#[derive(Debug, Error)]
pub enum LoginError {
    /// No such account, a closed one, or not its password. Whose it is, if anybody's, is for the access log alone.
    #[error("wrong address or password")]
    WrongCredentials(Option<UserId>),
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
        let account = match account {
            Some(account) if right && account.closed.is_none() => account,
            refused => return Err(LoginError::WrongCredentials(refused.map(|account| account.user))),
        };
        self.start(account, device, now).await
    }

    /// Starts a session for somebody who has proved who they are.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn start(&self, account: Account, device: LoginDevice, now: Timestamp) -> Result<LoggedIn, LoginError> {
        let device = self.devices.register(account.user, device.id, &device.name, now).await?;
        let token = self.sessions.start(account.user, device, now).await?;
        Ok(LoggedIn { token, account, device })
    }
}
