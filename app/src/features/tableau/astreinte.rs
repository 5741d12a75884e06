//! The rota of those on call: turn by turn, and the hours of the coming weeks that nobody or two people have.

use std::sync::Arc;

use chrono::Days;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use liaison_shared::documents::RecordEdit;
use liaison_shared::documents::schema::agence::{ASTREINTE_LIGNE, ASTREINTES};
use liaison_shared::planning::{Garde, chevauchements, lacunes};
use liaison_shared::validate::phone_display;
use liaison_shared::{DocumentId, DocumentKind, EntryId, Timestamp};

use super::maintenant::{gardes, number_of};
use super::tour;
use crate::features::dossier::address_of;
use crate::platform::clock;
use crate::state::{OpenDossier, Toasts, Workspace};
use crate::ui::sheet::{Act, Block, Form, Nothing, Row, SheetDialog, changing, draw};
use crate::ui::{ButtonKind, IconName, Tone};

/// How far ahead gaps and overlaps are looked for, in days.
const AHEAD: u64 = 28;
/// Of each, so many are said.
const SHOWN: usize = 8;

/// What the page has at hand. Copies are the same page.
#[derive(Clone, Copy)]
pub struct Rota {
    /// The person's work.
    pub workspace: Workspace,
    /// Short messages.
    pub toasts: Toasts,
    /// What is typed in the dialog.
    pub form: Form,
    /// The turn that the dialog is about; empty while it is closed, `nouvelle` for a new one.
    pub asking: RwSignal<String>,
    file: RwSignal<Option<OpenDossier>, LocalStorage>,
}

impl Rota {
    /// Whether the person may change it, and the device is ready for it.
    fn writes(self) -> bool {
        self.workspace.writes(DocumentKind::Agence) && self.file.with(Option::is_some)
    }

    /// Writes a turn. True when it was written.
    pub fn write(self, edit: RecordEdit) -> bool {
        let written = self.file.with_untracked(|file| file.as_ref().map(|file| file.edit(&[edit])));
        match written {
            Some(Ok(())) => true,
            Some(Err(error)) => {
                self.toasts.say(Tone::Danger, format!("L’astreinte n’a pas pu être enregistrée : {error}"));
                false
            }
            None => false,
        }
    }

    /// Where the next turn is missing. Tracks the agency.
    pub fn next_gap(self) -> Option<(Timestamp, Timestamp)> {
        let (from, to) = coming();
        lacunes(&gardes(self.workspace), from, to).into_iter().next()
    }
}

fn coming() -> (Timestamp, Timestamp) {
    let now = clock::now();
    (now, Timestamp::midnight(now.date() + Days::new(AHEAD)))
}

/// The page.
pub fn astreinte() -> AnyView {
    let workspace = expect_context::<Workspace>();
    let rota = Rota {
        workspace,
        toasts: expect_context(),
        form: Form::default(),
        asking: RwSignal::new(String::new()),
        file: RwSignal::new_local(None),
    };
    let open = ScopedFuture::new_untracked(OpenDossier::open_documents(workspace, vec![DocumentId::Agence]));
    clock::spawn(async move {
        let _gone = rota.file.try_set(open.await.ok());
    });
    Effect::new(move || rota.file.with(|file| file.iter().for_each(|file| file.follow())));
    let page = Form::default();
    view! {
        <div class="page page--narrow">{changing(move || draw(page, blocks(rota)))}</div>
        <SheetDialog form=rota.form asked=Arc::new(move || tour::dialog(rota))
            on_close=move || rota.asking.set(String::new())/>
    }
    .into_any()
}

fn blocks(rota: Rota) -> Vec<Block> {
    let all = gardes(rota.workspace);
    let (from, to) = coming();
    let mut blocks = Vec::new();
    if !all.is_empty() {
        blocks.extend(holes(&all, from, to));
        blocks.extend(overlaps(rota, &all, from, to));
    }
    blocks.push(Block::Card("Ligne d’astreinte".to_owned(), vec![line(rota)], None));
    let row = |garde: &Garde| row(rota, garde, from);
    let (coming, past): (Vec<&Garde>, Vec<&Garde>) = all.iter().partition(|it| it.fin > from);
    let nothing = Nothing::new(
        IconName::Phone,
        "Aucune astreinte prévue",
        "Qui répond le soir, la nuit et le week-end : chaque tour, avec ses heures et son numéro.",
    );
    blocks.push(Block::Card("Tours d’astreinte".to_owned(), coming.into_iter().map(row).collect(), Some(nothing)));
    if rota.writes() {
        let add = move || {
            rota.form.clear();
            rota.asking.set(tour::NEW.to_owned());
        };
        blocks.push(Block::Act(Act::new(ButtonKind::Primary, "Ajouter un tour", add)));
    } else {
        blocks.push(Block::Text("Un gestionnaire tient ce planning.".to_owned()));
    }
    let past: Vec<Row> = past.into_iter().rev().take(SHOWN).map(row).collect();
    blocks.push(Block::Card("Tours passés".to_owned(), past, None));
    blocks
}

/// The hours that nobody takes.
fn holes(all: &[Garde], from: Timestamp, to: Timestamp) -> Option<Block> {
    let holes = lacunes(all, from, to);
    let line = |(debut, fin): &(Timestamp, Timestamp)| format!("– du {} au {}", debut.french(from), fin.french(from));
    let mut lines: Vec<String> = holes.iter().take(SHOWN).map(line).collect();
    lines.extend((holes.len() > SHOWN).then(|| format!("et {} autres", holes.len() - SHOWN)));
    let title = match holes.len() {
        0 => {
            let text =
                "Les quatre semaines à venir sont couvertes, heures de bureau (8 h – 18 h, jours ouvrés) comprises.";
            return Some(Block::Notice(Tone::Done, "Aucun trou".to_owned(), text.to_owned()));
        }
        1 => "1 trou dans les quatre semaines à venir".to_owned(),
        n => format!("{n} trous dans les quatre semaines à venir"),
    };
    lines.push("Les heures de bureau (8 h – 18 h, jours ouvrés) ne comptent pas : l’agence répond.".to_owned());
    Some(Block::Notice(Tone::Warning, title, lines.join("\n")))
}

/// The hours that two people have.
fn overlaps(rota: Rota, all: &[Garde], from: Timestamp, to: Timestamp) -> Option<Block> {
    let over = chevauchements(all, from, to);
    let name = |garde: &Garde| garde.personne.map_or_else(|| "?".to_owned(), |user| rota.workspace.name_of(user));
    let line = |((debut, fin), [one, two]): &((Timestamp, Timestamp), [&Garde; 2])| {
        format!("– du {} au {} : {} et {}", debut.french(from), fin.french(from), name(one), name(two))
    };
    let lines: Vec<String> = over.iter().take(SHOWN).map(line).collect();
    let title = if over.len() == 1 { "1 chevauchement".to_owned() } else { format!("{} chevauchements", over.len()) };
    (!over.is_empty()).then(|| Block::Notice(Tone::Information, title, lines.join("\n")))
}

/// The agency's own line.
fn line(rota: Rota) -> Row {
    let number = phone_display(&rota.workspace.on_call());
    let mut row = Row::new(if number.is_empty() { "Aucun numéro".to_owned() } else { number });
    row.texts.push("Le numéro que les intervenants appellent en urgence.".to_owned());
    if rota.workspace.writes(DocumentKind::Agence) {
        row.href = address_of("/reglages/etablissement", &ASTREINTE_LIGNE);
    }
    row
}

fn row(rota: Rota, garde: &Garde, now: Timestamp) -> Row {
    let who = garde.personne.map_or_else(|| "Personne".to_owned(), |user| rota.workspace.name_of(user));
    let mut row = Row::new(&who);
    row.texts.push(format!("Du {} au {}", garde.debut.french(now), garde.fin.french(now)));
    let number = number_of(rota.workspace, garde);
    row.details.extend((!number.is_empty()).then_some(number));
    row.badge = (garde.debut <= now && now < garde.fin).then(|| (Tone::Done, "En ce moment".to_owned()));
    if rota.writes() {
        let id = garde.id;
        let change = move || {
            rota.form.clear();
            rota.asking.set(id.to_string());
        };
        row.acts.push(Act::new(ButtonKind::Secondary, "Modifier", change).about(&who));
        row.acts.push(Act::new(ButtonKind::Secondary, "Retirer", move || remove(rota, id)).about(&who));
    }
    row
}

/// Puts a turn away; the message offers to put it back.
fn remove(rota: Rota, id: EntryId) {
    let edit = move |retire| RecordEdit { retire: Some(retire), ..RecordEdit::new(&ASTREINTES, id, &[]) };
    if rota.write(edit(true)) {
        let back = move || {
            rota.write(edit(false));
        };
        rota.toasts.offer(Tone::Done, "Tour d’astreinte retiré.", "Remettre", back);
    }
}
