//! Changes as people write them, for tests that need real ones.

use chrono::NaiveDate;
use liaison_shared::documents::journal::add_transmission;
use liaison_shared::documents::prestation::{Membre, PrestationView, add_membre, set_fin, set_secteur, withdraw};
use liaison_shared::documents::relation::add_demande;
use liaison_shared::documents::schema::administratif::EXONERATION;
use liaison_shared::documents::schema::rapports::{NOTE_TEXTE, NOTES};
use liaison_shared::documents::schema::{Collection, Field};
use liaison_shared::documents::{Document, NewChange, Pen, SetField, add_record, client, genesis, set_field};
use liaison_shared::{DocumentId, DossierId, EntryId, Timestamp, UserId};

/// When everything in tests is written: 2026-11-23T07:30:00Z.
pub const NOW: Timestamp = Timestamp(1_795_419_000_000);

/// The dossier with a number.
pub fn dossier(number: u8) -> DossierId {
    DossierId([number; 16])
}

/// Somebody's copy of a document.
pub struct Writing {
    /// The document.
    pub document: Document,
    pen: Pen,
}

impl Writing {
    /// A new document under this pen, as the first version of the application begins it: with one change.
    pub fn new(id: DocumentId, pen: Pen) -> Self {
        Self { document: Document::of_version(id, 1), pen }
    }

    /// A new document as this version of the application begins it: with every part that it may have.
    pub fn whole(id: DocumentId, pen: Pen) -> Self {
        Self { document: Document::new(id), pen }
    }

    /// Its name.
    pub fn id(&self) -> DocumentId {
        self.document.id()
    }

    /// Its beginning.
    pub fn genesis(&self) -> NewChange {
        first_step(self.id())
    }

    /// A copy as a cloned browser profile would have it.
    pub fn cloned(&self) -> Self {
        Self { document: self.document.clone(), pen: self.pen.clone() }
    }

    /// Writes the name of the client.
    pub fn nom(&mut self, value: &str) -> NewChange {
        self.field(&client::NOM, value)
    }

    /// Writes into a journal.
    pub fn transmission(&mut self, texte: &str) -> NewChange {
        let id = self.entry();
        add_transmission(&mut self.document, &self.pen, NOW, id, texte).unwrap().unwrap()
    }

    /// Writes into a relation.
    pub fn demande(&mut self, texte: &str) -> NewChange {
        let id = self.entry();
        add_demande(&mut self.document, &self.pen, NOW, id, "Téléphone", texte).unwrap().unwrap()
    }

    /// Writes into rapports.
    pub fn note(&mut self, texte: &str) -> NewChange {
        self.record(&NOTES, &NOTE_TEXTE, texte)
    }

    /// Writes a field of an administratif.
    pub fn champ(&mut self, value: &str) -> NewChange {
        self.field(&EXONERATION, value)
    }

    /// Writes a field of whichever document.
    pub fn field(&mut self, field: &'static Field, value: &str) -> NewChange {
        let base = self.document.heads();
        let edit = SetField { field, value: value.to_owned() };
        set_field(&mut self.document, &self.pen, &base, NOW, &edit).unwrap().unwrap()
    }

    /// Adds a record with one field.
    pub fn record(&mut self, collection: &'static Collection, field: &'static Field, value: &str) -> NewChange {
        let id = self.entry();
        let values = [SetField { field, value: value.to_owned() }];
        add_record(&mut self.document, &self.pen, NOW, (collection, id), &values).unwrap().unwrap()
    }

    /// Puts somebody on the team.
    pub fn membre(&mut self, personne: UserId, debut: &str, fin: Option<&str>) -> NewChange {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (id, span) = (self.entry(), (day(debut), fin.map(day)));
        add_membre(&mut self.document, &self.pen, NOW, id, personne, span).unwrap().unwrap()
    }

    /// Says when somebody's last visit is.
    pub fn fin(&mut self, personne: UserId, fin: Option<&str>) -> NewChange {
        let (base, id) = (self.document.heads(), self.on_team(personne));
        let fin = fin.map(|fin| fin.parse().unwrap());
        set_fin(&mut self.document, &self.pen, &base, NOW, id, fin).unwrap().unwrap()
    }

    /// Takes somebody off the team.
    pub fn retrait(&mut self, personne: UserId) -> NewChange {
        let (base, id) = (self.document.heads(), self.on_team(personne));
        withdraw(&mut self.document, &self.pen, &base, NOW, id).unwrap().unwrap()
    }

    fn on_team(&self, personne: UserId) -> EntryId {
        let equipe = PrestationView::read(&self.document).equipe;
        let there = |membre: &&Membre| membre.personne == Some(personne) && !membre.retire;
        equipe.iter().find(there).map(|membre| membre.id).unwrap()
    }

    /// Gives the dossier to a sector.
    pub fn secteur(&mut self, name: &str) -> NewChange {
        let base = self.document.heads();
        set_secteur(&mut self.document, &self.pen, &base, NOW, name).unwrap().unwrap()
    }

    /// An entry that nobody else has: of this actor, at this place in the document.
    fn entry(&self) -> EntryId {
        let mut id = self.pen.actor;
        id[0] ^= u8::try_from(self.document.changes().len()).unwrap();
        EntryId(id)
    }
}

/// The change that a document begins with.
pub fn first_step(id: DocumentId) -> NewChange {
    genesis(id).remove(0)
}

/// The `prestation` that puts somebody on the team from 2020 on, without an end: genesis and change.
pub fn team(number: u8, pen: &Pen, user: UserId) -> (DocumentId, Vec<NewChange>) {
    let mut writing = Writing::new(DocumentId::prestation(dossier(number)), pen.clone());
    (writing.id(), vec![writing.genesis(), writing.membre(user, "2020-01-01", None)])
}

/// A journal with one transmission: genesis and change.
pub fn transmission(number: u8, pen: &Pen, texte: &str) -> (DocumentId, Vec<NewChange>) {
    let id = DocumentId::journal(dossier(number), 2026);
    let change =
        add_transmission(&mut Document::of_version(id, 1), pen, NOW, EntryId([1; 16]), texte).unwrap().unwrap();
    (id, vec![first_step(id), change])
}

/// A relation with one request: genesis and change.
pub fn demande(number: u8, pen: &Pen, texte: &str) -> (DocumentId, Vec<NewChange>) {
    let id = DocumentId::relation(dossier(number));
    let change =
        add_demande(&mut Document::of_version(id, 1), pen, NOW, EntryId([1; 16]), "Téléphone", texte).unwrap().unwrap();
    (id, vec![first_step(id), change])
}
