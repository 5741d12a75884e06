//! Finding a dossier by what one remembers of it: case and accents do not count.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Summary;

/// Letters and digits only, without accents, in lower case, words separated by one space.
fn folded(text: &str) -> String {
    let letters = text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let spaced: String = letters.map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether every word of `query` begins a word of the name or town, or is inside the telephone number.
#[must_use]
pub fn matches(summary: &Summary, query: &str) -> bool {
    let query = folded(query);
    let digits: String = query.chars().filter(char::is_ascii_digit).collect();
    let phone: String = summary.telephone.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= 3 && digits.len() + query.matches(' ').count() == query.len() {
        return phone.contains(&digits);
    }
    let words = folded(&format!("{} {} {}", summary.nom, summary.prenom, summary.ville));
    query.split(' ').all(|part| words.split(' ').any(|word| word.starts_with(part)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DossierId;

    #[test]
    fn accents_case_and_order_do_not_count() {
        let summary = Summary {
            nom: "Lefèvre-Dupré".into(),
            prenom: "Élodie".into(),
            ville: "Saint-Égrève".into(),
            telephone: "06 12 34 56 78".into(),
            ..Summary::empty(DossierId([0; 16]))
        };
        for hit in ["lefevre", "ELODIE le", "dupre saint", "egreve", "0612", "34 56", ""] {
            assert!(matches(&summary, hit), "{hit}");
        }
        for miss in ["lefebvre", "0699", "elodie paris"] {
            assert!(!matches(&summary, miss), "{miss}");
        }
    }
}
