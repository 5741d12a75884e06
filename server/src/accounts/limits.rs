//! How often somebody may try to sign in, to change a password, or to use a link: each a bucket that refills.
//!
//! Never keeps an e-mail address: accounts are counted under a hash of it.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use liaison_shared::UserId;
use sha2::{Digest as _, Sha256};

use crate::config::Limits;

/// The buckets.
#[derive(Debug)]
pub struct LoginLimits {
    by_account: DefaultKeyedRateLimiter<[u8; 32]>,
    by_address: DefaultKeyedRateLimiter<IpAddr>,
    /// Apart from the one for passwords: a morning of first visits behind one address must not lock out the office.
    links_by_address: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
}

impl LoginLimits {
    /// Full buckets.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            by_account: RateLimiter::keyed(quota(limits.logins_per_account, limits.login_refill)),
            by_address: RateLimiter::keyed(quota(limits.logins_per_address, limits.login_refill)),
            links_by_address: RateLimiter::keyed(quota(limits.logins_per_address, limits.login_refill)),
            clock: DefaultClock::default(),
        }
    }

    /// Counts one attempt to sign in.
    ///
    /// # Errors
    /// The time to wait when there were too many.
    pub fn attempt(&self, email: &str, address: IpAddr) -> Result<(), Duration> {
        self.count(Sha256::digest(email).into(), address)
    }

    /// Counts one attempt to change a password: the current one could be guessed there too.
    ///
    /// # Errors
    /// The time to wait when there were too many.
    pub fn password(&self, user: UserId, address: IpAddr) -> Result<(), Duration> {
        self.count(Sha256::digest(user.as_bytes()).into(), address)
    }

    /// Counts one use of a link, right or wrong.
    ///
    /// # Errors
    /// The time to wait when there were too many.
    pub fn link(&self, address: IpAddr) -> Result<(), Duration> {
        self.links_by_address.check_key(&address).map_err(|until| until.wait_time_from(self.clock.now()))
    }

    fn count(&self, account: [u8; 32], address: IpAddr) -> Result<(), Duration> {
        let wait = |until: governor::NotUntil<_>| until.wait_time_from(self.clock.now());
        self.by_address.check_key(&address).map_err(wait)?;
        self.by_account.check_key(&account).map_err(wait)
    }

    /// Forgets those who have not tried for long.
    pub fn forget_old(&self) {
        self.by_account.retain_recent();
        self.by_address.retain_recent();
        self.links_by_address.retain_recent();
    }
}

fn quota(burst: NonZeroU32, refill: Duration) -> Quota {
    Quota::with_period(refill).unwrap_or_else(|| Quota::per_second(burst)).allow_burst(burst)
}
