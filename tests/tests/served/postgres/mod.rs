//! Relays on PostgreSQL: several on one database, each with devices of its own, and what happens when one of them, or the
//! database, goes away.
mod away;
mod copied;
mod killed;
mod together;
mod turns;

use liaison_server::config::Limits;
use liaison_tests::postgres::Database;
use liaison_tests::relay::TestRelay;

/// Two relays on one database.
async fn two(limits: Limits) -> (TestRelay, TestRelay) {
    let one = TestRelay::on(Database::create().await, limits.clone()).await;
    let other = one.another(limits).await;
    (one, other)
}
