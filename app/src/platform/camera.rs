//! The camera at the back of the phone: what it sees in a `<video>`, and single pictures of it in grey. It is off as soon
//! as its `Camera` is dropped. Needs HTTPS (or localhost).

use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::by_name::{bytes, call, call_and_wait, get, list, number, object, set, text, window};

/// Why there is no camera to look through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameraError {
    /// The browser has none to give: an old browser, or an address without HTTPS.
    Unsupported,
    /// The person, or a setting of the browser or of the phone, does not let this page use it.
    Refused,
    /// The device has none.
    Missing,
    /// Another application holds it, or it does not work.
    Busy,
}

impl CameraError {
    fn from_name(name: &str) -> Self {
        match name {
            "NotAllowedError" | "SecurityError" | "PermissionDeniedError" => Self::Refused,
            "NotFoundError" | "OverconstrainedError" | "DevicesNotFoundError" => Self::Missing,
            "NotReadableError" | "AbortError" | "InvalidStateError" | "TrackStartError" => Self::Busy,
            _ => Self::Unsupported,
        }
    }
}

/// A picture in grey, row by row; 0 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Points in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` points.
    pub luma: Vec<u8>,
}

/// A camera that is on.
#[derive(Debug)]
pub struct Camera {
    stream: JsValue,
    video: JsValue,
    canvas: JsValue,
}

impl Camera {
    /// Opens it, with what it sees in this `<video>`. The person may be asked.
    pub async fn open(video: &Element) -> Result<Self, CameraError> {
        let navigator = get(&window(), "navigator").ok_or(CameraError::Unsupported)?;
        let devices = get(&navigator, "mediaDevices").ok_or(CameraError::Unsupported)?;
        let ideal = |value: JsValue| object([("ideal", value)]);
        let wanted = object([
            ("facingMode", ideal("environment".into())),
            ("width", ideal(1280.into())),
            ("height", ideal(720.into())),
        ]);
        let asked = object([("video", wanted), ("audio", JsValue::FALSE)]);
        let failed = |error: JsValue| CameraError::from_name(&text(&error, "name"));
        let stream = call_and_wait(&devices, "getUserMedia", [asked]).await.map_err(failed)?;
        let document = get(&window(), "document").unwrap_or_default();
        // From here on, whatever fails, the camera goes off with this value.
        let camera = Self {
            stream,
            video: video.clone().into(),
            canvas: call(&document, "createElement", ["canvas".into()]).unwrap_or_default(),
        };
        for mode in ["muted", "playsInline"] {
            set(&camera.video, mode, true);
        }
        set(&camera.video, "srcObject", &camera.stream);
        call_and_wait(&camera.video, "play", []).await.map_err(|_| CameraError::Busy)?;
        Ok(camera)
    }

    /// What it sees now, at most `most` points wide and high. `None` before the first picture has come, and after the
    /// camera was taken away.
    #[must_use]
    pub fn frame(&self, most: f64) -> Option<Frame> {
        if !self.is_on() {
            return None;
        }
        let (width, height) = fitted(number(&self.video, "videoWidth")?, number(&self.video, "videoHeight")?, most)?;
        // Setting a size clears the canvas: only when the camera is turned.
        for (name, size) in [("width", width), ("height", height)] {
            if number(&self.canvas, name) != Some(size) {
                set(&self.canvas, name, size);
            }
        }
        let often_read = object([("willReadFrequently", JsValue::TRUE)]);
        let context = call(&self.canvas, "getContext", ["2d".into(), often_read]).ok()?;
        let (x, y, w, h): (JsValue, JsValue, JsValue, JsValue) = (0.into(), 0.into(), width.into(), height.into());
        call(&context, "drawImage", [self.video.clone(), x.clone(), y.clone(), w.clone(), h.clone()]).ok()?;
        let image = call(&context, "getImageData", [x, y, w, h]).ok()?;
        let luma = grey(&bytes(&image, "data")?);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a canvas's size")]
        let (width, height) = (width as usize, height as usize);
        (luma.len() == width * height).then_some(Frame { width, height, luma })
    }

    /// Whether it still sees: a call, another application or the person can take it away.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.track().is_some_and(|track| text(&track, "readyState") == "live")
    }

    /// Whether it has a lamp that can be switched.
    #[must_use]
    pub fn has_torch(&self) -> bool {
        let capabilities = self.track().and_then(|track| call(&track, "getCapabilities", []).ok());
        capabilities.and_then(|it| get(&it, "torch")).is_some_and(|torch| torch.is_truthy())
    }

    /// Switches the lamp. False when it stays as it was.
    pub async fn set_torch(&self, on: bool) -> bool {
        let Some(track) = self.track() else { return false };
        let wanted = object([("advanced", list([object([("torch", on.into())])]).into())]);
        call_and_wait(&track, "applyConstraints", [wanted]).await.is_ok()
    }

    fn track(&self) -> Option<JsValue> {
        get(&call(&self.stream, "getVideoTracks", []).ok()?, "0")
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        while let Some(track) = self.track() {
            // A track that does not stop has ended; taken out of the stream either way, so that this ends, too.
            let _ended = call(&track, "stop", []);
            if call(&self.stream, "removeTrack", [track]).is_err() {
                break;
            }
        }
        set(&self.video, "srcObject", JsValue::NULL);
    }
}

/// A size with the same proportions, at most `most` wide and high. `None` for nothing.
fn fitted(width: f64, height: f64, most: f64) -> Option<(f64, f64)> {
    let scale = (most / width.max(height)).min(1.0);
    let (width, height) = ((width * scale).round(), (height * scale).round());
    (width >= 1.0 && height >= 1.0).then_some((width, height))
}

/// Red, green, blue and opacity to grey, as eyes see it.
fn grey(rgba: &[u8]) -> Vec<u8> {
    let weighed = |point: &[u8; 4]| {
        let [red, green, blue, _] = point.map(u32::from);
        // At most 255 by the weights.
        u8::try_from((red * 77 + green * 150 + blue * 29) >> 8).unwrap_or(u8::MAX)
    };
    rgba.as_chunks::<4>().0.iter().map(weighed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_grey() {
        assert_eq!(grey(&[0, 0, 0, 255, 255, 255, 255, 255, 0, 255, 0, 255]), [0, 255, 149]);
        assert!(grey(&[1, 2, 3]).is_empty());
    }

    #[test]
    fn a_picture_keeps_its_proportions_and_never_grows() {
        assert_eq!(fitted(1280.0, 720.0, 800.0), Some((800.0, 450.0)));
        assert_eq!(fitted(480.0, 640.0, 800.0), Some((480.0, 640.0)));
        assert_eq!(fitted(0.0, 0.0, 800.0), None);
    }

    #[test]
    fn what_the_browser_says_becomes_what_a_person_can_act_on() {
        assert_eq!(CameraError::from_name("NotAllowedError"), CameraError::Refused);
        assert_eq!(CameraError::from_name("NotFoundError"), CameraError::Missing);
        assert_eq!(CameraError::from_name("NotReadableError"), CameraError::Busy);
        assert_eq!(CameraError::from_name("TypeError"), CameraError::Unsupported);
        assert_eq!(CameraError::from_name(""), CameraError::Unsupported);
    }
}
