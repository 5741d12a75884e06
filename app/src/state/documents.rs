//! Documents that no page has open: read once, or changed as they stand.

use liaison_shared::documents::{Document, DocumentError, NewChange, Pen, RecordEdit, edit_records};
use liaison_shared::dossier::Dossier;
use liaison_shared::{DocumentId, Timestamp};

use super::Workspace;

impl Workspace {
    /// What a document says; `None` when this device cannot read it now.
    pub async fn read_document(&self, id: DocumentId) -> Option<Dossier> {
        let document = self.replica()?.open_document(id).await.ok()?;
        let read = Dossier::read([&*document.borrow()]);
        Some(read)
    }

    /// Makes an edit. Also once the page that asked for it is gone.
    ///
    /// # Errors
    /// Why nothing has changed.
    pub async fn edit_document(
        &self,
        id: DocumentId,
        edit: impl FnOnce(&mut Document, &Pen, Timestamp) -> Result<Option<NewChange>, DocumentError>,
    ) -> Result<(), String> {
        let Some(replica) = self.replica() else { return Ok(()) };
        let document = replica.open_document(id).await.map_err(|error| error.to_string())?;
        replica.edit(&document, None, edit).map_err(|error| error.to_string())
    }

    /// Writes records on top of what stands there.
    ///
    /// # Errors
    /// As [`Workspace::edit_document`].
    pub async fn edit_records(&self, id: DocumentId, edits: &[RecordEdit]) -> Result<(), String> {
        let edit = |document: &mut Document, pen: &Pen, now| {
            let base = document.heads();
            edit_records(document, pen, &base, now, edits)
        };
        self.edit_document(id, edit).await
    }
}
