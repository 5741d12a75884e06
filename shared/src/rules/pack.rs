//! What a checklist is made of. The packs themselves are data: [`pack_client`](super::pack_client) and
//! [`pack_personnel`](super::pack_personnel).

use chrono::NaiveDate;

use super::{pack_client, pack_personnel};
use crate::documents::schema::Field;
use crate::documents::schema::prestation::{MODE, PUBLIC};
use crate::dossier::Dossier;
use crate::ids::DocumentKind;

/// How one sees whether an item is done.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// These fields are filled, and nothing is wrong with them.
    Fields(&'static [&'static Field]),
    /// As `Fields`; or somebody says that there is nothing to fill.
    FieldsOrTick(&'static [&'static Field]),
    /// The dossier shows it.
    Computed(fn(&Dossier, NaiveDate) -> bool),
    /// Somebody says so.
    Tick,
}

/// Whom an item concerns.
#[derive(Debug, Clone, Copy)]
pub enum When {
    /// Every dossier.
    Always,
    /// Those in one of these modes, or whose mode nobody has said.
    Mode(&'static [&'static str]),
    /// Those of one of these publics, or whose public nobody has said.
    Public(&'static [&'static str]),
    /// Those whose dossier shows it.
    If(fn(&Dossier) -> bool),
}

impl When {
    pub(super) fn holds(self, dossier: &Dossier) -> bool {
        let among = |field: &Field, words: &[&str]| {
            let value = dossier.fields.value(field);
            value.is_empty() || words.contains(&value)
        };
        match self {
            Self::Always => true,
            Self::Mode(modes) => among(&MODE, modes),
            Self::Public(publics) => among(&PUBLIC, publics),
            Self::If(shows) => shows(dossier),
        }
    }
}

/// Where one can do something about an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// This field.
    Field(&'static Field),
    /// The volet of this kind of document.
    Volet(DocumentKind),
    /// The checklist itself.
    Here,
}

/// One line of a checklist.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    /// Stable: ticks are kept under it.
    pub id: &'static str,
    /// Which service does it.
    pub service: &'static str,
    /// What is to be done.
    pub label: &'static str,
    /// How one sees that it is.
    pub check: Check,
    /// Whom it concerns.
    pub when: When,
    /// Where to do it.
    pub target: Target,
}

/// A checklist, from a day on.
#[derive(Debug, Clone, Copy)]
pub struct Pack {
    /// Its name.
    pub id: &'static str,
    /// The first day it holds.
    pub from: (i32, u32, u32),
    /// Its lines, in the order in which they are done.
    pub items: &'static [Item],
}

/// The checklist that holds on a day, for a new client (`Client`) or for an intervenant's own file (`Personnel`).
#[must_use]
pub fn pack_of(kind: DocumentKind, today: NaiveDate) -> &'static Pack {
    let packs = if kind == DocumentKind::Personnel { pack_personnel::PACKS } else { pack_client::PACKS };
    let holds =
        |pack: &&Pack| NaiveDate::from_ymd_opt(pack.from.0, pack.from.1, pack.from.2).is_none_or(|from| from <= today);
    packs.iter().rev().find(holds).unwrap_or(&packs[0])
}
