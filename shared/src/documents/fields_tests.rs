//! Stories of the `client` document.

use super::*;
use crate::documents::client::{NOM, NOTE, TELEPHONE, VILLE};
use crate::documents::field_history;
use crate::ids::{DocumentId, DossierId, UserId};

const CLAIRE: Pen = Pen { user: UserId([1; 16]), actor: [0xc1; 16] };
const PAUL: Pen = Pen { user: UserId([2; 16]), actor: [0xa2; 16] };

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn dossier() -> Document {
    Document::new(DocumentId::client(DossierId([7; 16])))
}

fn set(document: &mut Document, pen: &Pen, now: i64, field: &'static Field, value: &str) -> Option<NewChange> {
    let base = document.heads();
    set_field(document, pen, &base, at(now), &SetField { field, value: value.to_owned() }).unwrap()
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

#[test]
fn doc_4_given_two_offices_offline_when_both_change_a_number_then_both_values_stand_until_one_is_kept() {
    let (mut claire, mut paul) = (dossier(), dossier());
    set(&mut claire, &CLAIRE, 10, &TELEPHONE, "0612345678");
    exchange(&mut claire, &mut paul);
    set(&mut claire, &CLAIRE, 20, &TELEPHONE, "0611111111");
    set(&mut paul, &PAUL, 21, &TELEPHONE, "0622222222");
    exchange(&mut claire, &mut paul);

    for document in [&claire, &paul] {
        let register = FieldsView::read(document).register(&TELEPHONE);
        assert!(register.is_contested());
        let mut seen: Vec<_> =
            register.candidates.iter().map(|c| (c.value.as_str(), c.signature.author, c.signature.at)).collect();
        seen.sort();
        assert_eq!(seen, [("0611111111", Some(CLAIRE.user), at(20)), ("0622222222", Some(PAUL.user), at(21))]);
    }

    let kept = FieldsView::read(&paul).value(&TELEPHONE).to_owned();
    assert!(set(&mut paul, &PAUL, 30, &TELEPHONE, &kept).is_some(), "keeping the shown value is a choice, not a no-op");
    exchange(&mut claire, &mut paul);
    assert!(!FieldsView::read(&claire).register(&TELEPHONE).is_contested());
    assert_eq!(FieldsView::read(&claire).value(&TELEPHONE), kept);
}

#[test]
fn given_two_offices_offline_when_both_write_in_the_note_then_both_sentences_are_there() {
    let (mut claire, mut paul) = (dossier(), dossier());
    set(&mut claire, &CLAIRE, 10, &NOTE, "Aime le thé.");
    exchange(&mut claire, &mut paul);
    set(&mut claire, &CLAIRE, 20, &NOTE, "Aime le thé. Le chien s’appelle Filou.");
    set(&mut paul, &PAUL, 21, &NOTE, "Aime le thé. Préfère être rappelée l’après-midi.");
    exchange(&mut claire, &mut paul);
    let note = FieldsView::read(&claire).value(&NOTE).to_owned();
    assert_eq!(note, FieldsView::read(&paul).value(&NOTE));
    for sentence in ["Aime le thé.", "Le chien s’appelle Filou.", "Préfère être rappelée l’après-midi."] {
        assert!(note.contains(sentence), "{note}");
    }
}

#[test]
fn given_a_number_being_typed_when_another_arrives_meanwhile_then_the_unseen_one_is_not_overwritten() {
    let (mut claire, mut paul) = (dossier(), dossier());
    let seen_by_claire = claire.heads();
    set(&mut paul, &PAUL, 20, &TELEPHONE, "0622222222");
    exchange(&mut claire, &mut paul);
    let edit = SetField { field: &TELEPHONE, value: "0611111111".to_owned() };
    set_field(&mut claire, &CLAIRE, &seen_by_claire, at(21), &edit).unwrap().unwrap();
    let register = FieldsView::read(&claire).register(&TELEPHONE);
    assert_eq!(register.candidates.len(), 2);
    assert!(register.candidates.iter().all(|candidate| candidate.signature.author.is_some()));
}

#[test]
fn given_a_base_that_was_refused_and_is_gone_then_the_text_is_not_written_twice() {
    let mut claire = dossier();
    set(&mut claire, &CLAIRE, 10, &NOTE, "Aime le thé.");
    let mut before_refusal = claire.clone();
    set(&mut before_refusal, &PAUL, 11, &NOTE, "Aime le thé. Refusé.");
    let base = before_refusal.heads();
    let edit = SetField { field: &NOTE, value: "Aime le thé. Suite.".to_owned() };
    set_field(&mut claire, &CLAIRE, &base, at(12), &edit).unwrap().unwrap();
    assert_eq!(FieldsView::read(&claire).value(&NOTE), "Aime le thé. Suite.");
}

#[test]
fn the_same_value_written_apart_is_an_agreement() {
    let (mut claire, mut paul) = (dossier(), dossier());
    set(&mut claire, &CLAIRE, 20, &VILLE, "Grenoble");
    set(&mut paul, &PAUL, 21, &VILLE, "Grenoble");
    exchange(&mut claire, &mut paul);
    assert!(!FieldsView::read(&claire).register(&VILLE).is_contested());
}

#[test]
fn writing_what_stands_already_changes_nothing() {
    let mut claire = dossier();
    assert!(set(&mut claire, &CLAIRE, 1, &VILLE, "").is_none());
    assert!(set(&mut claire, &CLAIRE, 2, &VILLE, "Grenoble").is_some());
    assert!(set(&mut claire, &CLAIRE, 3, &VILLE, "Grenoble").is_none());
}

#[test]
fn the_history_of_a_field_says_who_when_from_what_to_what() {
    let (mut claire, mut paul) = (dossier(), dossier());
    set(&mut claire, &CLAIRE, 10, &TELEPHONE, "A");
    exchange(&mut claire, &mut paul);
    set(&mut claire, &CLAIRE, 20, &TELEPHONE, "B");
    set(&mut paul, &PAUL, 21, &TELEPHONE, "C");
    exchange(&mut claire, &mut paul);
    set(&mut paul, &PAUL, 30, &TELEPHONE, "B");

    let history = field_history(&paul, &TELEPHONE).unwrap();
    let steps: Vec<_> = history
        .iter()
        .map(|step| {
            let mut from = step.from.clone();
            from.sort();
            (from.join("+"), step.to.as_str(), step.signature.author, step.signature.at)
        })
        .collect();
    assert_eq!(steps.len(), 4);
    assert_eq!(steps[0], (String::new(), "A", Some(CLAIRE.user), at(10)));
    assert!(steps.contains(&("A".to_owned(), "B", Some(CLAIRE.user), at(20))));
    assert!(steps.contains(&("A".to_owned(), "C", Some(PAUL.user), at(21))));
    assert_eq!(steps[3], ("B+C".to_owned(), "B", Some(PAUL.user), at(30)));
}

#[test]
fn the_history_of_a_text_shows_it_before_and_after() {
    let mut claire = dossier();
    set(&mut claire, &CLAIRE, 10, &NOTE, "Un chat.");
    set(&mut claire, &PAUL, 20, &NOTE, "Un chat noir.");
    let history = field_history(&claire, &NOTE).unwrap();
    assert_eq!(history.len(), 2);
    assert_eq!((history[0].from.len(), history[0].to.as_str()), (0, "Un chat."));
    assert_eq!((history[1].from[0].as_str(), history[1].to.as_str()), ("Un chat.", "Un chat noir."));
    assert_eq!(history[1].signature.author, Some(PAUL.user));
}

#[test]
fn a_long_text_that_is_replaced_is_one_piece_and_reads_right() {
    let mut claire = dossier();
    set(&mut claire, &CLAIRE, 1, &NOTE, &"é😀a".repeat(5_000));
    let other = format!("é😀{}a", "autre ".repeat(3_000));
    let change = set(&mut claire, &CLAIRE, 2, &NOTE, &other).unwrap();
    assert_eq!(FieldsView::read(&claire).value(&NOTE), other);
    assert!(change.bytes.len() < 200_000, "{} bytes", change.bytes.len());
    assert!(set(&mut claire, &CLAIRE, 3, &NOTE, &other).is_none());
}

#[test]
fn a_document_loads_from_its_changes_in_any_order_and_survives_a_bad_one() {
    let mut claire = dossier();
    for (step, value) in ["A", "B", "C"].into_iter().enumerate() {
        set(&mut claire, &CLAIRE, step as i64, &NOM, value);
    }
    let mut changes: Vec<Vec<u8>> = claire.changes().into_iter().map(|change| change.bytes).collect();
    changes.reverse();
    changes.push(b"not a change".to_vec());
    let (loaded, unreadable) = Document::load(claire.id(), changes.iter().map(Vec::as_slice));
    assert_eq!(FieldsView::read(&loaded).value(&NOM), "C");
    assert_eq!(unreadable, 1);
    assert_eq!(loaded.heads(), claire.heads());
}

#[test]
fn doc_5_an_actor_s_first_change_names_its_author() {
    let mut claire = dossier();
    let first = set(&mut claire, &CLAIRE, 10, &NOM, "A").unwrap();
    let second = set(&mut claire, &CLAIRE, 11, &NOM, "B").unwrap();
    let header = |change: &NewChange| crate::documents::ChangeHeader::read(&change.bytes).unwrap().0;
    assert_eq!((header(&first).actor_seq, header(&first).author), (1, Some(CLAIRE.user.0.to_vec())));
    assert_eq!((header(&second).actor_seq, header(&second).author), (2, None));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_two_texts_written_apart_converge(first in ".{0,30}", second in ".{0,30}") {
        let (mut claire, mut paul) = (dossier(), dossier());
        set(&mut claire, &CLAIRE, 1, &NOTE, &first);
        set(&mut paul, &PAUL, 1, &NOTE, &second);
        proptest::prop_assert_eq!(FieldsView::read(&paul).value(&NOTE).to_owned(), second.clone());
        set(&mut paul, &PAUL, 2, &NOTE, &first);
        proptest::prop_assert_eq!(FieldsView::read(&paul).value(&NOTE).to_owned(), first.clone());
        exchange(&mut claire, &mut paul);
        proptest::prop_assert_eq!(FieldsView::read(&claire), FieldsView::read(&paul));
    }
}
