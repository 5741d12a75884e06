//! Collections of records: papers, contacts, tasks … A record is added whole, in one change; then its fields are written
//! like any other, and two values written apart both stand. Nothing is ever deleted: a record is put away, and back.
//!
//! Two devices may add the same record apart (a task that both derived): two maps then stand for it, which are read
//! together and written together.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ObjId, ObjType, ReadDoc};

use super::schema::prestation::TOGETHER;
use super::schema::{COLLECTIONS, Collection, Field, collections_of};
use super::{Document, DocumentError, Heads, NewChange, Pen, Register, SetField, Signature, put_text};
use crate::ids::{ChangeHash, EntryId};
use crate::order;
use crate::time::Timestamp;

/// Kept in a record that was put away.
const RETIRE: &str = "retire";

/// One record as it reads at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What it is one of.
    pub collection: &'static Collection,
    /// Its identity.
    pub id: EntryId,
    /// Put away by somebody.
    pub retire: bool,
    /// Who added it, when.
    pub signature: Signature,
    fields: Vec<(&'static str, Register)>,
}

impl Record {
    /// The values standing for one of its fields.
    #[must_use]
    pub fn register(&self, field: &Field) -> Register {
        self.find(field).cloned().unwrap_or_default()
    }

    /// The value of one of its fields, empty text when not filled.
    #[must_use]
    pub fn value(&self, field: &Field) -> &str {
        self.find(field).map_or("", |register| register.value())
    }

    fn find(&self, field: &Field) -> Option<&Register> {
        self.fields.iter().find(|(key, _)| *key == field.key).map(|(_, register)| register)
    }

    /// How many of its fields wait for somebody's choice.
    #[must_use]
    pub fn contested(&self) -> usize {
        self.fields.iter().filter(|(_, register)| register.is_contested()).count()
    }

    /// What names it in a list: `Devis · D-2026-014`.
    #[must_use]
    pub fn title(&self) -> String {
        let named = self.collection.title.iter().map(|field| field.display(self.value(field)));
        let parts: Vec<String> = named.filter(|part| !part.trim().is_empty()).collect();
        if parts.is_empty() { self.collection.singular.to_owned() } else { parts.join(" · ") }
    }

    /// The changes of what stands: where the record is safe is where all of them are.
    #[must_use]
    pub fn changes(&self) -> Vec<ChangeHash> {
        let written = self.fields.iter().flat_map(|(_, register)| &register.candidates);
        written.map(|candidate| candidate.signature.change).chain([self.signature.change]).collect()
    }
}

/// Adds a record as one change. The same id twice adds nothing.
///
/// # Errors
/// When the collection is not of this kind of document, or Automerge refuses.
pub fn add_record(
    document: &mut Document,
    pen: &Pen,
    now: Timestamp,
    (collection, id): (&'static Collection, EntryId),
    values: &[SetField],
) -> Result<Option<NewChange>, DocumentError> {
    expect_fields(collection, values)?;
    let (object, base) = (part(document, collection)?, document.heads());
    document.write(pen, &base, now, |transaction| {
        let key = id.to_string();
        if transaction.get(&object, key.as_str())?.is_some() {
            return Ok(());
        }
        let entry = transaction.put_object(&object, key, ObjType::Map)?;
        for SetField { field, value } in values {
            put_text(transaction, &entry, field.key, value)?;
        }
        Ok(())
    })
}

/// Adds a record and writes fields of another one of the same document, as they were seen at `base`, as one change: a
/// signature and what it makes of the paper.
///
/// # Errors
/// As [`add_record`] and [`set_record`]; nothing is written then.
pub fn add_record_and_set(
    document: &mut Document,
    pen: &Pen,
    base: &Heads,
    now: Timestamp,
    ((collection, id), values): ((&'static Collection, EntryId), &[SetField]),
    ((other, other_id), marks): ((&'static Collection, EntryId), &[SetField]),
) -> Result<Option<NewChange>, DocumentError> {
    expect_fields(collection, values)?;
    expect_fields(other, marks)?;
    let (object, entries) = (part(document, collection)?, entries(document, other, other_id)?);
    document.write(pen, base, now, |transaction| {
        let entry = transaction.put_object(&object, id.to_string(), ObjType::Map)?;
        for SetField { field, value } in values {
            put_text(transaction, &entry, field.key, value)?;
        }
        for (entry, SetField { field, value }) in entries.iter().flat_map(|it| marks.iter().map(move |set| (it, set))) {
            put_text(transaction, entry, field.key, value)?;
        }
        Ok(())
    })
}

/// Writes fields of a record, as they were seen at `base`. `None` when nothing changes.
///
/// # Errors
/// When there is no such record, or Automerge refuses.
pub fn set_record(
    document: &mut Document,
    pen: &Pen,
    base: &Heads,
    now: Timestamp,
    (collection, id): (&'static Collection, EntryId),
    values: &[SetField],
) -> Result<Option<NewChange>, DocumentError> {
    expect_fields(collection, values)?;
    let entries = entries(document, collection, id)?;
    document.write(pen, base, now, |transaction| {
        entries.iter().try_for_each(|entry| write_fields(transaction, entry, values))
    })
}

/// One of several edits that are written as one change: the record is added when it is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordEdit {
    /// What it is one of.
    pub collection: &'static Collection,
    /// Which.
    pub id: EntryId,
    /// What is written in it; an empty text empties a field.
    pub values: Vec<SetField>,
    /// Whether it is put away, or back; `None` leaves that as it is.
    pub retire: Option<bool>,
}

impl RecordEdit {
    /// Writes fields of a record.
    #[must_use]
    pub fn new(collection: &'static Collection, id: EntryId, values: &[(&'static Field, &str)]) -> Self {
        let values = values.iter().map(|(field, value)| SetField { field, value: (*value).to_owned() }).collect();
        Self { collection, id, values, retire: None }
    }
}

/// Writes several records of one document, as they were seen at `base`, as one change: all of it arrives, or nothing.
/// `None` when nothing changes.
///
/// # Errors
/// When a collection is not of this kind of document, or Automerge refuses; nothing is written then.
pub fn edit_records(
    document: &mut Document,
    pen: &Pen,
    base: &Heads,
    now: Timestamp,
    edits: &[RecordEdit],
) -> Result<Option<NewChange>, DocumentError> {
    let mut parts = Vec::new();
    for edit in edits {
        expect_fields(edit.collection, &edit.values)?;
        parts.push(part(document, edit.collection)?);
    }
    document.write(pen, base, now, |transaction| {
        for (edit, object) in edits.iter().zip(&parts) {
            let key = edit.id.to_string();
            let standing = transaction.get_all(object, key.as_str())?;
            let mut maps: Vec<ObjId> =
                standing.into_iter().filter(|(value, _)| value.is_object()).map(|(_, map)| map).collect();
            if maps.is_empty() {
                maps.push(transaction.put_object(object, key, ObjType::Map)?);
            }
            for map in &maps {
                write_fields(transaction, map, &edit.values)?;
                if let Some(retire) = edit.retire {
                    put_text(transaction, map, RETIRE, if retire { "oui" } else { "" })?;
                }
            }
        }
        Ok(())
    })
}

/// Writes fields of one map; those that mean something together ([`TOGETHER`]) all of them as soon as one changes, also
/// when some stay as they were.
fn write_fields(transaction: &mut Transaction<'_>, map: &ObjId, values: &[SetField]) -> Result<(), DocumentError> {
    for SetField { field, value } in values {
        let group = TOGETHER.iter().find(|group| group.contains(field));
        let standing = transaction.get_all(map, field.key)?;
        let same = matches!(&standing[..], [(old, _)] if old.as_str() == Some(value));
        let unchanged = same || (standing.is_empty() && value.is_empty());
        match group {
            Some(group) if !unchanged => write_group(transaction, map, group, values)?,
            _ => put_text(transaction, map, field.key, value)?,
        }
    }
    Ok(())
}

fn write_group(
    transaction: &mut Transaction<'_>,
    map: &ObjId,
    group: &[&'static Field],
    values: &[SetField],
) -> Result<(), DocumentError> {
    for field in group {
        let standing = transaction.get(map, field.key)?.and_then(|(value, _)| value.as_str().map(str::to_owned));
        let given = values.iter().find(|set| set.field == *field).map(|set| set.value.clone());
        let Some(value) = given.or_else(|| standing.clone()).filter(|it| !it.is_empty() || standing.is_some()) else {
            continue;
        };
        if standing.as_ref() == Some(&value) {
            // Automerge writes nothing in the place of the same.
            transaction.delete(map, field.key)?;
        }
        transaction.put(map, field.key, value)?;
    }
    Ok(())
}

/// Puts a record away, or back. `None` when it is there already.
///
/// # Errors
/// As [`set_record`].
pub fn retire_record(
    document: &mut Document,
    pen: &Pen,
    base: &Heads,
    now: Timestamp,
    (collection, id): (&'static Collection, EntryId),
    retire: bool,
) -> Result<Option<NewChange>, DocumentError> {
    let entries = entries(document, collection, id)?;
    document.write(pen, base, now, |transaction| {
        for entry in &entries {
            put_text(transaction, entry, RETIRE, if retire { "oui" } else { "" })?;
        }
        Ok(())
    })
}

fn expect_fields(collection: &Collection, values: &[SetField]) -> Result<(), DocumentError> {
    match values.iter().find(|set| !collection.fields.contains(&set.field)) {
        Some(foreign) => Err(DocumentError::WrongEdit(foreign.field.key.to_owned())),
        None => Ok(()),
    }
}

fn part(document: &Document, collection: &Collection) -> Result<ObjId, DocumentError> {
    if collection.document.name() != document.id().kind().name() {
        return Err(DocumentError::WrongEdit(collection.key.to_owned()));
    }
    document.part(collection.key)
}

/// The maps that stand for a record: one, unless it was added apart.
pub(super) fn entries(document: &Document, collection: &Collection, id: EntryId) -> Result<Vec<ObjId>, DocumentError> {
    let maps = maps_of(document, &part(document, collection)?, &id.to_string());
    if maps.is_empty() {
        return Err(DocumentError::Missing { document: document.id(), part: id.to_string() });
    }
    Ok(maps)
}

fn maps_of(document: &Document, collection: &ObjId, key: &str) -> Vec<ObjId> {
    let all = document.inner().get_all(collection, key).unwrap_or_default();
    all.into_iter().filter(|(value, _)| value.is_object()).map(|(_, object)| object).collect()
}

/// Every record of one or several documents as they read at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Records(Vec<Record>);

impl Records {
    /// Reads every collection of a document.
    #[must_use]
    pub fn read(document: &Document) -> Self {
        let collections = collections_of(document.id().kind());
        Self(collections.flat_map(|collection| read_collection(document, collection)).collect())
    }

    /// Takes the records of another document in.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Those of a collection that nobody put away, oldest first.
    pub fn of(&self, collection: &'static Collection) -> impl DoubleEndedIterator<Item = &Record> {
        self.all(collection).filter(|record| !record.retire)
    }

    /// Those of a collection, put away or not, oldest first.
    pub fn all(&self, collection: &'static Collection) -> impl DoubleEndedIterator<Item = &Record> {
        self.0.iter().filter(move |record| std::ptr::eq(record.collection, collection))
    }

    /// A record.
    #[must_use]
    pub fn get(&self, id: EntryId) -> Option<&Record> {
        self.0.iter().find(|record| record.id == id)
    }

    /// Everything that was not put away, of every collection.
    pub fn iter(&self) -> impl Iterator<Item = &Record> {
        self.0.iter().filter(|record| !record.retire)
    }
}

fn read_collection(document: &Document, collection: &'static Collection) -> Vec<Record> {
    let inner = document.inner();
    let Ok(object) = document.part(collection.key) else { return Vec::new() };
    let mut records: Vec<Record> = Vec::new();
    for key in inner.keys(&object) {
        let (Ok(id), maps) = (key.parse(), maps_of(document, &object, &key)) else { continue };
        let Some(hash) = maps.last().and_then(|map| inner.hash_for_opid(map)) else { continue };
        let read = |field: &&'static Field| (field.key, Register::read_all(document, &maps, field.key));
        let fields = collection.fields.iter().map(read);
        let retire = Register::read_all(document, &maps, RETIRE).value() == "oui";
        let fields = fields.filter(|(_, register)| !register.candidates.is_empty()).collect();
        records.push(Record { collection, id, retire, signature: document.signature(hash), fields });
    }
    order::by_key(&mut records, |record| (record.signature.at, record.id));
    records
}

/// The field of a record, by its key, and what it is a record of.
#[must_use]
pub fn record_field(kind: &str, key: &str) -> Option<(&'static Collection, &'static Field)> {
    COLLECTIONS.iter().filter(|collection| collection.document.name() == kind).find_map(|collection| {
        let field = collection.fields.iter().find(|field| field.key == key)?;
        Some((*collection, *field))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::schema::administratif::{PIECE_NUMERO, PIECE_TYPE, PIECES};
    use crate::documents::schema::client::{CONTACTS, NOM};
    use crate::ids::{DocumentId, DossierId, UserId};

    const PEN: Pen = Pen { user: UserId([1; 16]), actor: [2; 16] };
    const ID: EntryId = EntryId([3; 16]);

    fn value(field: &'static Field, value: &str) -> SetField {
        SetField { field, value: value.to_owned() }
    }

    fn with_devis() -> Document {
        let mut document = Document::new(DocumentId::administratif(DossierId([1; 16])));
        add_record(&mut document, &PEN, Timestamp(0), (&PIECES, ID), &[value(&PIECE_TYPE, "Devis")]).unwrap().unwrap();
        document
    }

    #[test]
    fn a_record_is_added_once_written_in_place_and_put_away_and_back() {
        let mut document = with_devis();
        let again = add_record(&mut document, &PEN, Timestamp(0), (&PIECES, ID), &[value(&PIECE_TYPE, "Contrat")]);
        assert!(again.unwrap().is_none());
        let base = document.heads();
        let numbered = [value(&PIECE_NUMERO, "D-14")];
        set_record(&mut document, &PEN, &base, Timestamp(0), (&PIECES, ID), &numbered).unwrap().unwrap();
        let records = Records::read(&document);
        assert_eq!(records.of(&PIECES).map(Record::title).collect::<Vec<_>>(), ["Devis · D-14"]);
        for retire in [true, false] {
            let base = document.heads();
            retire_record(&mut document, &PEN, &base, Timestamp(0), (&PIECES, ID), retire).unwrap().unwrap();
            assert_eq!(Records::read(&document).of(&PIECES).count(), usize::from(!retire));
            assert_eq!(Records::read(&document).all(&PIECES).count(), 1);
        }
    }

    #[test]
    fn doc_4_a_record_written_apart_keeps_both_values() {
        let mut one = with_devis();
        let mut two = one.clone();
        let other = Pen { user: UserId([4; 16]), actor: [5; 16] };
        let base = one.heads();
        let (here, there) = ([value(&PIECE_NUMERO, "D-14")], [value(&PIECE_NUMERO, "D-15")]);
        set_record(&mut one, &PEN, &base, Timestamp(0), (&PIECES, ID), &here).unwrap();
        let change = set_record(&mut two, &other, &base, Timestamp(0), (&PIECES, ID), &there).unwrap().unwrap();
        one.apply(&change.bytes).unwrap();
        let records = Records::read(&one);
        let devis = records.get(ID).unwrap();
        assert_eq!((devis.register(&PIECE_NUMERO).candidates.len(), devis.contested()), (2, 1));
        assert_eq!(devis.changes().len(), 4, "its beginning, its type, two numbers");
    }

    #[test]
    fn a_record_that_two_devices_added_apart_is_one_and_loses_nothing() {
        let blank = Document::new(DocumentId::administratif(DossierId([1; 16])));
        let (mut one, mut two) = (blank.clone(), blank);
        let other = Pen { user: UserId([4; 16]), actor: [5; 16] };
        let devis = [value(&PIECE_TYPE, "Devis")];
        add_record(&mut one, &PEN, Timestamp(0), (&PIECES, ID), &devis).unwrap().unwrap();
        add_record(&mut two, &other, Timestamp(0), (&PIECES, ID), &devis).unwrap().unwrap();
        let base = two.heads();
        let numbered = [value(&PIECE_NUMERO, "D-14")];
        set_record(&mut two, &other, &base, Timestamp(0), (&PIECES, ID), &numbered).unwrap().unwrap();
        for change in two.changes() {
            one.apply(&change.bytes).unwrap();
        }
        for change in one.changes() {
            two.apply(&change.bytes).unwrap();
        }
        for document in [&one, &two] {
            let records = Records::read(document);
            let titles: Vec<String> = records.of(&PIECES).map(Record::title).collect();
            assert_eq!((titles, records.get(ID).unwrap().contested()), (vec!["Devis · D-14".to_owned()], 0));
        }
        let base = one.heads();
        let renumbered = [value(&PIECE_NUMERO, "D-15")];
        set_record(&mut one, &PEN, &base, Timestamp(0), (&PIECES, ID), &renumbered).unwrap().unwrap();
        assert_eq!(Records::read(&one).get(ID).unwrap().register(&PIECE_NUMERO).candidates.len(), 1);
    }

    #[test]
    fn what_belongs_elsewhere_is_refused_and_changes_nothing() {
        let mut document = with_devis();
        let heads = document.heads();
        let foreign = add_record(&mut document, &PEN, Timestamp(0), (&CONTACTS, EntryId([4; 16])), &[]);
        assert!(matches!(foreign, Err(DocumentError::WrongEdit(_))), "{foreign:?}");
        let name = [value(&NOM, "Petit")];
        assert!(set_record(&mut document, &PEN, &heads, Timestamp(0), (&PIECES, ID), &name).is_err());
        assert_eq!(document.heads(), heads);
    }
}
