//! One cell for one field: brought into the form that the field keeps, and what is wrong with it.
//!
//! What cannot be brought into that form stays as it was written, and is said.

use chrono::NaiveDate;
use liaison_shared::UserId;
use liaison_shared::documents::schema::{Field, FieldKind};
use liaison_shared::dossier::folded;

use super::dates::{self, Said};

/// What people are to be told about a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remark {
    /// Stable name of the rule.
    pub rule: &'static str,
    /// What is wrong.
    pub what: String,
}

/// A value as it will be written: empty when nothing will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub text: String,
    pub remark: Option<Remark>,
}

impl Value {
    fn right(text: String) -> Self {
        Self { text, remark: None }
    }

    fn but(text: String, rule: &'static str, what: String) -> Self {
        Self { text, remark: Some(Remark { rule, what }) }
    }
}

/// Words that stand for a choice, folded.
const WORDS: [(&str, &str); 24] = [
    ("m", "Monsieur"),
    ("mr", "Monsieur"),
    ("mons", "Monsieur"),
    ("h", "Monsieur"),
    ("homme", "Monsieur"),
    ("mme", "Madame"),
    ("mlle", "Madame"),
    ("mademoiselle", "Madame"),
    ("f", "Madame"),
    ("femme", "Madame"),
    ("o", "Oui"),
    ("x", "Oui"),
    ("1", "Oui"),
    ("vrai", "Oui"),
    ("yes", "Oui"),
    ("n", "Non"),
    ("0", "Non"),
    ("faux", "Non"),
    ("no", "Non"),
    ("prlv", "Prélèvement"),
    ("cb", "Carte"),
    ("ehpad", "Établissement"),
    ("foyer logement", "Résidence autonomie"),
    ("70 ans", "Plus de 70 ans"),
];

/// What a cell says for a field.
pub(super) fn value(field: &Field, cell: &str, today: NaiveDate, people: &[(String, UserId)]) -> Value {
    let text = tidied(field, cell);
    if text.is_empty() {
        return Value::right(text);
    }
    match field.kind {
        FieldKind::Date => day(field, text, today, None),
        FieldKind::BirthDate => day(field, text, today, Some(today)),
        FieldKind::Choice(words) => choice(words, text),
        FieldKind::Person => person(&text, people),
        FieldKind::Phone => checked(field, with_its_zero(text), today),
        FieldKind::Postcode => checked(field, text.replace(' ', ""), today),
        _ => checked(field, text, today),
    }
}

/// Without what surrounds it; on one line where a field has but one.
fn tidied(field: &Field, cell: &str) -> String {
    let text = cell.replace("\r\n", "\n").replace('\r', "\n");
    // The mark by which a list that left here keeps a cell from being a formula.
    let text = text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(&text);
    let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
    let many = matches!(field.kind, FieldKind::Text | FieldKind::Note);
    lines.join(if many { "\n" } else { ", " }).replace('\t', " ")
}

fn checked(field: &Field, text: String, today: NaiveDate) -> Value {
    let remark = field.check(&text, today).map(|finding| Remark { rule: finding.rule, what: finding.what });
    Value { text, remark }
}

fn day(field: &Field, text: String, today: NaiveDate, until: Option<NaiveDate>) -> Value {
    match dates::read(&text, until) {
        Said::Day(day) => checked(field, day.to_string(), today),
        Said::TwoCenturies(old, new) => {
            let (old, new) = (old.format("%Y"), new.format("%Y"));
            Value::but(text, "DATE-2", format!("L’année n’a que deux chiffres : {old} ou {new} ?"))
        }
        Said::Nothing => checked(field, text, today),
    }
}

/// CHOIX-1: one of the words of the list, however it is written.
fn choice(words: &[&str], text: String) -> Value {
    let said = folded(&text);
    let word = |said: &str| words.iter().find(|word| folded(word) == said);
    let meant = WORDS.iter().filter(|(other, _)| *other == said).find_map(|(_, meant)| word(&folded(meant)));
    let begun: Vec<&&str> = words.iter().filter(|word| said.len() >= 3 && folded(word).starts_with(&said)).collect();
    let begun = if let [one] = begun[..] { Some(one) } else { None };
    if let Some(word) = word(&said).or(meant).or(begun) {
        return Value::right((*word).to_owned());
    }
    let what = format!("Ce n’est pas un des choix : {}.", words.join(", "));
    Value::but(text, "CHOIX-1", what)
}

/// PERSONNE-1: somebody with an account, first name first or last. A field keeps nobody else.
fn person(text: &str, people: &[(String, UserId)]) -> Value {
    let words = |name: &str| {
        let mut words: Vec<String> = folded(name).split(' ').map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    let said = words(text);
    let found: Vec<&UserId> = people.iter().filter(|(name, _)| words(name) == said).map(|(_, user)| user).collect();
    match found[..] {
        [user] => Value::right(user.to_string()),
        _ => {
            let what = format!("Personne de l’agence ne s’appelle « {text} » : le champ restera vide.");
            Value::but(String::new(), "PERSONNE-1", what)
        }
    }
}

/// A spreadsheet that takes a telephone for a number drops the zero it begins with.
fn with_its_zero(text: String) -> String {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    let lost = digits.len() == 9 && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if lost { format!("0{digits}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liaison_shared::documents::schema::{administratif as adm, client};

    fn of(field: &Field, cell: &str) -> (String, &'static str) {
        let people = [("Claire Martin".to_owned(), UserId([1; 16]))];
        let value = value(field, cell, "2026-11-25".parse().unwrap(), &people);
        (value.text, value.remark.map_or("", |remark| remark.rule))
    }

    fn right(text: &str) -> (String, &'static str) {
        (text.to_owned(), "")
    }

    #[test]
    fn what_has_another_form_gets_ours() {
        assert_eq!(of(&client::CIVILITE, "M."), right("Monsieur"));
        assert_eq!(of(&client::CIVILITE, "MME"), right("Madame"));
        assert_eq!(of(&client::ASCENSEUR, "x"), right("Oui"));
        assert_eq!(of(&adm::PAIEMENT_MODE, "cheque"), right("Chèque"));
        assert_eq!(of(&adm::PAIEMENT_MODE, "CESU"), right("CESU préfinancé"));
        assert_eq!(of(&client::NAISSANCE, "23/11/1948"), right("1948-11-23"));
        assert_eq!(of(&client::TELEPHONE, "612345678"), right("0612345678"));
        assert_eq!(of(&client::CODE_POSTAL, "38 000"), right("38000"));
        assert_eq!(of(&client::ADRESSE, " 1 rue Basse\r\nBât. B "), right("1 rue Basse, Bât. B"));
        assert_eq!(of(&client::NOTE, "un\r\ndeux"), right("un\ndeux"));
        assert_eq!(of(&client::NOTE, "'=1+1"), right("=1+1"));
        assert_eq!(of(&client::NOTE, "'s Gravenweg"), right("'s Gravenweg"));
        assert_eq!(of(&adm::GERE_PAR, "MARTIN Claire"), right(&UserId([1; 16]).to_string()));
    }

    #[test]
    fn what_looks_wrong_is_said_and_kept() {
        let kept = |field, cell: &str, rule| assert_eq!(of(field, cell), (cell.to_owned(), rule));
        kept(&client::CIVILITE, "M. et Mme", "CHOIX-1");
        kept(&client::NAISSANCE, "31/02/1948", "DATE-1");
        kept(&client::NAISSANCE, "03/12/24", "DATE-2");
        kept(&client::TELEPHONE, "06 12", "TEL-1");
        kept(&client::CODE_POSTAL, "3800", "CP-1");
        kept(&client::EMAIL, "jeanne", "MEL-1");
        assert_eq!(of(&client::NAISSANCE, "23/11/2948").1, "DATE-1");
        assert_eq!(of(&adm::GERE_PAR, "Paul"), (String::new(), "PERSONNE-1"), "a field keeps nobody who is nobody");
    }
}
