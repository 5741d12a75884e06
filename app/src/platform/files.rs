//! Files that leave the page, or are shown in it.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Offers bytes as a file to keep. False when the browser refuses.
pub fn download(name: &str, mime: &str, bytes: &[u8]) -> bool {
    try_download(name, mime, bytes).is_some()
}

fn try_download(name: &str, mime: &str, bytes: &[u8]) -> Option<()> {
    let url = address(mime, bytes)?;
    let document = web_sys::window()?.document()?;
    let anchor: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&url).ok()
}

/// An address in this page for bytes, until [`forget`]. `None` when the browser refuses.
#[must_use]
pub fn address(mime: &str, bytes: &[u8]) -> Option<String> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// The bytes behind an address are not needed any more.
pub fn forget(address: &str) {
    // At the latest they go with the page.
    let _gone = Url::revoke_object_url(address);
}
