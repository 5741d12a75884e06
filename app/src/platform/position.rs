//! Where the device is: asked once, when a person does something that needs it. Never followed.

use std::rc::Rc;

use futures_channel::oneshot;
use wasm_bindgen::prelude::*;

use super::by_name::{call, get, listener, number, object, window};

/// For how long the device may look for itself.
const PATIENCE_MS: u32 = 10_000;

/// A place on the earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// The device believes to be within so many metres.
    pub accuracy: f64,
}

/// Why nobody knows where the device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionError {
    /// The browser does not tell: an old browser, or an address without HTTPS.
    Unsupported,
    /// The person, or a setting of the browser or of the phone, does not let this page know.
    Refused,
    /// The device does not find out: no satellite, no network.
    Unknown,
    /// The device looked for ten seconds and did not find out.
    TooLong,
}

impl PositionError {
    /// The numbers of `GeolocationPositionError`.
    fn from_code(code: Option<f64>) -> Self {
        match code {
            Some(1.0) => Self::Refused,
            Some(3.0) => Self::TooLong,
            Some(_) => Self::Unknown,
            None => Self::Unsupported,
        }
    }
}

/// Where the device is now, as exactly as it can tell within ten seconds. The person may be asked: for as long as they
/// think about it, this waits.
pub async fn now() -> Result<Position, PositionError> {
    let navigator = get(&window(), "navigator").ok_or(PositionError::Unsupported)?;
    let locator = get(&navigator, "geolocation").ok_or(PositionError::Unsupported)?;
    let (tell, told) = oneshot::channel();
    let tell = Rc::new(std::cell::Cell::new(Some(tell)));
    let answer = |read: fn(&JsValue) -> Result<Position, PositionError>| {
        let tell = Rc::clone(&tell);
        listener(move |it| {
            if let Some(tell) = tell.take() {
                // Nobody waits any more.
                let _gone = tell.send(read(&it));
            }
        })
    };
    let found = answer(read);
    let failed = answer(|error| Err(PositionError::from_code(number(error, "code"))));
    let how = object([
        ("enableHighAccuracy", JsValue::TRUE),
        ("timeout", PATIENCE_MS.into()),
        // Where it was before is not where it is.
        ("maximumAge", 0.into()),
    ]);
    let given = [found.as_ref().clone(), failed.as_ref().clone(), how];
    call(&locator, "getCurrentPosition", given).map_err(|_| PositionError::Unsupported)?;
    told.await.unwrap_or(Err(PositionError::Unknown))
}

fn read(position: &JsValue) -> Result<Position, PositionError> {
    let coordinates = get(position, "coords").ok_or(PositionError::Unknown)?;
    let value = |name| number(&coordinates, name).ok_or(PositionError::Unknown);
    Ok(Position { latitude: value("latitude")?, longitude: value("longitude")?, accuracy: value("accuracy")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_browser_says_becomes_what_a_person_can_act_on() {
        assert_eq!(PositionError::from_code(Some(1.0)), PositionError::Refused);
        assert_eq!(PositionError::from_code(Some(2.0)), PositionError::Unknown);
        assert_eq!(PositionError::from_code(Some(3.0)), PositionError::TooLong);
        assert_eq!(PositionError::from_code(None), PositionError::Unsupported);
    }
}
