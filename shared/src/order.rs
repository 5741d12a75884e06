//! Putting in order, with one routine for everything. The standard library makes one for each type that is sorted or
//! collected into a set: five kilobytes each, of which a first visit had some thirty. For what is long and sorted often,
//! or never downloaded, its own are quicker.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// The order of so many things; those that are alike stay as they were.
#[must_use]
pub fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    sort(&mut places, compare);
    places
}

/// Puts places in order; those that are alike stay as they were, and what is nearly in order is soon done.
pub fn sort(places: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    places.sort_by(|one, other| compare(*one, *other));
}

/// As `Vec::sort_by`.
pub fn by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = places(items.len(), &|one, other| compare(&items[one], &items[other]));
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|place| taken[place].take()));
}

/// As `Vec::sort_by_key`.
pub fn by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    by(items, |one, other| key(one).cmp(&key(other)));
}

/// A set of these.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

/// A map of these; of two with one key, the later counts.
pub fn map<K: Ord, V>(items: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(items);
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_stays_as_it_was() {
        let mut items = vec![(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e')];
        by_key(&mut items, |(number, _)| *number);
        assert_eq!(items, [(0, 'd'), (1, 'b'), (1, 'e'), (2, 'a'), (2, 'c')]);
        by(&mut items, |(_, one), (_, other)| other.cmp(one));
        assert_eq!(items.iter().map(|(_, sign)| *sign).collect::<String>(), "edcba");
        by_key(&mut Vec::<u8>::new(), |it| *it);
    }

    proptest::proptest! {
        #[test]
        fn the_order_is_the_standard_librarys(items in proptest::collection::vec((0_u8..9, 0_u8..9), 0..60)) {
            let (mut ours, mut theirs) = (items.clone(), items.clone());
            by_key(&mut ours, |it| it.0);
            theirs.sort_by_key(|it| it.0);
            proptest::prop_assert_eq!(ours, theirs);
            let (ours, theirs) = (map(items.clone()), items.into_iter().collect::<BTreeMap<_, _>>());
            proptest::prop_assert_eq!(set(ours.keys()), theirs.keys().collect::<BTreeSet<_>>());
            proptest::prop_assert_eq!(ours, theirs);
        }
    }
}
