//! Who reaches which dossiers, from the `prestation` documents: an index in memory that follows the log.
//!
//! Never decides what a grant is ([`liaison_shared::access::Team`] does), never changes a document.

mod follow;
mod store;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use liaison_shared::access::{Delays, Reach, Scope, Team};
use liaison_shared::sync::Identity;
use liaison_shared::{DossierId, Timestamp, UserId};
use tokio::sync::watch;

pub use follow::Follower;

use crate::settings::SettingsStore;

/// The dossiers and their teams.
#[derive(Debug, Default)]
struct Index {
    teams: HashMap<DossierId, Team>,
    /// The dossiers on whose team somebody is, at any time.
    by_person: HashMap<UserId, BTreeSet<DossierId>>,
}

impl Index {
    fn leave_out(&mut self, dossier: DossierId) {
        let Some(before) = self.teams.remove(&dossier) else { return };
        for person in before.people() {
            if let Some(dossiers) = self.by_person.get_mut(&person) {
                dossiers.remove(&dossier);
            }
        }
    }

    fn put(&mut self, dossier: DossierId, team: Team) {
        self.leave_out(dossier);
        for person in team.people() {
            self.by_person.entry(person).or_default().insert(dossier);
        }
        self.teams.insert(dossier, team);
    }
}

/// Who reaches which dossiers.
#[derive(Debug, Clone)]
pub struct Grants {
    index: Arc<RwLock<Index>>,
    settings: SettingsStore,
    /// Grows whenever somebody may reach something else.
    version: watch::Sender<u64>,
}

impl Grants {
    fn new(settings: SettingsStore) -> Self {
        Self { index: Arc::default(), settings, version: watch::Sender::new(0) }
    }

    fn knows(&self, dossier: DossierId) -> bool {
        self.index.read().unwrap_or_else(PoisonError::into_inner).teams.contains_key(&dossier)
    }

    fn put(&self, dossier: DossierId, team: Team) {
        self.index.write().unwrap_or_else(PoisonError::into_inner).put(dossier, team);
        self.version.send_modify(|version| *version += 1);
    }

    /// Nobody reaches it but those who reach all.
    fn leave_out(&self, dossier: DossierId) {
        self.index.write().unwrap_or_else(PoisonError::into_inner).leave_out(dossier);
        self.version.send_modify(|version| *version += 1);
    }

    /// Says when scopes may have changed; time and settings change them too.
    #[must_use]
    pub fn follow(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// What somebody reaches at this moment.
    #[must_use]
    pub fn scope(&self, identity: &Identity, sectors: &[String], now: Timestamp) -> Scope {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        let dossiers: BTreeMap<DossierId, Option<Timestamp>> = match identity.role.reach() {
            Reach::Agency => return Scope::Agency,
            Reach::Sectors => index
                .teams
                .iter()
                .filter(|(_, team)| team.is_of(sectors))
                .map(|(dossier, _)| (*dossier, None))
                .collect(),
            Reach::Team => {
                let delays = self.delays();
                let mine = index.by_person.get(&identity.user).into_iter().flatten();
                let grant = |dossier: &DossierId| {
                    Some((*dossier, index.teams.get(dossier)?.grants(identity.user, delays, now)?))
                };
                mine.filter_map(grant).collect()
            }
        };
        Scope::Dossiers(dossiers)
    }

    /// Whether [`Self::scope`] has a dossier, without the others.
    #[must_use]
    pub fn reaches(&self, identity: &Identity, sectors: &[String], dossier: DossierId, now: Timestamp) -> bool {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        let team = index.teams.get(&dossier);
        match identity.role.reach() {
            Reach::Agency => true,
            Reach::Sectors => team.is_some_and(|team| team.is_of(sectors)),
            Reach::Team => team.is_some_and(|team| team.grants(identity.user, self.delays(), now).is_some()),
        }
    }

    fn delays(&self) -> Delays {
        let settings = self.settings.current();
        let days = |days: u32| u16::try_from(days).unwrap_or(u16::MAX);
        Delays { avant: days(settings.avant_jours), apres: days(settings.apres_jours) }
    }
}
