//! From a keystroke to the disk: an edit is made in memory, stored strictly, then handed to the leader.
//! An edit that cannot be stored is kept in memory and tried again; it is never reported as saved.

use std::cell::RefCell;
use std::rc::Rc;

use liaison_shared::documents::{Document, DocumentError, NewChange, Pen, genesis};
use liaison_shared::{DocumentId, Timestamp};

use super::tabs::TabMessage;
use super::{Notice, Replica};
use crate::platform::{clock, indexed_db::StorageError};

/// Wait before an edit that could not be stored is tried again.
const RETRY: u32 = 3_000;

impl Replica {
    /// Changes one open document. The change is in memory when this returns, and on its way to the disk.
    ///
    /// # Errors
    /// When the edit does not fit the document; then nothing has changed.
    pub fn edit(
        &self,
        document: &Rc<RefCell<Document>>,
        edit: impl FnOnce(&mut Document, &Pen, Timestamp) -> Result<Option<NewChange>, DocumentError>,
    ) -> Result<(), DocumentError> {
        let change = edit(&mut document.borrow_mut(), &self.inner.pen, clock::now())?;
        if let Some(change) = change {
            self.keep(vec![change]);
        }
        Ok(())
    }

    /// Keeps changes made together (one user action over several documents): one transaction.
    pub fn keep(&self, changes: Vec<NewChange>) {
        let mut documents: Vec<DocumentId> = changes.iter().map(|change| change.document).collect();
        documents.dedup();
        self.inner.unstored.borrow_mut().extend(changes);
        self.notify(Notice::Documents(documents));
        self.store_soon();
    }

    /// The pen of this tab, for edits over several documents.
    #[must_use]
    pub fn pen(&self) -> &Pen {
        &self.inner.pen
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
        let begun = self.with_geneses(&made).await?;
        self.inner.store.append(&begun, first_of_session.then_some(self.inner.pen.actor)).await?;
        self.inner.actor_kept.set(true);
        self.inner.unstored.borrow_mut().drain(..made.len());
        self.inner.pending.borrow_mut().extend(made.iter().map(|change| change.hash));
        self.notify(Notice::Receipts);
        let keys: Vec<_> = begun.iter().map(|change| (change.document, change.hash)).collect();
        self.authored(&keys).await;
        self.tell_tabs(&TabMessage::Authored(keys));
        self.mark_stale(begun.iter().filter_map(|change| change.document.dossier()));
        Ok(())
    }

    /// The changes, each document's genesis before its first change if this device does not hold it.
    async fn with_geneses(&self, changes: &[NewChange]) -> Result<Vec<NewChange>, StorageError> {
        let mut all: Vec<NewChange> = Vec::with_capacity(changes.len());
        for change in changes {
            let begun = all.iter().any(|other| other.document == change.document);
            if !begun && !self.inner.store.has_document(change.document).await? {
                all.push(genesis(change.document));
            }
            all.push(change.clone());
        }
        Ok(all)
    }
}
