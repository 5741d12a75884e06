//! The planning of everybody, as the summaries of this device have it, and the agency's numbers for it.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use leptos::prelude::*;
use liaison_shared::documents::schema::agence::{ASTREINTE_LIGNE, FUSEAU, TRAJET};
use liaison_shared::dossier::Summary;
use liaison_shared::order;
use liaison_shared::planning::{Convention, Planifiee, trajet};
use liaison_shared::time::{Millis, set_zone};
use liaison_shared::{DossierId, UserId};

use super::Workspace;

impl Workspace {
    /// The visits of every dossier of this device that begin between two days, in their order; what was cancelled too.
    /// Tracks the list.
    #[must_use]
    pub fn planned(&self, from: NaiveDate, to: NaiveDate) -> Vec<Planifiee> {
        let of = |summary: &Arc<Summary>| summary.agenda.between(summary.dossier, from, to);
        let mut all: Vec<Planifiee> = self.summaries.with(|summaries| summaries.values().flat_map(of).collect());
        order::by_key(&mut all, |it| it.visite);
        all
    }

    /// Those of one person, the office's drafts left out. Tracks the list.
    #[must_use]
    pub fn visits_of(&self, user: UserId, from: NaiveDate, to: NaiveDate) -> Vec<Planifiee> {
        let mut mine = self.planned(from, to);
        mine.retain(|it| it.is_for(user));
        mine
    }

    /// The sectors of the dossiers here, as written, by name.
    #[must_use]
    pub fn secteurs(&self) -> BTreeSet<String> {
        self.summaries.with_untracked(|summaries| {
            let named = order::set(summaries.values().map(|summary| summary.secteur.as_str()));
            order::set(named.into_iter().filter(|name| !name.is_empty()).map(str::to_owned))
        })
    }

    /// The numbers of the law, or the agency's own. Tracks the agency.
    #[must_use]
    pub fn convention(&self) -> Convention {
        self.agence.with(|agence| Convention::of(agence))
    }

    /// The number to call in an emergency, empty while there is none. Tracks the agency.
    #[must_use]
    pub fn on_call(&self) -> String {
        self.agence.with(|agence| agence.fields.value(&ASTREINTE_LIGNE).to_owned())
    }

    /// How long it takes from one client to another. Tracks the list and the agency.
    #[must_use]
    pub fn way(&self, from: DossierId, to: DossierId) -> Millis {
        if from == to {
            return Millis(0);
        }
        let setting = self.agence.with(|agence| agence.fields.value(&TRAJET).trim().parse().ok());
        self.summaries.with(|summaries| {
            let town = |id| summaries.get(&id).map_or("", |summary: &Arc<Summary>| summary.ville.as_str());
            trajet(setting, town(from), town(to))
        })
    }

    /// Takes up where the agency is.
    pub(super) fn follow_zone(&self) {
        self.agence.with_untracked(|agence| set_zone(agence.fields.value(&FUSEAU)));
    }
}
