//! Which codes are good enough to lock a device with.

/// Digits or characters a code has at least.
pub const SHORTEST: usize = 6;

/// Why a code is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weak {
    /// Fewer than six characters.
    Short,
    /// One of the first that anybody tries: the same character again and again, or a run.
    Guessable,
}

/// Whether a code is only digits: then the lock page asks for it with the number pad.
#[must_use]
pub fn is_digits(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// What is wrong with a code, if anything.
#[must_use]
pub fn weakness(code: &str) -> Option<Weak> {
    let characters: Vec<char> = code.trim().to_lowercase().chars().collect();
    if characters.len() < SHORTEST {
        return Some(Weak::Short);
    }
    let steps: Vec<i64> =
        characters.windows(2).map(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]))).collect();
    let is_run = [0, 1, -1].iter().any(|step| {
        // 567890 and 098765 go on past nine.
        steps.iter().zip(&characters).all(|(found, first)| {
            found == step
                || (*step == 1 && *first == '9' && *found == -9)
                || (*step == -1 && *first == '0' && *found == 9)
        })
    });
    let repeats = |length: usize| {
        characters.len().is_multiple_of(length) && characters.chunks(length).all(|part| *part == characters[..length])
    };
    (is_run || repeats(2) || (repeats(3) && is_digits(code.trim()))).then_some(Weak::Guessable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_anybody_tries_first_is_refused() {
        for code in
            ["000000", "123456", "654321", "111111", "567890", "098765", "121212", "123123", "abcdef", "aaaaaaaa"]
        {
            assert_eq!(weakness(code), Some(Weak::Guessable), "{code}");
        }
        for code in ["", "1", "27495", "  2749 ", "été"] {
            assert_eq!(weakness(code), Some(Weak::Short), "{code}");
        }
        for code in ["274951", "112358", "1234567a", "trois chats gris", "120474"] {
            assert_eq!(weakness(code), None, "{code}");
        }
    }

    #[test]
    fn the_number_pad_is_for_codes_of_digits() {
        assert!(is_digits("274951"));
        assert!(!is_digits("27 49 51"));
        assert!(!is_digits(""));
    }
}
