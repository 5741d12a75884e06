//! Amounts in euros, typed by people and kept in cents.

use super::Finding;

/// Beyond a thousand billion, a key was held down.
const LONGEST: usize = 12;

/// What an amount means, in cents: `1 234,50`, `1234.5`, `12 €`, `-3`. `None` when it is not one, when it has
/// fractions of a cent, and when it could be read in two ways (`1.234`, `12 50`).
#[must_use]
pub fn euros(text: &str) -> Option<i64> {
    let text = text.trim();
    let text = ["€", "euros", "euro", "EUR"].iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(text).trim_end();
    let unsigned = text.strip_prefix(['-', '\u{2212}']);
    let (whole, cents) = unsigned.unwrap_or(text).split_once([',', '.']).unwrap_or((unsigned.unwrap_or(text), "00"));
    let groups: Vec<&str> = whole.split([' ', '\u{a0}', '\u{202f}']).collect();
    let spaced = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    let digits = groups.concat();
    let number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i64>().ok())?;
    if !spaced || groups[0].is_empty() || digits.len() > LONGEST || !matches!(cents.len(), 1 | 2) {
        return None;
    }
    let amount = number(&digits)? * 100 + number(cents)? * if cents.len() == 1 { 10 } else { 1 };
    Some(if unsigned.is_some() { -amount } else { amount })
}

/// Cents as French typography writes them: `1 234,50 €`, with a narrow space between thousands (U+202F) and one
/// before the sign (U+00A0), neither of which breaks a line.
#[must_use]
pub fn euros_display(cents: i64) -> String {
    let sign = if cents < 0 { "\u{2212}" } else { "" };
    let (whole, cents) = ((cents.unsigned_abs() / 100).to_string(), cents.unsigned_abs() % 100);
    let mut spaced = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            spaced.push('\u{202f}');
        }
        spaced.push(digit);
    }
    format!("{sign}{spaced},{cents:02}\u{a0}€")
}

/// MONTANT-1: an amount in euros that can be read in one way only. `None` when right or empty.
#[must_use]
pub fn amount(text: &str) -> Option<Finding> {
    if text.trim().is_empty() || euros(text).is_some() {
        return None;
    }
    Some(Finding {
        rule: "MONTANT-1",
        what: "Ce n’est pas un montant en euros et centimes.".to_owned(),
        why: "Le devis et la facture sont calculés avec ce montant.",
        example: "1\u{202f}234,50\u{a0}€",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn montant_1_reads_amounts_as_people_type_them() {
        for (text, cents) in [
            ("1 234,50", 123_450),
            ("1\u{202f}234,50\u{a0}€", 123_450),
            ("1234.5", 123_450),
            ("12 €", 1_200),
            ("12€", 1_200),
            (" 0,05 euros", 5),
            ("-3", -300),
            ("1 000 000 EUR", 100_000_000),
        ] {
            assert_eq!(euros(text), Some(cents), "{text}");
            assert_eq!(amount(text), None);
        }
        assert_eq!(amount(""), None);
    }

    #[test]
    fn montant_1_does_not_guess() {
        for wrong in
            ["1.234", "1.234,50", "12 50", "1 2345", "12,", ",5", "12,505", "--3", "€", "douze", "1234567890123", "+3"]
        {
            assert_eq!(euros(wrong), None, "{wrong}");
            assert_eq!(amount(wrong).map(|f| f.rule), Some("MONTANT-1"), "{wrong}");
        }
    }

    #[test]
    fn an_amount_is_shown_the_french_way() {
        assert_eq!(euros_display(123_450), "1\u{202f}234,50\u{a0}€");
        assert_eq!(euros_display(5), "0,05\u{a0}€");
        assert_eq!(euros_display(-100_000_000), "\u{2212}1\u{202f}000\u{202f}000,00\u{a0}€");
        assert!(euros_display(i64::MIN).starts_with("\u{2212}92"));
    }

    proptest::proptest! {
        #[test]
        fn amounts_take_any_text(text in ".{0,40}", shaped in "[-0-9,. €]{0,12}") {
            let _findings = (amount(&text), amount(&shaped));
        }

        #[test]
        fn an_amount_shown_is_read_back(cents in -99_999_999_999_999_i64..=99_999_999_999_999) {
            proptest::prop_assert_eq!(euros(&euros_display(cents)), Some(cents));
        }
    }
}
