//! The chain: how a row is written as bytes, and what its hash covers.
//!
//! Never changes: an encoding that did would break every chain written before.

use liaison_shared::{DeviceId, DossierId, UserId};
use sha2::{Digest as _, Sha256};

use super::entry::Entry;

/// SHA-256 of the hash before it and of a row.
pub(super) type Link = [u8; 32];

/// What the first row ever written is chained to.
pub(super) const BEGINNING: Link = [0; 32];

/// Keeps these hashes apart from any others.
const DOMAIN: &[u8] = b"liaison access log 1";

/// A row as the database holds it, whatever somebody may have made of it since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row<'a> {
    pub id: i64,
    pub at: i64,
    pub received: i64,
    pub user: Option<&'a [u8]>,
    pub device: Option<&'a [u8]>,
    pub dossier: Option<&'a [u8]>,
    pub volet: Option<&'a str>,
    pub action: &'a str,
    pub reason: Option<&'a str>,
    pub offline: i64,
}

impl<'a> Row<'a> {
    /// The row of an entry.
    pub fn of(id: i64, entry: &'a Entry) -> Self {
        Self {
            id,
            at: entry.at.0,
            received: entry.received.0,
            user: entry.user.as_ref().map(UserId::as_bytes),
            device: entry.device.as_ref().map(DeviceId::as_bytes),
            dossier: entry.dossier.as_ref().map(DossierId::as_bytes),
            volet: entry.volet.as_deref(),
            action: entry.action.word(),
            reason: entry.reason.as_deref(),
            offline: entry.offline.into(),
        }
    }

    /// The hash that chains this row to the one before.
    pub fn link(&self, before: &Link) -> Link {
        let mut hash = Sha256::new();
        hash.update(DOMAIN);
        hash.update(before);
        let numbers = [self.id, self.at, self.received, self.offline].map(i64::to_be_bytes);
        let fields: [Option<&[u8]>; 10] = [
            Some(&numbers[0]),
            Some(&numbers[1]),
            Some(&numbers[2]),
            self.user,
            self.device,
            self.dossier,
            self.volet.map(str::as_bytes),
            Some(self.action.as_bytes()),
            self.reason.map(str::as_bytes),
            Some(&numbers[3]),
        ];
        // A length before each field, and a mark for those that are absent: no two rows have the same bytes.
        for field in fields {
            match field {
                None => hash.update([0]),
                Some(bytes) => {
                    hash.update([1]);
                    hash.update((bytes.len() as u64).to_be_bytes());
                    hash.update(bytes);
                }
            }
        }
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Row<'static> = Row {
        id: 1,
        at: 2,
        received: 3,
        user: Some(&[4; 16]),
        device: None,
        dossier: None,
        volet: Some("client"),
        action: "read",
        reason: Some("visite"),
        offline: 0,
    };

    #[test]
    fn the_encoding_never_changes() {
        let expected = "8436c6cdf2b7556497c9378eacc3dad0741443a482cb9d48424d05c9a6031274";
        assert_eq!(hex::encode(ROW.link(&BEGINNING)), expected);
    }

    #[test]
    fn every_field_and_the_border_between_two_count() {
        let rows = [
            ROW,
            Row { id: 2, ..ROW },
            Row { at: 3, ..ROW },
            Row { received: 2, ..ROW },
            Row { user: None, ..ROW },
            Row { user: None, device: Some(&[4; 16]), ..ROW },
            Row { user: None, dossier: Some(&[4; 16]), ..ROW },
            Row { volet: None, ..ROW },
            Row { volet: Some("clientr"), action: "ead", ..ROW },
            Row { reason: Some(""), ..ROW },
            Row { reason: None, ..ROW },
            Row { offline: 1, ..ROW },
        ];
        let mut links: Vec<Link> = rows.iter().map(|row| row.link(&BEGINNING)).collect();
        links.push(ROW.link(&[1; 32]));
        let count = links.len();
        links.sort_unstable();
        links.dedup();
        assert_eq!(links.len(), count);
    }
}
