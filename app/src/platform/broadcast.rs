//! Messages between the tabs of one browser.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

/// A channel to the other tabs. Closed when dropped.
pub struct Channel {
    inner: BroadcastChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Joins the channel of that name. `None` where the browser has none (then tabs stay unaware of each other).
    pub fn join(name: &str, mut on_message: impl FnMut(Vec<u8>) + 'static) -> Option<Self> {
        let inner = BroadcastChannel::new(name).ok()?;
        let closure = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(bytes) = event.data().dyn_into::<Uint8Array>() {
                on_message(bytes.to_vec());
            }
        });
        inner.set_onmessage(Some(closure.as_ref().unchecked_ref()));
        Some(Self { inner, _on_message: closure })
    }

    /// Tells every other tab. False when the browser refused.
    pub fn send(&self, bytes: &[u8]) -> bool {
        self.inner.post_message(&Uint8Array::from(bytes)).is_ok()
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inner.set_onmessage(None);
        self.inner.close();
    }
}
