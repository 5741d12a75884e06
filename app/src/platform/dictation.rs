//! Speaking instead of typing, in French, where the browser listens (Web Speech).
//!
//! **In Chrome and Edge the sound goes to the browser's maker, who turns it into text**; in Safari it may go to Apple. What is
//! said at a client's home is about the client: so it listens only when the person asks for it, until they stop it, and the
//! page tells them beforehand where their voice goes. Offline it does not work, and says so.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::by_name::{self, Listener, call, get, listener, number, set, text, window};

/// What the class is called, where there is one.
const CLASSES: [&str; 2] = ["SpeechRecognition", "webkitSpeechRecognition"];

/// Why it has stopped listening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DictationEnd {
    /// It was stopped.
    Stopped,
    /// Nobody has spoken for a while.
    Silence,
    /// The browser does not listen, or not to French.
    Unsupported,
    /// The person, or a setting of the browser or of the phone, does not let this page listen.
    Refused,
    /// There is no microphone, or it is in use.
    NoMicrophone,
    /// What turns sound into text cannot be reached: no network.
    Offline,
}

impl DictationEnd {
    fn from_name(name: &str) -> Self {
        match name {
            "no-speech" => Self::Silence,
            "not-allowed" | "service-not-allowed" => Self::Refused,
            "audio-capture" => Self::NoMicrophone,
            "network" => Self::Offline,
            "aborted" => Self::Stopped,
            _ => Self::Unsupported,
        }
    }
}

/// Whether the browser has it. Where it has not, nothing about dictation is shown.
#[must_use]
pub fn is_available() -> bool {
    CLASSES.iter().any(|class| get(&window(), class).is_some())
}

/// Somebody dictates. Dropped: it listens no longer, and says nothing more.
#[derive(Debug)]
pub struct Dictation {
    recognition: JsValue,
    stopped: Rc<Cell<bool>>,
    _listeners: [Listener; 3],
}

impl Dictation {
    /// Listens until it is stopped or nobody speaks. `on_text` gets one phrase after the other, as it stays; `on_end` is
    /// called once. Must follow a tap of the person who speaks; they may be asked.
    ///
    /// It takes one phrase at a time and starts again: told to go on by itself, Chrome on Android gives each phrase again
    /// and again, longer each time, every one of them as final.
    pub fn start(
        on_text: impl Fn(String) + 'static,
        on_end: impl FnOnce(DictationEnd) + 'static,
    ) -> Result<Self, DictationEnd> {
        let recognition = CLASSES.iter().find_map(|class| by_name::make(class)).ok_or(DictationEnd::Unsupported)?;
        set(&recognition, "lang", "fr-FR");
        set(&recognition, "continuous", false);
        set(&recognition, "interimResults", false);
        let (heard, trouble) = (Rc::new(RefCell::new(String::new())), Rc::new(Cell::new(None)));
        let (stopped, on_end) = (Rc::new(Cell::new(false)), Cell::new(Some(on_end)));

        let result = {
            let heard = Rc::clone(&heard);
            listener(move |event| {
                if let Some(phrase) = phrase(&event) {
                    heard.replace(phrase);
                }
            })
        };
        let error = {
            let trouble = Rc::clone(&trouble);
            listener(move |event| trouble.set(Some(DictationEnd::from_name(&text(&event, "error")))))
        };
        let end = {
            let (recognition, stopped) = (recognition.clone(), Rc::clone(&stopped));
            listener(move |_| {
                let phrase = heard.take();
                let spoken = !phrase.is_empty();
                if spoken {
                    on_text(phrase);
                }
                let over = match trouble.take() {
                    _ if stopped.get() => DictationEnd::Stopped,
                    Some(trouble) => trouble,
                    None if spoken && call(&recognition, "start", []).is_ok() => return,
                    None => DictationEnd::Silence,
                };
                if let Some(on_end) = on_end.take() {
                    on_end(over);
                }
            })
        };
        set(&recognition, "onresult", result.as_ref());
        set(&recognition, "onerror", error.as_ref());
        set(&recognition, "onend", end.as_ref());
        let dictation = Self { recognition, stopped, _listeners: [result, error, end] };
        call(&dictation.recognition, "start", []).map_err(|_| DictationEnd::Unsupported)?;
        Ok(dictation)
    }

    /// Listens no longer. What was said until now still comes, then the end.
    pub fn stop(&self) {
        self.stopped.set(true);
        // It may have ended by itself.
        let _ended = call(&self.recognition, "stop", []);
    }
}

impl Drop for Dictation {
    fn drop(&mut self) {
        for name in ["onresult", "onerror", "onend"] {
            set(&self.recognition, name, JsValue::NULL);
        }
        let _ended = call(&self.recognition, "abort", []);
    }
}

/// The last thing that was understood, without the spaces around it.
fn phrase(event: &JsValue) -> Option<String> {
    let results = get(event, "results")?;
    let last = number(&results, "length")? - 1.0;
    let best = get(&get(&results, &last.to_string())?, "0")?;
    let phrase = text(&best, "transcript").trim().to_owned();
    (!phrase.is_empty()).then_some(phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_browser_says_becomes_what_a_person_can_act_on() {
        assert_eq!(DictationEnd::from_name("no-speech"), DictationEnd::Silence);
        assert_eq!(DictationEnd::from_name("service-not-allowed"), DictationEnd::Refused);
        assert_eq!(DictationEnd::from_name("network"), DictationEnd::Offline);
        assert_eq!(DictationEnd::from_name("language-not-supported"), DictationEnd::Unsupported);
    }
}
