//! A dossier as it reads at one moment, over all its documents that are at hand: what rules, papers and pages look at.

use crate::documents::journal::{self, Transmission};
use crate::documents::prestation::PrestationView;
use crate::documents::relation::{self, Demande};
use crate::documents::{Document, FieldsView, Records, Ticks};
use crate::ids::DocumentKind;
use crate::order;

/// What is written in a dossier, or in an intervenant's own file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dossier {
    /// The fields of every document.
    pub fields: FieldsView,
    /// The records of every document.
    pub records: Records,
    /// What was ticked on the checklist.
    pub ticks: Ticks,
    /// The sector and the team.
    pub prestation: PrestationView,
    /// What intervenants passed on, oldest first.
    pub transmissions: Vec<Transmission>,
    /// What was asked, oldest first.
    pub demandes: Vec<Demande>,
}

impl Dossier {
    /// Reads documents of one dossier, in any order.
    #[must_use]
    pub fn read<'a>(documents: impl IntoIterator<Item = &'a Document>) -> Self {
        let mut dossier = Self::default();
        for document in documents {
            dossier.take_in(document);
        }
        dossier.in_order()
    }

    fn take_in(&mut self, document: &Document) {
        self.fields.extend(FieldsView::read(document));
        self.records.extend(Records::read(document));
        self.ticks.extend(Ticks::read(document));
        match document.id().kind() {
            DocumentKind::Journal { .. } => self.transmissions.extend(journal::transmissions(document)),
            DocumentKind::Relation => self.demandes = relation::demandes(document),
            DocumentKind::Prestation => self.prestation = PrestationView::read(document),
            _ => {}
        }
    }

    /// Several parts as one: each the reading of documents that the others have not read.
    #[must_use]
    pub fn together<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut whole = Self::default();
        for part in parts.into_iter().cloned() {
            whole.fields.extend(part.fields);
            whole.records.extend(part.records);
            whole.ticks.extend(part.ticks);
            whole.transmissions.extend(part.transmissions);
            whole.demandes.extend(part.demandes);
            if part.prestation != PrestationView::default() {
                whole.prestation = part.prestation;
            }
        }
        whole.in_order()
    }

    fn in_order(mut self) -> Self {
        order::by_key(&mut self.transmissions, |transmission| (transmission.signature.at, transmission.id));
        self
    }

    /// How many values wait for somebody's choice.
    #[must_use]
    pub fn contested(&self) -> usize {
        let records: usize = self.records.iter().map(crate::documents::Record::contested).sum();
        self.fields.contested() + records + usize::from(self.prestation.secteur.is_contested())
    }
}
