//! SIRET and SIREN, the numbers of establishments and companies (domain.md §7).

use super::{Finding, compact};

/// The SIREN of La Poste, whose establishments are numbered by another rule.
const LA_POSTE: &str = "356000000";

/// Luhn's sum: every second digit from the right counts double, the digits of the double added up.
fn luhn(digits: &str) -> u32 {
    let twice = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let values = digits.chars().rev().filter_map(|c| c.to_digit(10));
    values.enumerate().map(|(place, digit)| if place % 2 == 1 { twice(digit) } else { digit }).sum()
}

fn check(text: &str, length: usize, name: &str) -> Option<String> {
    let number = compact(text);
    if number.is_empty() {
        return None;
    }
    if !number.chars().all(|c| c.is_ascii_digit()) {
        return Some(format!("Ce {name} contient autre chose que des chiffres."));
    }
    if number.len() != length {
        return Some(format!("Ce {name} a {}\u{a0}chiffres, il en faut {length}.", number.len()));
    }
    let plain: u32 = number.chars().filter_map(|c| c.to_digit(10)).sum();
    let right =
        luhn(&number).is_multiple_of(10) || (length == 14 && number.starts_with(LA_POSTE) && plain.is_multiple_of(5));
    if right { None } else { Some(format!("Ce {name} ne passe pas le contrôle\u{a0}: un chiffre au moins est faux.")) }
}

/// SIRET-1: 14 digits whose Luhn sum is a multiple of 10; for La Poste, whose plain sum is one of 5.
/// `None` when right or empty.
#[must_use]
pub fn siret(text: &str) -> Option<Finding> {
    let why = "Devis, factures et déclarations portent ce numéro.";
    check(text, 14, "SIRET").map(|what| Finding { rule: "SIRET-1", what, why, example: "732 829 320 00074" })
}

/// SIREN-1: 9 digits whose Luhn sum is a multiple of 10. `None` when right or empty.
#[must_use]
pub fn siren(text: &str) -> Option<Finding> {
    let why = "Devis, factures et déclarations portent ce numéro.";
    check(text, 9, "SIREN").map(|what| Finding { rule: "SIREN-1", what, why, example: "732 829 320" })
}

/// Digits in the groups of a SIRET or a SIREN (`732 829 320 00074`); anything else as it was typed.
#[must_use]
pub fn siret_display(text: &str) -> String {
    let number = compact(text);
    if !matches!(number.len(), 9 | 14) || !number.chars().all(|c| c.is_ascii_digit()) {
        return text.trim().to_owned();
    }
    let siren = format!("{} {} {}", &number[..3], &number[3..6], &number[6..9]);
    if number.len() == 9 { siren } else { format!("{siren} {}", &number[9..]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn siret_1_wants_luhn_except_of_la_poste() {
        for right in ["73282932000074", "732 829 320 00074", "35600000000048", "35600000049837", ""] {
            assert_eq!(siret(right), None, "{right}");
        }
        for wrong in ["73282932000075", "7328293200007", "732829320", "7328293200007A", "35600000049838"] {
            assert_eq!(siret(wrong).map(|f| f.rule), Some("SIRET-1"), "{wrong}");
        }
        assert_eq!(siret("732829320").unwrap().what, "Ce SIRET a 9\u{a0}chiffres, il en faut 14.");
        assert_eq!(siret_display("73282932000074"), "732 829 320 00074");
        assert_eq!(siret_display(" en cours "), "en cours");
    }

    #[test]
    fn siren_1_is_the_first_half() {
        assert_eq!(siren("732 829 320"), None);
        assert_eq!(siren("732829321").map(|f| f.rule), Some("SIREN-1"));
    }

    proptest::proptest! {
        #[test]
        fn siret_takes_any_text(text in ".{0,40}") {
            proptest::prop_assert_eq!(siret(&text).is_none(), siret(&siret_display(&text)).is_none());
            let _finding = siren(&text);
        }

        #[test]
        fn siret_1_finds_any_one_wrong_digit(place in 0..14_usize, more in 1..10_u8) {
            let mut wrong = b"73282932000074".to_vec();
            wrong[place] = b'0' + (wrong[place] - b'0' + more) % 10;
            proptest::prop_assert!(siret(&String::from_utf8(wrong).unwrap()).is_some());
        }
    }
}
