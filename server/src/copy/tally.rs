//! The number of rows of a table, and a hash over all of them in whatever order they come.
//!
//! Never tells rows of one table from rows of another: that is for who compares.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::database::sql::Value;

/// Rows seen so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    rows: u64,
    /// The SHA-256 of each row, one over the other: no table has the same row twice.
    hash: [u8; 32],
}

impl Tally {
    /// How many there were.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds a row; gives its size.
    pub fn add(&mut self, row: &[Value]) -> usize {
        let mut hash = Sha256::new();
        let mut size = 0;
        for value in row {
            // A letter for the type, the length, the bytes: no two rows are written alike.
            let (kind, bytes): (u8, Option<&[u8]>) = match value {
                Value::Number(None) | Value::Text(None) | Value::Bytes(None) => (b'-', None),
                Value::Number(Some(number)) => {
                    size += 8;
                    hash.update([b'n']);
                    hash.update(number.to_be_bytes());
                    continue;
                }
                Value::Text(Some(text)) => (b't', Some(text.as_bytes())),
                Value::Bytes(Some(bytes)) => (b'b', Some(bytes)),
            };
            hash.update([kind]);
            if let Some(bytes) = bytes {
                size += bytes.len();
                hash.update((bytes.len() as u64).to_be_bytes());
                hash.update(bytes);
            }
        }
        for (sum, byte) in self.hash.iter_mut().zip(hash.finalize()) {
            *sum ^= byte;
        }
        self.rows += 1;
        size
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&[Value]]) -> Tally {
        let mut tally = Tally::default();
        for row in rows {
            tally.add(row);
        }
        tally
    }

    #[test]
    fn the_order_does_not_count_and_everything_else_does() {
        let (one, two) = ([Value::from(1), Value::from("ab")], [Value::from(2), Value::from("")]);
        assert_eq!(of(&[&one, &two]), of(&[&two, &one]));
        let others = [
            [Value::from(1), Value::from("a")],
            [Value::from(1), Value::from(&b"ab"[..])],
            [Value::from(1), Value::Text(None)],
            [Value::Number(None), Value::from("ab")],
        ];
        for other in &others {
            assert_ne!(of(&[other, &two]), of(&[&one, &two]));
        }
        assert_ne!(of(&[&one]), of(&[&one, &two]));
        assert_eq!(of(&[&one, &two]).rows(), 2);
    }
}
