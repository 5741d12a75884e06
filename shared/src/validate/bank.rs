//! Accounts and direct debits: IBAN, RIB, BIC, and a creditor's ICS and RUM (domain.md §7).

use super::{Finding, compact};

/// The countries of the SEPA area, each with the length of its IBANs (EPC409-09, IBAN registry).
const SEPA: &str = "AD24 AL28 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 \
                    IE22 IS26 IT27 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MT31 NL18 NO15 PL28 PT25 RO24 RS22 SE24 \
                    SI19 SK24 SM27 VA22";

/// Countries that BICs name though their IBANs begin otherwise: overseas France, and Britain's islands.
const ALSO_IN_BICS: &str = "BL GF GG GP IM JE MF MQ NC PF PM RE WF YT";

/// The length of an IBAN of this country; `None` outside the SEPA area.
fn iban_length(country: &str) -> Option<usize> {
    SEPA.split(' ').find_map(|entry| entry.strip_prefix(country)?.parse().ok())
}

/// ISO 7064: the remainder by 97 of digits and letters, A counted as 10, B as 11 …
fn remainder(characters: impl Iterator<Item = char>) -> u32 {
    let values = characters.filter_map(|c| c.to_digit(36));
    values.fold(0, |rest, value| (rest * if value < 10 { 10 } else { 100 } + value) % 97)
}

/// Whether a compact text is a country, two check digits and then letters and digits.
fn checked_code(code: &str) -> bool {
    let shaped = |(place, c): (usize, char)| match place {
        0 | 1 => c.is_ascii_uppercase(),
        2 | 3 => c.is_ascii_digit(),
        _ => c.is_ascii_uppercase() || c.is_ascii_digit(),
    };
    code.len() > 4 && code.char_indices().all(shaped)
}

/// IBAN-1: a SEPA country, its length, and the remainder by 97; then, of a French or Monegasque account, RIB-1.
/// `None` when right or empty.
#[must_use]
pub fn iban(text: &str) -> Option<Finding> {
    let code = compact(text);
    if code.is_empty() {
        return None;
    }
    let what = if !checked_code(&code) {
        "Un IBAN commence par le pays et deux chiffres, et ne contient que des lettres et des chiffres.".to_owned()
    } else if let Some(length) = iban_length(&code[..2]) {
        let right = remainder(code[4..].chars().chain(code[..4].chars())) == 1;
        if code.len() != length {
            let (country, typed) = (&code[..2], code.len());
            format!("Cet IBAN a {typed}\u{a0}caractères, il en faut {length} pour le pays {country}.")
        } else if !right || matches!(&code[2..4], "00" | "01" | "99") {
            "Cet IBAN ne passe pas le contrôle\u{a0}: un caractère au moins est faux.".to_owned()
        } else {
            return if matches!(&code[..2], "FR" | "MC") { rib(&code[4..]) } else { None };
        }
    } else {
        format!("Le pays «\u{a0}{}\u{a0}» n’est pas dans l’espace SEPA.", &code[..2])
    };
    let why = "Un prélèvement sur un compte faux est rejeté, et facturé.";
    Some(Finding { rule: "IBAN-1", what, why, example: "FR14 2004 1010 0505 0001 3M02 606" })
}

/// The key of a bank, a branch and an account (5, 5 and 11 characters): 97 − ((89 b + 15 g + 3 c) mod 97), the
/// account's letters counted A, J = 1; B, K, S = 2 … I, R, Z = 9. `None` when they are not in that form.
fn rib_key(account: &str) -> Option<u64> {
    let digit = |c: char| match c {
        '0'..='9' => Some(c),
        'A'..='I' => char::from_digit(u32::from(c) - u32::from('A') + 1, 10),
        'J'..='R' => char::from_digit(u32::from(c) - u32::from('J') + 1, 10),
        'S'..='Z' => char::from_digit(u32::from(c) - u32::from('S') + 2, 10),
        _ => None,
    };
    let digits: String = account.chars().map(digit).collect::<Option<_>>()?;
    if digits.len() != 21 || !account[..10].bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| digits[from..to].parse::<u64>().ok();
    Some(97 - (89 * part(0, 5)? + 15 * part(5, 10)? + 3 * part(10, 21)?) % 97)
}

/// RIB-1: bank, branch, account and the key that follows from them, 23 characters. `None` when right or empty.
#[must_use]
pub fn rib(text: &str) -> Option<Finding> {
    let code = compact(text);
    let expected = code.get(..21).and_then(rib_key).filter(|_| code.len() == 23);
    let what = match expected {
        _ if code.is_empty() => return None,
        None => {
            "Un RIB a 23\u{a0}caractères\u{a0}: banque (5\u{a0}chiffres), guichet (5), compte (11), clé (2).".to_owned()
        }
        Some(key) if code[21..] == format!("{key:02}") => return None,
        Some(key) => format!(
            "Ce compte ne passe pas le contrôle de la clé RIB ({key:02} attendu). Vérifiez les deux derniers chiffres."
        ),
    };
    let why = "Un prélèvement sur un compte faux est rejeté, et facturé.";
    Some(Finding { rule: "RIB-1", what, why, example: "20041 01005 0500013M026 06" })
}

/// An IBAN in groups of four (`FR14 2004 …`), right or not; anything else as it was typed.
#[must_use]
pub fn iban_display(text: &str) -> String {
    let code = compact(text);
    if !checked_code(&code) || !(15..=34).contains(&code.len()) {
        return text.trim().to_owned();
    }
    let groups: Vec<&str> = (0..code.len()).step_by(4).map(|at| &code[at..code.len().min(at + 4)]).collect();
    groups.join(" ")
}

/// BIC-1: 8 or 11 characters, the fifth and sixth a country one can debit. `None` when right or empty.
#[must_use]
pub fn bic(text: &str) -> Option<Finding> {
    let code = compact(text);
    let finding = |what: String| {
        let why = "La banque refuse les fichiers de prélèvement dont le BIC est faux.";
        Some(Finding { rule: "BIC-1", what, why, example: "PSSTFRPPGRE" })
    };
    if code.is_empty() {
        return None;
    }
    if !code.chars().all(|c| c.is_ascii_alphanumeric()) || !matches!(code.len(), 8 | 11) {
        return finding("Un BIC a 8 ou 11\u{a0}caractères, lettres et chiffres seulement.".to_owned());
    }
    let country = &code[4..6];
    if iban_length(country).is_some() || ALSO_IN_BICS.split(' ').any(|other| other == country) {
        return None;
    }
    finding(format!(
        "Les 5e et 6e\u{a0}caractères de ce BIC («\u{a0}{country}\u{a0}») ne sont pas un pays de l’espace SEPA."
    ))
}

/// ICS-1: a creditor's identifier, `FR`, two check digits, an activity code of three, then the national number
/// (six characters in France). The activity code is left out of the check. `None` when right or empty.
#[must_use]
pub fn ics(text: &str) -> Option<Finding> {
    let code = compact(text);
    let what = if code.is_empty() {
        return None;
    } else if !checked_code(&code) || code.len() < 8 || (code.starts_with("FR") && code.len() != 13) {
        "Un ICS français a 13\u{a0}caractères\u{a0}: FR, deux chiffres, trois lettres ou chiffres, puis six."
    } else if iban_length(&code[..2]).is_none() {
        "Cet ICS ne commence pas par un pays de l’espace SEPA."
    } else if remainder(code[7..].chars().chain(code[..4].chars())) == 1 {
        return None;
    } else {
        "Cet ICS ne passe pas le contrôle\u{a0}: un caractère au moins est faux."
    };
    let why = "Aucun prélèvement ne part sans l’identifiant du créancier.";
    Some(Finding { rule: "ICS-1", what: what.to_owned(), why, example: "FR72ZZZ123456" })
}

/// RUM-1: a mandate's reference, at most 35 of `A-Za-z0-9/-?:().,'+`, without spaces. `None` when right or empty.
/// That it is not another mandate's is for whoever knows them all.
#[must_use]
pub fn rum(text: &str) -> Option<Finding> {
    let length = text.chars().count();
    let stranger = text.chars().find(|c| !c.is_ascii_alphanumeric() && !"/-?:().,'+".contains(*c));
    let what = match stranger {
        _ if text.trim().is_empty() => return None,
        Some(c) if c.is_whitespace() => "Cette référence de mandat contient une espace.".to_owned(),
        Some(c) => format!("Cette référence de mandat contient «\u{a0}{c}\u{a0}», que les banques n’acceptent pas."),
        None if length > 35 => format!("Cette référence de mandat a {length}\u{a0}caractères, 35 au plus sont permis."),
        None => return None,
    };
    let why = "La banque rejette le prélèvement dont la référence n’est pas celle du mandat.";
    Some(Finding { rule: "RUM-1", what, why, example: "LIAISON-2026-00042" })
}

#[cfg(test)]
mod tests;
