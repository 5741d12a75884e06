//! Dossiers that leave as files, over the real relay: what is in them, for whom, and that it is written down.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use automerge::{Automerge, ReadDoc as _};
use liaison_shared::documents::client;
use liaison_shared::documents::schema::administratif as adm;
use liaison_shared::{DocumentId, DossierId};
use liaison_tests::client::{Session, TestClient};
use liaison_tests::http::{Answer, request};
use liaison_tests::office::{Office, journal, prestation};
use liaison_tests::relay::{AMINA, HELENE, NADIA, NORD, PAUL, SONIA, TestRelay};
use liaison_tests::writing::{Writing, dossier};
use serde_json::{Value, json};
use zip::{CompressionMethod, ZipArchive};

/// Dossier 1 has everything: Sonia on its team, two values for its telephone, in the sector of Nadia. Dossier 2 is of
/// another sector.
async fn world() -> (TestRelay, Office, TestClient) {
    let relay = TestRelay::start().await;
    let mut office = Office::open(&relay).await;
    let mut sonia = relay.phone(&mut office, SONIA, &[1]).await;
    office.give_to(1, NORD).await;
    office.give_to(2, "Sud").await;
    office.name(2, "Roux").await;
    let id = DocumentId::client(dossier(1));
    let mut paul = relay.client(PAUL).await;
    let mut apart = Writing::whole(id, paul.session.pen(1));
    apart.field(&client::TELEPHONE, "0476000001");
    apart.record(&client::CONTACTS, &client::CONTACT_NOM, "Sa fille");
    office.name(1, "Petit").await;
    office.write(id, |copy| copy.field(&client::NAISSANCE, "1948-11-23")).await;
    office.write(id, |copy| copy.field(&client::TELEPHONE, "0612345678")).await;
    assert!(paul.push(id, &apart.document.changes()).await.1.is_empty());
    office.write(DocumentId::administratif(dossier(1)), |copy| copy.field(&adm::IBAN, "FR7630006")).await;
    office.write(DocumentId::administratif(dossier(1)), |copy| copy.field(&adm::NIR, "1841276451089 46")).await;
    office.write(DocumentId::relation(dossier(1)), |copy| copy.demande("Rappeler sa fille")).await;
    office.transmit(1, "A bien mangé.").await;
    let mut rapports = Writing::whole(DocumentId::rapports(dossier(1)), sonia.session.pen(1));
    rapports.note("Le frigo est vide");
    assert!(sonia.push(rapports.id(), &rapports.document.changes()).await.1.is_empty());
    (relay, office, sonia)
}

fn path(number: u8, form: &str) -> String {
    format!("/dossiers/{}/export.{form}", dossier(number))
}

/// The documented shape, and stricter than that: nothing leaves that is not in it.
fn expect_documented(exported: &Value) {
    fn close(schema: &mut Value) {
        match schema {
            Value::Object(map) => {
                if map.contains_key("properties") && map.contains_key("required") {
                    map.insert("additionalProperties".to_owned(), json!(false));
                }
                map.values_mut().for_each(close);
            }
            Value::Array(list) => list.iter_mut().for_each(close),
            _ => {}
        }
    }
    let mut schema: Value = serde_json::from_str(include_str!("../../../docs/export.schema.json")).unwrap();
    close(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(exported).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut other = exported.clone();
    other["fields"][0]["values"] = json!([]);
    assert!(!validator.is_valid(&other), "the schema says something");
}

fn field<'a>(exported: &'a Value, key: &str) -> &'a Value {
    exported["fields"].as_array().unwrap().iter().find(|field| field["key"] == key).unwrap()
}

#[tokio::test]
async fn a_dossier_as_json_has_every_value_that_stands_and_who_wrote_it() {
    let (relay, office, sonia) = world().await;
    let exported = relay.get(&office.claire.session, &path(1, "json")).await;
    expect_documented(&exported);
    assert_eq!((&exported["format"], &exported["version"]), (&json!("liaison-dossier"), &json!(1)));
    assert_eq!((&exported["name"], &exported["dossier"]), (&json!("PETIT"), &json!(dossier(1))));
    assert_eq!(exported["documents"].as_array().unwrap().len(), 6);

    let born = field(&exported, "identite.naissance");
    assert_eq!((&born["volet"], &born["label"]), (&json!("client"), &json!("Date de naissance")));
    let value = &born["values"][0];
    assert_eq!((&value["value"], &value["text"]), (&json!("1948-11-23"), &json!("23/11/1948")));
    assert_eq!(value["by"], office.claire.session.user.to_string());
    let phones: BTreeSet<(&str, &str)> = field(&exported, "contact.telephone")["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| (value["text"].as_str().unwrap(), value["by_name"].as_str().unwrap()))
        .collect();
    assert_eq!(phones, BTreeSet::from([("06 12 34 56 78", "Claire Martin"), ("04 76 00 00 01", "Paul Bernard")]));
    assert_eq!(field(&exported, "secteur")["values"][0]["value"], NORD);

    let record = &exported["records"][0];
    assert_eq!((&record["collection"], &record["title"]), (&json!("contacts"), &json!("Sa fille")));
    assert_eq!(record["fields"][0]["values"][0]["value"], "Sa fille");
    let note = &exported["records"][1];
    assert_eq!((&note["label"], &note["by_name"]), (&json!("Note au bureau"), &json!("Sonia Haddad")));
    assert_eq!(note["title"], "Le frigo est vide");
    let team = &exported["team"][0];
    assert_eq!((&team["person"], &team["person_name"]), (&json!(sonia.session.user), &json!("Sonia Haddad")));
    assert_eq!(
        (&team["first"], &team["last"], &team["withdrawn"]),
        (&json!("2020-01-01"), &Value::Null, &json!(false))
    );
    assert_eq!(exported["transmissions"][0]["text"], "A bien mangé.");
    assert_eq!(exported["requests"][0]["text"], "Rappeler sa fille");
}

#[tokio::test]
async fn only_what_a_role_reads_leaves_and_only_of_dossiers_within_reach() {
    let (relay, _office, sonia) = world().await;
    let exported = relay.get(&sonia.session, &path(1, "json")).await;
    expect_documented(&exported);
    let volets: Vec<DocumentId> =
        exported["documents"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().parse().unwrap()).collect();
    assert_eq!(volets, [DocumentId::client(dossier(1)), journal(1), prestation(1)]);
    let text = exported.to_string();
    assert!(!text.contains("FR7630006") && !text.contains("Rappeler") && !text.contains("frigo"), "{text}");
    assert_eq!((&exported["requests"], exported["transmissions"].as_array().unwrap().len()), (&json!([]), 1));
    let nadia = relay.login(NADIA).await;
    relay.get(&nadia, &path(1, "json")).await;
    for (session, number, status) in [(&sonia.session, 2, 403), (&nadia, 2, 403), (&sonia.session, 9, 403)] {
        for form in ["json", "zip"] {
            assert_eq!(relay.ask(Some(session), "GET", &path(number, form), Value::Null).await.status, status);
        }
    }
    let paul = relay.login(PAUL).await;
    for unknown in [path(9, "json"), "/dossiers/x/export.json".to_owned(), "/dossiers/%FF/export.zip".to_owned()] {
        assert_eq!(relay.ask(Some(&paul), "GET", &unknown, Value::Null).await.status, 404, "{unknown}");
        assert_eq!(relay.ask(Some(&nadia), "GET", &unknown, Value::Null).await.status, 403, "{unknown}");
    }
}

async fn download(relay: &TestRelay, by: &Session, path: &str) -> (String, Vec<u8>) {
    let asked = request(relay.address, "GET", path).header("authorization", format!("Bearer {}", by.token));
    let answer = asked.send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["cache-control"].to_str().unwrap()), (200, &"no-store"));
    let name = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    (name, answer.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn an_archive_holds_documents_that_any_automerge_library_opens() {
    let (relay, office, sonia) = world().await;
    let (name, bytes) = download(&relay, &office.claire.session, &path(1, "zip")).await;
    assert_eq!(name, format!("attachment; filename=\"dossier-{}.zip\"", dossier(1)));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let volets = ["administratif", "client", "journal-2026", "prestation", "rapports", "relation"];
    let expected = ["README.txt".to_owned(), "dossier.json".to_owned()];
    let files: Vec<String> = expected.into_iter().chain(volets.map(|volet| format!("{volet}.automerge"))).collect();
    assert_eq!(names, files);
    let mut read = |name: &str| {
        let mut file = archive.by_name(name).unwrap();
        assert_eq!(file.compression(), CompressionMethod::Stored, "anything opens it");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    };
    let read_me = String::from_utf8(read("README.txt")).unwrap();
    assert!(read_me.contains("Dossier client exporté de Liaison le ") && read_me.contains("- journal-2026.automerge"));
    let json: Value = serde_json::from_slice(&read("dossier.json")).unwrap();
    assert_eq!(json["name"], "PETIT");
    expect_documented(&json);
    // As a program in JavaScript would do it: load, then walk down by names.
    let document = Automerge::load(&read("client.automerge")).unwrap();
    let (_, fields) = document.get(automerge::ROOT, "champs").unwrap().unwrap();
    let (value, _) = document.get(&fields, "identite.nom").unwrap().unwrap();
    assert_eq!(value.as_str(), Some("Petit"));
    assert_eq!(document.get_all(&fields, "contact.telephone").unwrap().len(), 2, "conflicts and history are in it");
    assert_eq!(document.get_changes(&[]).len(), 7);
    for volet in volets {
        Automerge::load(&read(&format!("{volet}.automerge"))).unwrap();
    }
    let (_, bytes) = download(&relay, &sonia.session, &path(1, "zip")).await;
    let archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names.len(), 5, "{names:?}");
    assert!(names.iter().all(|name| !name.starts_with("administratif") && !name.starts_with("r")));
}

async fn list(relay: &TestRelay, by: &Session, dossiers: &[DossierId], fields: &[&str]) -> Answer {
    let body = json!({ "dossiers": dossiers, "fields": fields });
    relay.ask(Some(by), "POST", "/export/list", body).await
}

#[tokio::test]
async fn a_list_is_a_table_of_the_dossiers_within_reach() {
    let (relay, office, sonia) = world().await;
    let all = [dossier(2), dossier(1), dossier(9)];
    let fields = ["identite.nom", "identite.naissance", "contact.telephone", "secteur", "paiement.iban"];
    let answer = list(&relay, &office.claire.session, &all, &fields).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let mut lines = answer.text.split("\r\n");
    assert_eq!(lines.next(), Some("\u{feff}Nom;Date de naissance;Téléphone;Secteur;IBAN"));
    assert_eq!(lines.next(), Some("Roux;;;Sud;"));
    let second = lines.next().unwrap();
    let phones = ["06 12 34 56 78 | 04 76 00 00 01", "04 76 00 00 01 | 06 12 34 56 78"];
    assert!(phones.iter().any(|phones| second == format!("Petit;23/11/1948;{phones};Nord;FR7630006")), "{second}");
    assert_eq!((lines.next(), lines.next()), (Some(""), None));
    // Nobody is told that there is more than they reach.
    let nadia = list(&relay, &relay.login(NADIA).await, &all, &["identite.nom", "secteur"]).await;
    assert_eq!(nadia.text, "\u{feff}Nom;Secteur\r\nPetit;Nord\r\n");
    let sonia_s = list(&relay, &sonia.session, &all, &["identite.nom"]).await;
    assert_eq!(sonia_s.text, "\u{feff}Nom\r\nPetit\r\n");
    let refused = list(&relay, &sonia.session, &[], &["identite.nom", "paiement.iban"]).await;
    assert_eq!((refused.status, refused.code()), (403, "forbidden".to_owned()));
    relay.entries(&relay.login(HELENE).await, "forbidden", 1).await;
    for (dossiers, fields) in [(vec![], vec!["nom"]), (vec![], vec![]), (vec!["x"], vec!["identite.nom"])] {
        let body = json!({ "dossiers": dossiers, "fields": fields });
        let answer = relay.ask(Some(&sonia.session), "POST", "/export/list", body).await;
        assert_eq!((answer.status, answer.code()), (422, "invalid_request".to_owned()));
    }
}

#[tokio::test]
async fn every_export_is_in_the_access_log_volet_by_volet() {
    let (relay, _office, sonia) = world().await;
    let amina = relay.login(AMINA).await;
    relay.get(&sonia.session, &path(1, "json")).await;
    download(&relay, &amina, &path(1, "zip")).await;
    list(&relay, &amina, &[dossier(1), dossier(2)], &["identite.nom", "secteur", "administratif.nir"]).await;
    let entries = relay.entries(&relay.login(HELENE).await, "exported", 18).await;
    let entry = |entry: &Value| {
        let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        let number = u8::from_str_radix(&text("dossier")[..2], 16).unwrap();
        format!("{} {number} {} {}", text("user_name"), text("volet"), text("reason"))
    };
    let mut found: Vec<String> = entries.iter().map(entry).collect();
    found.sort();
    let expected = [
        "Amina Cherif 1 administratif list",
        "Amina Cherif 1 administratif zip",
        "Amina Cherif 1 client list",
        "Amina Cherif 1 client zip",
        "Amina Cherif 1 journal zip",
        "Amina Cherif 1 nir list",
        "Amina Cherif 1 nir zip",
        "Amina Cherif 1 prestation list",
        "Amina Cherif 1 prestation zip",
        "Amina Cherif 1 rapports zip",
        "Amina Cherif 1 relation zip",
        "Amina Cherif 2 administratif list",
        "Amina Cherif 2 client list",
        "Amina Cherif 2 nir list",
        "Amina Cherif 2 prestation list",
        "Sonia Haddad 1 client json",
        "Sonia Haddad 1 journal json",
        "Sonia Haddad 1 prestation json",
    ];
    assert_eq!(found, expected);
}
