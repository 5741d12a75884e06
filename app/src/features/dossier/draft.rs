//! A text one has begun and not sent: kept in this browser at each pause, until it is sent.

use leptos::prelude::*;

use crate::platform::clock;
use crate::state::Workspace;

/// A pause in typing, in milliseconds.
const PAUSE: u32 = 400;

/// The draft of that name, as a signal that keeps itself.
#[must_use]
pub fn kept_draft(workspace: Workspace, name: String) -> RwSignal<String> {
    let text = RwSignal::new(String::new());
    let ready = RwSignal::new(false);
    let turn = StoredValue::new(0_u64);
    let read = name.clone();
    clock::spawn(async move {
        if let Some(replica) = workspace.replica()
            && let Ok(kept) = replica.store().draft(&read).await
        {
            let _gone = text.try_update(|text| {
                if text.is_empty() {
                    *text = kept;
                }
            });
        }
        let _gone = ready.try_set(true);
    });
    Effect::new(move || {
        let kept = text.get();
        if !ready.get() {
            return;
        }
        turn.update_value(|turn| *turn += 1);
        let (mine, name) = (turn.get_value(), name.clone());
        clock::spawn(async move {
            // A text that was sent is forgotten at once.
            clock::sleep(if kept.is_empty() { 0 } else { PAUSE }).await;
            if turn.try_get_value().is_some_and(|turn| turn != mine) {
                return;
            }
            if let Some(replica) = workspace.replica() {
                // A draft that cannot be kept is still on screen; the storage banner says why.
                let _kept = replica.store().keep_draft(&name, &kept).await.is_ok();
            }
        });
    });
    text
}
