//! What the planning knows of people, clients and visits, without following it: who computes says what it follows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use leptos::prelude::*;
use liaison_shared::access::normal_sector;
use liaison_shared::documents::schema::agence::TRAJET;
use liaison_shared::dossier::Summary;
use liaison_shared::planning::{Agenda, Planifiee, trajet};
use liaison_shared::time::{Millis, french_day};
use liaison_shared::{DossierId, EntryId, UserId};

use super::desk::Desk;
use crate::platform::clock;
use crate::ui::SelectOption;

impl Desk {
    /// A day in words.
    pub fn day(self, day: NaiveDate) -> String {
        french_day(day, clock::now())
    }

    /// A dossier's name.
    pub fn client(self, dossier: DossierId) -> String {
        untrack(|| self.workspace.dossier_name(dossier)).unwrap_or_else(|| "un client".to_owned())
    }

    /// A person's name.
    pub fn name(self, user: Option<UserId>) -> String {
        user.map_or_else(|| "Sans intervenant".to_owned(), |user| untrack(|| self.workspace.name_of(user)))
    }

    /// The people to choose from, nobody first.
    pub fn people(self) -> Vec<SelectOption> {
        let nobody = SelectOption::new("", "Sans intervenant");
        let people = untrack(|| self.workspace.intervenants());
        std::iter::once(nobody)
            .chain(people.into_iter().map(|it| SelectOption::new(it.user.to_string(), it.nom)))
            .collect()
    }

    /// Something of one dossier's summary.
    pub fn summary<T>(self, dossier: DossierId, read: impl FnOnce(&Summary) -> T) -> Option<T> {
        self.workspace.summaries.with_untracked(|all| all.get(&dossier).map(|it| read(it)))
    }

    /// The planning of one dossier.
    pub fn agenda(self, dossier: DossierId) -> Agenda {
        self.summary(dossier, |it| it.agenda.clone()).unwrap_or_default()
    }

    /// The visits between two days, without tracking.
    pub fn planned(self, from: NaiveDate, to: NaiveDate) -> Vec<Planifiee> {
        untrack(|| self.workspace.planned(from, to))
    }

    /// A visit of around the week that is shown. Tracks the planning.
    pub fn find(self, dossier: DossierId, id: EntryId) -> Option<Planifiee> {
        self.turn.track();
        let semaine = self.vue.with(|vue| vue.semaine);
        let (from, to) = (semaine.plus(-9).lundi(), semaine.plus(9).dimanche());
        self.summary(dossier, |it| it.agenda.between(dossier, from, to))?.into_iter().find(|it| it.visite.id == id)
    }

    /// How long it takes from one client to another, from what is known now: asked thousands of times.
    pub fn ways(self) -> impl Fn(DossierId, DossierId) -> Millis {
        let setting = self.workspace.agence.with_untracked(|agence| agence.fields.value(&TRAJET).trim().parse().ok());
        let (near, far) = (trajet(setting, "", ""), trajet(setting, "", "ailleurs"));
        let mut towns: HashMap<String, u32> = HashMap::new();
        let homes: HashMap<DossierId, u32> = self.workspace.summaries.with_untracked(|all| {
            let town = |it: &Arc<Summary>| {
                let next = u32::try_from(towns.len()).unwrap_or(u32::MAX);
                (it.dossier, *towns.entry(normal_sector(&it.ville)).or_insert(next))
            };
            all.values().map(town).collect()
        });
        move |from, to| match (homes.get(&from), homes.get(&to)) {
            _ if from == to => Millis(0),
            (Some(one), Some(other)) if one == other => near,
            _ => far,
        }
    }

    /// The sectors of the dossiers here, by name.
    pub fn secteurs(self) -> Vec<String> {
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        self.workspace.summaries.with_untracked(|all| {
            for name in all.values().map(|it| it.secteur.trim()).filter(|name| !name.is_empty()) {
                found.entry(normal_sector(name)).or_insert_with(|| name.to_owned());
            }
        });
        found.into_values().collect()
    }
}
