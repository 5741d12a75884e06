//! AES-256-GCM by the browser itself: beside the page's own thread, and as fast as the device can. For what is large and
//! can be waited for.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;

use super::device_key::subtle;

/// Bytes of a nonce.
const NONCE: u32 = 12;

/// A key that opens.
#[derive(Clone)]
pub struct AesKey(CryptoKey);

impl AesKey {
    /// The key with these bytes. `None` where the browser has no WebCrypto (a page that is not served over HTTPS).
    pub async fn of(bytes: &[u8]) -> Option<Self> {
        let (bytes, uses) = (Uint8Array::from(bytes), Array::of1(&"decrypt".into()));
        let promise = subtle()?.import_key_with_str("raw", &bytes, "AES-GCM", false, &uses).ok()?;
        JsFuture::from(promise).await.ok()?.dyn_into().ok().map(Self)
    }

    /// Opens nonce ‖ ciphertext ‖ tag. `None` when it is not what was sealed with these words beside it.
    pub async fn open(&self, beside: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let sealed = Uint8Array::from(sealed);
        let algorithm = Object::new();
        Reflect::set(&algorithm, &"name".into(), &"AES-GCM".into()).ok()?;
        Reflect::set(&algorithm, &"iv".into(), &sealed.subarray(0, NONCE)).ok()?;
        Reflect::set(&algorithm, &"additionalData".into(), &Uint8Array::from(beside)).ok()?;
        let text = sealed.subarray(NONCE, sealed.length());
        let promise = subtle()?.decrypt_with_object_and_buffer_source(&algorithm, &self.0, &text).ok()?;
        Some(Uint8Array::new(&JsFuture::from(promise).await.ok()?).to_vec())
    }
}
