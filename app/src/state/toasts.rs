//! Short messages that go away by themselves.

use std::sync::Arc;

use leptos::prelude::*;

use crate::platform::clock;
use crate::ui::{Toast, Tone};

/// The messages on screen, as a context.
#[derive(Clone, Copy)]
pub struct Toasts {
    /// What is shown now.
    pub shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
    /// Not callbacks, which end with the page that made them: a message outlives its page.
    actions: StoredValue<Vec<(u64, Run)>>,
}

/// What the button of a message does.
type Run = Arc<dyn Fn() + Send + Sync>;

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
    pub fn offer(&self, tone: Tone, text: impl Into<String>, action: &str, run: impl Fn() + Send + Sync + 'static) {
        self.show(tone, text.into(), Some((action.to_owned(), Arc::new(run))));
    }

    fn show(&self, tone: Tone, mut text: String, action: Option<(String, Run)>) {
        // A sentence that ends with « nov. » has its full stop.
        if text.ends_with("..") && !text.ends_with("...") {
            text.pop();
        }
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
        let run = self.actions.with_value(|all| all.iter().find(|(own, _)| *own == id).map(|(_, run)| Arc::clone(run)));
        self.dismiss(id);
        if let Some(run) = run {
            run();
        }
    }

    /// Takes a message away.
    pub fn dismiss(&self, id: u64) {
        self.actions.update_value(|actions| actions.retain(|(action, _)| *action != id));
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
    }
}
