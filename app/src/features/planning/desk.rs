//! What the pages of the planning have at hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use leptos::prelude::*;
use liaison_shared::documents::prestation::{Membre, PrestationView};
use liaison_shared::documents::{Heads, Records};
use liaison_shared::dossier::Dossier;
use liaison_shared::planning::Effectif;
use liaison_shared::{DocumentId, DocumentKind, DossierId, UserId};

use super::vue::{Ouvert, Vue};
use super::week::Tableau;
use crate::platform::clock;
use crate::state::{Place, Toasts, Workspace};
use crate::ui::ButtonKind;
use crate::ui::sheet::{Act, Form};

/// How long the list is left to settle before the week is computed anew, in milliseconds.
const SETTLE: u32 = 60;
/// Files of intervenants read between two breaths of the page.
const AT_ONCE: usize = 20;

/// The `prestation` of the dossier that a dialog is about.
pub struct Prestation {
    /// Which dossier.
    pub dossier: DossierId,
    /// Its fields.
    pub view: Dossier,
    /// The state that is on the screen.
    pub heads: Heads,
    /// Who is on the team.
    pub equipe: Vec<Membre>,
}

impl Prestation {
    /// Whether somebody is on the team from one day to another.
    pub fn has(&self, user: UserId, du: NaiveDate, au: Option<NaiveDate>) -> bool {
        on_team(&self.equipe, user, du, au)
    }

    /// Its records.
    pub fn records(&self) -> &Records {
        &self.view.records
    }
}

/// Whether somebody is on a team from one day to another; `None` for no end.
pub fn on_team(equipe: &[Membre], user: UserId, du: NaiveDate, au: Option<NaiveDate>) -> bool {
    equipe.iter().any(|it| {
        let until = it.fin.is_none_or(|fin| au.is_some_and(|au| au <= fin));
        !it.retire && it.personne == Some(user) && it.debut.is_some_and(|debut| debut <= du) && until
    })
}

/// What the pages have at hand. Copies are the same.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The person's work.
    pub workspace: Workspace,
    /// Short messages.
    pub toasts: Toasts,
    /// Where one is.
    pub place: Place,
    /// What is being typed in the dialog.
    pub form: Form,
    /// What is being typed on the page.
    pub feuille: Form,
    /// What the address says.
    pub vue: Memo<Vue>,
    /// The same without what is open.
    pub fond: Memo<Vue>,
    /// What is open.
    pub ouvert: Memo<Ouvert>,
    /// Grows when some planning has changed.
    pub turn: RwSignal<u64>,
    /// Of intervenants whose files this device has.
    pub effectifs: RwSignal<Arc<BTreeMap<UserId, Effectif>>>,
    /// The dossier that the dialog is about.
    pub prestation: RwSignal<Option<Arc<Prestation>>>,
    /// The week, computed.
    pub tableau: RwSignal<Arc<Tableau>>,
    /// How many rows of it are shown.
    pub shown: RwSignal<usize>,
    /// The card that gets the keyboard once the week is drawn anew.
    pub next_focus: StoredValue<String>,
}

impl Desk {
    /// Opens the planning; follows the address and the list until the page goes.
    pub fn open() -> Self {
        let place: Place = expect_context();
        let vue = Memo::new(move |_| place.path.with(|path| Vue::parse(path, clock::now().date())));
        let desk = Self {
            workspace: expect_context(),
            toasts: expect_context(),
            place,
            form: Form::default(),
            feuille: Form::default(),
            vue,
            fond: Memo::new(move |_| vue.with(Vue::fond)),
            ouvert: Memo::new(move |_| vue.with(|vue| vue.ouvert)),
            turn: RwSignal::new(0),
            effectifs: RwSignal::new(Arc::default()),
            prestation: RwSignal::new(None),
            tableau: RwSignal::new(Arc::default()),
            shown: RwSignal::new(super::week::ROWS),
            next_focus: StoredValue::default(),
        };
        desk.follow_list();
        desk.follow_files();
        desk.follow_dossier();
        desk
    }

    /// Many summaries that arrive at once are one change.
    fn follow_list(self) {
        let waiting = StoredValue::new(false);
        Effect::new(move || {
            self.workspace.summaries.track();
            if waiting.get_value() {
                return;
            }
            waiting.set_value(true);
            clock::spawn(async move {
                clock::sleep(SETTLE).await;
                let _gone = waiting.try_set_value(false);
                let _gone = self.turn.try_update(|turn| *turn += 1);
            });
        });
    }

    /// Reads the files of intervenants, and anew those that change.
    fn follow_files(self) {
        if !self.workspace.reads(DocumentKind::Personnel) {
            return;
        }
        let people: Vec<UserId> = untrack(|| self.workspace.intervenants()).into_iter().map(|it| it.user).collect();
        clock::spawn(self.read_files(people));
        Effect::new(move || {
            let (_, changed) = self.workspace.changed.get();
            let of = |id: &DocumentId| match id {
                DocumentId::Personnel(user) => Some(*user),
                _ => None,
            };
            let changed: Vec<UserId> = changed.iter().filter_map(of).collect();
            if !changed.is_empty() {
                clock::spawn(self.read_files(changed));
            }
        });
    }

    async fn read_files(self, people: Vec<UserId>) {
        let mut read = Vec::new();
        for some in people.chunks(AT_ONCE) {
            for user in some {
                // What cannot be read now is read at its next change.
                if let Some(file) = self.workspace.read_document(DocumentId::Personnel(*user)).await {
                    read.push((*user, Effectif::read(&file, clock::now().date())));
                }
            }
            clock::sleep(0).await;
        }
        // All at once: the week is computed anew.
        let _gone = self.effectifs.try_update(|all| Arc::make_mut(all).extend(read));
    }

    /// Reads the dossier that the dialog is about, and again when it changes.
    fn follow_dossier(self) {
        let wanted = Memo::new(move |_| self.dossier_of_dialog());
        Effect::new(move || {
            let Some(dossier) = wanted.get() else {
                self.prestation.set(None);
                return;
            };
            let id = DocumentId::prestation(dossier);
            let (_, changed) = self.workspace.changed.get();
            let here = self.prestation.with_untracked(|it| it.as_ref().is_some_and(|it| it.dossier == dossier));
            if here && !changed.contains(&id) {
                return;
            }
            let Some(replica) = self.workspace.replica() else { return };
            clock::spawn(async move {
                let Ok(document) = replica.open_document(id).await else { return };
                let document = document.borrow();
                let equipe = PrestationView::read(&document).equipe;
                let read = Prestation { dossier, view: Dossier::read([&*document]), heads: document.heads(), equipe };
                let _gone = self.prestation.try_set(Some(Arc::new(read)));
            });
        });
    }

    /// The dossier that the dialog is about. Tracks the address and the form.
    pub fn dossier_of_dialog(self) -> Option<DossierId> {
        match self.ouvert.get() {
            Ouvert::Visite(dossier, _) | Ouvert::Remplacer(dossier, _) | Ouvert::Serie(dossier, _) => Some(dossier),
            Ouvert::Nouvelle(dossier, ..) => {
                let shown = dossier.map(|it| it.to_string()).unwrap_or_default();
                self.form.value("client", &shown).parse().ok()
            }
            _ => None,
        }
    }

    /// Whether the person changes plannings.
    pub fn writes(self) -> bool {
        self.workspace.writes(DocumentKind::Prestation)
    }

    /// Goes to a state of the page.
    pub fn go(self, vue: &Vue) {
        self.form.clear();
        self.place.go(&vue.href());
    }

    /// Opens something, or closes it.
    pub fn show(self, ouvert: Ouvert) {
        self.go(&self.vue.with_untracked(|vue| vue.avec(ouvert)));
    }

    /// A button that opens something.
    pub fn opens(self, kind: ButtonKind, words: &str, ouvert: Ouvert) -> Act {
        Act::new(kind, words, move || self.show(ouvert))
    }
}
