//! What the dialog of the planning asks.

use leptos::prelude::*;

use super::desk::Desk;
use super::vue::Ouvert;
use super::{person, publish, replace, start, visit};
use crate::ui::sheet::Block;

/// Its title and its blocks; nothing while it is closed.
pub fn asked(desk: Desk) -> Option<(String, Vec<Block>)> {
    match desk.ouvert.get() {
        Ouvert::Rien => None,
        Ouvert::Visite(dossier, id) => Some(visit::dialog(desk, dossier, id)),
        Ouvert::Remplacer(dossier, id) => Some(replace::dialog(desk, dossier, id)),
        Ouvert::Nouvelle(_, user, day) => Some(start::dialog(desk, start::Depart { user, day })),
        Ouvert::Serie(dossier, id) => Some(start::series(desk, dossier, id)),
        Ouvert::Personne(user) => Some(person::dialog(desk, user)),
        Ouvert::Publier(user) => Some(publish::dialog(desk, user)),
    }
}
