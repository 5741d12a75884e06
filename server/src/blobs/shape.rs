//! A file as chunks: how many, how long. Pure.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// Bytes of every chunk but the last, which may be shorter.
pub const CHUNK: usize = 512 << 10;
/// No file is larger, in bytes.
pub const MAX_SIZE: u64 = 32 << 20;

/// SHA-256 of what a file holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlobHash(pub [u8; 32]);

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobHash({})", hex::encode(&self.0[..4]))
    }
}

impl FromStr for BlobHash {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, hex::FromHexError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

/// The chunks of a file of some size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    size: u64,
}

impl Shape {
    pub fn of(size: u64) -> Self {
        Self { size }
    }

    /// Their indexes.
    pub fn indexes(self) -> Range<u32> {
        // At most 64: a size is bounded before it is stored.
        0..u32::try_from(self.size.div_ceil(CHUNK as u64)).unwrap_or(u32::MAX)
    }

    /// The bytes of one; `None` when there is no such chunk.
    pub fn length(self, index: u32) -> Option<usize> {
        let rest = self.size.checked_sub(u64::from(index) * CHUNK as u64)?;
        let length = usize::try_from(rest.min(CHUNK as u64)).ok()?;
        (length > 0).then_some(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_in_one_chunk_and_the_last_one_is_what_is_left() {
        let whole = CHUNK as u64;
        for (size, count, last) in
            [(1, 1, 1), (whole - 1, 1, CHUNK - 1), (whole, 1, CHUNK), (whole + 1, 2, 1), (MAX_SIZE, 64, CHUNK)]
        {
            let shape = Shape::of(size);
            assert_eq!(shape.indexes(), 0..count, "{size}");
            assert_eq!(shape.length(count - 1), Some(last), "{size}");
            assert_eq!(shape.length(count), None, "{size}");
            assert_eq!(shape.length(u32::MAX), None, "{size}");
            let lengths = shape.indexes().map(|index| shape.length(index).unwrap() as u64);
            assert_eq!(lengths.sum::<u64>(), size);
        }
    }
}
