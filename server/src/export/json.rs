//! A dossier as JSON that programs and people read: every value that stands, with who wrote it and when.
//!
//! The shape is a promise (docs/export.md): keys are added, none changes its meaning while [`VERSION`] is the same.

use liaison_shared::documents::prestation::Membre;
use liaison_shared::documents::schema::{Collection, Field, SECTEUR, client, collections_of, fields_of};
use liaison_shared::documents::{Document, Record, Register, Signature};
use liaison_shared::dossier::{Dossier, number};
use liaison_shared::{DocumentKind, DossierId, EntryId, UserId};
use serde::Serialize;

use super::Leaving;

/// What says that a file is one of these.
pub const FORMAT: &str = "liaison-dossier";
/// Of the shape.
pub const VERSION: u32 = 1;

/// A dossier that leaves.
#[derive(Debug, Serialize)]
pub struct Portable {
    format: &'static str,
    version: u32,
    dossier: DossierId,
    numero: String,
    name: String,
    exported: i64,
    exported_by: UserId,
    documents: Vec<String>,
    fields: Vec<FieldOut>,
    records: Vec<RecordOut>,
    team: Vec<MembreOut>,
    ticks: Vec<TickOut>,
    transmissions: Vec<EntryOut>,
    requests: Vec<EntryOut>,
}

#[derive(Debug, Serialize)]
struct Signed {
    by: Option<UserId>,
    by_name: Option<String>,
    at: i64,
}

#[derive(Debug, Serialize)]
struct ValueOut {
    value: String,
    text: String,
    #[serde(flatten)]
    signed: Signed,
}

#[derive(Debug, Serialize)]
struct FieldOut {
    volet: &'static str,
    key: &'static str,
    label: &'static str,
    values: Vec<ValueOut>,
}

#[derive(Debug, Serialize)]
struct RecordOut {
    volet: &'static str,
    collection: &'static str,
    label: &'static str,
    id: EntryId,
    title: String,
    retired: bool,
    #[serde(flatten)]
    signed: Signed,
    fields: Vec<FieldOut>,
}

#[derive(Debug, Serialize)]
struct MembreOut {
    id: EntryId,
    person: Option<UserId>,
    person_name: Option<String>,
    first: Option<String>,
    last: Option<String>,
    withdrawn: bool,
    #[serde(flatten)]
    signed: Signed,
}

#[derive(Debug, Serialize)]
struct TickOut {
    item: String,
    #[serde(flatten)]
    signed: Signed,
}

#[derive(Debug, Serialize)]
struct EntryOut {
    id: EntryId,
    #[serde(skip_serializing_if = "Option::is_none")]
    canal: Option<String>,
    text: String,
    #[serde(flatten)]
    signed: Signed,
}

impl Portable {
    /// What these documents of a dossier say.
    #[must_use]
    pub fn new(id: DossierId, documents: &[Document], leaving: &Leaving) -> Self {
        let dossier = Dossier::read(documents);
        let value = |field: &Field| dossier.fields.value(field).trim().to_owned();
        let name = format!("{} {}", value(&client::NOM).to_uppercase(), value(&client::PRENOM));
        let kinds = kinds(documents);
        Self {
            format: FORMAT,
            version: VERSION,
            dossier: id,
            numero: number(id, &value(&client::NUMERO)),
            name: name.trim().to_owned(),
            exported: leaving.at.0,
            exported_by: leaving.by,
            documents: documents.iter().map(|document| document.id().to_string()).collect(),
            fields: leaving.fields(&kinds, &dossier),
            records: leaving.records(&kinds, &dossier),
            team: dossier.prestation.equipe.iter().map(|membre| leaving.membre(membre)).collect(),
            ticks: dossier
                .ticks
                .done()
                .map(|(item, signature)| TickOut { item: item.to_owned(), signed: leaving.signed(signature) })
                .collect(),
            transmissions: dossier
                .transmissions
                .iter()
                .map(|it| leaving.entry(it.id, None, &it.texte, &it.signature))
                .collect(),
            requests: dossier
                .demandes
                .iter()
                .map(|it| leaving.entry(it.id, Some(it.canal.clone()), &it.texte, &it.signature))
                .collect(),
        }
    }
}

/// The kinds of some documents, each once: a dossier has a journal a year.
fn kinds(documents: &[Document]) -> Vec<DocumentKind> {
    let mut kinds: Vec<DocumentKind> = Vec::new();
    for kind in documents.iter().map(|document| document.id().kind()) {
        if kinds.iter().all(|known| known.name() != kind.name()) {
            kinds.push(kind);
        }
    }
    kinds
}

impl Leaving {
    fn signed(&self, signature: &Signature) -> Signed {
        let by = signature.author;
        Signed { by, by_name: self.name(by).map(str::to_owned), at: signature.at.0 }
    }

    fn field(&self, field: &'static Field, register: &Register) -> Option<FieldOut> {
        let values = register.candidates.iter().map(|candidate| ValueOut {
            value: candidate.value.clone(),
            text: self.display(field, &candidate.value),
            signed: self.signed(&candidate.signature),
        });
        let Field { key, label, document, .. } = field;
        let out = FieldOut { volet: document.name(), key, label, values: values.collect() };
        (!out.values.is_empty()).then_some(out)
    }

    fn fields(&self, kinds: &[DocumentKind], dossier: &Dossier) -> Vec<FieldOut> {
        let fields = kinds.iter().flat_map(|kind| fields_of(*kind));
        let of_pages = fields.filter_map(|field| self.field(field, &dossier.fields.register(field)));
        of_pages.chain(self.field(&SECTEUR, &dossier.prestation.secteur)).collect()
    }

    fn records(&self, kinds: &[DocumentKind], dossier: &Dossier) -> Vec<RecordOut> {
        let collections = kinds.iter().flat_map(|kind| collections_of(*kind));
        collections.flat_map(|it| dossier.records.all(it)).map(|record| self.record(record)).collect()
    }

    fn record(&self, record: &Record) -> RecordOut {
        let Collection { key, document, singular, fields, .. } = record.collection;
        RecordOut {
            volet: document.name(),
            collection: key,
            label: singular,
            id: record.id,
            title: record.title(),
            retired: record.retire,
            signed: self.signed(&record.signature),
            fields: fields.iter().filter_map(|field| self.field(field, &record.register(field))).collect(),
        }
    }

    fn membre(&self, membre: &Membre) -> MembreOut {
        MembreOut {
            id: membre.id,
            person: membre.personne,
            person_name: self.name(membre.personne).map(str::to_owned),
            first: membre.debut.map(|day| day.to_string()),
            last: membre.fin.map(|day| day.to_string()),
            withdrawn: membre.retire,
            signed: self.signed(&membre.signature),
        }
    }

    fn entry(&self, id: EntryId, canal: Option<String>, text: &str, signature: &Signature) -> EntryOut {
        EntryOut { id, canal, text: text.to_owned(), signed: self.signed(signature) }
    }
}
