//! What is kept in clear about one vault: salts, wrapped keys, numbers. No name, no address, nothing that was written.
//! And the rule of tries: each is counted before it is looked at.

use liaison_shared::Timestamp;

use super::crypto::{WRAPPED, Wrapped};

/// Wrong codes after which only the password opens.
pub const CODE_TRIES: u32 = 5;

/// Wrong passwords without a wait; then 2 s, 4 s, 8 s … between two tries.
const FREE_PASSWORDS: u32 = 3;
const LONGEST_WAIT: i64 = 300_000;

/// One vault of this browser, in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Whose: SHA-256 of the e-mail address.
    pub account: [u8; 32],
    /// The data key under the code.
    pub by_code: Wrapped,
    /// The data key under the account's password; none before it was typed on this device.
    pub by_password: Option<Wrapped>,
    /// Whether the code is only digits.
    pub digits: bool,
    /// Could not be opened when its owner signed in: kept, unused, until they erase it.
    pub aside: bool,
    /// Wrong codes since the last right one.
    pub wrong_codes: u32,
    /// Wrong passwords since the last right one.
    pub wrong_passwords: u32,
    /// Minutes without a sign of anybody after which the vault locks; none: what suits the device.
    pub lock_after: Option<u32>,
    /// When the last password was tried.
    pub password_at: Timestamp,
}

/// First byte of a record; another layout would have another.
const LAYOUT: u8 = 1;
const HAS_PASSWORD: u8 = 1;
const DIGITS: u8 = 2;
const ASIDE: u8 = 4;

impl Record {
    /// As it is stored: layout, flags, account, the two wrappings, numbers (big-endian).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        let flags =
            flag(self.by_password.is_some(), HAS_PASSWORD) | flag(self.digits, DIGITS) | flag(self.aside, ASIDE);
        let by_password = self.by_password.as_ref().map_or([0; WRAPPED], |wrapped| wrapped.0);
        let numbers = [self.wrong_codes, self.wrong_passwords, self.lock_after.unwrap_or(0)].map(u32::to_be_bytes);
        [
            &[LAYOUT, flags],
            &self.account[..],
            &self.by_code.0,
            &by_password,
            numbers.as_flattened(),
            &self.password_at.0.to_be_bytes(),
        ]
        .concat()
    }

    /// What was stored; `None` when it is nothing of ours.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let ([LAYOUT, flags], rest) = bytes.split_first_chunk()? else { return None };
        let (account, rest) = rest.split_first_chunk()?;
        let (by_code, rest) = rest.split_first_chunk()?;
        let (by_password, rest) = rest.split_first_chunk()?;
        let (numbers, rest) = rest.split_first_chunk::<12>()?;
        let mut numbers = numbers.as_chunks::<4>().0.iter().map(|number| u32::from_be_bytes(*number));
        Some(Self {
            account: *account,
            by_code: Wrapped(*by_code),
            by_password: (flags & HAS_PASSWORD != 0).then_some(Wrapped(*by_password)),
            digits: flags & DIGITS != 0,
            aside: flags & ASIDE != 0,
            wrong_codes: numbers.next()?,
            wrong_passwords: numbers.next()?,
            lock_after: numbers.next().filter(|minutes| *minutes > 0),
            password_at: Timestamp(i64::from_be_bytes(rest.try_into().ok()?)),
        })
    }

    /// Codes that may still be tried.
    #[must_use]
    pub fn codes_left(&self) -> u32 {
        CODE_TRIES.saturating_sub(self.wrong_codes)
    }

    /// How long to wait before the next password, in milliseconds. A clock that was set back does not lock for longer.
    #[must_use]
    pub fn password_wait(&self, now: Timestamp) -> i64 {
        let over = self.wrong_passwords.saturating_sub(FREE_PASSWORDS);
        if over == 0 {
            return 0;
        }
        let wait = 1000_i64.saturating_mul(1 << over.min(20)).min(LONGEST_WAIT);
        (wait - (now - self.password_at).0).clamp(0, wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::crypto::{self, Secret};

    fn record() -> Record {
        Record {
            account: crypto::account("a@b.fr"),
            by_code: Wrapped([7; WRAPPED]),
            by_password: None,
            digits: true,
            wrong_codes: 0,
            wrong_passwords: 0,
            password_at: Timestamp(1_000_000),
            lock_after: None,
            aside: false,
        }
    }

    #[test]
    fn five_codes_then_none() {
        for (wrong, left) in [(0, 5), (4, 1), (5, 0), (900, 0)] {
            assert_eq!(Record { wrong_codes: wrong, ..record() }.codes_left(), left);
        }
    }

    #[test]
    fn passwords_wait_longer_each_time_but_never_for_ever() {
        let wait = |wrong, now| Record { wrong_passwords: wrong, ..record() }.password_wait(Timestamp(now));
        assert_eq!(wait(3, 1_000_000), 0);
        assert_eq!(wait(4, 1_000_000), 2_000);
        assert_eq!(wait(5, 1_001_000), 3_000);
        assert_eq!(wait(5, 1_004_000), 0);
        assert_eq!(wait(60, 1_000_000), 300_000);
        assert_eq!(wait(5, 0), 4_000, "a clock that was set back");
    }

    #[test]
    fn a_record_comes_back_as_it_was_kept() {
        let with_password = Record {
            by_password: Some(Wrapped([9; WRAPPED])),
            digits: false,
            aside: true,
            wrong_codes: 3,
            wrong_passwords: 70_000,
            lock_after: Some(15),
            ..record()
        };
        for record in [record(), with_password] {
            let bytes = record.to_bytes();
            assert_eq!(Record::from_bytes(&bytes).unwrap(), record);
            assert_eq!(Record::from_bytes(&bytes[1..]), None);
            assert_eq!(Record::from_bytes(&bytes[..bytes.len() - 1]), None);
        }
        assert!(record().by_code.open("v", Secret::Code("274951"), b"").is_none());
    }
}
