//! Phones before anything is measured: they have fetched what is theirs.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use liaison_tests::client::Session;
use tokio::task::JoinSet;

use crate::Failure;
use crate::device::{Device, Kept};

/// What a phone keeps, and whose it is.
pub type Phone = (Session, Kept);

/// Phones that fetch their dossiers at a time.
const AT_ONCE: usize = 50;
const QUIET: Duration = Duration::from_secs(60);

/// Each fetches its dossiers, so many, and closes; in the same order.
pub async fn fetch(address: SocketAddr, phones: Vec<Session>, each: usize) -> Result<Vec<Phone>, Failure> {
    let mut fetched = Vec::with_capacity(phones.len());
    for some in phones.chunks(AT_ONCE) {
        let mut tasks = JoinSet::new();
        for session in some.iter().cloned() {
            tasks.spawn(async move {
                let mut device = Device::connect(address, &session, Kept::default()).await?;
                let whole = |it: &Device| it.is_up_to_date() && it.kept.holdings.len() == each;
                if !device.until(QUIET, whole).await? {
                    return Err::<_, Failure>("a phone does not get its dossiers".into());
                }
                Ok((session, device.close()))
            });
        }
        while let Some(done) = tasks.join_next().await {
            fetched.push(done??);
        }
    }
    let order: HashMap<_, usize> = phones.iter().enumerate().map(|(place, session)| (session.device, place)).collect();
    fetched.sort_by_key(|(session, _)| order.get(&session.device).copied());
    Ok(fetched)
}
