//! The number of the social security, NIR (domain.md §7).
//!
//! Sex, year and month of birth, place, order and a key: `1 84 12 76 451 089 46`. The month alone never makes
//! a number wrong: 20 to 30 and 50 onwards are given to people whose month of birth is not known.

use chrono::{Datelike, NaiveDate};

use super::{Finding, calendar_date, compact};

/// How a number is written: sex, year, month, department, commune, order, key.
const GROUPS: [usize; 7] = [1, 2, 2, 2, 3, 3, 2];

/// The 13 characters without the key, and with it 15, that are in the right places; `None` for anything else.
fn characters(text: &str) -> Option<String> {
    let number = compact(text);
    let placed = |(place, c): (usize, char)| match (place, c) {
        (0, c) => matches!(c, '1' | '2' | '3' | '4' | '7' | '8'),
        (6, 'A' | 'B') => number[5..].starts_with('2'),
        (_, c) => c.is_ascii_digit(),
    };
    (matches!(number.len(), 13 | 15) && number.char_indices().all(placed)).then_some(number)
}

/// The key of 13 characters: 97 − (N mod 97), Corsica's 2A counted as 19 and 2B as 18.
fn key(number: &str) -> u64 {
    let digits = number[..13].replace("2A", "19").replace("2B", "18");
    97 - digits.bytes().fold(0, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % 97)
}

/// NIR-1: 13 characters in the right places and the key that follows from them. `None` when right or empty.
#[must_use]
pub fn nir(text: &str) -> Option<Finding> {
    let length = compact(text).chars().count();
    let what = match characters(text) {
        _ if length == 0 => return None,
        None if !matches!(length, 13 | 15) => format!(
            "Ce numéro de sécurité sociale a {length}\u{a0}caractères, il en faut 15\u{a0}: 13, puis la clé de deux chiffres."
        ),
        None => "Ce numéro n’a pas la forme d’un numéro de sécurité sociale.".to_owned(),
        Some(number) if length == 13 => {
            format!("Il manque la clé de ce numéro de sécurité sociale\u{a0}: {:02}, à écrire à la fin.", key(&number))
        }
        Some(number) => {
            let expected = format!("{:02}", key(&number));
            if number[13..] == expected {
                return None;
            }
            format!(
                "Ce numéro de sécurité sociale ne passe pas le contrôle de clé ({expected} attendu). \
                 Vérifiez les deux derniers chiffres."
            )
        }
    };
    let why = "Les déclarations sociales et l’avance immédiate sont rejetées quand il est faux.";
    Some(Finding { rule: "NIR-1", what, why, example: "1 84 12 76 451 089 46" })
}

/// NIR-2: the number says the same sex as the civility (`Madame`, `Monsieur`) and the same year and month as the
/// birth date (`YYYY-MM-DD`). Silent about what is empty, what is not a date and what NIR-1 says already.
#[must_use]
pub fn nir_coherence(nir: &str, civilite: &str, naissance: &str) -> Option<Finding> {
    let number = characters(nir)?;
    let (sex, title) = if "137".contains(&number[..1]) { ("un homme", "Monsieur") } else { ("une femme", "Madame") };
    let (civilite, born) = (civilite.trim(), calendar_date(naissance.trim()));
    let (year, month) = (&number[1..3], &number[3..5]);
    let other_month =
        |born: &NaiveDate| month.parse::<u32>().is_ok_and(|month| (1..=12).contains(&month) && month != born.month());
    let what = if matches!(civilite, "Madame" | "Monsieur") && civilite != title {
        format!("Ce numéro de sécurité sociale est celui d’{sex}, la civilité est «\u{a0}{civilite}\u{a0}».")
    } else if let Some(born) = born.filter(|born| format!("{:02}", born.year() % 100) != year) {
        format!("Ce numéro de sécurité sociale dit une naissance en {year}, la date de naissance en {}.", born.year())
    } else if let Some(born) = born.filter(other_month) {
        format!(
            "Ce numéro de sécurité sociale dit une naissance au mois {month}, la date de naissance au mois {:02}.",
            born.month()
        )
    } else {
        return None;
    };
    let why = "L’un des deux est faux, ou ce numéro est celui d’une autre personne.";
    Some(Finding { rule: "NIR-2", what, why, example: "1 84 12… pour un homme né en décembre 1984" })
}

/// In groups (`1 84 12 76 451 089 46`), each passed through `show` with its place; `None` when it is no NIR.
fn grouped(text: &str, show: impl Fn(usize, &str) -> String) -> Option<String> {
    let number = characters(text)?;
    let mut rest = number.as_str();
    let mut groups = Vec::new();
    for (place, length) in GROUPS.into_iter().enumerate() {
        if let Some((group, after)) = rest.split_at_checked(length) {
            groups.push(show(place, group));
            rest = after;
        }
    }
    Some(groups.join(" "))
}

/// A number in groups (`1 84 12 76 451 089 46`), its key right or not; anything else as it was typed.
#[must_use]
pub fn nir_display(text: &str) -> String {
    grouped(text, |_, group| group.to_owned()).unwrap_or_else(|| text.trim().to_owned())
}

/// For whoever has no need of it: sex and year of birth, which the dossier shows anyway, then dots
/// (`1 84 •• •• ••• ••• ••`). Of what is not a number in the right form, nothing is shown but how long it is.
#[must_use]
pub fn nir_masked(text: &str) -> String {
    let dots = |group: &str| -> String { group.chars().map(|c| if c.is_whitespace() { c } else { '•' }).collect() };
    grouped(text, |place, group| if place < 2 { group.to_owned() } else { dots(group) })
        .unwrap_or_else(|| dots(text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nir_1_accepts_right_keys_corsica_and_any_spacing() {
        for right in [
            "184127645108946",
            "1 84 12 76 451 089 46",
            "1\u{a0}84\u{202f}12 76 451 089 46",
            "199052A00400174",
            "2 85 05 2b 033 001 61",
            "",
            "  ",
        ] {
            assert_eq!(nir(right), None, "{right}");
        }
    }

    #[test]
    fn nir_1_says_the_key_that_is_missing_or_expected() {
        for (number, expected) in [("1841276451089", "46"), ("199052A004001", "74"), ("285052B033001", "61")] {
            let missing = nir(number).unwrap();
            assert!(missing.what.contains(expected), "{}", missing.what);
            assert_eq!(nir(&format!("{number}{expected}")), None);
        }
        assert_eq!(
            nir("1 84 12 76 451 089 64").unwrap().what,
            "Ce numéro de sécurité sociale ne passe pas le contrôle de clé (46 attendu). Vérifiez les deux derniers chiffres."
        );
        for wrong in ["184127645108", "1841276451089466", "984127645108946", "18412764510894A", "184123A45108946", "é"]
        {
            assert_eq!(nir(wrong).map(|f| f.rule), Some("NIR-1"), "{wrong}");
        }
    }

    #[test]
    fn nir_1_takes_months_nobody_has_heard_of() {
        for month in ["20", "30", "42", "50", "99"] {
            let number = format!("284{month}76451089");
            assert_eq!(nir(&format!("{number}{:02}", key(&number))), None, "{month}");
        }
    }

    #[test]
    fn nir_2_compares_with_civility_and_birth() {
        let number = "1 84 12 76 451 089 46";
        for (civilite, naissance) in
            [("Monsieur", "1984-12-03"), ("", ""), ("Monsieur", "bientôt"), ("Docteur", "1984-12-31")]
        {
            assert_eq!(nir_coherence(number, civilite, naissance), None, "{civilite} {naissance}");
        }
        for (civilite, naissance, said) in
            [("Madame", "", "homme"), ("", "1948-12-03", "1948"), ("Monsieur", "1984-11-03", "mois 11")]
        {
            let finding = nir_coherence(number, civilite, naissance).unwrap();
            assert_eq!(finding.rule, "NIR-2");
            assert!(finding.what.contains(said), "{}", finding.what);
        }
        assert_eq!(nir_coherence("8 84 31 76 451 089", "Madame", "1984-02-01"), None, "provisional, month not known");
        assert_eq!(nir_coherence("184", "Madame", "1984-02-01"), None, "NIR-1 says it");
    }

    #[test]
    fn a_nir_is_shown_in_groups_or_masked() {
        assert_eq!(nir_display("184127645108946"), "1 84 12 76 451 089 46");
        assert_eq!(nir_display("1841276451089"), "1 84 12 76 451 089");
        assert_eq!(nir_display(" à demander "), "à demander");
        assert_eq!(nir_masked("184127645108946"), "1 84 •• •• ••• ••• ••");
        assert_eq!(nir_masked("18412 76"), "••••• ••");
        assert_eq!(nir_masked(""), "");
    }

    proptest::proptest! {
        #[test]
        fn nir_takes_any_text(text in ".{0,40}", other in ".{0,12}") {
            let _findings = (nir(&text), nir_coherence(&text, &other, &other), nir_display(&text));
            proptest::prop_assert!(!nir_masked(&text).chars().skip(4).any(|c| c.is_ascii_digit()));
        }

        #[test]
        fn nir_1_finds_any_one_wrong_digit(number in "[12][0-9]{2}[0-9]{2}([013-9][0-9]|2[AB0-9])[0-9]{6}",
                                           place in 0..15_usize, more in 1..10_u8) {
            let right = format!("{number}{:02}", key(&number));
            proptest::prop_assert_eq!(nir(&right), None);
            proptest::prop_assert_eq!(nir(&nir_display(&right)), None);
            let mut wrong = right.into_bytes();
            if wrong[place].is_ascii_digit() {
                wrong[place] = b'0' + (wrong[place] - b'0' + more) % 10;
                let wrong = String::from_utf8(wrong).unwrap();
                proptest::prop_assert_eq!(nir(&wrong).map(|f| f.rule), Some("NIR-1"), "{}", wrong);
            }
        }
    }
}
