//! CBOR, one message per frame, nothing before or after it.

use minicbor::{Decode, Encode};
use thiserror::Error;

use super::MAX_FRAME;

/// Bytes that are not a message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CodecError {
    /// FRM-2.
    #[error("frame of {0} bytes, at most {MAX_FRAME}")]
    TooLarge(usize),
    /// FRM-1.
    #[error("not a message: {0}")]
    Malformed(String),
    /// FRM-3.
    #[error("{0} bytes after the message")]
    Trailing(usize),
}

/// The frame of a message.
#[must_use]
pub fn encode<M: Encode<()>>(message: &M) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "writing to memory has no way to fail")]
    minicbor::to_vec(message).expect("a Vec takes any bytes")
}

/// The message of a frame.
///
/// # Errors
/// When the frame is too large, is not a message, or has bytes left over.
pub fn decode<'b, M: Decode<'b, ()>>(frame: &'b [u8]) -> Result<M, CodecError> {
    if frame.len() > MAX_FRAME {
        return Err(CodecError::TooLarge(frame.len()));
    }
    let mut decoder = minicbor::Decoder::new(frame);
    let message = decoder.decode().map_err(|error| CodecError::Malformed(error.to_string()))?;
    match frame.len() - decoder.position() {
        0 => Ok(message),
        rest => Err(CodecError::Trailing(rest)),
    }
}

#[cfg(test)]
mod tests;
