//! A made-up list of people, with some written down twice.

use fastrand::Rng;

use super::Certainty::{Certain, Possible, Probable};
use super::*;

const NOMS: &str = "Petit Durand Leroy Moreau Girard Bonnet Lefèvre Mercier Blanc Guérin Faure Rousset Chabert Gaillard \
    Perrin Morel Barthélemy Brun Vial Repellin Argoud Sibille Haddad Benali Nguyen Da-Silva Martin Bernard Thomas Robert \
    Richard Dubois Laurent Simon Michel Garcia David Bertrand Roux Vincent Fournier Fontaine Chevalier Lambert Rousseau \
    Henry Gauthier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Blanchard Giraud Joly \
    Rivière Lucas Brunet Gaspard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard";
const PRENOMS: &str = "Jeanne Marguerite Odette Simone Yvonne Andrée Geneviève Thérèse Hélène Françoise Monique Josette \
    Solange Renée Éliane Bernadette Colette Gisèle Raymonde Aïcha Fatima Maria Lucienne Marie-Thérèse Jacqueline Zoé \
    André René Marcel Lucien Roger Émile Gérard Jean-Pierre Michel Raymond Étienne François Gaël Mohamed António Maurice \
    Henri Joël Noël Aimé Jean Marie Paul Pierre Jacques Louis Robert Bernard Daniel Danièle Claude Suzanne Madeleine";
const VILLES: &str = "Grenoble Voiron Échirolles Meylan Vif Vizille Crolles Domène Sassenage Seyssins Claix Gières";

#[derive(Clone, Default)]
struct Made {
    nom: String,
    naissance_nom: String,
    prenom: String,
    ville: String,
    telephone: String,
    naissance: String,
}

impl Made {
    fn portrait(&self) -> Portrait {
        Portrait::of(&Known {
            nom: &self.nom,
            nom_naissance: &self.naissance_nom,
            prenom: &self.prenom,
            ville: &self.ville,
            numero: "",
            telephones: &[&self.telephone],
            naissance: &self.naissance,
        })
    }
}

fn one_of(rng: &mut Rng, words: &'static str) -> String {
    rng.choice(words.split_whitespace().collect::<Vec<_>>()).unwrap().to_owned()
}

fn made_up(rng: &mut Rng) -> Made {
    let born = format!("{}-{:02}-{:02}", rng.u32(1925..1965), rng.u32(1..13), rng.u32(1..29));
    Made {
        nom: one_of(rng, NOMS),
        naissance_nom: if rng.u8(..3) == 0 { one_of(rng, NOMS) } else { String::new() },
        prenom: one_of(rng, PRENOMS),
        ville: one_of(rng, VILLES),
        telephone: format!("04{:08}", rng.u32(10_000_000..100_000_000)),
        naissance: if rng.u8(..5) == 0 { String::new() } else { born },
    }
}

/// The same person again, as somebody else wrote them down.
fn again(rng: &mut Rng, person: &Made) -> Made {
    let mut again = person.clone();
    let slip = |rng: &mut Rng, text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        let at = rng.usize(1..letters.len() - 1);
        if rng.bool() {
            letters.swap(at, at + 1);
        } else {
            letters.insert(at, 'e');
        }
        letters.into_iter().collect()
    };
    match rng.u8(..7) {
        0 => again.nom = slip(rng, &person.nom),
        1 => again.prenom = slip(rng, &person.prenom),
        2 => (again.nom, again.prenom) = (person.prenom.clone(), person.nom.clone()),
        3 => {
            again.nom = one_of(rng, NOMS);
            again.naissance_nom =
                Some(&person.naissance_nom).filter(|it| !it.is_empty()).unwrap_or(&person.nom).clone();
        }
        4 => again.nom = person.nom.to_uppercase().replace('-', " "),
        5 => again.naissance = String::new(),
        _ => again.telephone = "06 00 00 00 00".replace("00 00", &format!("{:02} {:02}", rng.u8(..99), rng.u8(..99))),
    }
    again
}

/// Written down a third time, knowing neither birth date nor telephone.
fn again_unreached(rng: &mut Rng, person: &Made) -> Made {
    Made { naissance: String::new(), telephone: String::new(), ..again(rng, person) }
}

#[test]
fn doublon_1_finds_what_was_planted_in_two_thousand_people_and_little_else() {
    let mut rng = Rng::with_seed(48);
    let mut people: Vec<Made> = (0..1700).map(|_| made_up(&mut rng)).collect();
    for nth in 0..200 {
        let spouse =
            Made { prenom: one_of(&mut rng, PRENOMS), naissance: made_up(&mut rng).naissance, ..people[nth].clone() };
        people.push(spouse);
    }
    let planted: Vec<(usize, usize)> = (0..100).map(|nth| (300 + nth * 7, people.len() + nth)).collect();
    for (one, _) in &planted {
        let again = again(&mut rng, &people[*one]);
        people.push(again);
    }
    let portraits: Vec<Portrait> = people.iter().map(Made::portrait).collect();
    let found = pairs(&portraits);
    let of_planted = |(one, other): &(usize, usize)| {
        let likeness = found.iter().find(|(a, b, _)| (a, b) == (one, other)).map(|(_, _, likeness)| likeness.certainty);
        likeness.unwrap_or_else(|| panic!("not found: {:?} {:?}", portraits[*one], portraits[*other]))
    };
    let sure = planted.iter().filter(|pair| of_planted(pair) >= Probable).count();
    assert!(sure >= 95, "{sure} of 100 are at least probable");
    let others = |certainty| {
        let stranger = |(one, other, likeness): &&(usize, usize, Likeness)| {
            likeness.certainty == certainty && !planted.contains(&(*one, *other))
        };
        found.iter().filter(stranger).count()
    };
    let others = [others(Certain), others(Probable), others(Possible)];
    assert!(others[0] == 0 && others[1] <= 2 && others[2] <= 40, "{others:?} that were not planted");
}

#[test]
fn doublon_1_a_sign_shared_by_a_crowd_is_not_followed() {
    let switchboard = |nth: usize| Made {
        nom: format!("Nom{}", "abcdefghij".chars().nth(nth % 10).unwrap()).repeat(nth / 10 + 1),
        telephone: "04 76 12 34 56".to_owned(),
        ..Made::default()
    };
    let portraits: Vec<Portrait> = (0..300).map(|nth| switchboard(nth).portrait()).collect();
    assert!(pairs(&portraits).is_empty());
}

proptest::proptest! {
    #[test]
    fn doublon_1_pairs_are_all_there_are(seed in proptest::prelude::any::<u64>()) {
        let mut rng = Rng::with_seed(seed);
        let mut people: Vec<Made> = (0..20).map(|_| made_up(&mut rng)).collect();
        for one in 0..20 {
            let again = again(&mut rng, &people[one]);
            let twice = again_unreached(&mut rng, &again);
            people.extend([again, twice]);
        }
        let portraits: Vec<Portrait> = people.iter().map(Made::portrait).collect();
        let mut found = pairs(&portraits);
        found.sort_by_key(|(one, other, _)| (*one, *other));
        let two = (0..60).flat_map(|one| (one + 1..60).map(move |other| (one, other)));
        let all: Vec<_> = two.filter_map(|(one, other)| Some((one, other, portraits[one].likeness(&portraits[other])?))).collect();
        proptest::prop_assert_eq!(found, all);
    }
}
