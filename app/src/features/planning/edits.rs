//! Changes of plannings: over several dossiers in one go, each with the people who then need the dossier on their phone; said
//! in a message that takes all of it back.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use leptos::prelude::WithUntracked as _;
use liaison_shared::documents::prestation::{PrestationView, add_membre, withdraw};
use liaison_shared::documents::{DocumentError, Heads, RecordEdit, Records, edit_records};
use liaison_shared::planning::inverse;
use liaison_shared::{DocumentId, DossierId, EntryId, UserId};

use super::desk::{Desk, on_team};
use crate::platform::indexed_db::StorageError;
use crate::platform::{clock, random};
use crate::replica::Replica;
use crate::state::{Toasts, Workspace};
use crate::ui::Tone;

/// What takes a change back.
const UNDO: &str = "Annuler";

/// Somebody who needs a dossier from one day to another.
#[derive(Clone, Copy)]
pub struct Place {
    /// Which dossier.
    pub dossier: DossierId,
    /// Who.
    pub user: UserId,
    /// The first visit.
    pub du: NaiveDate,
    /// The last one; `None` when it is not known.
    pub au: Option<NaiveDate>,
}

/// What one action changes.
#[derive(Default)]
pub struct Lot {
    /// Records, by document.
    pub edits: BTreeMap<DocumentId, Vec<RecordEdit>>,
    /// Who needs a dossier; those who have it are left out.
    pub equipe: Vec<Place>,
    /// The state of the one document that was on the screen.
    pub base: Option<(DocumentId, Heads)>,
    /// What has happened, when it has.
    pub said: String,
}

impl Lot {
    /// Of the planning of one dossier.
    pub fn of(dossier: DossierId, edits: Vec<RecordEdit>, said: impl Into<String>) -> Self {
        Self::in_document(DocumentId::prestation(dossier), edits, said)
    }

    /// Of one document.
    pub fn in_document(id: DocumentId, edits: Vec<RecordEdit>, said: impl Into<String>) -> Self {
        Self { edits: BTreeMap::from([(id, edits)]), said: said.into(), ..Self::default() }
    }

    /// With somebody who comes from one day to another.
    #[must_use]
    pub fn with(mut self, dossier: DossierId, user: Option<UserId>, du: NaiveDate, au: Option<NaiveDate>) -> Self {
        self.equipe.extend(user.map(|user| Place { dossier, user, du, au }));
        self
    }

    /// Made against what the dialog shows.
    #[must_use]
    pub fn seen(mut self, desk: Desk) -> Self {
        let heads = |it: &Option<Arc<super::desk::Prestation>>| {
            it.as_ref().map(|it| (DocumentId::prestation(it.dossier), it.heads.clone()))
        };
        self.base = desk.prestation.with_untracked(heads);
        self
    }
}

/// What takes a change back.
type Back = Vec<(DocumentId, Vec<RecordEdit>, Vec<EntryId>)>;

#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("{0}")]
    Storage(#[from] StorageError),
    #[error("{0}")]
    Document(#[from] DocumentError),
}

/// Makes the changes, in one transaction of the device.
pub fn keep(desk: Desk, lot: Lot) {
    let (workspace, toasts) = (desk.workspace, desk.toasts);
    let Some(replica) = workspace.replica() else { return };
    clock::spawn(async move {
        match write(&replica, &lot).await {
            Ok(back) if back.is_empty() => {}
            Ok(back) => {
                let back = Arc::new(back);
                // The two last ones can be taken back: a heap of messages would hide the planning.
                let ours: Vec<u64> = toasts.shown.with_untracked(|all| {
                    all.iter().filter(|it| it.action.as_deref() == Some(UNDO)).map(|it| it.id).collect()
                });
                ours.iter().rev().skip(1).for_each(|id| toasts.dismiss(*id));
                toasts.offer(Tone::Done, lot.said, UNDO, move || undo(workspace, toasts, Arc::clone(&back)));
            }
            Err(error) => toasts.say(Tone::Danger, format!("Rien n’a changé dans le planning : {error}")),
        }
    });
}

async fn write(replica: &Replica, lot: &Lot) -> Result<Back, Refused> {
    let mut documents = BTreeMap::new();
    let of_team = lot.equipe.iter().map(|it| DocumentId::prestation(it.dossier));
    for id in lot.edits.keys().copied().chain(of_team) {
        documents.insert(id, replica.open_document(id).await?);
    }
    let (pen, now) = (replica.pen(), clock::now());
    let (mut changes, mut back) = (Vec::new(), Vec::new());
    for (id, document) in documents {
        let mut document = document.borrow_mut();
        let (before, equipe) = (Records::read(&document), PrestationView::read(&document).equipe);
        let edits = lot.edits.get(&id).map_or(&[][..], Vec::as_slice);
        let seen = lot.base.as_ref().filter(|(other, _)| *other == id).map(|(_, heads)| heads.clone());
        let base = seen.unwrap_or_else(|| document.heads());
        let edited = edit_records(&mut document, &pen, &base, now, edits)?;
        let mut added = Vec::new();
        for place in lot.equipe.iter().filter(|it| DocumentId::prestation(it.dossier) == id) {
            if !on_team(&equipe, place.user, place.du, place.au) {
                let entry = EntryId(random::sixteen_bytes());
                changes.extend(add_membre(&mut document, &pen, now, entry, place.user, (place.du, place.au))?);
                added.push(entry);
            }
        }
        if edited.is_some() || !added.is_empty() {
            back.push((id, inverse(edits, &before), added));
        }
        changes.extend(edited);
    }
    if !changes.is_empty() {
        replica.keep(changes, None);
    }
    Ok(back)
}

fn undo(workspace: Workspace, toasts: Toasts, back: Arc<Back>) {
    let Some(replica) = workspace.replica() else { return };
    clock::spawn(async move {
        match take_back(&replica, &back).await {
            Ok(()) => toasts.say(Tone::Done, "C’est comme avant."),
            Err(error) => toasts.say(Tone::Danger, format!("Cela n’a pas pu être annulé : {error}")),
        }
    });
}

async fn take_back(replica: &Replica, back: &Back) -> Result<(), Refused> {
    let mut changes = Vec::new();
    for (id, edits, added) in back {
        let document = replica.open_document(*id).await?;
        let mut document = document.borrow_mut();
        let (pen, now) = (replica.pen(), clock::now());
        let base = document.heads();
        changes.extend(edit_records(&mut document, &pen, &base, now, edits)?);
        for entry in added {
            let base = document.heads();
            changes.extend(withdraw(&mut document, &pen, &base, now, *entry)?);
        }
    }
    if !changes.is_empty() {
        replica.keep(changes, None);
    }
    Ok(())
}
