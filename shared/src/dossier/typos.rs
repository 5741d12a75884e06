//! One slip of the finger: a letter too many, one missing, one wrong, or two the wrong way round.
//!
//! Compared byte by byte, on folded words: one letter outside a–z may count as more than one slip.

/// Whether `typed` is a beginning of `word`, or one slip away from one.
pub(super) fn begins_nearly(word: &str, typed: &str) -> bool {
    one_slip(word.as_bytes(), typed.as_bytes(), <[u8]>::starts_with)
}

/// Whether two words are the same, or one slip apart.
pub(super) fn nearly_same(one: &str, other: &str) -> bool {
    one_slip(one.as_bytes(), other.as_bytes(), |one, other| one == other)
}

/// Looks only at the first place where they differ: a slip that explains the difference is there or, moved inside
/// a run of one letter, could as well be there. `rest` says whether what follows the slip agrees.
fn one_slip(word: &[u8], typed: &[u8], rest: impl Fn(&[u8], &[u8]) -> bool) -> bool {
    let same = word.iter().zip(typed).take_while(|(one, other)| one == other).count();
    match (&word[same..], &typed[same..]) {
        (word, typed) if rest(word, typed) => true,
        ([a, b, word @ ..], [c, d, typed @ ..]) if a == d && b == c && rest(word, typed) => true,
        (word, typed) => {
            let (shorter_word, shorter_typed) = (word.get(1..), typed.get(1..));
            let wrong = shorter_word.zip(shorter_typed).is_some_and(|(word, typed)| rest(word, typed));
            let missing = shorter_word.is_some_and(|word| rest(word, typed));
            let too_many = shorter_typed.is_some_and(|typed| rest(word, typed));
            wrong || missing || too_many
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_one_letter_or_two_exchanged() {
        for typed in ["dupont", "dupond", "dupnt", "duppont", "udpont", "upont", "dupon", "duponts", "dupotn"] {
            assert!(nearly_same("dupont", typed), "{typed}");
        }
        for typed in ["dupo", "dumond", "pudont", "dupontel", ""] {
            assert!(!nearly_same("dupont", typed), "{typed}");
        }
        assert!(begins_nearly("dupont", "dpo"));
        assert!(begins_nearly("dupont", ""));
        assert!(!begins_nearly("dupont", "dmo"));
    }

    proptest::proptest! {
        #[test]
        fn a_slip_is_a_distance_of_one(one in "[ab]{0,7}", other in "[abc]{0,7}") {
            proptest::prop_assert_eq!(nearly_same(&one, &other), strsim::osa_distance(&one, &other) <= 1);
            let nearest = (0..=one.len()).map(|end| strsim::osa_distance(&one[..end], &other)).min();
            proptest::prop_assert_eq!(begins_nearly(&one, &other), nearest <= Some(1));
        }
    }
}
