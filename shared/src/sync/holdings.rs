//! Which dossiers a device holds, and which of them may be read now. For people who reach some dossiers only.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

use crate::ids::DossierId;
use crate::time::{Millis, Timestamp};

/// One dossier on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Holding {
    /// From this instant on it may not be read any more; `None` while no end is known.
    #[n(0)]
    pub ends: Option<Timestamp>,
    /// Everything up to the cursor is here; before that the dossier is still on its way.
    #[n(1)]
    pub complete: bool,
    /// Something that was written in it here is with the office and not in the dossier: this copy has to go, also after
    /// a restart, before the dossier comes again.
    #[n(2)]
    #[cbor(default)]
    pub spoiled: bool,
}

/// How long a device may stay away from the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Lease {
    /// The latest moment this device has seen: a clock that is put back wins no time.
    #[n(0)]
    pub seen: Timestamp,
    /// From this instant on every dossier is locked until the relay has been heard; `None`: never.
    #[n(1)]
    pub until: Option<Timestamp>,
}

/// What a device holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holdings {
    /// The dossiers.
    pub dossiers: BTreeMap<DossierId, Holding>,
    /// How long they may be read without the relay.
    pub lease: Lease,
}

impl Lease {
    /// The lease after a contact: `length` comes with the welcome.
    #[must_use]
    pub fn renewed(self, length: Option<Millis>, now: Timestamp) -> Self {
        let seen = self.seen.max(now);
        Self { seen, until: length.map(|length| now + length) }
    }
}

impl Holdings {
    /// Whether a dossier may not be read at this time by the device's clock: its grant or the device's lease is over.
    /// A dossier that nobody granted (one's own, not sent yet) is under the lease alone.
    #[must_use]
    pub fn is_locked(&self, dossier: DossierId, now: Timestamp) -> bool {
        let now = now.max(self.lease.seen);
        let ends = self.dossiers.get(&dossier).and_then(|holding| holding.ends);
        [ends, self.lease.until].into_iter().flatten().any(|end| now >= end)
    }

    /// The next moment at which something locks, for a timer.
    #[must_use]
    pub fn next_end(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = self.dossiers.values().filter_map(|holding| holding.ends);
        ends.chain(self.lease.until).filter(|end| *end > now).min()
    }
}

/// A short proof that two sides mean the same dossiers until the same ends: 16 bytes of SHA-256 over them in order,
/// each as its 16 bytes and its end (8 bytes, big-endian milliseconds, all ones for none). Rule GRANT-6.
#[must_use]
pub fn digest<'a>(held: impl IntoIterator<Item = (&'a DossierId, Option<Timestamp>)>) -> [u8; 16] {
    let mut hash = Sha256::new();
    for (dossier, ends) in held {
        hash.update(dossier.0);
        hash.update(ends.map_or([0xff; 8], |ends| ends.0.to_be_bytes()));
    }
    let mut short = [0; 16];
    short.copy_from_slice(&hash.finalize()[..16]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: DossierId = DossierId([1; 16]);
    const TWO: DossierId = DossierId([2; 16]);

    fn holdings() -> Holdings {
        let ends = Holding { ends: Some(Timestamp(1_000)), complete: true, spoiled: false };
        let dossiers = BTreeMap::from([(ONE, ends), (TWO, Holding { ends: None, complete: true, spoiled: false })]);
        Holdings { dossiers, lease: Lease { seen: Timestamp(0), until: Some(Timestamp(5_000)) } }
    }

    #[test]
    fn a_grant_that_is_over_locks_its_dossier_and_a_lease_that_is_over_locks_all() {
        let holdings = holdings();
        let locked = |at: i64| [ONE, TWO].map(|dossier| holdings.is_locked(dossier, Timestamp(at)));
        assert_eq!(locked(999), [false, false]);
        assert_eq!(locked(1_000), [true, false]);
        assert_eq!(locked(5_000), [true, true]);
        assert_eq!(holdings.next_end(Timestamp(0)), Some(Timestamp(1_000)));
        assert_eq!(holdings.next_end(Timestamp(1_000)), Some(Timestamp(5_000)));
    }

    #[test]
    fn a_clock_that_is_put_back_unlocks_nothing() {
        let mut holdings = holdings();
        holdings.lease.seen = Timestamp(6_000);
        assert!(holdings.is_locked(TWO, Timestamp(10)));
        holdings.lease = holdings.lease.renewed(Some(Millis(100)), Timestamp(6_001));
        assert!(!holdings.is_locked(TWO, Timestamp(10)));
    }

    #[test]
    fn grant_6_the_digest_tells_dossiers_and_ends() {
        let of = |held: &[(DossierId, Option<Timestamp>)]| digest(held.iter().map(|(dossier, ends)| (dossier, *ends)));
        assert_eq!(hex::encode(of(&[])), "e3b0c44298fc1c149afbf4c8996fb924");
        assert_ne!(of(&[(ONE, None)]), of(&[(TWO, None)]));
        assert_ne!(of(&[(ONE, None)]), of(&[(ONE, Some(Timestamp(1)))]));
    }
}
