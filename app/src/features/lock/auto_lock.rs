//! Locks when nobody has given a sign for a while, in any tab; and when another tab locks.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use liaison_shared::Timestamp;

use crate::platform::{clock, page};
use crate::state::{SessionState, Workspace};
use crate::vault::Heard;

/// How often the time is looked at, in milliseconds.
const LOOK: u32 = 5_000;
/// The other tabs hear of signs no more often than this.
const SAY: i64 = 5_000;

/// Watches from the moment the pages are shown.
#[component]
pub fn AutoLock() -> impl IntoView {
    let session = expect_context::<SessionState>();
    let workspace = expect_context::<Workspace>();
    // Not a signal: a key press must not run any effect.
    let (last, said) = (Rc::new(Cell::new(clock::now())), Cell::new(Timestamp::default()));
    let locking = Rc::new(Cell::new(false));
    let lock = {
        let locking = Rc::clone(&locking);
        move |tell: bool| {
            if !locking.replace(true) {
                let locking = Rc::clone(&locking);
                clock::spawn(async move {
                    // What could not be stored is tried again at the next look.
                    let locked = session.lock(workspace, tell).await;
                    locking.set(locked);
                });
            }
        }
    };
    let look = {
        let (last, lock) = (Rc::clone(&last), lock.clone());
        move || {
            let limit = i64::from(session.lock_after()) * 60_000;
            let over = (clock::now() - last.get()).0 >= limit;
            if over {
                lock(true);
            }
            over
        }
    };
    let heard_last = Rc::clone(&last);
    session.share(move |heard| match heard {
        Heard::Active => heard_last.set(clock::now()),
        Heard::Lock => lock(false),
    });
    let first_sign = look.clone();
    page::on_activity(move || {
        // After a night's sleep the first sign comes before the next look: it is too late all the same.
        if first_sign() {
            return;
        }
        let now = clock::now();
        last.set(now);
        if (now - said.get()).0 >= SAY {
            said.set(now);
            session.say_active();
        }
    });
    clock::spawn(async move {
        // The number that is told if this vault can one day not be opened.
        let mut noted = None;
        while let Some(count) = workspace.pending.try_get_untracked() {
            look();
            let count = count + workspace.uploads.try_with_untracked(Vec::len).unwrap_or_default();
            if noted.replace(count) != Some(count) {
                session.note_unsent(count).await;
            }
            clock::sleep(LOOK).await;
        }
    });
}
