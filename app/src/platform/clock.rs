//! The device's clock and timers.

use std::cell::OnceCell;
use std::future::Future;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::Promise;
use liaison_shared::Timestamp;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

use super::{by_name, random};

thread_local! {
    static PAGE: OnceCell<[u8; 16]> = const { OnceCell::new() };
}

/// Now, by the device's clock.
#[must_use]
pub fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit an f64 and an i64")]
    Timestamp(js_sys::Date::now() as i64)
}

/// Milliseconds since this page was opened, by a clock that nobody sets: it never jumps and never goes back. Two of them may
/// be subtracted when `page_session` was the same for both. Some systems do not count while the device sleeps: what has
/// passed is at least the difference.
#[must_use]
pub fn monotonic() -> f64 {
    let since = by_name::get(&by_name::window(), "performance").map(|clock| by_name::call(&clock, "now", []));
    since.and_then(Result::ok).and_then(|since| since.as_f64()).unwrap_or_default()
}

/// What tells this page, from when it was opened until it is closed or loaded anew, from every other one.
#[must_use]
pub fn page_session() -> [u8; 16] {
    PAGE.with(|page| *page.get_or_init(random::sixteen_bytes))
}

/// Waits.
pub async fn sleep(milliseconds: u32) {
    TimeoutFuture::new(milliseconds).await;
}

/// What comes of a work, when it is done within so many milliseconds; else it is left where it is.
pub async fn within<T>(milliseconds: u32, work: impl Future<Output = T>) -> Option<T> {
    match select(Box::pin(work), Box::pin(sleep(milliseconds))).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}

/// Lets the page draw and answer before more is done: a message to oneself comes after what waits already, and at once when
/// nothing does. A timer would wait four milliseconds, and a second where the page is hidden.
pub async fn breathe() {
    let Ok(channel) = MessageChannel::new() else { return sleep(0).await };
    let port = channel.port1();
    let heard = Promise::new(&mut |resolve, _reject| port.set_onmessage(Some(&resolve)));
    if channel.port2().post_message(&JsValue::NULL).is_ok() {
        // It cannot be refused.
        let _heard = JsFuture::from(heard).await.is_ok();
    }
    port.close();
}

/// Work that may take long, in turns with the page.
pub struct Turns(f64);

impl Turns {
    /// Milliseconds after which the page is let in: with what cannot be divided, it must not wait for fifty.
    const LONG: f64 = 8.0;

    /// The first turn begins now.
    #[must_use]
    pub fn begin() -> Self {
        Self(monotonic())
    }

    /// Goes on; lets the page in first when this turn has been long.
    pub async fn go_on(&mut self) {
        if monotonic() - self.0 > Self::LONG {
            breathe().await;
            self.0 = monotonic();
        }
    }
}

/// Runs a task on the page's event loop.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(task);
}
