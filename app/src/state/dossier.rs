//! The dossier that is open: its documents, read as one signal that follows every change. The agency's own documents
//! (its own file, those of intervenants, the audit) are open in the same way.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::*;
use liaison_shared::documents::schema::{Collection, Field};
use liaison_shared::documents::{
    Document, DocumentError, Heads, NewChange, Pen, RecordEdit, Register, Revision, SetField, add_record, edit_records,
    field_history, journal, record_history, relation, retire_record, set_field, set_record, set_tick, touched,
};
use liaison_shared::dossier::Dossier;
use liaison_shared::sync::Link;
use liaison_shared::{ChangeHash, DocumentId, DocumentKind, DossierId, EntryId, Timestamp};

use super::Workspace;
use crate::platform::indexed_db::StorageError;
use crate::platform::{clock, random};
use crate::ui::Receipt;

type Shared = Rc<RefCell<Document>>;

/// Which record a field belongs to; `None` for the fields of a document itself.
pub type Slot = Option<(&'static Collection, EntryId)>;

/// A dossier that is open. Copies are the same dossier.
#[derive(Clone, Copy)]
pub struct OpenDossier {
    /// Which one; zeros for the agency's own documents.
    pub id: DossierId,
    /// Its documents as they read now.
    pub view: RwSignal<Dossier>,
    /// Whether this device holds anything of it.
    pub known: RwSignal<bool>,
    workspace: Workspace,
    documents: StoredValue<BTreeMap<DocumentId, Shared>, LocalStorage>,
    /// Each document as it was read last, and the state in which it was: what is on the screen.
    shown: StoredValue<BTreeMap<DocumentId, (Heads, Dossier)>>,
    /// Keys of fields, and changes of theirs that are not at the relay.
    owed: RwSignal<Vec<(&'static str, ChangeHash)>>,
}

impl OpenDossier {
    /// Opens a dossier of this device. Follows its changes until the page that opened it goes.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn open(workspace: Workspace, id: DossierId) -> Result<Self, StorageError> {
        let dossier = Self::empty(workspace, id);
        dossier.load().await?;
        Ok(dossier)
    }

    /// Opens documents of the agency's own.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn open_documents(workspace: Workspace, documents: Vec<DocumentId>) -> Result<Self, StorageError> {
        let file = Self::empty(workspace, DossierId([0; 16]));
        file.take(documents).await?;
        file.known.set(true);
        file.read();
        Ok(file)
    }

    fn empty(workspace: Workspace, id: DossierId) -> Self {
        Self {
            id,
            view: RwSignal::new(Dossier::default()),
            known: RwSignal::new(false),
            workspace,
            documents: StoredValue::new_local(BTreeMap::new()),
            shown: StoredValue::new(BTreeMap::new()),
            owed: RwSignal::new(Vec::new()),
        }
    }

    async fn load(&self) -> Result<(), StorageError> {
        let Some(replica) = self.workspace.replica() else { return Ok(()) };
        match replica.bring(self.id).await {
            // It is read when it comes.
            Err(StorageError::NotHere) => return Ok(()),
            brought => brought?,
        }
        // Before the store is read: what is stored meanwhile is found there.
        let begun = replica.is_being_stored(self.id);
        let held = replica.store().dossier(self.id).await?;
        let wanted = [
            DocumentId::client(self.id),
            DocumentId::administratif(self.id),
            DocumentId::prestation(self.id),
            DocumentId::relation(self.id),
            DocumentId::rapports(self.id),
            DocumentId::journal(self.id, clock::now().year()),
        ];
        // Somebody who writes what they are never sent has it open too: it holds what they wrote here.
        let opens = |kind| self.workspace.reads(kind) || self.workspace.writes(kind);
        let wanted = wanted.into_iter().filter(|id| opens(id.kind()));
        let known = begun || !held.is_empty();
        if self.take(held.into_keys().chain(wanted).collect()).await? {
            self.known.set(known);
            self.read();
        }
        Ok(())
    }

    /// Opens documents; false when the page has gone while the device was reading.
    async fn take(&self, ids: Vec<DocumentId>) -> Result<bool, StorageError> {
        let Some(replica) = self.workspace.replica() else { return Ok(false) };
        for id in ids {
            let document = replica.open_document(id).await?;
            let there = self.documents.try_update_value(|documents| {
                documents.insert(id, document);
            });
            if there.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads the documents anew when the replica says that they changed.
    pub fn follow(self) {
        let workspace = self.workspace;
        let online = Memo::new(move |_| workspace.status.get().is_some_and(|status| status.link == Link::Online));
        Effect::new(move || {
            // What could not be brought is asked for again when there is a line.
            let lacks = || workspace.replica().is_some_and(|replica| replica.lacks(self.id));
            if online.get() && !self.known.get_untracked() && lacks() {
                self.load_again();
            }
        });
        Effect::new(move || {
            let (_, changed) = workspace.changed.get();
            let ours = |id: &&DocumentId| self.document(**id).is_some() || id.dossier() == Some(self.id);
            let mut ours = changed.iter().filter(ours).peekable();
            if ours.peek().is_none() {
                return;
            }
            if ours.all(|id| self.document(*id).is_some()) {
                self.known.set(true);
                self.read();
            } else {
                self.load_again();
            }
        });
    }

    fn load_again(self) {
        clock::spawn(async move {
            // What cannot be read now is read at the next change.
            let _read = self.load().await.is_ok();
        });
    }

    /// Reads every document that is not as it was into the signals; nothing when the page is gone.
    fn read(&self) {
        let Some(replica) = self.workspace.replica() else { return };
        let mut owed = Vec::new();
        let there = self.documents.try_with_value(|documents| {
            self.shown.try_update_value(|shown| {
                for (id, document) in documents {
                    let document = document.borrow();
                    let heads = document.heads();
                    if shown.get(id).is_none_or(|(before, _)| *before != heads) {
                        shown.insert(*id, (heads, Dossier::read([&*document])));
                    }
                    for hash in replica.owed_of(&document) {
                        owed.extend(touched(&document, hash).into_iter().map(|key| (key, hash)));
                    }
                }
                Dossier::together(shown.values().map(|(_, part)| part))
            })
        });
        if let Some(view) = there.flatten() {
            self.owed.set(owed);
            self.view.set(view);
        }
    }

    /// Whether it is a client's, not the agency's own documents.
    #[must_use]
    pub fn is_a_clients(&self) -> bool {
        self.id != DossierId([0; 16])
    }

    pub(super) fn workspace(&self) -> Workspace {
        self.workspace
    }

    /// The values standing for a field. Tracks the dossier.
    #[must_use]
    pub fn register(&self, slot: Slot, field: &Field) -> Register {
        self.view.with(|view| match slot {
            None => view.fields.register(field),
            Some((_, id)) => view.records.get(id).map(|record| record.register(field)).unwrap_or_default(),
        })
    }

    /// Where a field's value is: the least safe place of the changes of it that still count.
    #[must_use]
    pub fn receipt(&self, slot: Slot, field: &Field) -> Option<Receipt> {
        let last = self.register(slot, field).candidates.pop().map(|candidate| candidate.signature.change);
        let owed = self.owed.with(|owed| {
            let of_field = owed.iter().filter(|(key, _)| slot.is_none() && *key == field.key);
            of_field.map(|(_, hash)| *hash).collect::<Vec<_>>()
        });
        self.least_safe(owed.into_iter().chain(last))
    }

    /// Where several changes are together: the least safe place of any of them. Tracks the receipts.
    #[must_use]
    pub fn least_safe(&self, changes: impl IntoIterator<Item = ChangeHash>) -> Option<Receipt> {
        let danger = |receipt: &Receipt| match receipt {
            Receipt::Writing(_) => 0,
            Receipt::Device(_) => 1,
            _ => 2,
        };
        changes.into_iter().filter_map(|hash| self.workspace.receipt(hash)).min_by_key(danger)
    }

    fn document(&self, id: DocumentId) -> Option<Shared> {
        self.documents.try_with_value(|documents| documents.get(&id).cloned()).flatten()
    }

    /// The document of a kind that is open here; a journal is this year's.
    #[must_use]
    pub fn document_id(&self, kind: DocumentKind) -> Option<DocumentId> {
        if let DocumentKind::Journal { .. } = kind {
            return Some(DocumentId::journal(self.id, clock::now().year()));
        }
        let of_kind = |id: &&DocumentId| id.kind().name() == kind.name();
        self.documents.try_with_value(|documents| documents.keys().find(of_kind).copied()).flatten()
    }

    /// The state of a document that is on the screen, to base an edit on.
    #[must_use]
    pub fn heads(&self, kind: DocumentKind) -> Heads {
        let id = self.document_id(kind);
        let heads = |shown: &BTreeMap<DocumentId, (Heads, Dossier)>| shown.get(&id?).map(|(heads, _)| heads.clone());
        self.shown.try_with_value(heads).flatten().unwrap_or_default()
    }

    /// Writes one field, as it was seen at `base`.
    ///
    /// # Errors
    /// When the edit does not fit the document; nothing has changed then.
    pub fn set(&self, slot: Slot, field: &'static Field, value: String, base: &Heads) -> Result<(), DocumentError> {
        let edit = SetField { field, value };
        self.write(field.document, None, |document, pen, now| match slot {
            None => set_field(document, pen, base, now, &edit),
            Some(record) => set_record(document, pen, base, now, record, &[edit]),
        })
    }

    /// Adds a record; gives its identity.
    ///
    /// # Errors
    /// As [`OpenDossier::set`].
    pub fn add(&self, collection: &'static Collection, values: &[SetField]) -> Result<EntryId, DocumentError> {
        let id = EntryId(random::sixteen_bytes());
        self.add_as(collection, id, values)?;
        Ok(id)
    }

    /// Adds a record whose identity follows from what it is.
    ///
    /// # Errors
    /// As [`OpenDossier::set`].
    pub fn add_as(
        &self,
        collection: &'static Collection,
        id: EntryId,
        values: &[SetField],
    ) -> Result<(), DocumentError> {
        self.write(collection.document, None, |document, pen, now| {
            add_record(document, pen, now, (collection, id), values)
        })
    }

    /// Writes several records of the dossier, as they are on the screen, in one go: a change for each document, stored
    /// together.
    ///
    /// # Errors
    /// As [`OpenDossier::set`]; the documents before that one are written.
    pub fn edit(&self, edits: &[RecordEdit]) -> Result<(), DocumentError> {
        let Some(replica) = self.workspace.replica() else { return Ok(()) };
        let mut of_documents: BTreeMap<DocumentId, Vec<RecordEdit>> = BTreeMap::new();
        for edit in edits {
            if let Some(id) = self.document_of(edit) {
                of_documents.entry(id).or_default().push(edit.clone());
            }
        }
        let (mut changes, mut result) = (Vec::new(), Ok(()));
        for (id, edits) in &of_documents {
            let document = self.document(*id).unwrap_or_else(|| replica.begin(*id));
            self.documents.update_value(|documents| {
                documents.entry(*id).or_insert_with(|| Rc::clone(&document));
            });
            let base = self.shown.with_value(|shown| shown.get(id).map(|(heads, _)| heads.clone())).unwrap_or_default();
            match edit_records(&mut document.borrow_mut(), &replica.pen(), &base, clock::now(), edits) {
                Ok(change) => changes.extend(change),
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        if !changes.is_empty() {
            replica.keep(changes, None);
        }
        self.read();
        result
    }

    /// Writes one record made of a draft, which is forgotten together with storing it.
    ///
    /// # Errors
    /// As [`OpenDossier::set`].
    pub fn write_down(&self, edit: &RecordEdit, draft: String) -> Result<(), DocumentError> {
        self.write(edit.collection.document, Some(draft), |document, pen, now| {
            let base = document.heads();
            edit_records(document, pen, &base, now, std::slice::from_ref(edit))
        })
    }

    /// The document that a record is in, or is to be added to: what happened last year stands in last year's journal.
    fn document_of(&self, edit: &RecordEdit) -> Option<DocumentId> {
        let kind = edit.collection.document;
        let holds = |(id, (_, view)): (&DocumentId, &(Heads, Dossier))| {
            let here = id.kind().name() == kind.name() && view.records.get(edit.id).is_some();
            here.then_some(*id)
        };
        let there = self.shown.try_with_value(|shown| shown.iter().find_map(holds)).flatten();
        there.or_else(|| self.document_id(kind))
    }

    /// Puts a record away, or back.
    ///
    /// # Errors
    /// As [`OpenDossier::set`].
    pub fn retire(&self, record: (&'static Collection, EntryId), retire: bool) -> Result<(), DocumentError> {
        let base = self.heads(record.0.document);
        self.write(record.0.document, None, |document, pen, now| {
            retire_record(document, pen, &base, now, record, retire)
        })
    }

    /// Ticks an item of the checklist that a kind of document keeps, or unticks it.
    ///
    /// # Errors
    /// As [`OpenDossier::set`].
    pub fn tick(&self, kind: DocumentKind, item: &str, done: bool) -> Result<(), DocumentError> {
        let base = self.heads(kind);
        self.write(kind, None, |document, pen, now| set_tick(document, pen, &base, now, item, done))
    }

    /// Who changed a field, when, from what to what; newest first.
    #[must_use]
    pub fn history(&self, slot: Slot, field: &'static Field) -> Vec<Revision> {
        let Some(document) = self.document_id(field.document).and_then(|id| self.document(id)) else {
            return Vec::new();
        };
        let mut revisions = match slot {
            None => field_history(&document.borrow(), field),
            Some(record) => record_history(&document.borrow(), record, field),
        }
        .unwrap_or_default();
        revisions.reverse();
        revisions
    }

    /// Writes a transmission in this year's journal, made of a draft.
    ///
    /// # Errors
    /// As [`OpenDossier::set`].
    pub fn add_transmission(&self, texte: &str, draft: String) -> Result<(), DocumentError> {
        let entry = EntryId(random::sixteen_bytes());
        self.write(DocumentKind::Journal { year: 0 }, Some(draft), |document, pen, now| {
            journal::add_transmission(document, pen, now, entry, texte)
        })
    }

    /// Notes a request, made of a draft.
    ///
    /// # Errors
    /// As [`OpenDossier::set`].
    pub fn add_demande(&self, canal: &str, texte: &str, draft: String) -> Result<(), DocumentError> {
        let entry = EntryId(random::sixteen_bytes());
        self.write(DocumentKind::Relation, Some(draft), |document, pen, now| {
            relation::add_demande(document, pen, now, entry, canal, texte)
        })
    }

    fn write(
        &self,
        kind: DocumentKind,
        draft: Option<String>,
        edit: impl FnOnce(&mut Document, &Pen, Timestamp) -> Result<Option<NewChange>, DocumentError>,
    ) -> Result<(), DocumentError> {
        let (Some(replica), Some(id)) = (self.workspace.replica(), self.document_id(kind)) else { return Ok(()) };
        // The year may have turned since the dossier was opened.
        let document = self.document(id).unwrap_or_else(|| replica.begin(id));
        self.documents.update_value(|documents| {
            documents.entry(id).or_insert_with(|| Rc::clone(&document));
        });
        replica.edit(&document, draft, edit)?;
        self.read();
        Ok(())
    }
}
