//! What is known of a person when looking for their dossier, and how words are compared: never as typed.

use crate::validate;

/// What search and duplicates look at, borrowed from wherever it is kept. Empty is unknown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Family name in use.
    pub nom: &'a str,
    /// Family name at birth.
    pub nom_naissance: &'a str,
    /// First names.
    pub prenom: &'a str,
    /// Town.
    pub ville: &'a str,
    /// The number people read on the dossier.
    pub numero: &'a str,
    /// Telephone numbers, as typed.
    pub telephones: &'a [&'a str],
    /// Birth date, `YYYY-MM-DD`.
    pub naissance: &'a str,
}

/// The letters of U+00C0 to U+024F without their accents, in lower case, sixteen a row. Unicode's own tables know every
/// script and cost 45 KB of the download; names are written in Latin letters here, all of which are in these two.
#[rustfmt::skip]
static LATIN: [&str; 25] = [
    "aaaaaaæceeeeiiii", "ðnooooo×øuuuuyþß", "aaaaaaæceeeeiiii", "ðnooooo÷øuuuuyþy",
    "aaaaaaccccccccdd", "đđeeeeeeeeeegggg", "gggghhħħiiiiiiii", "iıĳĳjjkkĸllllllŀ",
    "ŀłłnnnnnnŉŋŋoooo", "ooœœrrrrrrssssss", "ssttttŧŧuuuuuuuu", "uuuuwwyyyzzzzzzſ",
    "ƀɓƃƃƅƅɔƈƈɖɗƌƌƍǝə", "ɛƒƒɠɣƕɩɨƙƙƚƛɯɲƞɵ", "ooƣƣƥƥʀƨƨʃƪƫƭƭʈu", "uʊʋƴƴƶƶʒƹƹƺƻƽƽƾƿ",
    "ǀǁǂǃǆǆǆǉǉǉǌǌǌaai", "ioouuuuuuuuuuǝaa", "aaææǥǥggkkooooʒʒ", "jǳǳǳggƕƿnnaaææøø",
    "aaaaeeeeiiiioooo", "rrrruuuussttȝȝhh", "ƞȡȣȣȥȥaaeeoooooo", "ooyyȴȵȶȷȸȹⱥȼȼƚⱦȿ",
    "ɀɂɂƀʉʌɇɇɉɉɋɋɍɍɏɏ",
];

/// The same for U+1E00 to U+1EFF.
#[rustfmt::skip]
static LATIN_ADDITIONAL: [&str; 16] = [
    "aabbbbbbccdddddd", "ddddeeeeeeeeeeff", "gghhhhhhhhhhiiii", "kkkkkkllllllllmm",
    "mmmmnnnnnnnnoooo", "oooopppprrrrrrrr", "sssssssssstttttt", "ttuuuuuuuuuuvvvv",
    "wwwwwwwwwwxxxxyy", "zzzzzzhtwyẚſẜẝßẟ", "aaaaaaaaaaaaaaaa", "aaaaaaaaeeeeeeee",
    "eeeeeeeeiiiioooo", "oooooooooooooooo", "oooouuuuuuuuuuuu", "uuyyyyyyyyỻỻỽỽỿỿ",
];

/// A letter without its accent, in lower case.
fn bare(letter: char) -> char {
    let code = letter as usize;
    let row = match code {
        0xC0..0x250 => LATIN[(code - 0xC0) / 16],
        0x1E00..0x1F00 => LATIN_ADDITIONAL[(code - 0x1E00) / 16],
        _ => return letter,
    };
    row.chars().nth(code % 16).unwrap_or(letter)
}

/// An accent that was written apart from its letter.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Letters and digits only, without accents, in lower case, words separated by one space.
#[must_use]
pub fn folded(text: &str) -> String {
    let letters = text.chars().filter(|c| !is_accent(*c)).map(bare).flat_map(char::to_lowercase);
    let mut folded = String::with_capacity(text.len());
    for c in letters {
        match c {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            c if c.is_alphanumeric() => folded.push(c),
            _ if folded.is_empty() || folded.ends_with(' ') => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The digits of a telephone number, `+33` and `0033` written `0`.
pub(super) fn phone_digits(text: &str) -> String {
    validate::phone_display(text).chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_normalization::char::is_combining_mark;

    #[test]
    fn latin_letters_are_folded_as_unicode_says() {
        for letter in ('\0'..'\u{250}').chain('\u{1e00}'..'\u{1f00}') {
            let expected: String =
                letter.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
            let expected = expected.replace('œ', "oe").replace('æ', "ae");
            let expected = if expected.chars().all(char::is_alphanumeric) { expected.as_str() } else { "" };
            assert_eq!(folded(&letter.to_string()), expected, "{letter:?}");
            assert_eq!(folded(&letter.nfd().collect::<String>()), expected, "{letter:?} written apart");
        }
    }

    #[test]
    fn words_are_compared_without_accents_ligatures_and_signs() {
        assert_eq!(folded("  Lefèvre-Dupré "), "lefevre dupre");
        assert_eq!(folded("Sœur D’Æthelstan (İzmir)"), "soeur d aethelstan izmir");
        assert_eq!(folded(" - "), "");
        assert_eq!(phone_digits("+33 6 12 34 56 78"), "0612345678");
        assert_eq!(phone_digits("06 12"), "0612");
    }
}
