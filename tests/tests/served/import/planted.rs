//! Five thousand clients, two hundred defects of known kinds: exactly these are found.

use std::collections::BTreeSet;

use liaison_shared::DocumentId;
use liaison_shared::documents::client;
use liaison_tests::clients::{Person, lines, people};
use liaison_tests::office::Office;
use liaison_tests::relay::{PAUL, TestRelay};
use liaison_tests::sheets::csv;
use liaison_tests::writing::dossier;
use serde_json::{Value, json};

use super::created;

const ROWS: usize = 5000;
/// So many of each of the twelve rules, so many rows that are there twice, so many that have a dossier: 200.
const OF_EACH: usize = 14;
const TWICE: usize = 22;
const KNOWN: u8 = 10;

const RULES: [&str; 12] = [
    "OUVRIR-1", "OUVRIR-2", "OUVRIR-4", "TEL-1", "CP-1", "DATE-1", "NAISS-1", "DATE-2", "MEL-1", "CHOIX-1", "NOMS-1",
    "LIGNE-1",
];
/// With these a row is no dossier.
const BLOCKING: [&str; 2] = ["OUVRIR-1", "LIGNE-1"];

fn spoil(person: &mut Person, rule: &str) {
    let mut put = |column: &str, text: &str| text.clone_into(person.cell(column));
    match rule {
        "OUVRIR-1" => put("NOM", " "),
        "OUVRIR-2" => ["Tél.", "Mail"].into_iter().for_each(|column| put(column, "")),
        "OUVRIR-4" => ["Adresse", "Commune"].into_iter().for_each(|column| put(column, "")),
        "TEL-1" => put("Tél.", "06 12 34 56 7"),
        "CP-1" => put("CP", "3800"),
        "DATE-1" => put("Né(e) le", "31/02/1948"),
        "NAISS-1" => put("Né(e) le", "23/11/2048"),
        "DATE-2" => put("Né(e) le", "23/11/24"),
        "MEL-1" => put("Mail", "jeanne.petit"),
        "CHOIX-1" => put("Civ", "M. et Mme"),
        "NOMS-1" => {
            let (family, first) = (person.cell("NOM").clone(), person.cell("Prénom").clone());
            *person.cell("NOM") = first;
            *person.cell("Prénom") = family;
        }
        "LIGNE-1" => person.cells.push("de trop".to_owned()),
        other => panic!("no defect {other}"),
    }
}

/// The file; which rule each row breaks; which rows are of one person; whom dossiers are of already.
struct Planted {
    people: Vec<Person>,
    broken: BTreeSet<(usize, String)>,
    twice: BTreeSet<(usize, usize)>,
    known: Vec<usize>,
}

fn plant() -> Planted {
    let mut people = people(2026, ROWS);
    let mut places: Vec<usize> = (0..ROWS).collect();
    fastrand::Rng::with_seed(7).shuffle(&mut places);
    let mut places = places.into_iter();
    let mut broken = BTreeSet::new();
    for rule in RULES {
        for place in places.by_ref().take(OF_EACH) {
            spoil(&mut people[place], rule);
            broken.insert((place + 2, rule.to_owned()));
        }
    }
    let mut twice = BTreeSet::new();
    for _ in 0..TWICE {
        let (one, other) = (places.next().unwrap(), places.next().unwrap());
        for column in ["NOM", "Prénom", "Né(e) le"] {
            let text = people[one].cell(column).to_lowercase();
            *people[other].cell(column) = text;
        }
        twice.insert((one.max(other) + 2, one.min(other) + 2));
    }
    Planted { people, broken, twice, known: places.take(KNOWN.into()).collect() }
}

/// Dossiers of those who are known, one each.
async fn open_dossiers(office: &mut Office, planted: &mut Planted) {
    for (number, place) in (1..).zip(planted.known.clone()) {
        let person = &mut planted.people[place];
        let id = DocumentId::client(dossier(number));
        let (nom, prenom, born) = (person.cell("NOM").clone(), person.cell("Prénom").clone(), person.born.to_string());
        for (field, value) in [(&client::NOM, nom), (&client::PRENOM, prenom), (&client::NAISSANCE, born)] {
            office.write(id, |copy| copy.field(field, &value)).await;
        }
    }
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_defects_among_five_thousand_rows_are_found_and_nothing_else() {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let mut planted = plant();
    open_dossiers(&mut office, &mut planted).await;
    let claire = office.claire.session.clone();
    let file = csv(&lines(&planted.people));
    let mut order = relay.order(&claire, &file).await;
    let before = relay.head(&claire).await;
    let checked = relay.check_file(&claire, &order).await;
    assert_eq!(relay.head(&claire).await, before, "looking at a file writes nothing");

    let anomalies = checked["anomalies"].as_array().unwrap();
    let found: Vec<(usize, String)> =
        anomalies.iter().map(|it| (number(&it["row"]), it["rule"].as_str().unwrap().to_owned())).collect();
    assert_eq!(found.len(), planted.broken.len(), "each once");
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), planted.broken);
    for anomaly in anomalies {
        assert_eq!(anomaly["blocking"], BLOCKING.contains(&anomaly["rule"].as_str().unwrap()), "{anomaly}");
    }

    let (mut twice, mut known) = (BTreeSet::new(), BTreeSet::new());
    for duplicate in checked["duplicates"].as_array().unwrap() {
        assert_eq!(duplicate["certainty"], "certain", "{duplicate}");
        let row = number(&duplicate["row"]);
        match duplicate["of"]["dossier"].as_str() {
            Some(id) => assert!(known.insert((row, id.to_owned()))),
            None => assert!(twice.insert((row, number(&duplicate["of"]["row"])))),
        }
    }
    assert_eq!(twice, planted.twice);
    let expected = (1..).zip(&planted.known).map(|(number, place)| (place + 2, dossier(number).to_string()));
    assert_eq!(known, expected.collect());
    assert_eq!(planted.broken.len() + twice.len() + known.len(), 200);

    // What cannot be a dossier is left out; everything else is written in one go.
    let blocked: Vec<usize> =
        anomalies.iter().filter(|it| it["blocking"] == true).map(|it| number(&it["row"])).collect();
    assert_eq!((number(&checked["rows"]), number(&checked["ready"])), (ROWS, ROWS - blocked.len()));
    let refused = relay.import(&claire, &order).await;
    assert_eq!((refused.status, refused.code()), (422, "import_has_errors".to_owned()));
    assert_eq!(relay.head(&claire).await, before);
    order["skip"] = json!(blocked);
    let dossiers = created(&relay.import(&claire, &order).await);
    assert_eq!(dossiers.len(), ROWS - blocked.len());
    let mut paul = relay.client(PAUL).await;
    let head = relay.head(&claire).await;
    paul.catch_up(head).await;
    // One change for client, prestation and relation, and the steps of their geneses: two, three and three.
    assert_eq!(head.0 - before.0, dossiers.len() as u64 * 11);
    assert!(paul.feed.iter().skip_while(|entry| entry.seq <= before).all(|entry| !entry.document.is_empty()));
}
