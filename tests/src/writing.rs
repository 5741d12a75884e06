//! Changes as people write them, for tests that need real ones.

use liaison_shared::documents::client::{self, SetField, set_field};
use liaison_shared::documents::journal::add_transmission;
use liaison_shared::documents::relation::add_demande;
use liaison_shared::documents::{Document, NewChange, Pen, genesis};
use liaison_shared::{DocumentId, DossierId, EntryId, Timestamp};

/// When everything in tests is written: 2026-11-23T07:30:00Z.
pub const NOW: Timestamp = Timestamp(1_795_419_000_000);

/// The dossier with a number.
pub fn dossier(number: u8) -> DossierId {
    DossierId([number; 16])
}

/// Somebody's copy of a `client` document.
pub struct Writing {
    /// The document.
    pub document: Document,
    pen: Pen,
}

impl Writing {
    /// A new document under this pen.
    pub fn new(id: DocumentId, pen: Pen) -> Self {
        Self { document: Document::new(id), pen }
    }

    /// Its name.
    pub fn id(&self) -> DocumentId {
        self.document.id()
    }

    /// Its beginning.
    pub fn genesis(&self) -> NewChange {
        genesis(self.id())
    }

    /// A copy as a cloned browser profile would have it.
    pub fn cloned(&self) -> Self {
        Self { document: self.document.clone(), pen: self.pen.clone() }
    }

    /// Writes the name of the client.
    pub fn nom(&mut self, value: &str) -> NewChange {
        let base = self.document.heads();
        let edit = SetField { field: &client::NOM, value: value.to_owned() };
        set_field(&mut self.document, &self.pen, &base, NOW, &edit).unwrap().unwrap()
    }
}

/// A journal with one transmission: genesis and change.
pub fn transmission(number: u8, pen: &Pen, texte: &str) -> (DocumentId, Vec<NewChange>) {
    let id = DocumentId::journal(dossier(number), 2026);
    let change = add_transmission(&mut Document::new(id), pen, NOW, EntryId([1; 16]), texte).unwrap().unwrap();
    (id, vec![genesis(id), change])
}

/// A relation with one request: genesis and change.
pub fn demande(number: u8, pen: &Pen, texte: &str) -> (DocumentId, Vec<NewChange>) {
    let id = DocumentId::relation(dossier(number));
    let change = add_demande(&mut Document::new(id), pen, NOW, EntryId([1; 16]), "Téléphone", texte).unwrap().unwrap();
    (id, vec![genesis(id), change])
}
