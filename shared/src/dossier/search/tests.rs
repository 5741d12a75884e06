//! What people type while the phone rings.

use super::*;
use crate::ids::DossierId;

#[test]
fn accents_case_and_order_do_not_count() {
    let summary = Summary {
        nom: "Lefèvre-Dupré".into(),
        prenom: "Élodie".into(),
        ville: "Saint-Égrève".into(),
        telephone: "06 12 34 56 78".into(),
        ..Summary::empty(DossierId([0; 16]))
    };
    for hit in ["lefevre", "ELODIE le", "dupre saint", "egreve", "0612", "34 56", ""] {
        assert!(matches(&summary, hit), "{hit}");
    }
    for miss in ["lefebvre", "0699", "elodie paris"] {
        assert!(!matches(&summary, miss), "{miss}");
    }
}

fn elodie() -> Searchable {
    Searchable::of(&Known {
        nom: "Lefèvre-Dupré",
        nom_naissance: "N’Guyen",
        prenom: "Élodie Anne",
        ville: "St-Égrève",
        numero: "D-2026-00117",
        telephones: &["+33 6 12 34 56 78", "04 76 98 76 54"],
        naissance: "1948-11-23",
    })
}

#[test]
fn everything_on_the_dossier_finds_it() {
    for typed in [
        "lefevre elodie",
        "ELODIE LEF",
        "lefevredu",
        "nguyen",
        "n'guyen",
        "anne élo",
        "saint egreve",
        "st egr",
        "06 12 34 56 78",
        "+33 6 12 34",
        "0033612345678",
        "0476",
        "98 76",
        "06",
        "lefevre 0612",
        "D-2026-00117",
        "2026-00117",
        "117",
        "23/11/1948",
        "dupre 1948",
        " ",
    ] {
        assert!(Query::of(typed).score(&elodie()).is_some_and(|score| score.is_exact()), "{typed}");
    }
    for typed in ["lefevre paris", "0699", "118", "12/03/1948", "elodie 0699"] {
        assert_eq!(Query::of(typed).score(&elodie()), None, "{typed}");
    }
}

#[test]
fn one_slip_is_forgiven_in_a_word_of_four_letters_even_unfinished() {
    for typed in
        ["lefebvre", "lefver", "lfev", "elodei", "leffevre", "nguyan", "elodie dupree", "egrve", "lefebvre elodei"]
    {
        assert!(Query::of(typed).score(&elodie()).is_some_and(|score| !score.is_exact()), "{typed}");
    }
    for typed in ["lxf", "lxfxvre", "elodie pariz", "2027-00117"] {
        assert_eq!(Query::of(typed).score(&elodie()), None, "{typed}");
    }
}

fn ranked(typed: &str, all: &[(&'static str, Known<'_>)]) -> Vec<&'static str> {
    let query = Query::of(typed);
    let mut found: Vec<_> =
        all.iter().filter_map(|(name, known)| Some((query.score(&Searchable::of(known))?, *name))).collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn what_is_exact_comes_before_slips_and_names_before_towns() {
    let known = |nom, prenom, ville| Known { nom, prenom, ville, ..Known::default() };
    let all = [
        ("the town", known("Petit", "Jeanne", "Martin-Église")),
        ("a slip", known("Martyn", "Paul", "Vif")),
        ("begun", known("Martineau", "Rose", "Vif")),
        ("the first name", known("Blanc", "Martin", "Vif")),
        ("the name", known("Martin", "Zoé", "Vif")),
        ("nobody", known("Bernard", "Luc", "Vif")),
    ];
    assert_eq!(ranked("martin", &all), ["the name", "the first name", "begun", "the town", "a slip"]);
    assert_eq!(ranked("martin zoe", &all), ["the name"]);
    assert_eq!(ranked("vif martin", &all), ["the name", "the first name", "begun", "a slip"]);
}

proptest::proptest! {
    #[test]
    fn search_takes_any_text(typed in ".{0,30}", text in ".{0,30}") {
        let known = Known { nom: &text, prenom: &typed, ville: &text, numero: &text, naissance: &text,
            telephones: &[&text, &typed], ..Known::default() };
        let _score = Query::of(&typed).score(&Searchable::of(&known));
    }

    #[test]
    fn what_is_passed_over_would_not_have_answered(typed in "[ab1é]{1,6}", word in "[ab1é]{1,6}") {
        for typed in &Query::of(&typed).words {
            for place in [Place::Nom, Place::Ville, Place::Numero, Place::Telephone, Place::Naissance] {
                let answers = typed.compared(&word, place).is_some();
                proptest::prop_assert!(typed.could_be(word.as_bytes()) || !answers, "{typed:?} {word} {place:?}");
            }
        }
    }

    #[test]
    fn a_name_begun_is_always_found(nom in "[A-Zé]{1,12}", prenom in "[a-z]{1,12}", letters in 1..12_usize) {
        let searchable = Searchable::of(&Known { nom: &nom, prenom: &prenom, ..Known::default() });
        let begun = |text: &str| -> String { text.chars().take(letters).collect() };
        let typed = format!("{} {}", begun(&prenom), begun(&nom));
        proptest::prop_assert!(Query::of(&typed).score(&searchable).is_some_and(|score| score.is_exact()));
    }
}
