//! How far the browser promises to keep what is stored.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// The browser's promise about this site's storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// Kept until somebody clears it.
    Granted,
    /// May be cleared when the device runs out of space.
    BestEffort,
    /// The browser does not say.
    Unknown,
}

/// Asks the browser to keep the storage. May never answer: do not wait for it before anything else.
pub async fn ask_to_persist() -> Persistence {
    let Some(window) = web_sys::window() else { return Persistence::Unknown };
    let Ok(promise) = window.navigator().storage().persist() else { return Persistence::Unknown };
    match JsFuture::from(promise).await {
        Ok(granted) if granted.is_truthy() => Persistence::Granted,
        Ok(_) => Persistence::BestEffort,
        Err(_) => Persistence::Unknown,
    }
}

/// Bytes used and bytes granted to this site, when the browser tells.
pub async fn estimate() -> Option<(f64, f64)> {
    let promise = web_sys::window()?.navigator().storage().estimate().ok()?;
    let estimate = JsFuture::from(promise).await.ok()?;
    let number = |name: &str| Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    Some((number("usage")?, number("quota")?))
}

/// Whether the page runs as an installed application.
#[must_use]
pub fn is_installed() -> bool {
    let Some(window) = web_sys::window() else { return false };
    let standalone = window.match_media("(display-mode: standalone)").ok().flatten();
    standalone.is_some_and(|query| query.matches())
        || Reflect::get(window.navigator().unchecked_ref(), &"standalone".into()).is_ok_and(|value| value.is_truthy())
}
