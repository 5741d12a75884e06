//! What the dialog of the planning asks. Its title is known before its contents, which may take long to find.

use leptos::prelude::*;

use super::desk::Desk;
use super::vue::Ouvert;
use super::{person, publish, replace, start, visit};
use crate::ui::Dialog;
use crate::ui::sheet::{Block, changing, draw};

/// The dialog; open while the address says so.
pub fn dialog(desk: Desk) -> AnyView {
    let title = Memo::new(move |_| title(desk));
    let inside = move || changing(move || draw(desk.form, blocks(desk)));
    view! {
        <Dialog
            id="dialogue"
            open=Signal::derive(move || desk.ouvert.get() != Ouvert::Rien)
            on_close=move || desk.show(Ouvert::Rien)
            title=title
            close_label="Fermer"
            broad=true
        >
            {inside()}
        </Dialog>
    }
    .into_any()
}

fn title(desk: Desk) -> String {
    match desk.ouvert.get() {
        Ouvert::Rien => String::new(),
        Ouvert::Visite(dossier, _) => desk.client(dossier),
        Ouvert::Remplacer(dossier, _) => format!("Remplacer · {}", desk.client(dossier)),
        Ouvert::Nouvelle(..) => match desk.dossier_of_dialog() {
            Some(dossier) => format!("Nouvelle visite · {}", desk.client(dossier)),
            None => "Nouvelle visite".to_owned(),
        },
        Ouvert::Serie(dossier, _) => format!("Visites régulières · {}", desk.client(dossier)),
        Ouvert::Personne(user) => desk.name(Some(user)),
        Ouvert::Publier(_) => "Publier des brouillons".to_owned(),
    }
}

fn blocks(desk: Desk) -> Vec<Block> {
    match desk.ouvert.get() {
        Ouvert::Rien => Vec::new(),
        Ouvert::Visite(dossier, id) => visit::dialog(desk, dossier, id),
        Ouvert::Remplacer(dossier, id) => replace::dialog(desk, dossier, id),
        Ouvert::Nouvelle(_, user, day) => start::dialog(desk, start::Depart { user, day }),
        Ouvert::Serie(dossier, id) => start::series(desk, dossier, id),
        Ouvert::Personne(user) => person::dialog(desk, user),
        Ouvert::Publier(user) => publish::dialog(desk, user),
    }
}
