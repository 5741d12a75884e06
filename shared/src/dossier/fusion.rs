//! Two dossiers of one person, found later: what one has and the other lacks is taken over, and can be taken back.
//!
//! Nothing is deleted: the dossier that was taken over keeps everything, and says into which it went.

use super::Dossier;
use crate::documents::schema::client::{FUSION_AVEC, FUSION_DANS, FUSION_REPRIS, FUSIONS};
use crate::documents::schema::{Collection, Field, all};
use crate::documents::{Record, SetField};
use crate::ids::{DocumentKind, DossierId, EntryId};

/// What is taken over into the dossier that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reprise {
    /// Fields that it lacks.
    pub fields: Vec<SetField>,
    /// Records that it lacks, under the identity that they have.
    pub records: Vec<(&'static Collection, EntryId, Vec<SetField>)>,
}

/// The kinds of documents that are taken over: what happened (journal, requests, stages) stays where it was written.
const KINDS: [DocumentKind; 2] = [DocumentKind::Client, DocumentKind::Administratif];

/// What `kept` lacks and `other` has.
#[must_use]
pub fn reprise(kept: &Dossier, other: &Dossier) -> Reprise {
    let lacks = |field: &&'static Field| {
        KINDS.contains(&field.document) && !kept.fields.is_filled(field) && other.fields.is_filled(field)
    };
    let fields = all().filter(lacks).map(|field| SetField { field, value: other.fields.value(field).to_owned() });
    let of_kinds = |record: &&Record| {
        let collection = record.collection;
        KINDS.contains(&collection.document) && collection.key != FUSIONS.key && collection.key != "fichiers"
    };
    let records = other.records.iter().filter(of_kinds).filter(|record| kept.records.get(record.id).is_none());
    let copied = |record: &Record| {
        let values = record.collection.fields.iter().filter(|field| !record.value(field).is_empty());
        let values = values.map(|field| SetField { field, value: record.value(field).to_owned() }).collect();
        (record.collection, record.id, values)
    };
    Reprise { fields: fields.collect(), records: records.map(copied).collect() }
}

impl Reprise {
    /// What is written down in the dossier that is kept, so that it can be taken back.
    #[must_use]
    pub fn noted(&self, other: DossierId) -> Vec<SetField> {
        let fields = self.fields.iter().map(|set| set.field.key.to_owned());
        let records = self.records.iter().map(|(_, id, _)| id.to_string());
        let repris = fields.chain(records).collect::<Vec<_>>().join(" ");
        vec![
            SetField { field: &FUSION_AVEC, value: other.to_string() },
            SetField { field: &FUSION_REPRIS, value: repris },
        ]
    }
}

/// What is written down in the dossier that was taken over.
#[must_use]
pub fn noted_in_other(kept: DossierId) -> Vec<SetField> {
    vec![SetField { field: &FUSION_DANS, value: kept.to_string() }]
}

/// The dossier that this one was taken over into.
#[must_use]
pub fn taken_into(dossier: &Dossier) -> Option<DossierId> {
    dossier.records.of(&FUSIONS).filter_map(|record| record.value(&FUSION_DANS).parse().ok()).next_back()
}

/// What taking a fusion back undoes in the dossier that was kept: fields that still say what was taken over, and records.
/// What somebody has written since stays.
#[must_use]
pub fn undone(
    kept: &Dossier,
    other: &Dossier,
    fusion: &Record,
) -> (Vec<&'static Field>, Vec<(&'static Collection, EntryId)>) {
    let words: Vec<&str> = fusion.value(&FUSION_REPRIS).split(' ').collect();
    let same =
        |field: &&'static Field| words.contains(&field.key) && kept.fields.value(field) == other.fields.value(field);
    let records = words.iter().filter_map(|word| kept.records.get(word.parse().ok()?));
    (all().filter(same).collect(), records.map(|record| (record.collection, record.id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::schema::client::{CONTACT_NOM, CONTACTS, EMAIL, NOM, TELEPHONE};
    use crate::documents::{Document, Pen, Records, add_record, set_fields};
    use crate::ids::{DocumentId, UserId};
    use crate::time::Timestamp;

    const PEN: Pen = Pen { user: UserId([1; 16]), actor: [2; 16] };

    fn set(field: &'static Field, value: &str) -> SetField {
        SetField { field, value: value.to_owned() }
    }

    fn written(number: u8, fields: &[SetField]) -> Document {
        let mut document = Document::new(DocumentId::client(DossierId([number; 16])));
        let base = document.heads();
        set_fields(&mut document, &PEN, &base, Timestamp(0), fields).unwrap();
        document
    }

    #[test]
    fn doublon_2_what_is_lacking_is_taken_over_and_can_be_taken_back() {
        let mut kept = written(1, &[set(&NOM, "Petit"), set(&TELEPHONE, "0612345678")]);
        let mut other = written(2, &[set(&NOM, "Petit"), set(&TELEPHONE, "0476000000"), set(&EMAIL, "j@exemple.fr")]);
        let contact = EntryId([7; 16]);
        add_record(&mut other, &PEN, Timestamp(0), (&CONTACTS, contact), &[set(&CONTACT_NOM, "Anne")]).unwrap();
        let (one, two) = (Dossier::read([&kept]), Dossier::read([&other]));
        let taken = reprise(&one, &two);
        assert_eq!(taken.fields, [set(&EMAIL, "j@exemple.fr")], "what it has stays as it is");
        assert_eq!(taken.records, [(&CONTACTS, contact, vec![set(&CONTACT_NOM, "Anne")])]);

        let base = kept.heads();
        set_fields(&mut kept, &PEN, &base, Timestamp(0), &taken.fields).unwrap();
        add_record(&mut kept, &PEN, Timestamp(0), (&CONTACTS, contact), &taken.records[0].2).unwrap();
        let id = EntryId([9; 16]);
        add_record(&mut kept, &PEN, Timestamp(0), (&FUSIONS, id), &taken.noted(DossierId([2; 16]))).unwrap();
        let merged = Dossier::read([&kept]);
        let records = Records::read(&kept);
        let (fields, records_back) = undone(&merged, &two, records.get(id).unwrap());
        assert_eq!((fields, records_back), (vec![&EMAIL], vec![(&CONTACTS, contact)]));

        add_record(&mut other, &PEN, Timestamp(0), (&FUSIONS, id), &noted_in_other(DossierId([1; 16]))).unwrap();
        assert_eq!(taken_into(&Dossier::read([&other])), Some(DossierId([1; 16])));
        assert_eq!(taken_into(&merged), None);
    }
}
