//! People an agency knows: who is one person, and who only looks it.

use super::Certainty::{Certain, Possible, Probable};
use super::*;

fn person<'a>(nom: &'a str, prenom: &'a str, naissance: &'a str, telephones: &'a [&'a str]) -> Known<'a> {
    Known { nom, prenom, naissance, telephones, ..Known::default() }
}

fn certainty(one: &Known<'_>, other: &Known<'_>) -> Option<Certainty> {
    let likeness = likeness(one, other);
    assert_eq!(likeness, super::likeness(other, one), "whichever comes first");
    likeness.map(|likeness| likeness.certainty)
}

const HOME: &[&str] = &["04 76 12 34 56"];
const HOME_ABROAD: &[&str] = &["06 00 00 00 01", "+33 4 76 12 34 56"];

#[test]
fn doublon_1_one_person_spelt_in_two_ways_is_certain_with_the_same_birth_date() {
    for (nom, prenom, other_nom, other_prenom) in [
        ("Lefèvre", "Jeanne", "LEFEBVRE", "jeanne"),
        ("Lefevre", "Jeanne", "Lefèvre", "Jeanne"),
        ("Haddad", "Mohamed", "Hadad", "Mohammed"),
        ("Martin", "Jean-Pierre", "Martin", "Jean Pierre"),
        ("Gauthier", "Mathieu", "Gaultier", "Matthieu"),
        ("Bernard", "Luc", "Luc", "Bernard"),
    ] {
        let (one, other) = (person(nom, prenom, "1948-11-23", &[]), person(other_nom, other_prenom, "1948-11-23", &[]));
        assert_eq!(certainty(&one, &other), Some(Certain), "{nom} {other_nom}");
    }
}

#[test]
fn doublon_1_says_why() {
    let one = Known { ville: "Vif", ..person("Haddad", "Samia", "1948-11-23", HOME) };
    let other = Known { ville: "VIF", ..person("Hadad", "Samia", "1948-11-23", HOME_ABROAD) };
    assert_eq!(
        likeness(&one, &other).unwrap().sentence(),
        "Doublon certain\u{a0}: noms qui se prononcent pareil, même prénom, même date de naissance, même téléphone, même ville."
    );
    let (one, other) = (person("Bernard", "Luc", "1948-11-23", &[]), person("Luc", "Bernard", "1948-11-32", &[]));
    assert_eq!(likeness(&one, &other).unwrap().reasons, ["nom et prénom échangés"]);
}

#[test]
fn doublon_1_a_birth_name_is_a_name() {
    let married = Known { nom_naissance: "Martin", ..person("Dupont", "Marie", "1948-11-23", &[]) };
    let before = person("Martin", "Marie", "1948-11-23", &[]);
    let found = likeness(&married, &before).unwrap();
    assert_eq!(found.certainty, Certain);
    assert_eq!(found.reasons[0], "nom de naissance de l’un, nom de l’autre");
    let both = Known { nom: "Dupont-Martin", ..before };
    assert_eq!(certainty(&person("Dupont", "Marie", "1948-11-23", &[]), &both), Some(Probable));
    let other_birth_name = Known { nom_naissance: "Blanc", ..married };
    assert_eq!(certainty(&married, &other_birth_name), Some(Probable), "all but the birth name");
    assert_eq!(certainty(&married, &Known { naissance: "", ..other_birth_name }), None);
    let unsaid = person("Dupont", "Marie", "1948-11-23", HOME);
    assert_eq!(certainty(&unsaid, &person("Martin", "Marie", "1948-11-23", HOME)), Some(Probable));
}

#[test]
fn doublon_1_a_slip_in_the_birth_date_or_in_a_name_is_probable() {
    let one = person("Petit", "Jeanne", "1948-11-03", &[]);
    for naissance in ["1948-11-30", "1948-03-11", "1984-11-03", "1948-11-04"] {
        assert_eq!(certainty(&one, &person("Petit", "Jeanne", naissance, &[])), Some(Probable), "{naissance}");
    }
    assert_eq!(certainty(&one, &person("Peitt", "Jeanne", "1948-11-03", &[])), Some(Probable));
    assert_eq!(certainty(&one, &person("Petit", "", "1948-11-03", &[])), Some(Probable));
}

#[test]
fn doublon_1_a_telephone_counts_when_the_birth_date_is_not_known() {
    let heard = person("Petit", "Jeanne", "", HOME);
    assert_eq!(certainty(&heard, &person("Petit", "Jeanne", "1948-11-03", HOME_ABROAD)), Some(Certain));
    assert_eq!(certainty(&heard, &person("Peitt", "Jeanne", "1948-11-03", HOME)), Some(Probable));
    assert_eq!(certainty(&heard, &person("", "", "", HOME)), Some(Possible));
    assert_eq!(certainty(&heard, &person("Petit", "Jeanne", "", &[])), Some(Possible));
    assert_eq!(certainty(&person("Petit", "Jeanne", "", &["06 12"]), &person("Roy", "Luc", "", &["06 12"])), None);
}

#[test]
fn doublon_1_twins_are_never_certain() {
    for (prenom, other) in
        [("Paul", "Pierre"), ("Léa", "Léo"), ("Marie", "Marine"), ("Michel", "Michèle"), ("Jean", "Jeanne")]
    {
        let twin = |prenom| Known { ville: "Vif", ..person("Martin", prenom, "1990-02-01", HOME) };
        let found = certainty(&twin(prenom), &twin(other));
        assert!(found.is_some_and(|certainty| certainty < Certain), "{prenom} {other}: {found:?}");
    }
}

#[test]
fn doublon_1_a_household_is_not_one_person() {
    for (prenom, naissance, other, other_naissance) in [
        ("Jean", "1944-05-06", "Jeanne", "1948-11-23"),
        ("Michel", "1944-05-06", "Michèle", "1948-11-23"),
        ("Paul", "", "Simone", ""),
        ("Paul", "1944-05-06", "Simone", ""),
    ] {
        let (one, two) = (person("Martin", prenom, naissance, HOME), person("Martin", other, other_naissance, HOME));
        assert_eq!(certainty(&one, &two), None, "{prenom} {other}");
    }
    let (father, son) = (person("Martin", "Jean", "1924-05-06", HOME), person("Martin", "Jean", "1951-12-01", HOME));
    assert_eq!(certainty(&father, &son), Some(Possible));
    let couple = [person("Martin", "Michel", "", HOME), person("Martin", "Michèle", "", HOME)];
    assert_eq!(certainty(&couple[0], &couple[1]), Some(Possible));
}

#[test]
fn doublon_1_namesakes_are_left_alone() {
    let one = Known { ville: "Grenoble", ..person("Martin", "Marie", "1948-11-23", &[]) };
    assert_eq!(certainty(&one, &person("Martin", "Marie", "1931-02-04", &[])), None);
    assert_eq!(certainty(&one, &Known { ville: "Voiron", ..person("Martin", "Marie", "", &[]) }), None);
    assert_eq!(certainty(&one, &Known { ville: "Grenoble", ..person("Martin", "Marie", "", &[]) }), Some(Possible));
    assert_eq!(certainty(&Known::default(), &Known::default()), None);
    assert_eq!(certainty(&person("1", "2", "", &[]), &person("3", "4", "", &[])), None);
}

#[test]
fn doublon_1_whoever_opens_a_dossier_sees_the_surest_first() {
    let all = [
        person("Durand", "Luc", "1950-01-02", &[]),
        person("Lefebvre", "Jeanne", "", &[]),
        person("Lefebvre", "Jeanne", "1948-11-23", &[]),
    ];
    let portraits: Vec<Portrait> = all.iter().map(Portrait::of).collect();
    let found = alike(&Portrait::of(&person("Lefèvre", "Jeanne", "1948-11-23", &[])), &portraits);
    let found: Vec<_> = found.iter().map(|(place, likeness)| (*place, likeness.certainty)).collect();
    assert_eq!(found, [(2, Certain), (1, Possible)]);
}

proptest::proptest! {
    #[test]
    fn doublon_1_takes_any_text(nom in ".{0,20}", prenom in ".{0,20}", other in ".{0,20}") {
        let one = Known { ville: &other, ..person(&nom, &prenom, &other, &[]) };
        let two = Known { nom_naissance: &nom, ..person(&other, &prenom, &nom, &[]) };
        let _certainty = certainty(&one, &two);
    }
}
