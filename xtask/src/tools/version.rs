//! Does an installed tool's version fit?
//!
//! Never starts a program: it reads what one has printed.

/// How close to the wanted version an installed one must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The same version.
    Exact,
    /// The same or a later one that promises compatibility (same major; for 0.x, same minor).
    AtLeast,
}

impl Fit {
    /// Does `printed`, the output of `--version`, name a version that fits `wanted`?
    pub fn accepts(self, printed: &str, wanted: &str) -> bool {
        let (Some(found), Some(wanted)) = (find(printed), find(wanted)) else {
            return false;
        };
        match self {
            Self::Exact => found == wanted,
            Self::AtLeast => found >= wanted && found[0] == wanted[0] && (found[0] > 0 || found[1] == wanted[1]),
        }
    }
}

/// The first word that is a release version such as `0.21.14`; a pre-release is none.
fn find(text: &str) -> Option<[u64; 3]> {
    text.split_whitespace().find_map(|word| {
        let mut numbers = word.trim_start_matches('v').split('.').map(|part| part.parse().ok());
        let version = [numbers.next()??, numbers.next()??, numbers.next()??];
        numbers.next().is_none().then_some(version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_takes_only_the_same_version() {
        assert!(Fit::Exact.accepts("wasm-bindgen 0.2.130\n", "0.2.130"));
        assert!(!Fit::Exact.accepts("wasm-bindgen 0.2.131\n", "0.2.130"));
        assert!(!Fit::Exact.accepts("trunk 0.21.14-beta.1\n", "0.21.14"));
        assert!(!Fit::Exact.accepts("", "0.21.14"));
    }

    #[test]
    fn at_least_takes_later_compatible_ones() {
        let printed = "cargo-nextest 0.9.143 (60fa45f63 2026-08-04)\nrelease: 0.9.143\n";
        assert!(Fit::AtLeast.accepts(printed, "0.9.143"));
        assert!(Fit::AtLeast.accepts(printed, "0.9.99"));
        assert!(!Fit::AtLeast.accepts(printed, "0.9.144"));
        assert!(!Fit::AtLeast.accepts(printed, "0.8.1"));
        assert!(Fit::AtLeast.accepts("v2.3.0", "2.1.9"));
        assert!(!Fit::AtLeast.accepts("v3.0.0", "2.1.9"));
    }
}
