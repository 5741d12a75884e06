//! Web Locks, through reflection: web-sys keeps them behind an unstable flag.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

thread_local! {
    /// What ends each lock this tab holds.
    static HELD: std::cell::RefCell<Vec<Function>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Gives every lock back: this tab will not do its duty any more.
pub fn release_all() {
    for end in HELD.take() {
        // Nothing can be done about a promise that does not end; the lock ends with the tab.
        let _ended = end.call0(&JsValue::NULL);
    }
}

/// Waits until this tab holds the lock of that name; it is held until the tab closes.
/// Where the browser has no locks, answers at once: such browsers run one tab at a time.
pub async fn hold_forever(name: &str) {
    let Some(locks) = lock_manager() else { return };
    let (held, now_held) = futures_channel::oneshot::channel::<()>();
    let mut held = Some(held);
    let granted = Closure::once_into_js(move |_lock: JsValue| -> Promise {
        if let Some(held) = held.take() {
            // The receiver is gone only when the page is.
            let _page_is_gone = held.send(());
        }
        Promise::new(&mut |resolve, _reject| HELD.with_borrow_mut(|held| held.push(resolve)))
    });
    let Ok(request) = Reflect::get(&locks, &"request".into()).and_then(JsCast::dyn_into::<Function>) else { return };
    match request.call2(&locks, &name.into(), &granted).map(JsCast::dyn_into::<Promise>) {
        Ok(Ok(promise)) => {
            wasm_bindgen_futures::spawn_local(async move {
                // Never resolves while the lock is held; a refusal means there are no locks here.
                let _ended = JsFuture::from(promise).await;
            });
        }
        _ => return,
    }
    let _held_or_gone = now_held.await;
}

fn lock_manager() -> Option<JsValue> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    (!locks.is_undefined() && !locks.is_null()).then_some(locks)
}
