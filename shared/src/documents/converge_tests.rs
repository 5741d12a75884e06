//! Whatever two people write apart, in whichever field, both values are there on both sides until one is kept.

use super::schema::{COLLECTIONS, Field, all};
use super::*;
use crate::ids::{DocumentKind, DossierId, EntryId, UserId};
use crate::time::Timestamp;

const CLAIRE: Pen = Pen { user: UserId([1; 16]), actor: [0xc1; 16] };
const PAUL: Pen = Pen { user: UserId([2; 16]), actor: [0xa2; 16] };
const DOSSIER: DossierId = DossierId([7; 16]);
const RECORD: EntryId = EntryId([9; 16]);

fn document(kind: DocumentKind) -> Document {
    Document::new(match kind {
        DocumentKind::Client => DocumentId::client(DOSSIER),
        DocumentKind::Journal { .. } => DocumentId::journal(DOSSIER, 2026),
        DocumentKind::Administratif => DocumentId::administratif(DOSSIER),
        DocumentKind::Prestation => DocumentId::prestation(DOSSIER),
        DocumentKind::Relation => DocumentId::relation(DOSSIER),
        DocumentKind::Rapports => DocumentId::rapports(DOSSIER),
        DocumentKind::Annuaire => DocumentId::Annuaire,
        DocumentKind::Agence => DocumentId::Agence,
        DocumentKind::Personnel => DocumentId::Personnel(CLAIRE.user),
        DocumentKind::Qualite { .. } => DocumentId::Qualite(2026),
    })
}

fn exchange(a: &mut Document, b: &mut Document) {
    let (from_a, from_b) = (a.changes(), b.changes());
    for change in from_a {
        b.apply(&change.bytes).unwrap();
    }
    for change in from_b {
        a.apply(&change.bytes).unwrap();
    }
}

fn set(field: &'static Field, value: &str) -> SetField {
    SetField { field, value: value.to_owned() }
}

#[test]
fn doc_4_two_values_of_any_field_written_apart_stand_on_both_sides() {
    for field in all() {
        let (mut claire, mut paul) = (document(field.document), document(field.document));
        for (document, pen, value) in [(&mut claire, &CLAIRE, "l’une"), (&mut paul, &PAUL, "l’autre")] {
            let base = document.heads();
            set_field(document, pen, &base, Timestamp::from_seconds(9), &set(field, value)).unwrap().unwrap();
        }
        exchange(&mut claire, &mut paul);
        let (here, there) = (FieldsView::read(&claire), FieldsView::read(&paul));
        assert_eq!(here, there, "{}", field.key);
        if field.is_text() {
            let text = here.value(field);
            assert!(text.contains("l’une") && text.contains("l’autre"), "{}: {text}", field.key);
        } else {
            let register = here.register(field);
            let values: Vec<&str> = register.candidates.iter().map(|it| it.value.as_str()).collect();
            assert!(values.len() == 2 && values.contains(&"l’une") && values.contains(&"l’autre"), "{}", field.key);
        }
    }
}

#[test]
fn doc_4_two_values_of_any_field_of_a_record_written_apart_stand_on_both_sides() {
    for collection in COLLECTIONS {
        for field in collection.fields.iter().copied() {
            let place = (*collection, RECORD);
            let mut claire = document(collection.document);
            add_record(&mut claire, &CLAIRE, Timestamp::from_seconds(1), place, &[set(field, "avant")])
                .unwrap()
                .unwrap();
            let mut paul = document(collection.document);
            exchange(&mut claire, &mut paul);
            for (document, pen, value) in [(&mut claire, &CLAIRE, "l’une"), (&mut paul, &PAUL, "l’autre")] {
                let base = document.heads();
                set_record(document, pen, &base, Timestamp::from_seconds(9), place, &[set(field, value)])
                    .unwrap()
                    .unwrap();
            }
            exchange(&mut claire, &mut paul);
            let read = |document: &Document| Records::read(document).get(RECORD).unwrap().register(field);
            let (here, there) = (read(&claire), read(&paul));
            assert_eq!(here, there, "{}", field.key);
            let values: Vec<&str> = here.candidates.iter().map(|it| it.value.as_str()).collect();
            assert!(values.len() == 2 && values.contains(&"l’une") && values.contains(&"l’autre"), "{}", field.key);
        }
    }
}
