//! Photos and papers that a person chooses on this device. Photos are made smaller before anything else sees them
//! (`images.js`); what cannot travel is said.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/platform/images.js")]
extern "C" {
    #[wasm_bindgen(js_name = choose, catch)]
    async fn js_choose(accept: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = prepare, catch)]
    async fn js_prepare(file: &JsValue, most: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = Object)]
    type Prepared;
    #[wasm_bindgen(method, getter)]
    fn name(this: &Prepared) -> String;
    #[wasm_bindgen(method, getter, js_name = type)]
    fn mime(this: &Prepared) -> String;
    #[wasm_bindgen(method, getter)]
    fn size(this: &Prepared) -> f64;
    #[wasm_bindgen(method, getter)]
    fn bytes(this: &Prepared) -> Option<Uint8Array>;
}

/// A file that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked {
    /// Its name.
    pub name: String,
    /// Its media type, as the browser knows it; may be empty.
    pub mime: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Why a file cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// There is nothing in it.
    Empty(String),
    /// It is larger than may be; so many bytes.
    TooLarge(String, u64),
    /// The browser cannot read it any more.
    Unreadable,
}

/// Lets a person choose files, each as large as `most` bytes once it is ready. Empty when they changed their mind.
pub async fn choose(accept: &str, most: u32) -> Vec<Result<Picked, Unfit>> {
    let Ok(files) = js_choose(accept).await else { return Vec::new() };
    let mut picked = Vec::new();
    for file in Array::from(&files).iter() {
        picked.push(prepare(&file, most).await);
    }
    picked
}

async fn prepare(file: &JsValue, most: u32) -> Result<Picked, Unfit> {
    let prepared = js_prepare(file, f64::from(most)).await.map_err(|_| Unfit::Unreadable)?;
    let prepared: Prepared = prepared.unchecked_into();
    let name = prepared.name();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's size")]
    match (prepared.bytes(), prepared.size() as u64) {
        (Some(bytes), _) => Ok(Picked { name, mime: prepared.mime(), bytes: bytes.to_vec() }),
        (None, 0) => Err(Unfit::Empty(name)),
        (None, size) => Err(Unfit::TooLarge(name, size)),
    }
}
