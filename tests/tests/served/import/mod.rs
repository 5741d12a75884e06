//! A file of clients becomes dossiers, over the real relay: what is read, what is said, what is written and by whom.
mod again;
mod planted;
mod whole;

use std::collections::BTreeSet;

use liaison_shared::DossierId;
use liaison_tests::client::Session;
use liaison_tests::clients::{lines, people};
use liaison_tests::http::Answer;
use liaison_tests::relay::{AMINA, CLAIRE, HELENE, JULIEN, NADIA, PAUL, SONIA, TestRelay};
use liaison_tests::sheets::{Cell, csv, xlsx};
use serde_json::{Value, json};

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

/// The dossiers that an import has made.
fn created(answer: &Answer) -> Vec<DossierId> {
    let ok = answer.ok();
    ok["created"].as_array().unwrap().iter().map(|it| it["dossier"].as_str().unwrap().parse().unwrap()).collect()
}

/// The values of a field of an exported dossier.
fn values<'a>(exported: &'a Value, key: &str) -> Vec<&'a str> {
    let field = exported["fields"].as_array().unwrap().iter().find(|field| field["key"] == key);
    let values = field.map(|field| field["values"].as_array().unwrap().iter()).into_iter().flatten();
    values.map(|value| value["value"].as_str().unwrap()).collect()
}

async fn export(relay: &TestRelay, by: &Session, dossier: DossierId) -> Value {
    relay.get(by, &format!("/dossiers/{dossier}/export.json")).await
}

#[tokio::test]
async fn a_file_is_shown_with_what_its_columns_seem_to_be() {
    let relay = TestRelay::start().await;
    let claire = relay.login(CLAIRE).await;
    let file = csv(&lines(&people(1, 7)));
    let read = relay.read_file(&claire, file).await.ok();
    assert_eq!((read["rows"].as_u64(), read["sample"].as_array().unwrap().len()), (Some(7), 5));
    assert_eq!((&read["columns"][3], &read["sample"][0][8]), (&json!("Né(e) le"), &json!("Grenoble")));
    let fields: Vec<&str> =
        read["mapping"].as_array().unwrap().iter().map(|mapped| mapped["field"].as_str().unwrap()).collect();
    assert_eq!(
        fields,
        [
            "identite.civilite",
            "identite.nom",
            "identite.prenom",
            "identite.naissance",
            "contact.telephone",
            "contact.email",
            "logement.adresse",
            "logement.code_postal",
            "logement.ville",
            "secteur",
            "besoins.demande"
        ]
    );
}

#[tokio::test]
async fn a_row_becomes_a_dossier_in_every_volet_in_the_name_of_who_brought_it() {
    let relay = TestRelay::start().await;
    let (claire, mut paul, mut nadia) =
        (relay.login(CLAIRE).await, relay.client(PAUL).await, relay.client(NADIA).await);
    let file = "Nom;Prénom;Tél;CP;Ville;IBAN;Géré par;Secteur;Mode;Début;Né le\r\n\
                Petit;Jeanne;612345678;3800;Gap;FR7630006000011234567890189;MARTIN Claire;Nord;mandataire;1er mars 2026;23/11/48\r\n";
    let order = relay.order(&claire, file.as_bytes()).await;
    let checked = relay.check_file(&claire, &order).await;
    assert_eq!((&checked["rows"], &checked["ready"]), (&json!(1), &json!(1)));
    let anomalies = &checked["anomalies"];
    assert_eq!(anomalies.as_array().unwrap().len(), 1, "{anomalies}");
    let anomaly = &anomalies[0];
    assert_eq!(anomaly["what"], "Un code postal a 5 chiffres.");
    assert_eq!(
        (&anomaly["row"], &anomaly["column"], &anomaly["field"], &anomaly["rule"], &anomaly["blocking"]),
        (&json!(2), &json!(3), &json!("logement.code_postal"), &json!("CP-1"), &json!(false))
    );
    let dossiers = created(&relay.import(&claire, &order).await);

    let exported = export(&relay, &claire, dossiers[0]).await;
    assert_eq!(exported["name"], "PETIT Jeanne");
    for (key, value) in [
        ("identite.naissance", "1948-11-23"),
        ("contact.telephone", "0612345678"),
        ("logement.code_postal", "3800"),
        ("paiement.iban", "FR7630006000011234567890189"),
        ("gestion.responsable", &claire.user.to_string()),
        ("secteur", "Nord"),
        ("mission.mode", "Mandataire"),
        ("mission.premiere_visite", "2026-03-01"),
    ] {
        assert_eq!(values(&exported, key), [value], "{key}");
    }
    for field in exported["fields"].as_array().unwrap() {
        assert_eq!(field["values"][0]["by_name"], "Claire Martin");
    }
    assert_eq!(
        exported["requests"][0]["text"],
        "Repris du fichier « clients.csv », ligne 2.\nÀ vérifier :\nCode postal : Un code postal a 5 chiffres."
    );
    // Devices have it at once: those of the office, and those of its sector.
    nadia.hold(dossiers[0]).await;
    let head = relay.head(&claire).await;
    paul.catch_up(head).await;
    nadia.catch_up(head).await;
    for client in [&paul, &nadia] {
        let came: BTreeSet<&str> = client.feed.iter().map(|entry| entry.document.as_str()).collect();
        let volets = ["client", "administratif", "prestation", "relation"];
        assert_eq!(came, volets.map(|volet| format!("{}/{volet}", dossiers[0])).iter().map(String::as_str).collect());
    }
    let log = relay.entries(&relay.login(HELENE).await, "imported", 1).await;
    assert_eq!(log[0]["user"], claire.user.to_string());
    assert!(log[0]["reason"].as_str().unwrap().starts_with("1 dossiers, import 0123456789abcdef"), "{log:?}");
}

#[tokio::test]
async fn a_spreadsheet_is_read_as_it_stands() {
    use Cell::{Day, Empty, Number, Text};
    let relay = TestRelay::start().await;
    let claire = relay.login(CLAIRE).await;
    let file = xlsx(&[
        vec![
            Text("Nom"),
            Text("Prénom"),
            Text("Portable"),
            Text("CP"),
            Text("Date de naissance"),
            Text("Coût mensuel"),
        ],
        vec![Text("Petit"), Text("Jeanne"), Number(612_345_678.0), Number(38_000.0), Day(17_860), Number(12.5)],
        vec![],
        vec![Text("Roux"), Empty, Text("04 76 00 00 01"), Text("05000"), Text("2 mai 1950"), Empty, Text("À rappeler")],
    ]);
    let read = relay.read_file(&claire, file.clone()).await.ok();
    assert_eq!((&read["rows"], &read["columns"][6]), (&json!(2), &json!("Colonne 7")));
    assert_eq!(read["sample"][0], json!(["Petit", "Jeanne", "612345678", "38000", "1948-11-23", "12,5", ""]));
    let order = relay.order(&claire, &file).await;
    let checked = relay.check_file(&claire, &order).await;
    let found: Vec<(&Value, &Value)> =
        checked["anomalies"].as_array().unwrap().iter().map(|it| (&it["row"], &it["rule"])).collect();
    assert_eq!(
        found,
        [(&json!(2), &json!("OUVRIR-4")), (&json!(4), &json!("OUVRIR-4"))],
        "rows as the sheet shows them"
    );
    let dossiers = created(&relay.import(&claire, &order).await);
    let exported = export(&relay, &claire, dossiers[0]).await;
    assert_eq!(values(&exported, "contact.telephone"), ["0612345678"]);
    assert_eq!(values(&exported, "paiement.cout_mensuel"), ["12,5"]);
    assert_eq!(values(&export(&relay, &claire, dossiers[1]).await, "identite.naissance"), ["1950-05-02"]);
}

#[tokio::test]
async fn what_is_no_file_of_clients_is_refused_in_words() {
    let relay = TestRelay::start().await;
    let claire = relay.login(CLAIRE).await;
    for (file, status, code) in [
        (vec![], 422, "import_empty"),
        (b"PK\x03\x04nothing".to_vec(), 422, "import_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), 422, "import_unreadable"),
        (vec![0; 40], 422, "import_unreadable"),
        (";\n".repeat(3).into_bytes(), 422, "import_empty"),
        (vec![b';'; 300], 422, "import_empty"),
        ("x;".repeat(300).into_bytes(), 422, "import_too_many"),
        ("x\n".repeat(10_002).into_bytes(), 422, "import_too_many"),
        (vec![b'x'; (16 << 20) + 1], 413, "too_large"),
    ] {
        let start = file[..file.len().min(8)].to_vec();
        assert_eq!(refused(&relay.read_file(&claire, file).await), (status, code.to_owned()), "{start:?}");
    }
    let order = relay.order(&claire, b"Nom;Ville\nPetit;Gap\n").await;
    for mapping in [
        json!([{ "column": 7, "field": "identite.nom" }]),
        json!([{ "column": 0, "field": "nom" }]),
        json!([{ "column": 0, "field": "agent.nom" }]),
        json!([{ "column": 0, "field": "identite.nom" }, { "column": 1, "field": "identite.nom" }]),
        json!([{ "column": 0, "field": "identite.nom" }, { "column": 0, "field": "logement.ville" }]),
    ] {
        let mut order = order.clone();
        order["mapping"] = mapping;
        let answer = relay.ask(Some(&claire), "POST", "/import/check", order.clone()).await;
        assert_eq!(refused(&answer), (422, "import_mapping".to_owned()), "{order}");
    }
}

#[tokio::test]
async fn only_a_gestionnaire_brings_a_file_and_nobody_else_is_even_heard() {
    let relay = TestRelay::start().await;
    let order = relay.order(&relay.login(CLAIRE).await, b"Nom;Ville;Tel\nPetit;Gap;0612345678\n").await;
    for email in [AMINA, HELENE, JULIEN, NADIA, SONIA] {
        let session = relay.login(email).await;
        for path in ["/import/read", "/import/check", "/import/commit"] {
            let answer = relay.ask(Some(&session), "POST", path, order.clone()).await;
            assert_eq!(refused(&answer), (403, "forbidden".to_owned()), "{email} {path}");
        }
    }
}
