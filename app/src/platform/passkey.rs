//! Passkeys of this device: a secret that a fingerprint, a face or the device's own code brings out of its hardware
//! (WebAuthn with the PRF extension, which web-sys keeps behind an unstable flag: hence `passkey.js`).

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/platform/passkey.js")]
extern "C" {
    #[wasm_bindgen(js_name = available, catch)]
    async fn js_available() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = create, catch)]
    async fn js_create(user: &[u8], name: &str, input: &[u8]) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = secret, catch)]
    async fn js_secret(id: &[u8], input: &[u8]) -> Result<JsValue, JsValue>;
}

/// Whether this browser and this device have them.
pub async fn available() -> bool {
    js_available().await.is_ok_and(|answer| answer.is_truthy())
}

/// Makes one: its id. The person is asked for their fingerprint, face or device code. `None` when they refuse, or when
/// what the device makes has no secret to give.
pub async fn create(user: &[u8; 16], name: &str, input: &[u8]) -> Option<Vec<u8>> {
    bytes(js_create(user, name, input).await)
}

/// The secret that a passkey gives for an input: the same each time, another for another input. The person is asked.
/// `None` when they refuse, or the passkey is gone.
pub async fn secret(id: &[u8], input: &[u8]) -> Option<[u8; 32]> {
    bytes(js_secret(id, input).await)?.try_into().ok()
}

fn bytes(answer: Result<JsValue, JsValue>) -> Option<Vec<u8>> {
    answer.ok()?.dyn_into::<js_sys::Uint8Array>().ok().map(|bytes| bytes.to_vec())
}
