//! Who is woken by what is new: connections that may see some of it. A phone is not woken by what others write in dossiers
//! that it does not have; with thousands of them, that is nearly everything.
//!
//! Never says what is new, only that there is something: a connection reads for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use liaison_shared::DocumentId;
use liaison_shared::sync::LogChunk;
use tokio::sync::Notify;

use crate::log::View;

/// With more documents in one batch, looking through them for each connection costs more than waking it.
const MANY: usize = 64;

/// Every connection that listens.
#[derive(Debug, Clone, Default)]
pub struct Listeners {
    all: Arc<Mutex<All>>,
}

#[derive(Debug, Default)]
struct All {
    next: u64,
    listening: BTreeMap<u64, (View, Arc<Notify>)>,
}

/// One connection's place among them, until it is dropped. It hears nothing before it has said what it may see.
#[derive(Debug)]
pub struct Listener {
    of: Listeners,
    number: u64,
    news: Arc<Notify>,
}

impl Listeners {
    /// A place for one more.
    #[must_use]
    pub fn join(&self) -> Listener {
        let mut all = self.lock();
        all.next += 1;
        Listener { of: self.clone(), number: all.next, news: Arc::default() }
    }

    /// Wakes those who may see some of these.
    pub fn wake(&self, documents: &BTreeSet<DocumentId>) {
        if documents.len() > MANY {
            return self.wake_all();
        }
        for (view, news) in self.lock().listening.values() {
            if documents.iter().any(|document| view.shows(document)) {
                news.notify_one();
            }
        }
    }

    /// Wakes everybody: what is new is not known.
    pub fn wake_all(&self) {
        for (_, news) in self.lock().listening.values() {
            news.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Says what it may see from now on; it is woken once, for what came before.
    pub fn listen(&self, view: View) {
        self.of.lock().listening.insert(self.number, (view, Arc::clone(&self.news)));
        self.news.notify_one();
    }

    /// Ends when there may be something new.
    pub async fn heard(&self) {
        self.news.notified().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.of.lock().listening.remove(&self.number);
    }
}

/// The documents of these chunks.
pub(super) fn documents(chunks: &[LogChunk]) -> BTreeSet<DocumentId> {
    chunks.iter().map(|chunk| chunk.document).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use liaison_shared::DossierId;
    use liaison_shared::access::Role;
    use tokio::time::timeout;

    use super::*;

    async fn hears(listener: &Listener) -> bool {
        timeout(Duration::from_millis(20), listener.heard()).await.is_ok()
    }

    fn phone(dossier: u8) -> View {
        View { role: Role::Intervenant, dossiers: Some(Arc::new(BTreeSet::from([DossierId([dossier; 16])]))) }
    }

    #[tokio::test]
    async fn only_those_who_may_see_it_are_woken() {
        let listeners = Listeners::default();
        let (office, one, other) = (listeners.join(), listeners.join(), listeners.join());
        assert!(!hears(&one).await, "nobody hears anything who has not said what they may see");
        office.listen(View::agency(Role::Gestionnaire));
        one.listen(phone(1));
        other.listen(phone(2));
        for listener in [&office, &one, &other] {
            assert!(hears(listener).await, "once, for what came before");
            assert!(!hears(listener).await);
        }
        listeners.wake(&BTreeSet::from([DocumentId::client(DossierId([1; 16]))]));
        assert_eq!((hears(&office).await, hears(&one).await, hears(&other).await), (true, true, false));
        listeners.wake(&BTreeSet::from([DocumentId::relation(DossierId([1; 16]))]));
        assert_eq!((hears(&office).await, hears(&one).await), (true, false), "not for their role");
        one.listen(phone(2));
        assert!(hears(&one).await);
        listeners.wake(&BTreeSet::from([DocumentId::client(DossierId([2; 16]))]));
        assert_eq!((hears(&one).await, hears(&other).await), (true, true));
        drop(other);
        assert_eq!(listeners.lock().listening.len(), 2);
    }

    #[tokio::test]
    async fn a_large_batch_wakes_everybody() {
        let listeners = Listeners::default();
        let one = listeners.join();
        one.listen(phone(1));
        assert!(hears(&one).await);
        listeners.wake(&(100..=200).map(|number| DocumentId::client(DossierId([number; 16]))).collect());
        assert!(hears(&one).await);
    }
}
