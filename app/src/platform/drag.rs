//! Cards of a grid that the mouse or a pen carries to another place of it, and what an event happened on. Fingers scroll.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, EventTarget, HtmlElement, PointerEvent};

/// How far the pointer goes before a press becomes a carrying, in pixels.
const SLACK: i32 = 6;
/// What a card has while it is carried, and what the place has on which it would be put down.
const CARRIED: &str = "data-carried";
const OVER: &str = "data-over";

/// The attribute of the element that an event happened on, or of the nearest around it that has it.
#[must_use]
pub fn named(event: &Event, name: &str) -> Option<String> {
    nearest(event.target(), name)?.get_attribute(name)
}

fn nearest(target: Option<EventTarget>, name: &str) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest(&format!("[{name}]")).ok().flatten()
}

/// An event's name, and what hears it.
type Listener = (&'static str, Closure<dyn FnMut(PointerEvent)>);

/// What is being carried.
struct Carry {
    card: HtmlElement,
    from: (i32, i32),
    begun: bool,
    over: Option<Element>,
    listeners: Vec<Listener>,
}

/// Begins to carry the card that was pressed (an element with the attribute `what`); `dropped` hears which card was put
/// down on which place (an element with the attribute `place`).
pub fn carry(
    event: &PointerEvent,
    what: &'static str,
    place: &'static str,
    dropped: impl Fn(String, String) + 'static,
) {
    let card = nearest(event.target(), what).and_then(|card| card.dyn_into::<HtmlElement>().ok());
    let Some(card) = card.filter(|_| event.button() == 0 && event.pointer_type() != "touch") else { return };
    let from = (event.client_x(), event.client_y());
    let carry = Rc::new(RefCell::new(Carry { card, from, begun: false, over: None, listeners: Vec::new() }));
    let moved = {
        let carry = Rc::clone(&carry);
        move |event: PointerEvent| carry.borrow_mut().go(&event, place)
    };
    let ended = {
        let carry = Rc::clone(&carry);
        move |event: PointerEvent| {
            let (listeners, landed) = {
                let mut carry = carry.borrow_mut();
                carry.put_down();
                let put = carry.begun && event.type_() == "pointerup";
                let landed =
                    carry.card.get_attribute(what).zip(carry.over.take().and_then(|it| it.get_attribute(place)));
                (std::mem::take(&mut carry.listeners), landed.filter(|_| put))
            };
            for (name, listener) in &listeners {
                if let Some(window) = web_sys::window() {
                    // What was never added is not there to be taken away.
                    let _gone = window.remove_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
                }
            }
            if let Some((what, place)) = landed {
                dropped(what, place);
            }
            // One of them is running: freed when it has ended.
            wasm_bindgen_futures::spawn_local(async move { drop(listeners) });
        }
    };
    let ended = Rc::new(ended);
    let again = Rc::clone(&ended);
    let mut listeners: Vec<Listener> = vec![
        ("pointermove", Closure::new(moved)),
        ("pointerup", Closure::new(move |event| ended(event))),
        ("pointercancel", Closure::new(move |event| again(event))),
    ];
    if let Some(window) = web_sys::window() {
        listeners
            .retain(|(name, it)| window.add_event_listener_with_callback(name, it.as_ref().unchecked_ref()).is_ok());
    }
    carry.borrow_mut().listeners = listeners;
}

impl Carry {
    fn go(&mut self, event: &PointerEvent, place: &str) {
        let (x, y) = (event.client_x() - self.from.0, event.client_y() - self.from.1);
        if !self.begun && x.abs().max(y.abs()) < SLACK {
            return;
        }
        if !self.begun {
            self.begun = true;
            mark(&self.card, CARRIED, true);
        }
        let style = self.card.style();
        let _shown = style.set_property("translate", &format!("{x}px {y}px"));
        let page = web_sys::window().and_then(|window| window.document());
        #[expect(clippy::cast_precision_loss, reason = "pixels of a screen")]
        let under = page.and_then(|page| page.element_from_point(event.client_x() as f32, event.client_y() as f32));
        let over = under.and_then(|it| it.closest(&format!("[{place}]")).ok().flatten());
        if over != self.over {
            self.over.iter().for_each(|it| mark(it, OVER, false));
            over.iter().for_each(|it| mark(it, OVER, true));
            self.over = over;
        }
    }

    fn put_down(&self) {
        let _gone = self.card.style().remove_property("translate");
        mark(&self.card, CARRIED, false);
        self.over.iter().for_each(|it| mark(it, OVER, false));
    }
}

fn mark(element: &Element, name: &str, on: bool) {
    // An attribute of a name that is fixed above.
    let _done = if on { element.set_attribute(name, "") } else { element.remove_attribute(name) };
}
