//! How a French name sounds, as a key: names with the same key are pronounced alike, or nearly.
//!
//! In the manner of Phonex (F. Brouard, 1999), cut down to what tells names apart: `Lefebvre` and `Lefèvre`,
//! `Haddad` and `Hadad`, `Dupont` and `Dupond`, `Gauthier` and `Gaultier`. Not a transcription, and never shown.

/// The key of a folded word. Small letters stand for themselves; capitals are sounds that take several:
/// `A`, `I`, `O` nasal vowels, `U` for *ou*, `C` for *ch*, `N` for *gn*.
pub(super) fn sound(folded: &str) -> String {
    let letters: Vec<char> = folded.chars().filter(|c| c.is_alphabetic()).collect();
    let mute = letters.ends_with(&['e']) || letters.ends_with(&['e', 's']);
    let silent = letters.iter().rev().take_while(|c| matches!(c, 'd' | 't' | 's' | 'x' | 'z' | 'p')).count();
    let spoken = &letters[..letters.len().saturating_sub(silent).max(2).min(letters.len())];
    let mut rest = spoken;
    let mut key = String::new();
    while !rest.is_empty() {
        let (sounds, length) = match rest {
            ['e'] if mute && rest.len() < spoken.len() => ("", 1),
            ['a', 'u', 'l'] if spoken.len() < letters.len() => ("o", 3),
            _ => vowels(rest).or_else(|| consonants(rest)).unwrap_or(("", 0)),
        };
        for c in sounds.chars().chain(rest.first().copied().filter(|_| length == 0)) {
            if !key.ends_with(c) {
                key.push(c);
            }
        }
        rest = &rest[length.max(1)..];
    }
    key
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// Whether an *n* or *m* that stood before these letters makes the vowel before it nasal.
fn nasal(after: &[char]) -> bool {
    after.first().is_none_or(|c| !is_vowel(*c) && !matches!(c, 'n' | 'm' | 'h'))
}

/// The sound of the vowels these letters begin with, and how many letters it takes.
fn vowels(letters: &[char]) -> Option<(&'static str, usize)> {
    Some(match letters {
        ['i', 'e', 'n', after @ ..] if nasal(after) => ("iI", 3),
        ['a' | 'e', 'i' | 'y', 'n' | 'm', after @ ..] if nasal(after) => ("I", 3),
        ['i' | 'y' | 'u', 'n' | 'm', after @ ..] if nasal(after) => ("I", 2),
        ['a' | 'e', 'n' | 'm', after @ ..] if nasal(after) => ("A", 2),
        ['o', 'n' | 'm', after @ ..] if nasal(after) => ("O", 2),
        ['e', 'a', 'u', ..] => ("o", 3),
        ['a', 'u', 'l', next, ..] if !is_vowel(*next) && *next != 'l' => ("o", 3),
        ['a', 'u', ..] => ("o", 2),
        ['o', 'e', 'u', ..] => ("e", 3),
        ['e', 'u', ..] => ("e", 2),
        ['o', 'i' | 'y', ..] => ("wa", 2),
        ['o', 'u', ..] => ("U", 2),
        ['a' | 'e', 'i' | 'y', ..] => ("e", 2),
        ['e', 'r'] => ("e", 2),
        ['y', ..] => ("i", 1),
        _ => return None,
    })
}

/// The sound of the consonants these letters begin with, and how many letters it takes.
fn consonants(letters: &[char]) -> Option<(&'static str, usize)> {
    Some(match letters {
        ['s', 'c', 'h', ..] => ("C", 3),
        ['c', 'h', 'r' | 'l' | 'n', ..] => ("k", 2),
        ['c' | 's', 'h', ..] => ("C", 2),
        ['p', 'h', ..] => ("f", 2),
        ['g', 'n', ..] => ("N", 2),
        ['q', 'u', ..] | ['c', 'k', ..] => ("k", 2),
        ['s', 'c', 'e' | 'i' | 'y', ..] => ("s", 2),
        ['c', 'e' | 'i' | 'y', ..] => ("s", 1),
        ['c' | 'q', ..] => ("k", 1),
        ['g', 'u', 'e' | 'i' | 'y', ..] | ['g', 'h', ..] => ("g", 2),
        ['g' | 'j', 'e', 'a' | 'o', ..] => ("j", 2),
        ['g', 'e' | 'i' | 'y', ..] => ("j", 1),
        ['t', 'i', 'o', 'n', ..] => ("siO", 4),
        ['b', 'v', ..] => ("v", 2),
        ['x', ..] => ("ks", 1),
        ['z', ..] => ("s", 1),
        ['w', ..] => ("v", 1),
        ['h', ..] => ("", 1),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_alike_have_one_key() {
        for alike in [
            &["lefevre", "lefebvre", "lefeuvre"][..],
            &["haddad", "hadad", "addad"],
            &["dupont", "dupond"],
            &["gauthier", "gautier", "gaultier"],
            &["renault", "renaud", "renaut", "reno"],
            &["benoit", "benoist"],
            &["schmitt", "schmidt"],
            &["meyer", "mayer", "maier"],
            &["mathieu", "matthieu"],
            &["nathalie", "natalie"],
            &["catherine", "katherine"],
            &["philippe", "filipe"],
            &["mohamed", "mohammed"],
            &["jeannine", "janine"],
            &["thierry", "thiery"],
            &["clement", "clemant"],
            &["jacques", "jaque"],
            &["marc", "mark"],
        ] {
            for name in alike {
                assert_eq!(sound(name), sound(alike[0]), "{name}");
            }
        }
    }

    #[test]
    fn names_that_sound_otherwise_do_not() {
        for (one, other) in [
            ("dupont", "dumont"),
            ("martin", "martine"),
            ("martin", "marin"),
            ("jean", "jeanne"),
            ("louis", "louise"),
            ("moreau", "morel"),
            ("leo", "lea"),
            ("petit", "petiot"),
        ] {
            assert_ne!(sound(one), sound(other), "{one} {other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_word_has_a_key(word in ".{0,20}", letters in "[a-z]{1,12}") {
            let _key = sound(&word);
            proptest::prop_assert!(sound(&letters).len() <= 2 * letters.len());
        }
    }
}
