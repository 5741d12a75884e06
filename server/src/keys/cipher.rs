//! One key and what it seals: XChaCha20-Poly1305, a fresh random nonce each time, the label authenticated.
//!
//! Never opens bytes under another label than the one they were sealed with: rows cannot change places.

use std::fmt;

use chacha20poly1305::{AeadInOut as _, KeyInit as _, Tag, XChaCha20Poly1305, XNonce};
use liaison_shared::{ChangeHash, DocumentId};
use zeroize::Zeroizing;

use crate::entropy;

const NONCE: usize = 24;
const TAG: usize = 16;

/// How many bytes longer something is once it is sealed.
pub const OVERHEAD: usize = NONCE + TAG;

/// What sealed bytes are. It is not kept with them: whoever opens them says it again, and must be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label(Vec<u8>);

impl Label {
    /// A `kind` of thing, the `name` it is kept under, and what tells it from others of that name. Neither
    /// `kind` nor `name` contains `#`, so that two different labels never read the same.
    #[must_use]
    pub fn new(kind: &str, name: &str, which: &[u8]) -> Self {
        debug_assert!(!kind.contains('#') && !name.contains('#'), "{kind} {name}");
        Self([kind.as_bytes(), b"#", name.as_bytes(), b"#", which].concat())
    }

    /// A change, at its place.
    #[must_use]
    pub fn change(document: DocumentId, hash: &ChangeHash) -> Self {
        Self::new("change", &document.to_string(), &hash.0)
    }

    /// A snapshot, by its name.
    #[must_use]
    pub fn snapshot(document: DocumentId, hash: &ChangeHash) -> Self {
        Self::new("snapshot", &document.to_string(), &hash.0)
    }
}

/// A key of 256 bits, wiped from memory when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// A new one.
    pub fn random() -> Self {
        Self(Zeroizing::new(entropy::bytes()))
    }

    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Nonce, ciphertext, tag; `None` beyond 256 GiB.
    pub fn seal(&self, label: &Label, plain: &[u8]) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE] = entropy::bytes();
        let mut sealed = Vec::with_capacity(plain.len() + OVERHEAD);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let text = &mut sealed[NONCE..];
        let tag = self.cipher().encrypt_inout_detached(&XNonce::from(nonce), &label.0, text.into()).ok()?;
        sealed.extend_from_slice(&tag);
        Some(sealed)
    }

    /// What was sealed with this key under this label; `None` for anything else.
    pub fn open(&self, label: &Label, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE>()?;
        let (text, tag) = rest.split_last_chunk::<TAG>()?;
        let mut plain = text.to_vec();
        let (nonce, tag) = (XNonce::from(*nonce), Tag::from(*tag));
        self.cipher().decrypt_inout_detached(&nonce, &label.0, plain.as_mut_slice().into(), &tag).ok()?;
        Some(plain)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes().into())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use liaison_shared::DossierId;

    use super::*;

    fn label(number: u8) -> Label {
        Label::change(DocumentId::client(DossierId([1; 16])), &ChangeHash([number; 32]))
    }

    #[test]
    fn what_is_sealed_opens_with_its_key_and_label_only() {
        let key = Key::random();
        let sealed = key.seal(&label(1), b"Madame Oiseau").unwrap();
        assert_eq!(sealed.len(), b"Madame Oiseau".len() + OVERHEAD);
        assert_eq!(key.open(&label(1), &sealed).unwrap(), b"Madame Oiseau");
        assert_eq!(key.open(&label(2), &sealed), None, "a row in another's place");
        assert_eq!(Key::random().open(&label(1), &sealed), None);
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(key.open(&label(1), &changed), None, "byte {place}");
            assert_eq!(key.open(&label(1), &sealed[..place]), None, "cut at {place}");
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_the_same() {
        let key = Key::random();
        assert_ne!(key.seal(&label(1), b"x"), key.seal(&label(1), b"x"));
        let empty = key.seal(&label(1), b"").unwrap();
        assert_eq!(key.open(&label(1), &empty).unwrap(), b"");
    }

    /// From draft-irtf-cfrg-xchacha-03, A.3.1: another implementation reads what this one writes.
    #[test]
    fn it_is_the_cipher_that_it_is_called() {
        let key = Key::new(std::array::from_fn(|place| 0x80 + place as u8));
        let aad = hex::decode("50515253c0c1c2c3c4c5c6c7").unwrap();
        let sealed = "404142434445464748494a4b4c4d4e4f5051525354555657\
                      bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb\
                      731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452\
                      2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
                      21f9664c97637da9768812f615c68b13b52e\
                      c0875924c1c7987947deafd8780acf49";
        let plain = key.open(&Label(aad), &hex::decode(sealed).unwrap()).unwrap();
        assert!(plain.starts_with(b"Ladies and Gentlemen of the class of '99"));
    }

    #[test]
    fn a_key_is_not_printed() {
        let key = Key::new([0xab; 32]);
        assert_eq!(format!("{key:?}"), "Key(…)");
    }
}
