//! The address bar: where the page is, going elsewhere in it, following its links; and what a link brought after its `#`.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlAnchorElement, MouseEvent};

use super::page;

/// The path of the address: `/dossiers/…`.
#[must_use]
pub fn path() -> String {
    web_sys::window().and_then(|window| window.location().pathname().ok()).unwrap_or_else(|| "/".to_owned())
}

/// Puts another path into the address bar, as a new step of the history or (`replace`) in place of this one.
pub fn put(path: &str, replace: bool) {
    let Some(Ok(history)) = web_sys::window().map(|window| window.history()) else { return };
    let done = if replace {
        history.replace_state_with_url(&JsValue::NULL, "", Some(path))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(path))
    };
    if done.is_ok() && !replace {
        // In the office the page beside the rail, or beside the list, scrolls by itself.
        page::scroll_to_top(&[".shell__main", ".split__detail"]);
    }
}

/// Calls `moved` when the browser goes back or forward.
pub fn on_move(moved: impl Fn() + 'static) {
    let closure = Closure::<dyn FnMut()>::new(moved);
    if let Some(window) = web_sys::window()
        && window.add_event_listener_with_callback("popstate", closure.as_ref().unchecked_ref()).is_ok()
    {
        closure.forget();
    }
}

/// Calls `follow` with the path of a link of the page's own that is clicked plainly: not into another tab, not a file.
/// When it says no, the browser or another listener follows.
pub fn on_link(follow: impl Fn(&str) -> bool + 'static) {
    let closure = Closure::<dyn FnMut(MouseEvent)>::new(move |event: MouseEvent| {
        let chord = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
        if event.default_prevented() || event.button() != 0 || chord {
            return;
        }
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = element.and_then(|element| element.closest("a[href]").ok().flatten());
        if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok())
            && link.origin() == origin()
            && link.hash().is_empty()
            && link.target().is_empty()
            && !link.has_attribute("download")
            && follow(&link.pathname())
        {
            event.prevent_default();
        }
    });
    if let Some(window) = web_sys::window()
        && window.add_event_listener_with_callback("click", closure.as_ref().unchecked_ref()).is_ok()
    {
        closure.forget();
    }
}

/// The page's own origin, as links to it begin.
#[must_use]
pub fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// When the page was opened at `path` with something after `#`: that, taken out of the address bar and of the
/// history, so that nobody reads it there later. The page is at `/` from then on.
#[must_use]
pub fn take_fragment(path: &str) -> Option<String> {
    let window = web_sys::window()?;
    if self::path().trim_end_matches('/') != path {
        return None;
    }
    let fragment = window.location().hash().ok()?.trim_start_matches('#').to_owned();
    // A browser that keeps the address still opens the link.
    put("/", true);
    Some(fragment)
}
