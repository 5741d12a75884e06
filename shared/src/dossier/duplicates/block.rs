//! A whole list against itself without comparing everybody with everybody: only people who share a key are compared,
//! and every likeness needs such a key.

use std::cmp::Reverse;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Likeness, Portrait};

/// A key that more people share tells nothing of them: the switchboard of a residence, 1 January 1900.
const CROWD: usize = 200;

/// What people who are perhaps one have in common; hashed, a collision costs one comparison.
fn keys(portrait: &Portrait) -> Vec<u64> {
    let mut keys = Vec::new();
    let mut add = |kind: u8, one: &str, other: &str| {
        let mut hasher = DefaultHasher::new();
        (kind, one, other).hash(&mut hasher);
        keys.push(hasher.finish());
    };
    for phone in &portrait.phones {
        add(0, phone, "");
    }
    if let Some(born) = portrait.born {
        add(1, &born.to_string(), "");
    }
    let initial = |letters: &str| letters.chars().next().map(String::from).unwrap_or_default();
    let first = &portrait.first;
    for family in portrait.families.iter().filter(|family| !family.letters.is_empty() && !first.letters.is_empty()) {
        // In one order whichever is the family name: they may have been exchanged.
        let (one, other) = (family.sound.as_str().min(&first.sound), family.sound.as_str().max(&first.sound));
        add(2, one, other);
        add(3, &family.sound, &initial(&first.letters));
        add(4, &first.sound, &initial(&family.letters));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Every two of a list that are perhaps one person, by their places (the lower first), the surest first.
/// Signs that more than 200 people share are not followed.
#[must_use]
pub fn pairs(all: &[Portrait]) -> Vec<(usize, usize, Likeness)> {
    let mut keyed: Vec<(u64, usize)> = all
        .iter()
        .enumerate()
        .flat_map(|(place, portrait)| keys(portrait).into_iter().map(move |key| (key, place)))
        .collect();
    keyed.sort_unstable();
    let mut candidates: Vec<(usize, usize)> = Vec::new();
    for block in keyed.chunk_by(|one, other| one.0 == other.0).filter(|block| block.len() <= CROWD) {
        for (nth, (_, one)) in block.iter().enumerate() {
            candidates.extend(block[nth + 1..].iter().map(|(_, other)| (*one, *other)));
        }
    }
    candidates.sort_unstable();
    candidates.dedup();
    let compared = |(one, other): (usize, usize)| Some((one, other, all[one].likeness(&all[other])?));
    let mut found: Vec<(usize, usize, Likeness)> = candidates.into_iter().filter_map(compared).collect();
    found.sort_by_key(|(one, other, likeness)| (Reverse(likeness.certainty), *one, *other));
    found
}
