//! Times and places in words, for what the relay tells of people and devices.

use liaison_shared::{DossierId, Timestamp};

use crate::platform::clock;
use crate::state::Workspace;

/// How long ago, as one would say it: « il y a 3 jours ».
#[must_use]
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let minutes = (now - at).0 / 60_000;
    let (count, unit) = match minutes {
        ..1 => return "à l’instant".to_owned(),
        1..60 => (minutes, "min"),
        60..1440 => (minutes / 60, "h"),
        1440..2880 => return "il y a un jour".to_owned(),
        2880..86_400 => (minutes / 1440, "jours"),
        _ => return format!("le {}", at.french(now)),
    };
    format!("il y a {count}\u{a0}{unit}")
}

/// The day and the time, by this device's clock.
#[must_use]
pub fn when(at: Timestamp) -> String {
    at.french(clock::now())
}

/// The first letters of a person's first two names.
#[must_use]
pub fn initials(name: &str) -> String {
    name.split_whitespace().take(2).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

/// A dossier's name: what this device knows, else what one can say of it.
#[must_use]
pub fn dossier_words(workspace: Workspace, dossier: &str) -> String {
    let known = dossier.parse::<DossierId>().ok().and_then(|id| workspace.dossier_name(id));
    known.unwrap_or_else(|| "un dossier qui n’est pas sur cet appareil".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passed_is_told_in_its_largest_unit() {
        let at = |minutes: i64| ago(Timestamp(0), Timestamp(minutes * 60_000));
        assert_eq!(at(0), "à l’instant");
        assert_eq!(at(59), "il y a 59\u{a0}min");
        assert_eq!(at(60 * 5), "il y a 5\u{a0}h");
        assert_eq!(at(60 * 30), "il y a un jour");
        assert_eq!(at(60 * 24 * 3), "il y a 3\u{a0}jours");
        assert!(at(60 * 24 * 90).starts_with("le "));
    }
}
