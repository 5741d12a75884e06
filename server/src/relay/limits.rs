//! How many connections each account has open, and how many streams each device.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use liaison_shared::{DeviceId, UserId};

/// How many of something are open, by whom they are open for.
#[derive(Debug)]
pub struct Counts<By> {
    open: Mutex<HashMap<By, usize>>,
}

/// Open connections by account.
pub type ConnectionCounts = Counts<UserId>;

/// Open bootstrap streams by device: those of a single dossier (true) apart from those of everything.
pub type StreamCounts = Counts<(DeviceId, bool)>;

/// One that is open: counted until it is dropped.
#[derive(Debug)]
pub struct Counted<By: Eq + Hash = UserId> {
    counts: Arc<Counts<By>>,
    by: By,
}

impl<By> Default for Counts<By> {
    fn default() -> Self {
        Self { open: Mutex::default() }
    }
}

impl<By: Eq + Hash + Copy> Counts<By> {
    /// Counts one more, unless there are `most` already.
    pub fn open(self: &Arc<Self>, by: By, most: usize) -> Option<Counted<By>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(by).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Counted { counts: self.clone(), by })
    }
}

impl<By: Eq + Hash> Drop for Counted<By> {
    fn drop(&mut self) {
        let mut open = self.counts.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.by) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.by);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_connection_makes_room_for_another() {
        let counts = Arc::new(ConnectionCounts::default());
        let user = UserId([1; 16]);
        let first = counts.open(user, 1);
        assert!(first.is_some());
        assert!(counts.open(user, 1).is_none());
        assert!(counts.open(UserId([2; 16]), 1).is_some());
        drop(first);
        assert!(counts.open(user, 1).is_some());
    }
}
