//! A revoked device forgets everything and says so. The keys go first: without them what is left cannot be read, whatever
//! happens to this page in between; the confirmation is tried again at every start until the relay has it.

use leptos::prelude::*;

use super::session::{Phase, SessionState};
use crate::platform::http::{self, HttpError};
use crate::platform::indexed_db::StorageError;
use crate::platform::{clock, page};
use crate::replica::Store;
use crate::vault::{Farewell, VaultStore};

/// Between two attempts to confirm.
const RETRY: u32 = 10_000;

impl SessionState {
    /// Forgets everything of the vault that is open; the relay has all that was owed.
    pub async fn forget_everything(&self) {
        let Phase::SignedIn(session) = self.phase.get_untracked() else { return };
        let (Some(store), Some(vault)) = (self.store(), self.vault()) else { return };
        let farewell = Farewell { vault: vault.id.clone(), token: session.token };
        // While the device cannot store that, it stays as it is, and the relay asks again at the next contact.
        if store.begin_farewell(&farewell).await.is_ok() {
            self.stop_sharing(true).await;
            // A page of its own does the rest: nothing of this one, nor of its memory, is left.
            page::reload();
        }
    }

    /// Goes on with a farewell that was begun, if there is one.
    pub(super) async fn farewell_begun(&self, store: &VaultStore) -> Result<bool, StorageError> {
        let farewell = store.farewell().await?;
        let begun = farewell.is_some();
        if let Some(farewell) = farewell {
            self.take_leave(store.clone(), farewell);
        }
        Ok(begun)
    }

    fn take_leave(&self, store: VaultStore, farewell: Farewell) {
        self.phase.set(Phase::Forgotten(false));
        let state = *self;
        clock::spawn(async move {
            while Store::erase(&farewell.vault).await.is_err() || !confirmed(&farewell.token).await {
                clock::sleep(RETRY).await;
            }
            // Kept, it is confirmed once more at the next start: the relay does not mind.
            let _ended = store.end_farewell().await.is_ok();
            state.phase.set(Phase::Forgotten(true));
        });
    }
}

/// Whether the relay knows now; a session that it does not know any more has been confirmed before.
async fn confirmed(token: &str) -> bool {
    match http::post_only("/api/forgotten", Some(token), &serde_json::json!({})).await {
        Ok(()) => true,
        Err(HttpError::Refused { status, .. }) => status == 401,
        Err(_) => false,
    }
}
