//! The only place of the relay that draws random bytes: tokens, identifiers, salts, epochs.

/// Bytes from the operating system's generator, by way of a cryptographic one.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes[..]);
    bytes
}
