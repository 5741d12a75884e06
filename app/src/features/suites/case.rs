//! One line of a list, opened: the dossier it is in, and what its page has at hand.

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use liaison_shared::documents::{Record, RecordEdit, Signature};
use liaison_shared::{DocumentKind, DossierId, EntryId};

use crate::platform::clock;
use crate::state::{OpenDossier, Place, Toasts, Workspace};
use crate::ui::sheet::changing;
use crate::ui::{EmptyState, IconName, Skeleton, Tone};

/// What the page of one notice or anomaly has at hand. Copies are the same.
#[derive(Clone, Copy)]
pub struct Case {
    /// The person's work.
    pub workspace: Workspace,
    /// Short messages.
    pub toasts: Toasts,
    /// Where one is.
    pub place: Place,
    /// The dossier it is in.
    pub dossier: OpenDossier,
    /// Which.
    pub id: EntryId,
}

impl Case {
    /// What was written. Tracks the dossier.
    pub fn record(self) -> Option<Record> {
        self.dossier.view.with(|view| view.records.get(self.id).cloned())
    }

    /// Whose dossier. Tracks the list.
    pub fn name(self) -> String {
        self.workspace.dossier_name(self.dossier.id).unwrap_or_else(|| "Sans nom".to_owned())
    }

    /// An address in the dossier.
    pub fn href(self, end: &str) -> String {
        format!("/dossiers/{}{end}", self.dossier.id)
    }

    /// The page of a record of the dossier.
    pub fn fiche(self, id: EntryId) -> String {
        self.href(&format!("/fiche/{id}"))
    }

    /// Who and when. Tracks the directory.
    pub fn signed(self, by: &Signature) -> String {
        format!("{}, {}", self.workspace.who(by), by.at.french(clock::now()))
    }

    /// Whether the person may write everything that follows from a notice.
    pub fn decides(self) -> bool {
        let kinds = [
            DocumentKind::Prestation,
            DocumentKind::Relation,
            DocumentKind::Administratif,
            DocumentKind::Journal { year: 0 },
        ];
        kinds.into_iter().all(|kind| self.workspace.writes(kind))
    }

    /// Writes; says so when it could not. True when it was written.
    pub fn edit(self, edits: &[RecordEdit]) -> bool {
        match self.dossier.edit(edits) {
            Ok(()) => true,
            Err(error) => {
                self.toasts.say(Tone::Danger, format!("Tout n’a pas pu être enregistré : {error}"));
                false
            }
        }
    }
}

/// Opens a dossier for the page of something in it, and follows it.
pub fn opened(id: DossierId, entry: EntryId, page: fn(Case) -> AnyView) -> AnyView {
    let workspace = expect_context::<Workspace>();
    let (toasts, place) = (expect_context(), expect_context());
    let result = RwSignal::new_local(None::<Option<OpenDossier>>);
    // The signals of the dossier belong to this page, not to the task that waits for the database.
    let open = ScopedFuture::new_untracked(OpenDossier::open(workspace, id));
    clock::spawn(async move {
        let _gone = result.try_set(Some(open.await.ok()));
    });
    on_cleanup(move || {
        if let Some(replica) = workspace.replica() {
            replica.close_dossier(id);
        }
    });
    let there = Memo::new(move |_| !workspace.reach.is_locked(id));
    changing(move || match result.get() {
        None => view! { <Skeleton lines=6 label="Ouverture du dossier…"/> }.into_any(),
        Some(Some(dossier)) if there.get() => {
            dossier.follow();
            workspace.has_read(id, DocumentKind::Relation.name());
            let case = Case { workspace, toasts, place, dossier, id: entry };
            let known = Memo::new(move |_| case.record().is_some());
            changing(move || if known.get() { page(case) } else { missing() })
        }
        Some(_) => view! {
            <EmptyState icon=IconName::Warning title="Ce dossier ne peut pas être lu maintenant"
                text="Rien n’est perdu. Fermez les autres onglets de Liaison, puis rechargez la page." tall=true/>
        }
        .into_any(),
    })
}

/// There is no such thing here.
pub fn missing() -> AnyView {
    view! {
        <EmptyState icon=IconName::Inbox title="Cet avis n’est pas ici"
            text="Il n’est pas encore arrivé sur cet appareil, ou l’adresse est incomplète." tall=true/>
    }
    .into_any()
}
