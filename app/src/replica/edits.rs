//! From a keystroke to the disk: an edit is made in memory, stored strictly, then handed to the leader.
//! An edit that cannot be stored is kept in memory and tried again; it is never reported as saved.

use std::cell::RefCell;
use std::rc::Rc;

use liaison_shared::documents::{Document, DocumentError, NewChange, Pen, genesis};
use liaison_shared::{DocumentId, Timestamp};

use super::early::written_in;
use super::open::Since;
use super::tabs::TabMessage;
use super::{Notice, Replica};
use crate::platform::{clock, indexed_db::StorageError};

/// Wait before an edit that could not be stored is tried again.
const RETRY: u32 = 3_000;

impl Replica {
    /// Changes one open document. The change is in memory when this returns, and on its way to the disk; there the
    /// draft it was made of is forgotten in the same transaction.
    ///
    /// # Errors
    /// When the edit does not fit the document; then nothing has changed.
    pub fn edit(
        &self,
        document: &Rc<RefCell<Document>>,
        draft: Option<String>,
        edit: impl FnOnce(&mut Document, &Pen, Timestamp) -> Result<Option<NewChange>, DocumentError>,
    ) -> Result<(), DocumentError> {
        let change = edit(&mut document.borrow_mut(), &self.pen(), clock::now())?;
        if let Some(change) = change {
            self.keep(vec![change], draft);
        }
        Ok(())
    }

    /// Keeps changes made together (one user action over several documents): one transaction, in which the draft
    /// they were made of is forgotten.
    pub fn keep(&self, changes: Vec<NewChange>, draft: Option<String>) {
        let mut documents: Vec<DocumentId> = changes.iter().map(|change| change.document).collect();
        documents.dedup();
        for change in &changes {
            // A page that has just opened the document may hold another copy of it; the writer's own knows the change.
            self.apply(change.document, &change.bytes);
        }
        self.inner.unstored.borrow_mut().extend(changes);
        self.inner.spent_drafts.borrow_mut().extend(draft);
        self.notify(Notice::Receipts);
        self.notify(Notice::Documents(documents));
        self.store_soon();
    }

    /// Keeps a text somebody has begun; one that cannot be kept is said, and tried again until a newer one comes.
    pub async fn keep_draft(&self, name: &str, text: &str, is_latest: impl Fn() -> bool) {
        while is_latest() {
            match self.inner.store.keep_draft(name, text).await {
                Ok(()) => {
                    self.notify(Notice::Storage(None));
                    return;
                }
                Err(error) => self.notify(Notice::Storage(Some(error))),
            }
            clock::sleep(RETRY).await;
        }
    }

    /// The pen of this tab, for edits over several documents.
    #[must_use]
    pub fn pen(&self) -> Pen {
        self.inner.pen.borrow().clone()
    }

    fn store_soon(&self) {
        if self.inner.storing.replace(true) {
            return;
        }
        let replica = self.clone();
        clock::spawn(async move {
            while !replica.inner.unstored.borrow().is_empty() {
                match replica.store_unstored().await {
                    Ok(()) => replica.notify(Notice::Storage(None)),
                    Err(error) => {
                        replica.notify(Notice::Storage(Some(error)));
                        clock::sleep(RETRY).await;
                    }
                }
            }
            replica.inner.storing.set(false);
        });
    }

    /// Stores everything made so far in one transaction.
    async fn store_unstored(&self) -> Result<(), StorageError> {
        let made = self.inner.unstored.borrow().clone();
        let first_of_session = !self.inner.actor_kept.get();
        let actor = self.inner.pen.borrow().actor;
        let drafts = self.inner.spent_drafts.borrow().clone();
        let begun = self.with_geneses(&made);
        // Also those of before the pen was renewed, which could not be stored then.
        let noted = if first_of_session { &made[..] } else { &[] };
        // Nothing is awaited before this: a page that is being closed still issues the write.
        self.inner.store.append(&begun, noted, &drafts).await?;
        self.inner.spent_drafts.borrow_mut().drain(..drafts.len());
        self.inner.begun.borrow_mut().extend(begun.iter().map(|change| (change.document, change.hash)));
        // Unless the pen was renewed meanwhile.
        self.inner.actor_kept.set(self.inner.pen.borrow().actor == actor);
        self.inner.unstored.borrow_mut().drain(..made.len());
        self.outdate(|id| made.iter().any(|change| change.document == *id), Since::More);
        self.inner.pending.borrow_mut().extend(made.iter().map(|change| change.hash));
        self.notify(Notice::Receipts);
        let keys: Vec<_> = begun.iter().map(|change| (change.document, change.hash)).collect();
        self.tell_tabs(&TabMessage::Authored(keys.clone()));
        self.authored(&keys).await;
        self.begun_here(written_in(&keys)).await;
        self.mark_stale(begun.iter().filter_map(|change| change.document.dossier()));
        Ok(())
    }

    /// The changes, each document's beginning before its first change unless this device is known to hold it.
    /// Once too often does no harm: it is the same everywhere.
    fn with_geneses(&self, changes: &[NewChange]) -> Vec<NewChange> {
        let begun = self.inner.begun.borrow();
        let mut all: Vec<NewChange> = Vec::with_capacity(changes.len());
        for change in changes {
            if all.iter().all(|it| it.document != change.document) {
                all.extend(
                    genesis(change.document).into_iter().filter(|step| !begun.contains(&(step.document, step.hash))),
                );
            }
            all.push(change.clone());
        }
        all
    }

    /// Waits until everything made in this tab is on the device; false when the device does not store.
    pub async fn all_stored(&self) -> bool {
        for _ in 0..20 {
            if self.inner.unstored.borrow().is_empty() {
                return true;
            }
            clock::sleep(50).await;
        }
        false
    }
}
