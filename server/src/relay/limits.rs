//! How many connections each account has open.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use liaison_shared::UserId;

/// Open connections by account.
#[derive(Debug, Default)]
pub struct ConnectionCounts {
    open: Mutex<HashMap<UserId, usize>>,
}

/// One open connection: counted until it is dropped.
#[derive(Debug)]
pub struct Counted {
    counts: Arc<ConnectionCounts>,
    user: UserId,
}

impl ConnectionCounts {
    /// Counts one more, unless there are `most` already.
    pub fn open(self: &Arc<Self>, user: UserId, most: usize) -> Option<Counted> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(user).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Counted { counts: self.clone(), user })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.counts.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user);
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
