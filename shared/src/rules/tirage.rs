//! Drawing dossiers for the yearly audit [S0]: at random, from a seed that is kept, so that anybody draws the same again.

use sha2::{Digest, Sha256};

use crate::ids::DossierId;

/// How many of a hundred are drawn.
pub const PERCENT: usize = 10;

/// The dossiers that a seed draws: one in ten, at least one, in the order in which they were drawn. Neither the order nor
/// repetitions of `dossiers` count.
///
/// Each dossier's place is SHA-256 (seed ‖ 0 ‖ dossier): the smallest are drawn.
#[must_use]
pub fn draw(seed: &str, dossiers: &[DossierId]) -> Vec<DossierId> {
    let place = |dossier: &DossierId| -> [u8; 32] {
        Sha256::digest([seed.as_bytes(), &[0], dossier.as_bytes()].concat()).into()
    };
    let mut drawn: Vec<([u8; 32], DossierId)> = dossiers.iter().map(|dossier| (place(dossier), *dossier)).collect();
    drawn.sort_unstable();
    drawn.dedup();
    drawn.truncate((drawn.len() * PERCENT).div_ceil(100));
    drawn.into_iter().map(|(_, dossier)| dossier).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dossiers(count: u8) -> Vec<DossierId> {
        (0..count).map(|number| DossierId([number; 16])).collect()
    }

    #[test]
    fn audit_1_a_seed_draws_one_in_ten_the_same_for_everybody() {
        let all = dossiers(105);
        let drawn = draw("2026-a", &all);
        assert_eq!(drawn.len(), 11);
        let mut otherwise = all.clone();
        otherwise.reverse();
        otherwise.extend(&all);
        assert_eq!(draw("2026-a", &otherwise), drawn);
        assert_ne!(draw("2026-b", &all), drawn);
        assert_eq!(draw("2026-a", &dossiers(3)).len(), 1);
        assert!(draw("2026-a", &[]).is_empty());
    }

    #[test]
    fn audit_2_over_many_seeds_every_dossier_has_its_turn() {
        let all = dossiers(50);
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..200 {
            seen.extend(draw(&seed.to_string(), &all));
        }
        assert_eq!(seen.len(), 50);
    }
}
