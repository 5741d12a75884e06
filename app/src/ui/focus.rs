//! Moving the keyboard's focus through the page in reading order.

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

/// The element after `from` in reading order, without leaving `root`.
fn following(from: &Element, root: &Element) -> Option<Element> {
    if let Some(child) = from.first_element_child() {
        return Some(child);
    }
    let mut current = from.clone();
    while &current != root {
        if let Some(next) = current.next_element_sibling() {
            return Some(next);
        }
        current = current.parent_element()?;
    }
    None
}

/// The element before `from` in reading order, without leaving `root`.
fn preceding(from: &Element, root: &Element) -> Option<Element> {
    if from == root {
        return None;
    }
    if let Some(mut previous) = from.previous_element_sibling() {
        while let Some(last) = previous.last_element_child() {
            previous = last;
        }
        return Some(previous);
    }
    from.parent_element().filter(|parent| parent != root)
}

/// Focuses the first element past `from`, forwards or backwards, that matches `selector`, is inside the
/// nearest ancestor of `from` matching `within`, and is visible. Returns whether there was one.
pub fn focus_neighbour(from: &Element, selector: &str, within: &str, forwards: bool) -> bool {
    let Ok(Some(root)) = from.closest(within) else {
        return false;
    };
    let step = |element: &Element| {
        if forwards { following(element, &root) } else { preceding(element, &root) }
    };
    let mut candidate = step(from);
    while let Some(element) = candidate {
        if element.matches(selector).unwrap_or(false)
            && let Some(target) = element.dyn_ref::<HtmlElement>()
            && target.offset_width() > 0
        {
            return target.focus().is_ok();
        }
        candidate = step(&element);
    }
    false
}
