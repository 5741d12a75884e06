//! A paper is signed on the screen: what is signed is what was read when the dialog opened.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::Record;
use liaison_shared::documents::schema::{FieldKind, QUALITES, administratif as adm, client};
use liaison_shared::papers::signing::signed_text;

use super::hand::{Hand, hand_dialog};
use super::imprimer::in_context;
use super::record::lacking;
use super::records::{Records, title_of};
use super::value::shown_value;
use crate::platform::clock;
use crate::state::Given;
use crate::ui::Tone;
use crate::ui::sheet::changing;

/// The dialog in which somebody signs. Copies are the same.
#[derive(Clone, Copy)]
pub struct Signer {
    asked: RwSignal<Option<Asked>>,
    hand: Hand,
}

/// What somebody is asked to sign, as it read when the dialog opened.
#[derive(Clone)]
struct Asked {
    piece: EntryId,
    status: &'static str,
    title: String,
    /// The few values that matter most.
    summary: Vec<String>,
    /// Exactly what is signed.
    text: String,
    /// The client's name.
    client: String,
}

impl Signer {
    /// Nobody signs anything.
    pub fn new() -> Self {
        Self { asked: RwSignal::new(None), hand: Hand::new() }
    }

    /// Opens the dialog, unless the paper is not ready.
    pub fn begin(self, records: Records, piece: EntryId) {
        if let Some(first) = lacking(records, piece) {
            records.toasts.say(Tone::Warning, format!("Ce devis n’est pas prêt à être signé : il manque « {first} »."));
            return;
        }
        self.hand.begin();
        self.asked.set(asked(records, piece));
    }

    fn keep(self, records: Records) {
        let Some(shown) = self.asked.get_untracked() else { return };
        let Some(signed) = self.hand.signed(&shown.client, QUALITES) else { return };
        // What is signed is what was read: not what arrived meanwhile.
        let at = clock::now();
        let now = untrack(|| in_context(records, at, |context| signed_text(context, shown.piece)));
        if now.as_ref() != Some(&shown.text) {
            self.hand.erase();
            self.asked.set(asked(records, shown.piece));
            self.hand.refuse("Le document vient d’être modifié, ici ou ailleurs. Le voici à jour : relisez-le, puis signez de nouveau.");
            return;
        }
        let Asked { piece, status, text, .. } = shown;
        let name = signed.name.clone();
        let keep = move |picture| async move {
            records
                .dossier
                .sign(Given { piece, text, name: signed.name, quality: signed.quality, at, picture }, status)
                .await
        };
        self.hand.keep(records.toasts, name, keep, move || {
            let _gone = self.asked.try_set(None);
        });
    }
}

/// What is asked of somebody; `None` when there is nothing to sign.
fn asked(records: Records, piece: EntryId) -> Option<Asked> {
    let text = untrack(|| in_context(records, clock::now(), |context| signed_text(context, piece)))?;
    records.dossier.view.with_untracked(|view| {
        let found = view.records.get(piece)?;
        let status = adm::signed_status(found.value(&adm::PIECE_TYPE))?;
        let name = [&client::PRENOM, &client::NOM].map(|field| view.fields.value(field).trim());
        Some(Asked {
            piece,
            status,
            title: title_of(records.workspace, found),
            summary: summary(records, found),
            text,
            client: name.join(" ").trim().to_owned(),
        })
    })
}

/// Days, amounts, quantities and words of a paper.
fn summary(records: Records, piece: &Record) -> Vec<String> {
    let matters = |kind| matches!(kind, FieldKind::Date | FieldKind::Money | FieldKind::Number | FieldKind::Line);
    let fields = adm::fields_of_piece(piece.value(&adm::PIECE_TYPE)).into_iter().filter(|field| {
        matters(field.kind) && ![&adm::PIECE_NUMERO, &adm::PIECE_ORIGINAL, &adm::PIECE_SIGNATURE].contains(field)
    });
    let told = fields.filter(|field| !piece.value(field).is_empty());
    told.map(|field| format!("{} : {}", field.label, shown_value(records.workspace, field, piece.value(field))))
        .collect()
}

/// The dialog.
pub fn signer_dialog(records: Records, signer: Signer) -> AnyView {
    let Signer { asked, hand } = signer;
    let title = move || asked.with(|it| it.as_ref().map(|it| format!("Signer : {}", it.title)).unwrap_or_default());
    let told =
        move || changing(move || asked.with(|it| it.as_ref().map_or_else(|| ().into_any(), |it| told(hand, it))));
    let open = Signal::derive(move || asked.with(Option::is_some));
    hand_dialog(
        hand,
        ("signer", open, Signal::derive(title)),
        told,
        move || signer.keep(records),
        move || asked.set(None),
    )
}

fn told(hand: Hand, asked: &Asked) -> AnyView {
    let lines: Vec<AnyView> = asked.summary.iter().map(|line| view! { <li>{line.clone()}</li> }.into_any()).collect();
    view! {
        <ul class="signer__summary">{lines}</ul>
        <details class="signer__whole">
            <summary>"Lire en entier ce qui est signé"</summary>
            <p class="fichier__text">{asked.text.clone()}</p>
        </details>
        {hand.who(asked.client.clone(), QUALITES)}
    }
    .into_any()
}
