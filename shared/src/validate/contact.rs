//! Telephone, postcode and e-mail (domain.md §7).

use super::Finding;

/// The ten digits of a French number, from any usual way of writing it (`+33`, `0033`, spaces, dots).
fn national_digits(text: &str) -> Option<String> {
    let strip = |c: &char| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '.' | '-' | '/' | '(' | ')');
    let mut digits: String = text.chars().filter(strip).collect();
    for prefix in ["+33", "0033"] {
        if let Some(rest) = digits.strip_prefix(prefix) {
            digits = format!("0{}", rest.strip_prefix('0').unwrap_or(rest));
            break;
        }
    }
    digits.chars().all(|c| c.is_ascii_digit()).then_some(digits)
}

/// TEL-1: `0[1-9]` and eight digits once prefixes and separators are gone. `None` when right or empty.
#[must_use]
pub fn phone(text: &str) -> Option<Finding> {
    if text.trim().is_empty() {
        return None;
    }
    let finding = |what: String| {
        Some(Finding {
            rule: "TEL-1",
            what,
            why: "Un appel en urgence doit aboutir du premier coup.",
            example: "06 12 34 56 78",
        })
    };
    let Some(digits) = national_digits(text) else {
        return finding("Ce numéro contient autre chose que des chiffres.".to_owned());
    };
    if digits.len() != 10 {
        return finding(format!("Ce numéro a {} chiffres, il en faut 10.", digits.len()));
    }
    if !digits.starts_with('0') || digits.starts_with("00") {
        return finding("Ce numéro ne commence pas par 0 suivi d’un chiffre de 1 à 9.".to_owned());
    }
    None
}

/// MOBILE-1: where a mobile is wanted, `06` or `07`, overseas included (0639, 0690 to 0697). Says TEL-1 of what is
/// no number. `None` when right or empty.
#[must_use]
pub fn mobile(text: &str) -> Option<Finding> {
    if phone(text).is_some() || text.trim().is_empty() {
        return phone(text);
    }
    let right = national_digits(text).is_some_and(|digits| digits.starts_with("06") || digits.starts_with("07"));
    (!right).then(|| Finding {
        rule: "MOBILE-1",
        what: "Ce numéro n’est pas celui d’un mobile\u{a0}: il ne commence ni par 06 ni par 07.".to_owned(),
        why: "Un SMS n’arrive pas sur une ligne fixe.",
        example: "06 12 34 56 78",
    })
}

/// A right number in pairs (`06 12 34 56 78`); anything else as it was typed.
#[must_use]
pub fn phone_display(text: &str) -> String {
    match (phone(text), national_digits(text)) {
        (None, Some(digits)) if digits.len() == 10 => {
            let pairs: Vec<&str> = (0..5).map(|pair| &digits[pair * 2..pair * 2 + 2]).collect();
            pairs.join(" ")
        }
        _ => text.trim().to_owned(),
    }
}

/// CP-1: five digits, of a department that exists. `None` when right or empty.
#[must_use]
pub fn postcode(text: &str) -> Option<Finding> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let finding = |what: &str| {
        Some(Finding {
            rule: "CP-1",
            what: what.to_owned(),
            why: "Le secteur et les courriers en dépendent.",
            example: "38000",
        })
    };
    if text.len() != 5 || !text.chars().all(|c| c.is_ascii_digit()) {
        return finding("Un code postal a 5 chiffres.");
    }
    let known = match &text[..2] {
        "00" | "96" | "99" => false,
        "20" => matches!(&text[..3], "200" | "201" | "202" | "206"),
        "97" => ("971"..="976").contains(&&text[..3]),
        "98" => text[..3] >= *"980" && text[..3] <= *"989",
        _ => true,
    };
    if known { None } else { finding("Aucun département ne correspond à ce code postal.") }
}

/// MEL-1: one `@`, something before it, a domain with a dot after it, no space. `None` when right or empty.
#[must_use]
pub fn email(text: &str) -> Option<Finding> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let right = text.split_once('@').is_some_and(|(local, domain)| {
        let labels: Vec<&str> = domain.split('.').collect();
        !local.is_empty()
            && !domain.contains('@')
            && labels.len() >= 2
            && labels.iter().all(|label| !label.is_empty())
            && !text.contains(char::is_whitespace)
    });
    if right {
        return None;
    }
    Some(Finding {
        rule: "MEL-1",
        what: "Cette adresse électronique n’est pas complète.".to_owned(),
        why: "Le devis et l’attestation fiscale partent à cette adresse.",
        example: "prenom.nom@exemple.fr",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tel_1_accepts_the_usual_ways_of_writing() {
        for right in ["0612345678", "06 12 34 56 78", "+33 6 12 34 56 78", "0033612345678", "+33 (0)6.12.34.56.78", ""]
        {
            assert_eq!(phone(right), None, "{right}");
        }
        assert_eq!(phone_display("+33612345678"), "06 12 34 56 78");
    }

    #[test]
    fn tel_1_flags_and_keeps_the_rest() {
        for wrong in ["06 12 34 56 7", "0012345678", "numéro de la fille", "6123456789"] {
            assert_eq!(phone(wrong).map(|f| f.rule), Some("TEL-1"), "{wrong}");
        }
        assert_eq!(phone_display(" appeler la fille "), "appeler la fille");
    }

    #[test]
    fn mobile_1_wants_06_or_07() {
        for right in ["06 12 34 56 78", "+33 7 12 34 56 78", "0639 01 23 45", "0690123456", "0697 12 34 56", ""] {
            assert_eq!(mobile(right), None, "{right}");
        }
        for wrong in ["04 76 12 34 56", "09 12 34 56 78"] {
            assert_eq!(mobile(wrong).map(|f| f.rule), Some("MOBILE-1"), "{wrong}");
        }
        assert_eq!(mobile("06 12").map(|f| f.rule), Some("TEL-1"));
    }

    #[test]
    fn cp_1_knows_corsica_and_overseas() {
        for right in ["38000", "20090", "20200", "20600", "97400", "97600", "98800", "01000"] {
            assert_eq!(postcode(right), None, "{right}");
        }
        for wrong in ["3800", "00100", "20900", "97900", "ABCDE", "38 000"] {
            assert_eq!(postcode(wrong).map(|f| f.rule), Some("CP-1"), "{wrong}");
        }
    }

    #[test]
    fn mel_1_wants_a_whole_address() {
        assert_eq!(email("jeanne.petit@exemple.fr"), None);
        for wrong in
            ["jeanne", "@exemple.fr", "jeanne@exemple", "jeanne@exemple.", "jeanne petit@exemple.fr", "a@b@c.fr"]
        {
            assert_eq!(email(wrong).map(|f| f.rule), Some("MEL-1"), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn validators_take_any_text(text in ".{0,40}") {
            let _findings = (phone(&text), mobile(&text), postcode(&text), email(&text), phone_display(&text));
        }
    }
}
