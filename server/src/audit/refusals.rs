//! How many refusals are written down: so many per address, person and minute.
//!
//! Never decides whether something is refused, only whether one more line says so.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use liaison_shared::{Timestamp, UserId};

/// Addresses and people counted apart within a minute; beyond, they are counted together.
const SOURCES: usize = 10_000;
const MINUTE: i64 = 60_000;

type Source = (Option<IpAddr>, Option<UserId>);

/// Whether a refusal gets a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It does.
    Listed,
    /// It does, and says that the next ones of this minute do not.
    LastListed,
    /// It does not.
    NotListed,
}

/// Counts of this minute.
#[derive(Debug)]
pub(super) struct Refusals {
    per_minute: u32,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    minute: i64,
    by_source: HashMap<Source, u32>,
}

impl Refusals {
    /// Nothing counted yet.
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute, counts: Mutex::default() }
    }

    /// Counts one more.
    pub fn count(&self, address: Option<IpAddr>, user: Option<UserId>, now: Timestamp) -> Verdict {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.0.div_euclid(MINUTE);
        if counts.minute != minute {
            *counts = Counts { minute, ..Counts::default() };
        }
        let mut source = (address.map(network), user);
        if counts.by_source.len() >= SOURCES && !counts.by_source.contains_key(&source) {
            source = (None, None);
        }
        let count = counts.by_source.entry(source).or_default();
        *count = count.saturating_add(1);
        match (*count).cmp(&self.per_minute.saturating_add(1)) {
            std::cmp::Ordering::Less => Verdict::Listed,
            std::cmp::Ordering::Equal => Verdict::LastListed,
            std::cmp::Ordering::Greater => Verdict::NotListed,
        }
    }
}

/// One customer of an IPv6 provider has 2^64 addresses: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_listed_once_too_often_and_then_not() {
        let refusals = Refusals::new(2);
        let from = |address: &str, minute: i64| refusals.count(address.parse().ok(), None, Timestamp(minute * MINUTE));
        let flood = [(); 4].map(|()| from("192.0.2.1", 7));
        assert_eq!(flood, [Verdict::Listed, Verdict::Listed, Verdict::LastListed, Verdict::NotListed]);
        assert_eq!(from("192.0.2.2", 7), Verdict::Listed, "another address");
        let known = refusals.count("192.0.2.1".parse().ok(), Some(UserId([1; 16])), Timestamp(7 * MINUTE));
        assert_eq!(known, Verdict::Listed, "a known person behind the same address");
        assert_eq!(from("192.0.2.1", 8), Verdict::Listed, "another minute");
    }

    #[test]
    fn changing_between_one_s_own_addresses_does_not_help() {
        let refusals = Refusals::new(1);
        let from = |address: &str| refusals.count(address.parse().ok(), None, Timestamp(0));
        assert_eq!(from("2001:db8::1"), Verdict::Listed);
        assert_eq!(from("2001:db8::2"), Verdict::LastListed);
        assert_eq!(from("2001:db8:0:1::2"), Verdict::Listed);
    }
}
