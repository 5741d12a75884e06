//! Pools of database connections, however they are used.
//!
//! Nothing visits their idle connections: what sqlx does that with can take a number below zero for the number of connections
//! and then holds a thread of the relay for ever (its issue 3645, mended in its pull request 4289, not in 0.9.0). Nothing is
//! lost by it: a connection that has ended meanwhile is found out when it is taken, and each pool is small.

use sqlx::Database;
use sqlx::pool::PoolOptions;

/// For a pool of at most so many connections.
pub(crate) fn at_most<DB: Database>(most: u32) -> PoolOptions<DB> {
    PoolOptions::new().max_connections(most).min_connections(0).max_lifetime(None).idle_timeout(None)
}

#[cfg(test)]
mod tests {
    use sqlx::Sqlite;

    use super::*;

    // A test of the store's copy did not end, once in some thousand times: a thread went round in sqlx's visit for ever.
    #[test]
    fn nothing_visits_idle_connections() {
        let options = at_most::<Sqlite>(4);
        assert_eq!((options.get_max_lifetime(), options.get_idle_timeout()), (None, None));
        assert_eq!((options.get_min_connections(), options.get_max_connections()), (0, 4));
    }
}
