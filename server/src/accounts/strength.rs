//! Which passwords are taken: long ones that nobody would try first.
//!
//! Never asks for capitals, digits or signs: they make passwords hard to remember, not hard to guess. Never sends a
//! password anywhere to compare it.

use std::collections::HashSet;
use std::sync::LazyLock;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Shorter ones can be tried one after the other.
pub const SHORTEST_PASSWORD: usize = 12;
/// Nobody types a longer one; hashing it would only cost.
pub const LONGEST_PASSWORD: usize = 200;
/// A word shorter than this is in many passwords by chance.
const SHORTEST_WORD: usize = 3;

/// Common passwords of 12 characters and more, one a line, as [`compared`] writes them.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("common_passwords.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect()
});

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WeakPassword {
    /// Too short.
    #[error("the password needs at least {SHORTEST_PASSWORD} characters")]
    Short,
    /// Too long.
    #[error("the password has more than {LONGEST_PASSWORD} characters")]
    Long,
    /// It has the person's e-mail address in it.
    #[error("the password contains the e-mail address")]
    Email,
    /// It has the agency's name in it.
    #[error("the password contains the agency's name")]
    Agency,
    /// It is among those that are tried first.
    #[error("the password is among the most common ones")]
    Common,
}

/// Whether a password may be chosen for an account.
///
/// # Errors
/// Why not.
pub fn check_password(password: &str, email: &str, agency: &str) -> Result<(), WeakPassword> {
    let characters = password.chars().count();
    if characters < SHORTEST_PASSWORD {
        return Err(WeakPassword::Short);
    }
    if characters > LONGEST_PASSWORD {
        return Err(WeakPassword::Long);
    }
    let compared_password = compared(password);
    let contains = |word: &str| {
        let word = compared(word);
        word.chars().count() >= SHORTEST_WORD && compared_password.contains(&word)
    };
    if contains(email.split('@').next().unwrap_or_default()) {
        return Err(WeakPassword::Email);
    }
    if contains(agency) {
        return Err(WeakPassword::Agency);
    }
    let mut letters = compared_password.chars();
    let first = letters.next();
    let monotonous = letters.all(|letter| Some(letter) == first);
    if monotonous || COMMON.contains(compared_password.as_str()) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

/// Lower case, without accents, spaces and signs: as somebody who guesses would try variants.
fn compared(text: &str) -> String {
    let letters = text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
    letters.filter(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str) -> Result<(), WeakPassword> {
        check_password(password, "claire.martin@example.fr", "Agence d’Essai")
    }

    #[test]
    fn length_decides_and_capitals_digits_or_signs_do_not() {
        assert_eq!(check("court"), Err(WeakPassword::Short));
        assert_eq!(check("éééééééééùù"), Err(WeakPassword::Short), "characters count, not bytes");
        assert_eq!(check("une phrase de passe"), Ok(()));
        assert_eq!(check(&"trois mots ".repeat(18)), Ok(()));
        assert_eq!(check(&"trois mots ".repeat(19)), Err(WeakPassword::Long));
    }

    #[test]
    fn one_s_own_address_and_the_agency_are_guessed_first() {
        assert_eq!(check("Claire Martin aime le bleu"), Err(WeakPassword::Email));
        assert_eq!(check("vive l’agence d’essai !"), Err(WeakPassword::Agency));
        assert_eq!(check_password("une phrase de passe", "a@example.fr", ""), Ok(()), "a letter alone is chance");
    }

    #[test]
    fn common_ones_are_known_however_they_are_written() {
        for common in
            ["motdepasse1234", "Mot de passe 1234", "AZERTYUIOP123", "Bonjour-123456", "aaaaaaaaaaaaaa", "------------"]
        {
            assert_eq!(check(common), Err(WeakPassword::Common), "{common}");
        }
    }

    #[test]
    fn the_list_is_written_as_it_is_compared() {
        assert!(COMMON.len() > 300, "{}", COMMON.len());
        for common in COMMON.iter() {
            assert_eq!(compared(common), **common);
            assert!(common.len() >= SHORTEST_PASSWORD, "{common} is too short to be chosen anyway");
        }
    }
}
