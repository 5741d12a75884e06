//! Pages described as data: cards of rows, fields and buttons, drawn by one component.
//!
//! For pages that are many and alike: what they say is a plain list of blocks that a pure function makes (and a test
//! reads), and the code that draws is in the download once.

mod draw;

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::button::ButtonKind;
use super::icon::IconName;
use super::radio::RadioChoice;
use super::receipt::Receipt;
use super::select_field::SelectOption;
use super::text_field::TextKind;
use super::tone::Tone;

pub use draw::{SheetDialog, changing, draw};

/// What a button does.
pub type Deed = Arc<dyn Fn() + Send + Sync>;

/// A button. The `Primary` one of a form is also what Enter does.
#[derive(Clone)]
pub struct Act {
    /// What it does, in words.
    pub label: String,
    /// Said after the label, for those who hear it out of its row.
    pub about: String,
    /// How much it asks for attention.
    pub kind: ButtonKind,
    /// Does it.
    pub deed: Deed,
}

impl Act {
    /// A button.
    pub fn new(kind: ButtonKind, label: impl Into<String>, deed: impl Fn() + Send + Sync + 'static) -> Self {
        Self { label: label.into(), about: String::new(), kind, deed: Arc::new(deed) }
    }

    /// The same, about something: « Retirer l’invitation : Nadia Benali ».
    #[must_use]
    pub fn about(self, what: &str) -> Self {
        Self { about: format!(" : {what}"), ..self }
    }

    /// Tells the button that is at work from the others.
    fn key(&self) -> String {
        format!("{}{}", self.label, self.about)
    }
}

/// One line of a card: who or what, what there is to say of it, and what one can do with it.
#[derive(Default)]
pub struct Row {
    /// Who or what.
    pub title: String,
    /// Where the whole row leads; empty when nowhere.
    pub href: String,
    /// Letters in a circle; empty for none.
    pub initials: String,
    /// Said in full, in the voice of the text.
    pub texts: Vec<String>,
    /// Who, when, where: smaller.
    pub details: Vec<String>,
    /// Its state in a word or two.
    pub badge: Option<(Tone, String)>,
    /// Where it is safe.
    pub receipt: Option<Signal<Option<Receipt>>>,
    /// Its buttons.
    pub acts: Vec<Act>,
}

impl Row {
    /// A row that says who or what, and nothing more yet.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }
}

/// A field of one line.
pub struct Field {
    /// Its name in the form, and its id in the page.
    pub key: &'static str,
    /// Always visible.
    pub label: &'static str,
    /// What to write, or what it decides.
    pub hint: String,
    /// Its keyboard. A password gets a box to show it.
    pub kind: TextKind,
    /// What it shows before anybody types.
    pub value: String,
    /// Can be read and copied only.
    pub read_only: bool,
}

impl Field {
    /// A field for words.
    pub fn new(key: &'static str, label: &'static str, value: impl Into<String>) -> Self {
        Self { key, label, hint: String::new(), kind: TextKind::Text, value: value.into(), read_only: false }
    }

    /// With another keyboard.
    #[must_use]
    pub fn kind(self, kind: TextKind) -> Self {
        Self { kind, ..self }
    }

    /// With a hint.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }
}

/// Blocks, made anew whenever they are drawn.
pub type Blocks = Arc<dyn Fn() -> Vec<Block> + Send + Sync>;

/// One part of a page.
pub enum Block {
    /// A sentence.
    Text(String),
    /// Something to notice.
    Notice(Tone, String, String),
    /// A card of rows; what it says while there are none.
    Card(String, Vec<Row>, Option<Nothing>),
    /// A field.
    Field(Field),
    /// One choice among a few that need an explanation: key, legend, value, choices.
    Radio(&'static str, &'static str, String, Vec<RadioChoice>),
    /// One choice in a list: key, label, value, options.
    Select(&'static str, &'static str, String, Vec<SelectOption>),
    /// Blocks that follow what is typed while the rest of the page stands still.
    Live(Blocks),
    /// Shown only while a field (its key, what it shows before anybody chooses) has that value.
    When((&'static str, String), &'static str, Blocks),
    /// A picture to scan, as an address.
    Picture(String, &'static str),
    /// Why what was asked has not been done, under this title; nothing while all is well.
    Problem(&'static str),
    /// Buttons side by side, smaller than one that has its line.
    Acts(Vec<Act>),
    /// A button on its own line.
    Act(Act),
    /// Nothing here, and why.
    Nothing(Nothing),
}

/// What an empty place says.
pub struct Nothing {
    /// Its picture.
    pub icon: IconName,
    /// What is not there.
    pub title: String,
    /// What belongs there.
    pub text: String,
}

impl Nothing {
    /// An empty place.
    pub fn new(icon: IconName, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { icon, title: title.into(), text: text.into() }
    }
}

/// What is being typed on a page, and what is under way. Copies are the same form.
#[derive(Clone, Copy)]
pub struct Form {
    typed: RwSignal<BTreeMap<String, String>>,
    /// The button at work (see [`Act`]); empty when none is.
    pub busy: RwSignal<String>,
    /// Why the last thing asked has not been done; empty when it has.
    pub problem: RwSignal<String>,
    /// The button that was used last, and whether it was one of a row: far from where a form says what went wrong.
    used: StoredValue<(String, bool)>,
}

impl Default for Form {
    /// One in which nothing has been typed.
    fn default() -> Self {
        let text = || RwSignal::new(String::new());
        Self { typed: RwSignal::new(BTreeMap::new()), busy: text(), problem: text(), used: StoredValue::default() }
    }
}

impl Form {
    /// What a field shows: what was typed, else what it had. Tracks what is typed.
    #[must_use]
    pub fn value(&self, key: &str, initial: &str) -> String {
        self.typed.with(|typed| typed.get(key).map_or(initial, String::as_str).to_owned())
    }

    /// The same, once, without spaces around it.
    #[must_use]
    pub fn read(&self, key: &str, initial: &str) -> String {
        self.typed.with_untracked(|typed| typed.get(key).map_or(initial, String::as_str).trim().to_owned())
    }

    /// Somebody types.
    pub fn put(&self, key: &str, value: String) {
        self.typed.update(|typed| {
            typed.insert(key.to_owned(), value);
        });
    }

    /// Something that takes time has begun: the button that was just used shows it.
    pub fn begin(&self) {
        self.busy.set(self.used.get_value().0);
    }

    /// Whether the button used last was one of a row.
    #[must_use]
    pub fn used_in_a_row(&self) -> bool {
        self.used.get_value().1
    }

    /// It has ended. False when the page is gone.
    pub fn end(&self) -> bool {
        self.busy.try_set(String::new()).is_none()
    }

    /// Forgets what was typed and what went wrong.
    pub fn clear(&self) {
        self.typed.set(BTreeMap::new());
        self.problem.set(String::new());
    }
}
