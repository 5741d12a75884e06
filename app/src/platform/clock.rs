//! The device's clock and timers.

use std::future::Future;

use gloo_timers::future::TimeoutFuture;
use liaison_shared::Timestamp;

/// Now, by the device's clock.
#[must_use]
pub fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit an f64 and an i64")]
    Timestamp(js_sys::Date::now() as i64)
}

/// Waits.
pub async fn sleep(milliseconds: u32) {
    TimeoutFuture::new(milliseconds).await;
}

/// Runs a task on the page's event loop.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(task);
}
