//! Tags that a phone reads when it is held to them (Web NFC: Chrome on Android, over HTTPS). Elsewhere there is none.

use std::cell::Cell;
use std::rc::Rc;

use futures_channel::oneshot;
use wasm_bindgen::prelude::*;

use super::by_name::{self, bytes, call, call_and_wait, get, list, listener, object, text, window};

/// Why a tag was not read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NfcError {
    /// The browser or the phone cannot do it.
    Unsupported,
    /// The person does not let this page do it.
    Refused,
    /// It is switched off in the phone's settings.
    Off,
    /// The phone was taken away too soon, or the tag takes nothing: it may be locked or too small.
    Interrupted,
    /// The tag holds no text and no address, or nothing that this phone reads.
    Foreign,
    /// `Nfc::stop` was called.
    Stopped,
}

impl NfcError {
    fn of(error: &JsValue) -> Self {
        Self::from_name(&text(error, "name"))
    }

    fn from_name(name: &str) -> Self {
        match name {
            "NotAllowedError" | "SecurityError" => Self::Refused,
            "NotReadableError" => Self::Off,
            "NetworkError" => Self::Interrupted,
            "AbortError" => Self::Stopped,
            _ => Self::Unsupported,
        }
    }
}

/// Whether the browser has it. Whether it is switched on shows when it is used.
#[must_use]
pub fn is_available() -> bool {
    get(&window(), "NDEFReader").is_some()
}

/// One time that a phone is held to a tag. Copies are the same, so that one can stop what another one waits for.
#[derive(Debug, Clone)]
pub struct Nfc {
    reader: JsValue,
    /// An `AbortController`.
    stopper: JsValue,
}

impl Nfc {
    /// Ready to read or to write once.
    pub fn new() -> Result<Self, NfcError> {
        let made = |class| by_name::make(class).ok_or(NfcError::Unsupported);
        Ok(Self { reader: made("NDEFReader")?, stopper: made("AbortController")? })
    }

    /// The first text or address on the next tag. The person may be asked; must follow a tap of theirs.
    pub async fn read(&self) -> Result<String, NfcError> {
        let signal = self.signal();
        let (tell, told) = oneshot::channel();
        let tell = Rc::new(Cell::new(Some(tell)));
        let answer = |read: fn(&JsValue) -> Result<String, NfcError>| {
            let tell = Rc::clone(&tell);
            listener(move |it| {
                if let Some(tell) = tell.take() {
                    // Nobody waits any more.
                    let _gone = tell.send(read(&it));
                }
            })
        };
        let read = answer(|event| get(event, "message").and_then(|it| words(&it)).ok_or(NfcError::Foreign));
        let foreign = answer(|_| Err(NfcError::Foreign));
        let stopped = answer(|_| Err(NfcError::Stopped));
        by_name::set(&self.reader, "onreading", read.as_ref());
        by_name::set(&self.reader, "onreadingerror", foreign.as_ref());
        by_name::set(&signal, "onabort", stopped.as_ref());
        let scanning = call_and_wait(&self.reader, "scan", [object([("signal", signal.clone())])]).await;
        let answer = match scanning {
            Ok(_) => told.await.unwrap_or(Err(NfcError::Stopped)),
            Err(error) => Err(NfcError::of(&error)),
        };
        for (of, name) in [(&self.reader, "onreading"), (&self.reader, "onreadingerror"), (&signal, "onabort")] {
            by_name::set(of, name, JsValue::NULL);
        }
        self.stop();
        answer
    }

    /// Writes a text on the next tag, in place of what it holds. The person may be asked; must follow a tap of theirs.
    pub async fn write(&self, words: &str) -> Result<(), NfcError> {
        let record = object([("recordType", "text".into()), ("lang", "fr".into()), ("data", words.into())]);
        let message = object([("records", list([record]).into())]);
        let how = object([("overwrite", JsValue::TRUE), ("signal", self.signal())]);
        call_and_wait(&self.reader, "write", [message, how]).await.map(|_| ()).map_err(|error| NfcError::of(&error))
    }

    /// Waits for a tag no longer: whoever reads or writes is told `Stopped`.
    pub fn stop(&self) {
        // It can be stopped twice.
        let _stopped = call(&self.stopper, "abort", []);
    }

    fn signal(&self) -> JsValue {
        get(&self.stopper, "signal").unwrap_or_default()
    }
}

/// The first text or address of a message.
fn words(message: &JsValue) -> Option<String> {
    let records = get(message, "records")?;
    (0..).map_while(|index| get(&records, &index.to_string())).find_map(|record| {
        matches!(text(&record, "recordType").as_str(), "text" | "url" | "absolute-url")
            .then(|| bytes(&record, "data").and_then(|bytes| decoded(&text(&record, "encoding"), &bytes)))
            .flatten()
    })
}

/// Text records are in UTF-8 or, rarely, UTF-16; addresses name no encoding and are in UTF-8.
fn decoded(encoding: &str, bytes: &[u8]) -> Option<String> {
    if !encoding.starts_with("utf-16") {
        return String::from_utf8(bytes.to_vec()).ok();
    }
    let (pairs, rest) = bytes.as_chunks::<2>();
    let unit = |pair: &[u8; 2]| {
        if encoding == "utf-16le" { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) }
    };
    let units: Vec<u16> = pairs.iter().map(unit).collect();
    if rest.is_empty() { String::from_utf16(&units).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_the_encoding_that_the_tag_names() {
        assert_eq!(decoded("utf-8", "Chez Zoé".as_bytes()).as_deref(), Some("Chez Zoé"));
        assert_eq!(decoded("", b"https://a.example/").as_deref(), Some("https://a.example/"));
        assert_eq!(decoded("utf-16", &[0, b'a', 0, 0xe9]).as_deref(), Some("aé"));
        assert_eq!(decoded("utf-16le", &[b'a', 0, 0xe9, 0]).as_deref(), Some("aé"));
        for (encoding, bytes) in [("utf-8", &[0xff][..]), ("utf-16", &[0]), ("utf-16", &[0xd8, 0])] {
            assert_eq!(decoded(encoding, bytes), None, "{encoding}");
        }
    }

    #[test]
    fn what_the_browser_says_becomes_what_a_person_can_act_on() {
        assert_eq!(NfcError::from_name("NotAllowedError"), NfcError::Refused);
        assert_eq!(NfcError::from_name("NotReadableError"), NfcError::Off);
        assert_eq!(NfcError::from_name("NetworkError"), NfcError::Interrupted);
        assert_eq!(NfcError::from_name("AbortError"), NfcError::Stopped);
        assert_eq!(NfcError::from_name("NotSupportedError"), NfcError::Unsupported);
    }
}
