//! A file of clients made from a seed: people of whom no two resemble each other, and defects at known places.

use chrono::{NaiveDate, TimeDelta};
use fastrand::Rng;
use liaison_shared::dossier::{Known, likeness};

/// The columns, in the words of another program.
pub const COLUMNS: [&str; 11] =
    ["Civ", "NOM", "Prénom", "Né(e) le", "Tél.", "Mail", "Adresse", "CP", "Commune", "Secteur", "Demande"];

/// One client.
#[derive(Debug, Clone)]
pub struct Person {
    /// The cells of their row.
    pub cells: Vec<String>,
    /// When they were born.
    pub born: NaiveDate,
}

impl Person {
    /// A cell, to be read or written over.
    pub fn cell(&mut self, column: &str) -> &mut String {
        &mut self.cells[COLUMNS.iter().position(|name| *name == column).unwrap()]
    }
}

/// So many people, at most 5,000.
pub fn people(seed: u64, count: usize) -> Vec<Person> {
    let mut rng = Rng::with_seed(seed);
    let names = names(&mut rng, 150);
    let (families, firsts) = names.split_at(100);
    let person = |number: usize| {
        let born = NaiveDate::from_ymd_opt(1925, 1, 1).unwrap() + TimeDelta::days(i64::try_from(number).unwrap() * 3);
        let (family, first) = (&families[number % 100], &firsts[number / 100 % 50]);
        let (postcode, town) = [("38000", "Grenoble"), ("38130", "Échirolles"), ("73000", "Chambéry")][number % 3];
        let cells = [
            ["Mme", "M."][number % 2].to_owned(),
            family.to_uppercase(),
            first.clone(),
            born.format(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y"][number % 3]).to_string(),
            format!("06 {:08}", 10_000_000 + number * 7),
            format!("client{number}@exemple.fr"),
            format!("{} rue des Écoles", number % 90 + 1),
            postcode.to_owned(),
            town.to_owned(),
            ["Nord", "Sud"][number % 2].to_owned(),
            "Aide à la toilette".to_owned(),
        ];
        Person { cells: cells.to_vec(), born }
    };
    (0..count).map(person).collect()
}

/// A file of these people.
pub fn lines(people: &[Person]) -> Vec<Vec<String>> {
    let header = COLUMNS.map(str::to_owned).to_vec();
    std::iter::once(header).chain(people.iter().map(|person| person.cells.clone())).collect()
}

/// Names that nobody takes for one another.
fn names(rng: &mut Rng, count: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    while names.len() < count {
        let name = name(rng);
        if names.iter().all(|other| !resemble(&name, other)) {
            names.push(name);
        }
    }
    names
}

fn resemble(one: &str, other: &str) -> bool {
    let known = |nom| Known { nom, prenom: "Odile", naissance: "1940-01-01", ..Known::default() };
    likeness(&known(one), &known(other)).is_some()
}

fn name(rng: &mut Rng) -> String {
    let mut name = String::new();
    for place in 0..rng.usize(2..5) {
        let consonants = ["b", "d", "f", "g", "l", "m", "n", "p", "r", "t", "v", "ch", "br", "tr", "pl"];
        let consonant = consonants[rng.usize(0..consonants.len())];
        name.push_str(if place == 0 { &consonant[..1] } else { consonant });
        name.push_str(["a", "i", "o", "u", "an", "on", "in"][rng.usize(0..7)]);
    }
    name[..1].to_uppercase() + &name[1..]
}
