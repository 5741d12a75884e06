//! What was signed on a screen of one paper: by whom, when, with what, and whether the paper still reads as it was signed.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::schema::administratif as adm;
use liaison_shared::papers::{Drawn, PaperKind, signing};

use super::imprimer::in_context;
use super::records::Records;
use super::signer::Signer;
use super::viewer::{Viewer, look, look_at_signed};
use crate::platform::clock;
use crate::ui::sheet::{Act, Block, Row};
use crate::ui::{ButtonKind, Tone};

/// The card of the signatures of a paper, and the button that lets somebody sign; nothing for what is not signed.
pub fn signatures(records: Records, viewer: Viewer, signer: Signer, id: EntryId) -> Vec<Block> {
    let piece = records.dossier.view.with(|view| {
        let found = view.records.get(id)?;
        let piece_type = found.value(&adm::PIECE_TYPE);
        adm::signed_status(piece_type)?;
        Some((PaperKind::of_piece(piece_type)?, found.retire))
    });
    let Some((kind, retired)) = piece else { return Vec::new() };
    let writes = records.workspace.writes(adm::PIECES.document);
    let drawn = in_context(records, clock::now(), |context| signing::signatures(context, kind, id));
    let rows = drawn.iter().filter_map(|it| row(records, viewer, it, writes)).collect();
    let mut blocks = vec![Block::Card("Signatures".to_owned(), rows, None)];
    if writes && !retired {
        blocks.push(Block::Act(Act::new(ButtonKind::Primary, "Faire signer", move || signer.begin(records, id))));
    }
    blocks
}

fn row(records: Records, viewer: Viewer, drawn: &Drawn, writes: bool) -> Option<Row> {
    let record = records.dossier.view.with(|view| view.records.get(drawn.file).cloned())?;
    let mut row = Row::new(drawn.who());
    row.badge = Some(if drawn.unchanged {
        (Tone::Done, "Inchangé depuis".to_owned())
    } else {
        (Tone::Warning, "Modifié depuis".to_owned())
    });
    if !drawn.unchanged {
        let text = "Ce document, ou un fichier joint, n’est plus exactement ce qui a été signé. Relisez ce qui l’a été ; si le \
                    changement compte, faites signer de nouveau.";
        row.texts.push(text.to_owned());
    }
    let by = records.workspace.who(&record.signature);
    row.details.push(format!("Signé le {}, {}, noté par {by}", signing::moment(drawn.at), drawn.device));
    let digits: String = drawn.signed.to_string().chars().take(12).collect();
    row.details.push(format!("Empreinte de ce qui est signé : {digits}…"));
    let (dossier, shown) = (records.dossier, record.clone());
    row.receipt = Some(Signal::derive(move || dossier.file_receipt(&shown)));
    let about = drawn.who();
    let (picture, text) = (record.clone(), record.clone());
    let see = Act::new(ButtonKind::Secondary, "Voir la signature", move || look(records, viewer, &picture));
    let read = Act::new(ButtonKind::Secondary, "Ce qui a été signé", move || look_at_signed(records, viewer, &text));
    row.acts.extend([see.about(&about), read.about(&about)]);
    if writes {
        let id = record.id;
        row.acts.push(Act::new(ButtonKind::Quiet, "Retirer", move || retire(records, id, true)).about(&about));
    }
    Some(row)
}

/// Puts a signature away; the message offers to put it back, and says what stays.
fn retire(records: Records, id: EntryId, away: bool) {
    if let Err(error) = records.dossier.retire((&adm::FICHIERS, id), away) {
        records.toasts.say(Tone::Danger, format!("Cela n’a pas pu être enregistré : {error}"));
    } else if away {
        let said = "Signature retirée. Le statut et la date n’ont pas changé : corrigez-les s’il le faut.";
        records.toasts.offer(Tone::Done, said, "Annuler", move || retire(records, id, false));
    }
}
