//! Volets that are sections of fields, then cards of records.

use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::documents::schema::{administratif, client, prestation, relation};

use super::fichiers::fichiers_of;
use super::fields::{Shown, history_dialog, sections};
use super::records::{Records, card};
use crate::ui::IconName;
use crate::ui::sheet::{Block, Form, changing, draw};

/// The volet « Le client ».
pub fn client_volet() -> AnyView {
    let why = "Qui appeler, dans quel ordre : famille, médecin, personne à prévenir.";
    volet(
        DocumentKind::Client,
        || fichiers_of(&client::FICHIERS),
        move |records| {
            let mut blocks = card(records, &client::CONTACTS, IconName::Phone, why);
            blocks.extend(card(
                records,
                &client::ADRESSES,
                IconName::Home,
                "Facturation, autre résidence, lieu d’intervention.",
            ));
            blocks
        },
    )
}

/// The volet « Administratif ».
pub fn administratif_volet() -> AnyView {
    volet(
        DocumentKind::Administratif,
        || fichiers_of(&administratif::FICHIERS),
        move |records| {
            let mut blocks =
                card(records, &administratif::PIECES, IconName::File, "Devis, contrats, mandats, factures.");
            blocks.extend(card(
                records,
                &administratif::AIDES,
                IconName::Note,
                "APA, PCH, caisse de retraite, mutuelle.",
            ));
            blocks
        },
    )
}

/// The fields of the mission, under the team.
pub fn mission() -> AnyView {
    volet(
        DocumentKind::Prestation,
        || ().into_any(),
        move |records| {
            let stages =
                card(records, &prestation::ETAPES, IconName::History, "Chaque étape du dossier, avec sa date.");
            // Stages are entered on « Suivi », with what they ask for.
            stages.into_iter().filter(|block| matches!(block, Block::Card(..))).collect()
        },
    )
}

/// What else the office keeps of its relation with the client.
pub fn relation_cards() -> AnyView {
    let records = Records::of_dossier();
    let form = Form::default();
    changing(move || {
        let mut blocks =
            card(records, &relation::RECLAMATIONS, IconName::Warning, "Chaque réclamation, jusqu’à sa réponse.");
        blocks.extend(card(records, &relation::COURRIERS, IconName::Mail, "Lettres reçues et envoyées."));
        draw(form, blocks)
    })
}

/// The sections of a kind of document, its cards, its files.
fn volet(
    kind: DocumentKind,
    files: fn() -> AnyView,
    cards: impl Fn(Records) -> Vec<Block> + Copy + Send + 'static,
) -> AnyView {
    let records = Records::of_dossier();
    let shown: Shown = RwSignal::new(None);
    let form = Form::default();
    view! {
        <div class="page stack stack--loose">
            {sections(kind, shown)}
            {changing(move || draw(form, cards(records)))}
            {files()}
        </div>
        {history_dialog(shown)}
    }
    .into_any()
}
