//! Documents in memory: loaded when somebody looks at them, and never behind the store afterwards.
//!
//! Loading takes several readings. What is stored meanwhile, by this tab or by another, is not in what was read, and there
//! is no document yet that it could be applied to: who is loading is told, and looks again once the document is there.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use liaison_shared::documents::{Document, genesis, held_of};
use liaison_shared::{DocumentId, order};

use super::{Notice, Replica};
use crate::platform::indexed_db::StorageError;

/// What has happened to a document in the store since somebody began to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Since {
    Nothing,
    /// Something may have been added.
    More,
    /// Something was set aside.
    Less,
    /// Its dossier has left this device.
    Gone,
}

/// Who is reading which document.
pub(super) type Readings = Vec<(DocumentId, Weak<Cell<Since>>)>;

impl Replica {
    /// The documents of a dossier that this device holds, loaded. Those that nobody began yet are made in memory.
    ///
    /// # Errors
    /// When the device cannot read; [`StorageError::NotHere`] when its dossier has not come yet, and cannot be brought now.
    pub async fn open_document(&self, id: DocumentId) -> Result<Rc<RefCell<Document>>, StorageError> {
        if let Some(dossier) = id.dossier() {
            self.inner.idle.borrow_mut().wake(dossier);
        }
        if let Some(open) = self.opened(id) {
            return Ok(open);
        }
        if let Some(dossier) = id.dossier() {
            self.bring(dossier).await?;
        }
        let since = self.begin_reading(id);
        let changes = self.inner.store.changes(id).await?;
        // A tab that ended between storing and telling leaves changes that only this device has.
        self.owe(&self.inner.store.owed(&format!("{id}#")).await?);
        let held = held_of(genesis(id), changes.iter().map(Vec::as_slice));
        self.inner.begun.borrow_mut().extend(held.into_iter().map(|step| (id, step.hash)));
        if since.get() == Since::Gone {
            return Err(StorageError::NotHere);
        }
        let document = self.read_of(id, &changes);
        self.inner.idle.borrow_mut().note(id, changes.iter().map(Vec::len).sum());
        // Two callers may have waited for the same document: there is one of it.
        let document = self.hold(id, document);
        match since.get() {
            Since::Nothing | Since::Gone => {}
            Since::More => self.reread(vec![id]).await,
            Since::Less => self.drop_refused(vec![id]).await,
        }
        Ok(document)
    }

    /// A document that nobody has begun: its genesis in memory, nothing stored before its first edit.
    #[must_use]
    pub fn begin(&self, id: DocumentId) -> Rc<RefCell<Document>> {
        self.opened(id).unwrap_or_else(|| self.hold(id, Document::new(id)))
    }

    /// A document that is in memory.
    pub(super) fn opened(&self, id: DocumentId) -> Option<Rc<RefCell<Document>>> {
        self.inner.open.borrow().get(&id).cloned()
    }

    /// A document that is in memory takes what was written or came. What cannot be applied stays in the store; the rest of the
    /// document goes on.
    pub(super) fn apply(&self, id: DocumentId, bytes: &[u8]) {
        if let Some(document) = self.opened(id) {
            let _applied = document.borrow_mut().apply(bytes).is_ok();
            self.inner.idle.borrow_mut().grow(id, bytes.len());
        }
    }

    /// A document as it is stored, with what is on its way to the disk. What stands on a refused change waits, unseen, and is
    /// set aside in its turn.
    fn read_of(&self, id: DocumentId, changes: &[Vec<u8>]) -> Document {
        let (mut document, _unreadable) = Document::load(id, changes.iter().map(Vec::as_slice));
        for change in self.inner.unstored.borrow().iter().filter(|change| change.document == id) {
            let _applied = document.apply(&change.bytes).is_ok();
        }
        document
    }

    fn hold(&self, id: DocumentId, document: Document) -> Rc<RefCell<Document>> {
        Rc::clone(self.inner.open.borrow_mut().entry(id).or_insert_with(|| Rc::new(RefCell::new(document))))
    }

    /// From here until it is dropped: what becomes of the document in the store.
    fn begin_reading(&self, id: DocumentId) -> Rc<Cell<Since>> {
        let since = Rc::new(Cell::new(Since::Nothing));
        let mut readings = self.inner.readings.borrow_mut();
        readings.retain(|(_, reading)| reading.strong_count() > 0);
        readings.push((id, Rc::downgrade(&since)));
        since
    }

    /// Tells those who are reading some documents what has happened to these in the store.
    pub(super) fn outdate(&self, is_one: impl Fn(&DocumentId) -> bool, how: Since) {
        for (id, reading) in &*self.inner.readings.borrow() {
            if let Some(since) = reading.upgrade().filter(|_| is_one(id)) {
                since.set(since.get().max(how));
            }
        }
    }

    /// Brings open documents up to what the store holds.
    pub(super) async fn reread(&self, mut documents: Vec<DocumentId>) {
        order::by(&mut documents, Ord::cmp);
        documents.dedup();
        self.outdate(|id| documents.contains(id), Since::More);
        documents.retain(|id| self.opened(*id).is_some());
        for id in &documents {
            let Ok(changes) = self.inner.store.changes(*id).await else { continue };
            if let Ok(owed) = self.inner.store.owed(&format!("{id}#")).await {
                self.owe(&owed);
            }
            let Some(document) = self.opened(*id) else { continue };
            self.inner.idle.borrow_mut().note(*id, changes.iter().map(Vec::len).sum());
            for change in changes {
                // What cannot be applied stays in the store; the rest of the document goes on.
                let _applied = document.borrow_mut().apply(&change).is_ok();
            }
            self.notify(Notice::Documents(vec![*id]));
        }
        self.notify(Notice::Receipts);
    }

    /// Brings everything that is open up to what the store holds: who stored it last may have ended before telling.
    pub(super) async fn reread_all(&self) {
        self.outdate(|_| true, Since::More);
        let open = self.inner.open.borrow().keys().copied().collect();
        self.reread(open).await;
    }

    /// Reads documents anew without the changes that were set aside.
    pub(super) async fn drop_refused(&self, documents: Vec<DocumentId>) {
        self.renew_pen();
        if let Ok(pending) = self.inner.store.pending().await {
            *self.inner.pending.borrow_mut() = pending;
        }
        self.outdate(|id| documents.contains(id), Since::Less);
        for id in &documents {
            while self.read_anew(*id).await == Since::Less {}
        }
        self.mark_stale(documents.iter().filter_map(DocumentId::dossier));
        self.notify(Notice::Documents(documents));
        self.notify(Notice::Receipts);
        self.notify(Notice::Refusals);
    }

    /// Puts what the store holds of an open document in the place of what is in memory. Gives what has happened to it
    /// meanwhile and is not in memory yet.
    async fn read_anew(&self, id: DocumentId) -> Since {
        let since = self.begin_reading(id);
        let Some(open) = self.opened(id) else { return Since::Nothing };
        let Ok(changes) = self.inner.store.changes(id).await else { return Since::Nothing };
        *open.borrow_mut() = self.read_of(id, &changes);
        if since.get() == Since::More {
            self.reread(vec![id]).await;
        }
        since.get()
    }
}
