//! A key that the browser keeps and does not show: it signs here, and nobody, not even this page, reads its bytes.
//! How well it is kept on the disk is the browser's affair; see « at rest » in ARCHITECTURE.md.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// The handle of such a key, which IndexedDB can store.
#[derive(Clone)]
pub struct DeviceKey(CryptoKey);

impl DeviceKey {
    /// Makes a new one. `None` where the browser has no WebCrypto (a page that is not served over HTTPS).
    pub async fn create() -> Option<Self> {
        let algorithm = Object::new();
        Reflect::set(&algorithm, &"name".into(), &"HMAC".into()).ok()?;
        Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into()).ok()?;
        let promise = subtle()?.generate_key_with_object(&algorithm, false, &Array::of1(&"sign".into())).ok()?;
        JsFuture::from(promise).await.ok()?.dyn_into().ok().map(Self)
    }

    /// The key that was stored, if it is one.
    #[must_use]
    pub fn from_stored(value: JsValue) -> Option<Self> {
        value.dyn_into().ok().map(Self)
    }

    /// What to store.
    #[must_use]
    pub fn to_stored(&self) -> JsValue {
        self.0.clone().into()
    }

    /// HMAC-SHA-256 of a message. `None` when the browser refuses.
    pub async fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let message = Uint8Array::from(message);
        let promise = subtle()?.sign_with_str_and_buffer_source("HMAC", &self.0, &message).ok()?;
        let signature = JsFuture::from(promise).await.ok()?;
        Some(Uint8Array::new(&signature).to_vec())
    }
}

pub(super) fn subtle() -> Option<SubtleCrypto> {
    let subtle = web_sys::window()?.crypto().ok()?.subtle();
    (!subtle.is_undefined()).then_some(subtle)
}
