//! The service worker: registration, and the quiet offer of a new version.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorker, ServiceWorkerRegistration};

/// Registers `/sw.js`; calls `on_update` when a new version is installed and waits. Never activates it by itself.
pub async fn register(on_update: impl Fn() + Clone + 'static) -> Option<Updates> {
    let container = web_sys::window()?.navigator().service_worker();
    if container.is_undefined() {
        return None;
    }
    let registration = JsFuture::from(container.register("/sw.js")).await.ok()?;
    let registration: ServiceWorkerRegistration = registration.dyn_into().ok()?;
    let had_controller = container.controller().is_some();
    if registration.waiting().is_some() && had_controller {
        on_update();
    }
    let watched = registration.clone();
    let on_found = Closure::<dyn FnMut()>::new(move || {
        if let Some(worker) = watched.installing() {
            watch(&worker, had_controller, on_update.clone());
        }
    });
    registration.set_onupdatefound(Some(on_found.as_ref().unchecked_ref()));
    on_found.forget();
    Some(Updates { registration })
}

fn watch(worker: &ServiceWorker, had_controller: bool, on_update: impl Fn() + 'static) {
    let watched = worker.clone();
    let on_state = Closure::<dyn FnMut()>::new(move || {
        // The first installation is not an update.
        if had_controller && watched.state() == web_sys::ServiceWorkerState::Installed {
            on_update();
        }
    });
    worker.set_onstatechange(Some(on_state.as_ref().unchecked_ref()));
    on_state.forget();
}

/// The registered worker.
#[derive(Clone)]
pub struct Updates {
    registration: ServiceWorkerRegistration,
}

impl Updates {
    /// Has the worker fetch the chunks that a first visit leaves out; those it has cost nothing. Does not wait for the
    /// worker, which may never come.
    pub fn fetch_chunks(&self) {
        let Some(Ok(ready)) = web_sys::window().map(|window| window.navigator().service_worker().ready()) else {
            return;
        };
        let registration = self.registration.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if let (Ok(_), Some(active)) = (JsFuture::from(ready).await, registration.active()) {
                // Not heard: asked again at the next look for a new version.
                let _told = active.post_message(&message("CHUNKS"));
            }
        });
    }

    /// Looks for a new version now.
    pub async fn check(&self) {
        if let Ok(promise) = self.registration.update() {
            // Offline: there will be another look later.
            let _later = JsFuture::from(promise).await;
        }
    }

    /// Lets the waiting version take over, then loads the page anew.
    pub fn activate(&self) {
        let Some(window) = web_sys::window() else { return };
        let Some(waiting) = self.registration.waiting() else {
            super::page::reload();
            return;
        };
        let on_change = Closure::<dyn FnMut()>::new(super::page::reload);
        window.navigator().service_worker().set_oncontrollerchange(Some(on_change.as_ref().unchecked_ref()));
        on_change.forget();
        super::key_worker::hand_over(&waiting);
        if waiting.post_message(&message("ACTIVATE")).is_err() {
            super::page::reload();
        }
    }
}

fn message(kind: &str) -> JsValue {
    let message = Object::new();
    // A property of a fresh object can always be set.
    let _set = Reflect::set(&message, &"type".into(), &kind.into());
    message.into()
}
