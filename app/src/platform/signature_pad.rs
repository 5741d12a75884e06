//! A canvas on which people sign with a finger, a pen or a mouse (`signature_pad.js`).

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::Element;

#[wasm_bindgen(module = "/src/platform/signature_pad.js")]
extern "C" {
    #[wasm_bindgen(js_name = attach)]
    fn js_attach(canvas: &Element);
    #[wasm_bindgen(js_name = isBlank)]
    fn js_is_blank(canvas: &Element) -> bool;
    #[wasm_bindgen(js_name = isSigned)]
    fn js_is_signed(canvas: &Element) -> bool;
    #[wasm_bindgen(js_name = clear)]
    fn js_clear(canvas: &Element);
    #[wasm_bindgen(js_name = png, catch)]
    async fn js_png(canvas: &Element) -> Result<JsValue, JsValue>;
}

/// Lets people draw on a canvas.
pub fn attach(canvas: &Element) {
    js_attach(canvas);
}

/// Whether nothing at all was drawn.
#[must_use]
pub fn is_blank(canvas: &Element) -> bool {
    js_is_blank(canvas)
}

/// Whether more than a dot was drawn.
#[must_use]
pub fn is_signed(canvas: &Element) -> bool {
    js_is_signed(canvas)
}

/// Forgets what was drawn.
pub fn clear(canvas: &Element) {
    js_clear(canvas);
}

/// What was drawn, as a PNG. `None` when the browser cannot make one.
pub async fn png(canvas: &Element) -> Option<Vec<u8>> {
    let bytes: Uint8Array = js_png(canvas).await.ok()?.dyn_into().ok()?;
    Some(bytes.to_vec())
}
