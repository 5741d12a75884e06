//! The dossier that is open: its documents, read as signals that follow every change.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::*;
use liaison_shared::documents::client::{ClientView, Field, SetField, set_field};
use liaison_shared::documents::journal::{self, Transmission};
use liaison_shared::documents::prestation::PrestationView;
use liaison_shared::documents::relation::{self, Demande};
use liaison_shared::documents::{Document, DocumentError, Heads, Revision, field_history, touched};
use liaison_shared::ids::DocumentKind;
use liaison_shared::{ChangeHash, DocumentId, DossierId, EntryId};

use super::Workspace;
use crate::platform::indexed_db::StorageError;
use crate::platform::{clock, random};
use crate::ui::Receipt;

type Shared = Rc<RefCell<Document>>;

/// An open dossier. Copies are the same dossier.
#[derive(Clone, Copy)]
pub struct OpenDossier {
    /// Which one.
    pub id: DossierId,
    /// Its `client` document as it reads now.
    pub client: RwSignal<ClientView>,
    /// Every transmission of every year, oldest first.
    pub transmissions: RwSignal<Vec<Transmission>>,
    /// Every request, oldest first; empty for those who may not see them.
    pub demandes: RwSignal<Vec<Demande>>,
    /// The sector and the team.
    pub prestation: RwSignal<PrestationView>,
    /// Whether this device holds anything of the dossier.
    pub known: RwSignal<bool>,
    workspace: Workspace,
    documents: StoredValue<BTreeMap<DocumentId, Shared>, LocalStorage>,
    /// The state of the `client` document that is on the screen.
    shown: StoredValue<Heads>,
    /// Labels of fields, and changes of theirs that are not at the relay.
    owed: RwSignal<Vec<(&'static str, ChangeHash)>>,
}

impl OpenDossier {
    /// Opens a dossier of this device. Follows its changes until the page that opened it goes.
    ///
    /// # Errors
    /// When the device cannot read.
    pub async fn open(workspace: Workspace, id: DossierId) -> Result<Self, StorageError> {
        let dossier = Self {
            id,
            client: RwSignal::new(ClientView::default()),
            transmissions: RwSignal::new(Vec::new()),
            demandes: RwSignal::new(Vec::new()),
            prestation: RwSignal::new(PrestationView::default()),
            known: RwSignal::new(false),
            workspace,
            documents: StoredValue::new_local(BTreeMap::new()),
            shown: StoredValue::new(Heads::default()),
            owed: RwSignal::new(Vec::new()),
        };
        dossier.load().await?;
        Ok(dossier)
    }

    async fn load(&self) -> Result<(), StorageError> {
        let Some(replica) = self.workspace.replica() else { return Ok(()) };
        let held = replica.store().dossier(self.id).await?;
        let year = clock::now().year();
        let wanted = [
            DocumentId::client(self.id),
            DocumentId::prestation(self.id),
            DocumentId::relation(self.id),
            DocumentId::journal(self.id, year),
        ];
        let known = !held.is_empty() || replica.is_open(DocumentId::client(self.id));
        for id in held.into_keys().chain(wanted) {
            let document = replica.open_document(id).await?;
            let there = self.documents.try_update_value(|documents| {
                documents.insert(id, document);
            });
            if there.is_none() {
                // The page has gone while the device was reading.
                return Ok(());
            }
        }
        self.known.set(known);
        self.read();
        Ok(())
    }

    /// Reads the documents anew when the replica says that they changed.
    pub fn follow(self) {
        let workspace = self.workspace;
        Effect::new(move || {
            let (_, changed) = workspace.changed.get();
            if !changed.iter().any(|id| id.dossier() == Some(self.id)) {
                return;
            }
            let opened = |id: &DocumentId| self.document(*id).is_some();
            if changed.iter().all(|id| id.dossier() != Some(self.id) || opened(id)) {
                self.known.set(true);
                self.read();
            } else {
                clock::spawn(async move {
                    // What cannot be read now is read at the next change.
                    let _read = self.load().await.is_ok();
                });
            }
        });
    }

    /// Reads every document into the signals; nothing when the page is gone.
    fn read(&self) {
        let Some(replica) = self.workspace.replica() else { return };
        let (mut client, mut transmissions, mut demandes) = (ClientView::default(), Vec::new(), Vec::new());
        let mut prestation = PrestationView::default();
        let (mut shown, mut owed) = (Heads::default(), Vec::new());
        let there = self.documents.try_with_value(|documents| {
            for (id, document) in documents {
                let document = document.borrow();
                match id.kind() {
                    DocumentKind::Client => {
                        client = ClientView::read(&document);
                        shown = document.heads();
                        for hash in replica.owed_of(&document) {
                            owed.extend(touched(&document, hash).into_iter().map(|label| (label, hash)));
                        }
                    }
                    DocumentKind::Journal { .. } => transmissions.extend(journal::transmissions(&document)),
                    DocumentKind::Relation => demandes = relation::demandes(&document),
                    DocumentKind::Prestation => prestation = PrestationView::read(&document),
                    DocumentKind::Annuaire | DocumentKind::Administratif => {}
                }
            }
        });
        if there.is_none() {
            return;
        }
        transmissions.sort_by_key(|transmission: &Transmission| (transmission.signature.at, transmission.id));
        self.shown.set_value(shown);
        self.owed.set(owed);
        self.client.set(client);
        self.transmissions.set(transmissions);
        self.demandes.set(demandes);
        self.prestation.set(prestation);
    }

    /// Where a field's value is: the least safe place of the changes of it that still count.
    #[must_use]
    pub fn receipt(&self, field: &Field) -> Option<Receipt> {
        let owed = self.owed.with(|owed| {
            let of_field = owed.iter().filter(|(label, _)| *label == field.label);
            of_field.map(|(_, hash)| *hash).collect::<Vec<_>>()
        });
        let last = self.client.with(|view| view.register(field)).candidates.pop()?.signature.change;
        self.least_safe(owed.into_iter().chain([last]))
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

    /// The state of the `client` document that is on the screen, to base an edit on.
    #[must_use]
    pub fn heads(&self) -> Heads {
        self.shown.try_get_value().unwrap_or_default()
    }

    /// Writes one field, as it was seen at `base`.
    ///
    /// # Errors
    /// When the edit does not fit the document; nothing has changed then.
    pub fn set(&self, field: &'static Field, value: String, base: &Heads) -> Result<(), DocumentError> {
        let (Some(replica), Some(document)) = (self.workspace.replica(), self.document(DocumentId::client(self.id)))
        else {
            return Ok(());
        };
        replica.edit(&document, None, |document, pen, now| {
            set_field(document, pen, base, now, &SetField { field, value })
        })?;
        self.read();
        Ok(())
    }

    /// Who changed a field, when, from what to what; newest first.
    #[must_use]
    pub fn history(&self, field: &'static Field) -> Vec<Revision> {
        let Some(document) = self.document(DocumentId::client(self.id)) else { return Vec::new() };
        let mut revisions = field_history(&document.borrow(), field).unwrap_or_default();
        revisions.reverse();
        revisions
    }

    /// Writes a transmission in this year's journal, made of a draft.
    ///
    /// # Errors
    /// When the edit does not fit the document; nothing has changed then.
    pub fn add_transmission(&self, texte: &str, draft: String) -> Result<(), DocumentError> {
        let id = DocumentId::journal(self.id, clock::now().year());
        let entry = EntryId(random::sixteen_bytes());
        self.with_open(id, draft, |document, pen, now| journal::add_transmission(document, pen, now, entry, texte))
    }

    /// Notes a request, made of a draft.
    ///
    /// # Errors
    /// When the edit does not fit the document; nothing has changed then.
    pub fn add_demande(&self, canal: &str, texte: &str, draft: String) -> Result<(), DocumentError> {
        let entry = EntryId(random::sixteen_bytes());
        self.with_open(DocumentId::relation(self.id), draft, |document, pen, now| {
            relation::add_demande(document, pen, now, entry, canal, texte)
        })
    }

    /// The state of the `prestation` document that is on the screen, to base an edit on.
    #[must_use]
    pub fn prestation_heads(&self) -> Heads {
        self.document(DocumentId::prestation(self.id)).map(|document| document.borrow().heads()).unwrap_or_default()
    }

    fn with_open(
        &self,
        id: DocumentId,
        draft: String,
        edit: impl FnOnce(
            &mut Document,
            &liaison_shared::documents::Pen,
            liaison_shared::Timestamp,
        ) -> Result<Option<liaison_shared::documents::NewChange>, DocumentError>,
    ) -> Result<(), DocumentError> {
        let Some(replica) = self.workspace.replica() else { return Ok(()) };
        // The year may have turned since the dossier was opened.
        let document = self.document(id).unwrap_or_else(|| replica.begin(id));
        self.documents.update_value(|documents| {
            documents.entry(id).or_insert_with(|| Rc::clone(&document));
        });
        replica.edit(&document, Some(draft), edit)?;
        self.read();
        Ok(())
    }
}
