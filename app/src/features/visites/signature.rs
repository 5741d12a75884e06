//! The client signs that somebody was there, when the mission asks for it.

use leptos::prelude::*;
use liaison_shared::documents::schema::QUALITES;
use liaison_shared::documents::schema::client::{NOM, PRENOM};
use liaison_shared::documents::schema::journal as jou;
use liaison_shared::papers::signing::is_signature;
use liaison_shared::planning::presence;

use super::visite::Visit;
use crate::features::dossier::{Hand, hand_dialog};
use crate::platform::clock;
use crate::state::Given;
use crate::ui::sheet::changing;
use crate::ui::{Button, ButtonKind, Section};

/// The dialog in which somebody signs. Copies are the same.
#[derive(Clone, Copy)]
pub struct Presence {
    /// Exactly what is signed, as it read when the dialog opened; `None` while it is closed.
    asked: RwSignal<Option<String>>,
    hand: Hand,
}

impl Presence {
    /// Nobody signs.
    pub fn new() -> Self {
        Self { asked: RwSignal::new(None), hand: Hand::new() }
    }

    fn begin(self, visit: Visit) {
        self.hand.begin();
        self.asked.set(Some(untrack(|| told(visit))));
    }

    fn keep(self, visit: Visit) {
        let Some(text) = self.asked.get_untracked() else { return };
        let Some(signed) = self.hand.signed(&client(visit), qualities()) else { return };
        let (name, at) = (signed.name.clone(), clock::now());
        let records = visit.records;
        let keep = move |picture| async move {
            let given = Given { piece: visit.id, text, name: signed.name, quality: signed.quality, at, picture };
            records.dossier.sign_visit(given).await
        };
        self.hand.keep(records.toasts, name, keep, move || {
            let _gone = self.asked.try_set(None);
        });
    }
}

/// Nobody signs a visit for the agency.
fn qualities() -> &'static [&'static str] {
    &QUALITES[..3]
}

fn client(visit: Visit) -> String {
    visit.records.dossier.view.with_untracked(|view| {
        let name = [&PRENOM, &NOM].map(|field| view.fields.value(field).trim());
        name.join(" ").trim().to_owned()
    })
}

/// What is signed: who came, when, what was done.
fn told(visit: Visit) -> String {
    let (Some(planned), Some(suivi)) = (visit.planned.get(), visit.suivi()) else { return String::new() };
    let workspace = visit.records.workspace;
    visit
        .records
        .dossier
        .view
        .with(|view| presence(&planned, &suivi, view, &|user| workspace.name_of(user), clock::now()))
}

/// The part of the page, when the mission asks for a signature or there is one.
pub fn part(visit: Visit, presence: Presence) -> AnyView {
    let piece = visit.id.to_string();
    let signed = Memo::new(move |_| {
        visit.records.dossier.view.with(|view| {
            let of_visit =
                |it: &&liaison_shared::documents::Record| it.value(&jou::FICHIER_PIECE) == piece && is_signature(it);
            view.records.of(&jou::FICHIERS).rfind(of_visit).map(|it| it.value(&jou::FICHIER_SIGNATAIRE).to_owned())
        })
    });
    let asked = Memo::new(move |_| visit.planned.with(|planned| planned.as_ref().is_some_and(|it| it.signature)));
    let part = changing(move || {
        if !asked.get() && signed.with(Option::is_none) {
            return ().into_any();
        }
        let words = signed.get().map_or_else(
            || "La mission demande la signature de la personne.".to_owned(),
            |name| format!("Signé par {name}."),
        );
        let again = if signed.with(Option::is_some) { "Faire signer de nouveau" } else { "Faire signer" };
        view! {
            <Section title="Signature">
                <div class="stack">
                    <p>{words}</p>
                    <Button kind=ButtonKind::Secondary wide=true on_click=move || presence.begin(visit)>{again}</Button>
                </div>
            </Section>
        }
        .into_any()
    });
    view! { {part}{dialog(visit, presence)} }.into_any()
}

fn dialog(visit: Visit, presence: Presence) -> AnyView {
    let Presence { asked, hand } = presence;
    let open = Signal::derive(move || asked.with(Option::is_some));
    let told = move || {
        view! {
            <p class="fichier__text">{move || asked.get()}</p>
            {hand.who(client(visit), qualities())}
        }
        .into_any()
    };
    let title = Signal::stored("Signer la visite".to_owned());
    hand_dialog(hand, ("presence", open, title), told, move || presence.keep(visit), move || asked.set(None))
}
