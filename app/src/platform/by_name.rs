//! Reaching by name what not every browser has. Glue of its own would be in the first download, whichever page calls it;
//! these few calls are there already, so that what only later pages use weighs on later pages only.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The page's window, as a thing with properties. `undefined` outside of a page.
pub(super) fn window() -> JsValue {
    web_sys::window().map_or(JsValue::UNDEFINED, Into::into)
}

/// A property; `None` where there is none.
pub(super) fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// A property that is a text; empty where there is none.
pub(super) fn text(of: &JsValue, name: &str) -> String {
    get(of, name).and_then(|value| value.as_string()).unwrap_or_default()
}

/// A property that is a number.
pub(super) fn number(of: &JsValue, name: &str) -> Option<f64> {
    get(of, name).and_then(|value| value.as_f64())
}

/// A property that is a view of bytes: the bytes.
pub(super) fn bytes(of: &JsValue, name: &str) -> Option<Vec<u8>> {
    let view = get(of, name)?;
    let all = Uint8Array::new(&get(&view, "buffer")?).to_vec();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places in a buffer")]
    let place = |name| number(&view, name).map(|place| place as usize);
    all.get(place("byteOffset")?..)?.get(..place("byteLength")?).map(<[u8]>::to_vec)
}

/// Sets a property. What an object does not take stays away: the browser goes on without it.
pub(super) fn set(of: &JsValue, name: &str, value: impl Into<JsValue>) {
    let _taken = Reflect::set(of, &name.into(), &value.into());
}

/// An object with these properties.
pub(super) fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object: JsValue = Object::new().into();
    for (name, value) in properties {
        set(&object, name, value);
    }
    object
}

/// A list.
pub(super) fn list<const N: usize>(items: [JsValue; N]) -> Array {
    items.into_iter().collect()
}

/// Makes one of the window's classes; `None` where the browser does not have it, or refuses.
pub(super) fn make(class: &str) -> Option<JsValue> {
    let class: Function = get(&window(), class)?.dyn_into().ok()?;
    Reflect::construct(&class, &Array::new()).ok()
}

/// Calls a method. The error is what it threw; `undefined` where there is no such method.
pub(super) fn call<const N: usize>(of: &JsValue, name: &str, given: [JsValue; N]) -> Result<JsValue, JsValue> {
    let method: Function = get(of, name).ok_or(JsValue::UNDEFINED)?.dyn_into()?;
    Reflect::apply(&method, of, &list(given))
}

/// Calls a method that promises, and waits.
pub(super) async fn call_and_wait<const N: usize>(
    of: &JsValue,
    name: &str,
    given: [JsValue; N],
) -> Result<JsValue, JsValue> {
    JsFuture::from(call(of, name, given)?.dyn_into::<Promise>()?).await
}

/// A function for the browser to call.
pub(super) type Listener = Closure<dyn FnMut(JsValue)>;

/// A function that the browser calls with an event or a value, for as long as it is held.
pub(super) fn listener(act: impl FnMut(JsValue) + 'static) -> Listener {
    Closure::new(act)
}
