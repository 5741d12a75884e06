//! Feed frames put together from what every reader shares: the same bytes as the message's own encoding, without making each
//! entry anew for each connection.

use minicbor::Encoder;
use minicbor::encode::Error;

use crate::ids::{DocumentId, Seq};

/// An entry of a feed frame: what stands before its chunk, and the chunk.
pub type EntryParts<'a> = (&'a [u8], &'a [u8]);

/// What stands before a chunk of so many bytes in a [`super::FeedEntry`].
#[must_use]
pub fn entry_head(seq: Seq, document: &DocumentId, bytes: usize) -> Vec<u8> {
    written(|encoder| {
        encoder.map(3)?.u8(0)?.u64(seq.0)?.u8(1)?.str(&document.to_string())?.u8(2)?.bytes_len(bytes as u64)?;
        Ok(())
    })
}

/// The frame of a [`super::RelayMessage::Feed`].
#[must_use]
pub fn feed_frame<'a>(entries: &[EntryParts<'a>], upto: Seq, turn: u64) -> Vec<u8> {
    const AROUND: usize = 32;
    let bytes: usize = entries.iter().map(|(head, chunk)| head.len() + chunk.len()).sum();
    let mut frame = Vec::with_capacity(bytes + AROUND);
    frame.extend(written(|encoder| {
        encoder.array(2)?.u8(2)?.map(3)?.u8(0)?.array(entries.len() as u64)?;
        Ok(())
    }));
    for (head, chunk) in entries {
        frame.extend_from_slice(head);
        frame.extend_from_slice(chunk);
    }
    frame.extend(written(|encoder| {
        encoder.u8(1)?.u64(upto.0)?.u8(2)?.u64(turn)?;
        Ok(())
    }));
    frame
}

fn written(write: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), Error<std::convert::Infallible>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    #[expect(clippy::expect_used, reason = "writing to memory has no way to fail")]
    write(&mut Encoder::new(&mut bytes)).expect("a Vec takes any bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DossierId;
    use crate::protocol::{FeedEntry, RelayMessage, encode};

    #[test]
    fn a_frame_that_is_put_together_is_the_message_s_own_encoding() {
        let documents = [DocumentId::Annuaire, DocumentId::journal(DossierId([7; 16]), 2026)];
        for (count, size) in [(0, 0), (1, 3), (2, 23), (3, 24), (30, 300), (2, 70_000)] {
            let chunks: Vec<(Seq, DocumentId, Vec<u8>)> = (0..count)
                .map(|number| (Seq(20 + number * 50), documents[number as usize % 2], vec![number as u8; size]))
                .collect();
            let heads: Vec<Vec<u8>> = chunks.iter().map(|(seq, id, bytes)| entry_head(*seq, id, bytes.len())).collect();
            let parts: Vec<EntryParts<'_>> =
                heads.iter().zip(&chunks).map(|(head, (_, _, bytes))| (&head[..], &bytes[..])).collect();
            let entry = |(seq, id, bytes): &(Seq, DocumentId, Vec<u8>)| FeedEntry {
                seq: *seq,
                document: id.to_string(),
                chunk: bytes.clone().into(),
            };
            let (upto, turn) = (Seq(count * 1000), count * 100);
            let message = RelayMessage::Feed { entries: chunks.iter().map(entry).collect(), upto, turn };
            assert_eq!(feed_frame(&parts, upto, turn), encode(&message), "{count} of {size}");
        }
    }
}
