//! The page as a whole: visibility, network, title, restart.

use wasm_bindgen::prelude::*;

/// What the browser tells about the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageEvent {
    /// The network is said to be back.
    Online,
    /// The network is said to be gone.
    Offline,
    /// The page is seen again.
    Shown,
    /// The page may be about to end: the last moment to store something.
    Hidden,
}

/// Scrolls the page to its top, and these of its parts (selectors) that scroll by themselves.
pub fn scroll_to_top(parts: &[&str]) {
    let Some(window) = web_sys::window() else { return };
    window.scroll_to_with_x_and_y(0.0, 0.0);
    for part in parts {
        let part = window.document().and_then(|document| document.query_selector(part).ok().flatten());
        part.into_iter().for_each(|part| part.set_scroll_top(0));
    }
}

/// Listens for the life of the page.
pub fn on_page_event(listener: impl Fn(PageEvent) + Clone + 'static) {
    let Some(window) = web_sys::window() else { return };
    let Some(document) = window.document() else { return };
    listen(&window, "online", PageEvent::Online, listener.clone());
    listen(&window, "offline", PageEvent::Offline, listener.clone());
    listen(&window, "pagehide", PageEvent::Hidden, listener.clone());
    let visibility = {
        let document = document.clone();
        Closure::<dyn FnMut()>::new(move || {
            let hidden = document.visibility_state() == web_sys::VisibilityState::Hidden;
            listener(if hidden { PageEvent::Hidden } else { PageEvent::Shown });
        })
    };
    if document.add_event_listener_with_callback("visibilitychange", visibility.as_ref().unchecked_ref()).is_ok() {
        visibility.forget();
    }
}

fn listen(window: &web_sys::Window, name: &str, event: PageEvent, listener: impl Fn(PageEvent) + 'static) {
    let closure = Closure::<dyn FnMut()>::new(move || listener(event));
    if window.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref()).is_ok() {
        closure.forget();
    }
}

/// Calls `act` at every sign that somebody is there: a key, a finger, a wheel, a pointer that is pressed.
pub fn on_activity(act: impl Fn() + 'static) {
    let Some(window) = web_sys::window() else { return };
    let closure = Closure::<dyn FnMut()>::new(act);
    for name in ["pointerdown", "keydown", "wheel", "touchmove"] {
        // A sign that cannot be listened for is one of several.
        let _listens = window.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    }
    closure.forget();
}

/// Calls `act` with the key when one is pressed outside of any field.
pub fn on_shortcut(act: impl Fn(&str) -> bool + 'static) {
    let closure = Closure::<dyn FnMut(web_sys::KeyboardEvent)>::new(move |event: web_sys::KeyboardEvent| {
        let typing =
            event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()).is_some_and(|element| {
                matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
                    || element.closest("dialog[open]").ok().flatten().is_some()
            });
        let chord = event.ctrl_key() || event.meta_key() || event.alt_key();
        if !typing && !chord && act(&event.key()) {
            event.prevent_default();
        }
    });
    if let Some(window) = web_sys::window()
        && window.add_event_listener_with_callback("keydown", closure.as_ref().unchecked_ref()).is_ok()
    {
        closure.forget();
    }
}

/// Puts the keyboard into the element with this id. False when there is none.
pub fn focus(id: &str) -> bool {
    let element = web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id(id));
    element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()).is_some_and(|it| it.focus().is_ok())
}

/// Takes away the static shell that was painted before the application started.
pub fn remove_shell() {
    let shell = web_sys::window().and_then(|window| window.document()).and_then(|it| it.get_element_by_id("coquille"));
    if let Some(shell) = shell {
        shell.remove();
    }
}

/// Opens the browser's print dialog.
pub fn print() {
    if let Some(window) = web_sys::window() {
        // A browser that does not print says so itself.
        let _printing = window.print();
    }
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        // Nothing can be done about a browser that does not reload.
        let _unlikely = window.location().reload();
    }
}

/// What a person calls this browser: "Chrome sur Android" and the like, from the user agent.
#[must_use]
pub fn device_name() -> String {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default();
    let first = |names: &[(&str, &'static str)], other: &'static str| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map_or(other, |(_, name)| *name)
    };
    let browsers = [("Firefox", "Firefox"), ("Edg", "Edge"), ("Chrome", "Chrome"), ("Safari", "Safari")];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    format!("{} sur {}", first(&browsers, "Navigateur"), first(&systems, "appareil"))
}

/// Whether this looks like a telephone rather than a computer.
#[must_use]
pub fn is_phone() -> bool {
    let coarse = web_sys::window().and_then(|window| window.match_media("(pointer: coarse)").ok().flatten());
    coarse.is_some_and(|query| query.matches())
        || web_sys::window().and_then(|window| window.inner_width().ok()?.as_f64()).is_some_and(|width| width < 600.0)
}

/// Replaces the page by the restart screen that `index.html` holds ready.
pub fn show_restart_screen(title: &str, text: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    if let Some(body) = document.body() {
        let children = body.children();
        for index in (0..children.length()).rev() {
            if let Some(child) = children.item(index)
                && child.id() != "panne"
            {
                child.remove();
            }
        }
    }
    for (id, words) in [("panne-titre", title), ("panne-texte", text)] {
        if let Some(element) = document.get_element_by_id(id) {
            element.set_text_content(Some(words));
        }
    }
    if let Some(screen) = document.get_element_by_id("panne") {
        // The attribute is there or it is not.
        let _shown = screen.remove_attribute("hidden");
    }
}
