//! What an office device that holds nothing is sent over HTTP: first what its lists show, then every document as a whole.
//! SPEC.md, « Bootstrap ».
//!
//! Never says that anything is held: the device does, once it is stored.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{CodecError, MAX_FRAME, decode, encode};
use crate::access::Role;
use crate::dossier::Summary;
use crate::ids::{DossierId, Epoch, Seq};

/// One item of the stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum BootstrapItem {
    /// What the stream is of.
    #[n(0)]
    #[cbor(map)]
    Start {
        /// The life of the log.
        #[n(0)]
        epoch: Epoch,
        /// Everything up to this position is in the stream; the feed brings what comes after.
        #[n(1)]
        head: Seq,
        /// How many dossiers follow.
        #[n(2)]
        dossiers: u32,
        /// How the summaries were made ([`crate::dossier::SUMMARIES_VERSION`]).
        #[n(3)]
        summaries: u8,
        /// What the person may do: what is in the stream was chosen by it.
        #[n(4)]
        role: Role,
    },
    /// What lists show of some dossiers.
    #[n(1)]
    #[cbor(map)]
    Summaries {
        /// The summaries.
        #[n(0)]
        summaries: Vec<Summary>,
        /// Those that something was written in since.
        #[n(1)]
        stale: Vec<DossierId>,
    },
    /// Everything of one document that the person may read.
    #[n(2)]
    #[cbor(map)]
    Document {
        /// Its name.
        #[n(0)]
        document: String,
        /// Changes and snapshots.
        #[n(1)]
        chunks: Vec<ByteVec>,
    },
    /// Every document of the dossiers up to this one has been sent; a stream that is cut goes on after it.
    #[n(3)]
    #[cbor(map)]
    Reached {
        /// By their ids.
        #[n(0)]
        dossier: DossierId,
        /// How many those are.
        #[n(1)]
        count: u32,
    },
    /// Everything has been sent.
    #[n(4)]
    #[cbor(map)]
    Done {},
}

/// Bytes before each item: its length, big-endian.
const PREFIX: usize = 4;

/// An item as it stands in the stream.
#[must_use]
pub fn encode_item(item: &BootstrapItem) -> Vec<u8> {
    let body = encode(item);
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], &body].concat()
}

/// Reads items from the pieces that a stream comes in.
#[derive(Debug, Default)]
pub struct ItemReader {
    waiting: Vec<u8>,
    read: usize,
}

impl ItemReader {
    /// Takes the next piece.
    pub fn extend(&mut self, piece: &[u8]) {
        self.waiting.drain(..self.read);
        self.read = 0;
        self.waiting.extend_from_slice(piece);
    }

    /// The next item, when it is there whole.
    ///
    /// # Errors
    /// When it is none, or longer than any item.
    pub fn next_item(&mut self) -> Result<Option<BootstrapItem>, CodecError> {
        let rest = &self.waiting[self.read..];
        let Some(length) = rest.first_chunk::<PREFIX>() else { return Ok(None) };
        let length = u32::from_be_bytes(*length) as usize;
        if length > 2 * MAX_FRAME {
            return Err(CodecError::TooLarge(length));
        }
        let Some(body) = rest.get(PREFIX..PREFIX + length) else { return Ok(None) };
        let item = decode(body)?;
        self.read += PREFIX + length;
        Ok(Some(item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boot_1_items_come_out_as_they_went_in_whatever_the_pieces() {
        let items = [
            BootstrapItem::Start {
                epoch: Epoch([3; 16]),
                head: Seq(9),
                dossiers: 1,
                summaries: 5,
                role: Role::Gestionnaire,
            },
            BootstrapItem::Summaries { summaries: vec![Summary::empty(DossierId([1; 16]))], stale: Vec::new() },
            BootstrapItem::Document { document: "annuaire".into(), chunks: vec![ByteVec::from(vec![7; 300])] },
            BootstrapItem::Reached { dossier: DossierId([1; 16]), count: 1 },
            BootstrapItem::Done {},
        ];
        let stream: Vec<u8> = items.iter().flat_map(encode_item).collect();
        for size in [1, 3, 64, stream.len()] {
            let (mut reader, mut read) = (ItemReader::default(), Vec::new());
            for piece in stream.chunks(size) {
                reader.extend(piece);
                while let Some(item) = reader.next_item().unwrap() {
                    read.push(item);
                }
            }
            assert_eq!(read, items, "in pieces of {size}");
        }
    }

    #[test]
    fn boot_1_what_is_no_item_is_an_error() {
        let mut reader = ItemReader::default();
        reader.extend(&[0, 0, 0, 2, 0xff, 0xff]);
        assert!(reader.next_item().is_err());
        let mut reader = ItemReader::default();
        reader.extend(&[0xff; 8]);
        assert!(reader.next_item().is_err());
    }
}
