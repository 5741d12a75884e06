//! Short messages that go away by themselves.

use leptos::prelude::*;

use crate::platform::clock;
use crate::ui::{Toast, Tone};

/// The messages on screen, as a context.
#[derive(Clone, Copy)]
pub struct Toasts {
    /// What is shown now.
    pub shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
    actions: StoredValue<Vec<(u64, Callback<()>)>>,
}

/// How long a message stays, in milliseconds.
const PLAIN: u32 = 5_000;
/// How long one with an action stays.
const WITH_ACTION: u32 = 12_000;

impl Default for Toasts {
    fn default() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(1), actions: StoredValue::new(Vec::new()) }
    }
}

impl Toasts {
    /// Says something.
    pub fn say(&self, tone: Tone, text: impl Into<String>) {
        self.show(tone, text.into(), None);
    }

    /// Says something that can be taken back or followed up.
    pub fn offer(&self, tone: Tone, text: impl Into<String>, action: &str, run: Callback<()>) {
        self.show(tone, text.into(), Some((action.to_owned(), run)));
    }

    fn show(&self, tone: Tone, text: String, action: Option<(String, Callback<()>)>) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        let wait = if action.is_some() { WITH_ACTION } else { PLAIN };
        let label = action.map(|(label, run)| {
            self.actions.update_value(|actions| actions.push((id, run)));
            label
        });
        self.shown.update(|shown| shown.push(Toast { id, tone, text, action: label }));
        let toasts = *self;
        clock::spawn(async move {
            clock::sleep(wait).await;
            toasts.dismiss(id);
        });
    }

    /// Runs the action of a message and takes it away.
    pub fn act(&self, id: u64) {
        let run =
            self.actions.with_value(|actions| actions.iter().find(|(action, _)| *action == id).map(|(_, run)| *run));
        self.dismiss(id);
        if let Some(run) = run {
            run.run(());
        }
    }

    /// Takes a message away.
    pub fn dismiss(&self, id: u64) {
        self.actions.update_value(|actions| actions.retain(|(action, _)| *action != id));
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
    }
}
