//! How long it takes from one home to another. Without a map: the same town is near, another is further.

use super::MINUTE;
use crate::time::Millis;

/// Within a town, when the agency has not said.
const COMMUNE: i64 = 15;
/// Between towns.
const AILLEURS: i64 = 25;

/// The way between two homes by their towns; `setting` is the agency's own number of minutes for any way.
#[must_use]
pub fn trajet(setting: Option<i64>, from: &str, to: &str) -> Millis {
    let normal = |town: &str| town.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let near = normal(from) == normal(to);
    Millis(MINUTE * setting.unwrap_or(if near { COMMUNE } else { AILLEURS }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_town_is_near_and_the_agency_may_say_otherwise() {
        assert_eq!(trajet(None, "Grenoble", " grenoble"), Millis(15 * MINUTE));
        assert_eq!(trajet(None, "Grenoble", "Voiron"), Millis(25 * MINUTE));
        assert_eq!(trajet(Some(10), "Grenoble", "Voiron"), Millis(10 * MINUTE));
    }
}
