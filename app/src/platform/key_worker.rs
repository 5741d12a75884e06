//! The service worker as the place where an open vault's key outlives a reload: in its memory, never on the disk.

use std::cell::RefCell;

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessageEvent, ServiceWorker, ServiceWorkerRegistration};

thread_local! {
    /// What the workers are to keep; a worker that takes over is given it first.
    static KEPT: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Gives the key to every worker of this page, also to one that is being installed. To be repeated: a worker that is
/// spoken to is not stopped, and one that was stopped has forgotten.
pub async fn keep(vault: &str, key: &[u8]) {
    let Some(message) = message("KEY", vault, Some(key)) else { return };
    KEPT.set(Some(message.clone()));
    tell_all(&message).await;
}

/// Tells every worker to forget, whatever it holds.
pub async fn forget() {
    KEPT.set(None);
    if let Some(message) = message("FORGET", "", None) {
        tell_all(&message).await;
    }
}

/// Asks the worker for the key of a vault. `None` when it has none, or there is no worker.
pub async fn ask(vault: &str) -> Option<Vec<u8>> {
    let worker = registration().await?.active()?;
    let channel = MessageChannel::new().ok()?;
    let port = channel.port1();
    let answer = Promise::new(&mut |resolve, _reject| {
        let heard = Closure::once_into_js(move |event: MessageEvent| {
            // A promise that is not waited for any more takes its answer all the same.
            let _taken = resolve.call1(&JsValue::NULL, &event.data());
        });
        port.set_onmessage(Some(heard.unchecked_ref()));
    });
    worker.post_message_with_transferable(&message("KEY?", vault, None)?, &Array::of1(&channel.port2())).ok()?;
    let answer = JsFuture::from(answer).await.ok()?;
    port.close();
    answer.dyn_into::<Uint8Array>().ok().map(|key| key.to_vec())
}

/// Gives a worker that is about to take over what it is to keep.
pub(super) fn hand_over(worker: &ServiceWorker) {
    KEPT.with_borrow(|kept| {
        if let Some(message) = kept {
            // Without it the person is asked for the code once more.
            let _told = worker.post_message(message);
        }
    });
}

async fn tell_all(message: &JsValue) {
    let Some(registration) = registration().await else { return };
    let workers = [registration.active(), registration.waiting(), registration.installing()];
    for worker in workers.into_iter().flatten() {
        // A worker that is going away needs no key and has forgotten.
        let _told = worker.post_message(message);
    }
}

async fn registration() -> Option<ServiceWorkerRegistration> {
    let container = web_sys::window()?.navigator().service_worker();
    if container.is_undefined() {
        return None;
    }
    JsFuture::from(container.get_registration()).await.ok()?.dyn_into().ok()
}

fn message(kind: &str, vault: &str, key: Option<&[u8]>) -> Option<JsValue> {
    let message = Object::new();
    Reflect::set(&message, &"type".into(), &kind.into()).ok()?;
    Reflect::set(&message, &"vault".into(), &vault.into()).ok()?;
    if let Some(key) = key {
        Reflect::set(&message, &"key".into(), &Uint8Array::from(key)).ok()?;
    }
    Some(message.into())
}
