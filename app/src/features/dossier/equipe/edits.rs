//! Changes of the sector and the team: made on the device, with or without the network.

use liaison_shared::documents::prestation::{self, Membre};
use liaison_shared::documents::{Document, DocumentError, NewChange, Pen};
use liaison_shared::{DocumentId, DocumentKind, EntryId, Timestamp};

use super::Volet;
use crate::platform::{clock, random};
use crate::ui::Tone;

type Edit = Box<dyn FnOnce(&mut Document, &Pen, Timestamp) -> Result<Option<NewChange>, DocumentError>>;

/// Makes an edit, then says so. Also once the page of the dossier is gone: a departure may be taken back from anywhere.
fn make(volet: Volet, edit: Edit, said: Option<String>) {
    let (workspace, toasts, id) = (volet.workspace, volet.toasts, DocumentId::prestation(volet.dossier.id));
    clock::spawn(async move {
        match workspace.edit_document(id, edit).await {
            Ok(()) => said.into_iter().for_each(|said| toasts.say(Tone::Done, said)),
            Err(error) => toasts.say(Tone::Danger, format!("Cela n’a pas pu être enregistré : {error}")),
        }
    });
}

/// Gives the dossier to a sector, over all that stand on the screen.
pub fn set_sector(volet: Volet, sector: &str) {
    let (sector, base) = (sector.to_owned(), volet.dossier.heads(DocumentKind::Prestation));
    make(volet, Box::new(move |document, pen, now| prestation::set_secteur(document, pen, &base, now, &sector)), None);
}

/// Puts somebody on the team. To put them back is a new entry.
pub fn add(volet: Volet, membre: &Membre) {
    let (Some(personne), Some(debut)) = (membre.personne, membre.debut) else { return };
    let (id, span) = (EntryId(random::sixteen_bytes()), (debut, membre.fin));
    let said = format!("{} est dans l’équipe.", volet.name_of(membre));
    let edit =
        move |document: &mut Document, pen: &Pen, now| prestation::add_membre(document, pen, now, id, personne, span);
    make(volet, Box::new(edit), Some(said));
}

/// Says when somebody's last visit is; an empty text says that it is not known.
pub fn set_last_visit(volet: Volet, membre: &Membre, fin: &str) -> Result<(), &'static str> {
    let fin = match fin {
        "" => None,
        text => Some(text.parse().map_err(|_| "La date de la dernière visite n’est pas une date.")?),
    };
    if fin.is_some_and(|fin| membre.debut.is_some_and(|debut| fin < debut)) {
        return Err("La dernière visite est avant la première.");
    }
    let (id, base) = (membre.id, volet.dossier.heads(DocumentKind::Prestation));
    make(volet, Box::new(move |document, pen, now| prestation::set_fin(document, pen, &base, now, id, fin)), None);
    Ok(())
}

/// Takes somebody off the team; the message offers to take it back.
pub fn withdraw(volet: Volet, membre: Membre) {
    let (id, base) = (membre.id, volet.dossier.heads(DocumentKind::Prestation));
    make(volet, Box::new(move |document, pen, now| prestation::withdraw(document, pen, &base, now, id)), None);
    let said = format!("{} n’est plus dans l’équipe.", volet.name_of(&membre));
    volet.toasts.offer(Tone::Done, said, "Remettre dans l’équipe", move || add(volet, &membre));
}
