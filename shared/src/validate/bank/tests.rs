//! The vectors of domain.md §7, and any text.

use super::*;

fn rule(finding: Option<Finding>) -> Option<&'static str> {
    finding.map(|finding| finding.rule)
}

#[test]
fn iban_1_accepts_accounts_of_the_sepa_area() {
    for right in [
        "FR1420041010050500013M02606",
        "FR14 2004 1010 0505 0001 3M02 606",
        "fr76 3000 6000 0112 3456 7890 189",
        "DE89370400440532013000",
        "BE68539007547034",
        "GB29NWBK60161331926819",
        "CH9300762011623852957",
        "MT84MALT011000012345MTLCAST001S",
        "NO9386011117947",
        "",
    ] {
        assert_eq!(iban(right), None, "{right}");
        assert_eq!(iban(&iban_display(right)), None);
    }
    assert_eq!(iban_display("FR1420041010050500013M02606"), "FR14 2004 1010 0505 0001 3M02 606");
    assert_eq!(iban_display(" à venir "), "à venir");
}

#[test]
fn iban_1_flags_keys_lengths_and_countries() {
    for wrong in [
        "FR7630006000011234567890188",
        "FR763000600001123456789018",
        "DE8937040044053201300",
        "US89370400440532013000",
        "30006000011234567890189",
        "FR",
        "FR76 3000-6000",
    ] {
        assert_eq!(rule(iban(wrong)), Some("IBAN-1"), "{wrong}");
    }
    assert_eq!(
        iban("FR763000600001123456789018").unwrap().what,
        "Cet IBAN a 26\u{a0}caractères, il en faut 27 pour le pays FR."
    );
}

#[test]
fn every_country_of_the_table_has_a_length() {
    assert_eq!(SEPA.split(' ').count(), 42);
    for entry in SEPA.split(' ') {
        assert!(iban_length(&entry[..2]).is_some_and(|length| (15..=34).contains(&length)), "{entry}");
    }
}

#[test]
fn rib_1_knows_the_key() {
    assert_eq!(rib_key("300060000112345678901"), Some(89));
    assert_eq!(rib_key("20041010050500013M026"), Some(6));
    for right in ["30006 00001 12345678901 89", "20041010050500013m02606", ""] {
        assert_eq!(rib(right), None, "{right}");
    }
    for wrong in ["30006 00001 12345678901 88", "30006 00001 12345678901", "3000A000011234567890189", "é"] {
        assert_eq!(rule(rib(wrong)), Some("RIB-1"), "{wrong}");
    }
}

#[test]
fn rib_1_is_checked_inside_a_french_iban() {
    // The check digits of the IBAN made to fit an account whose own key is wrong.
    let account = "30006000011234567890190";
    let check = 98 - remainder(account.chars().chain("FR00".chars()));
    assert_eq!(rule(iban(&format!("FR{check:02}{account}"))), Some("RIB-1"));
}

#[test]
fn bic_1_has_8_or_11_characters_and_a_country() {
    for right in ["PSSTFRPPGRE", "BNPAFRPP", "bnpa fr pp xxx", "BREDGPGX", "DEUTDEFF", ""] {
        assert_eq!(bic(right), None, "{right}");
    }
    for wrong in ["PSSTFRPPGR", "PSSTFR", "BNPAUSPP", "BNPA12PP", "BNPAFRP-", "éèàçFRPP"] {
        assert_eq!(rule(bic(wrong)), Some("BIC-1"), "{wrong}");
    }
}

#[test]
fn ics_1_leaves_the_activity_code_out() {
    for right in ["FR72ZZZ123456", "FR 72 ZZZ 123456", "FR72ABC123456", "DE98ZZZ09999999999", ""] {
        assert_eq!(ics(right), None, "{right}");
    }
    for wrong in ["FR73ZZZ123456", "FR72ZZZ123457", "FR72ZZZ12345", "US72ZZZ123456", "72ZZZ123456"] {
        assert_eq!(rule(ics(wrong)), Some("ICS-1"), "{wrong}");
    }
}

#[test]
fn rum_1_is_short_and_plain() {
    let longest = "A".repeat(35);
    for right in ["LIAISON-2026-00042", "a/B?:().,'+9", "", &longest] {
        assert_eq!(rum(right), None, "{right}");
    }
    let longer = "A".repeat(36);
    for wrong in ["LIAISON 42", "RUM_42", "référence", "42\u{a0}", &longer] {
        assert_eq!(rule(rum(wrong)), Some("RUM-1"), "{wrong}");
    }
}

proptest::proptest! {
    #[test]
    fn bank_takes_any_text(text in ".{0,40}", shaped in "[A-Z]{2}[0-9]{2}[A-Z0-9é ]{0,30}") {
        for text in [text, shaped] {
            let _findings = (iban(&text), rib(&text), bic(&text), ics(&text), rum(&text), iban_display(&text));
        }
    }

    #[test]
    fn iban_1_finds_any_one_wrong_digit(account in "[0-9]{10}[0-9A-Z]{11}", place in 2..27_usize, more in 1..10_u8) {
        let account = format!("{account}{:02}", rib_key(&account).unwrap());
        let check = 98 - remainder(account.chars().chain("FR00".chars()));
        let right = format!("FR{check:02}{account}");
        proptest::prop_assert_eq!(iban(&right), None);
        proptest::prop_assert_eq!(iban(&iban_display(&right)), None);
        let mut wrong = right.into_bytes();
        if wrong[place].is_ascii_digit() {
            wrong[place] = b'0' + (wrong[place] - b'0' + more) % 10;
            proptest::prop_assert!(iban(&String::from_utf8(wrong).unwrap()).is_some());
        }
    }
}
