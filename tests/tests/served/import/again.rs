//! What left as a list comes in again as it was; what is there already is said.

use serde_json::json;

use liaison_tests::relay::{CLAIRE, TestRelay};

use super::{created, export, values};

/// As a French spreadsheet saves UTF-8: with its mark, semicolons and the words of our own pages.
const FILE: &str = "\u{feff}Nom;Prénom;Date de naissance;Téléphone;Ville;Note\r\n\
                    Petit;Zoé;23/11/1948;06 12 34 56 78;Échirolles;\"un; \"\"deux\"\"\ntrois\"\r\n\
                    Roux;Jean;02/05/1950;04 76 00 00 01;Gap;\"=HYPERLINK(\"\"http://x\"\")\"\r\n";

#[tokio::test]
async fn a_list_that_left_comes_in_again_and_shows_whom_it_has_twice() {
    let relay = TestRelay::start().await;
    let claire = relay.login(CLAIRE).await;
    let order = relay.order(&claire, FILE.as_bytes()).await;
    let checked = relay.check_file(&claire, &order).await;
    assert_eq!((&checked["anomalies"], &checked["duplicates"]), (&json!([]), &json!([])), "{order}");
    let dossiers = created(&relay.import(&claire, &order).await);

    let mapping = order["mapping"].clone();
    let keys: Vec<&str> = mapping.as_array().unwrap().iter().map(|it| it["field"].as_str().unwrap()).collect();
    let body = json!({ "dossiers": dossiers, "fields": keys });
    let list = relay.ask(Some(&claire), "POST", "/export/list", body).await;
    assert_eq!(list.text, FILE.replace("\"=HYPER", "\"'=HYPER"), "a formula is none any more");

    let mut order = relay.order(&claire, list.text.as_bytes()).await;
    order["import"] = json!("ffffffffffffffffffffffffffffffff");
    let checked = relay.check_file(&claire, &order).await;
    assert_eq!((&checked["ready"], &checked["anomalies"]), (&json!(2), &json!([])));
    let twins: Vec<_> = checked["duplicates"].as_array().unwrap().iter().map(|it| (&it["row"], &it["of"])).collect();
    for (row, (dossier, name)) in [(2, (dossiers[0], "PETIT Zoé")), (3, (dossiers[1], "ROUX Jean"))] {
        assert!(twins.contains(&(&json!(row), &json!({ "dossier": dossier, "name": name }))), "{twins:?}");
    }
    let again = created(&relay.import(&claire, &order).await);
    for (one, other) in dossiers.iter().zip(again) {
        let (one, other) = (export(&relay, &claire, *one).await, export(&relay, &claire, other).await);
        for key in &keys {
            assert_eq!(values(&one, key), values(&other, key), "{key}");
        }
    }
}
