//! SHA-256 as the browser makes it: outside the page's own thread, and as fast as the device can.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;

/// The hash of some bytes. `None` where the browser has no WebCrypto (a page that is not served over HTTPS).
pub async fn sha256(bytes: &[u8]) -> Option<[u8; 32]> {
    let subtle = web_sys::window()?.crypto().ok()?.subtle();
    if subtle.is_undefined() {
        return None;
    }
    // A copy: what is hashed must not lie in memory that may move meanwhile.
    let promise = subtle.digest_with_str_and_buffer_source("SHA-256", &Uint8Array::from(bytes)).ok()?;
    Uint8Array::new(&JsFuture::from(promise).await.ok()?).to_vec().try_into().ok()
}
