//! A text one has begun and not sent: kept in this browser at each pause, until what was made of it is stored.

use leptos::prelude::*;

use super::Workspace;
use crate::platform::clock;

/// A pause in typing, in milliseconds.
const PAUSE: u32 = 400;

/// A draft with a name. Copies are the same draft.
#[derive(Clone, Copy)]
pub struct Draft {
    /// What has been typed.
    pub text: RwSignal<String>,
    workspace: Workspace,
    name: StoredValue<String>,
    /// Whether the stored draft has been read.
    ready: RwSignal<bool>,
    /// What the store holds, as far as this page knows.
    kept: StoredValue<String>,
    turn: StoredValue<u64>,
}

impl Draft {
    /// Opens the draft of that name; what was kept appears in `text`.
    #[must_use]
    pub fn open(workspace: Workspace, name: impl Into<String>) -> Self {
        let draft = Self {
            text: RwSignal::new(String::new()),
            workspace,
            name: StoredValue::new(name.into()),
            ready: RwSignal::new(false),
            kept: StoredValue::new(String::new()),
            turn: StoredValue::new(0),
        };
        clock::spawn(draft.read(draft.name.get_value()));
        Effect::new(move || {
            draft.text.track();
            if draft.ready.get() {
                draft.keep_after_a_pause();
            }
        });
        Effect::new(move || {
            workspace.hidden.track();
            draft.keep_now();
        });
        on_cleanup(move || draft.keep_now());
        draft
    }

    /// The name under which it is kept.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.get_value()
    }

    /// Something was made of the draft, and its store forgets it together with storing that: the page starts afresh.
    pub fn spend(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.kept.set_value(String::new());
        self.text.set(String::new());
    }

    async fn read(self, name: String) {
        if let Some(replica) = self.workspace.replica()
            && let Ok(kept) = replica.store().draft(&name).await
        {
            let _gone = self.kept.try_set_value(kept.clone());
            let _gone = self.text.try_update(|text| {
                if text.is_empty() {
                    *text = kept;
                }
            });
        }
        let _gone = self.ready.try_set(true);
    }

    fn keep_after_a_pause(self) {
        self.turn.update_value(|turn| *turn += 1);
        let mine = self.turn.get_value();
        clock::spawn(async move {
            clock::sleep(PAUSE).await;
            if self.turn.try_get_value() == Some(mine) {
                self.keep_now();
            }
        });
    }

    /// Keeps what has been typed, if the store does not hold it. Safe to call when the page is gone.
    fn keep_now(self) {
        let (Some(true), Some(text), Some(kept), Some(name), Some(replica)) = (
            self.ready.try_get_untracked(),
            self.text.try_get_untracked(),
            self.kept.try_get_value(),
            self.name.try_get_value(),
            self.workspace.replica(),
        ) else {
            return;
        };
        if text == kept {
            return;
        }
        self.kept.set_value(text.clone());
        clock::spawn(async move {
            // Gone with the page, or replaced by what was typed since.
            let is_latest = || self.kept.try_get_value().is_none_or(|kept| kept == text);
            replica.keep_draft(&name, &text, is_latest).await;
        });
    }
}
