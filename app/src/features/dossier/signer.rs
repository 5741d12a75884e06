//! Somebody signs on the screen: what they sign, who they are, and a place to draw. Closing it does not throw a drawing away.

use leptos::html::Canvas;
use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::documents::Record;
use liaison_shared::documents::schema::{FieldKind, QUALITES, administratif as adm, client};
use liaison_shared::papers::signing::signed_text;

use super::imprimer::in_context;
use super::record::lacking;
use super::records::{Records, title_of};
use super::value::shown_value;
use crate::platform::{clock, signature_pad as pad};
use crate::state::Given;
use crate::ui::sheet::{Block, Field, Form, changing, draw};
use crate::ui::{Button, ButtonKind, Dialog, SelectOption, Tone};

/// Keys of the form.
const NAME: &str = "signataire";
const QUALITY: &str = "qualite";

/// The dialog in which somebody signs. Copies are the same.
#[derive(Clone, Copy)]
pub struct Signer {
    asked: RwSignal<Option<Asked>>,
    form: Form,
    canvas: NodeRef<Canvas>,
    busy: RwSignal<bool>,
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
        let (asked, busy) = (RwSignal::new(None), RwSignal::new(false));
        Self { asked, form: Form::default(), canvas: NodeRef::new(), busy }
    }

    /// Opens the dialog, unless the paper is not ready.
    pub fn begin(self, records: Records, piece: EntryId) {
        if let Some(first) = lacking(records, piece) {
            records.toasts.say(Tone::Warning, format!("Ce devis n’est pas prêt à être signé : il manque « {first} »."));
            return;
        }
        self.form.clear();
        self.asked.set(asked(records, piece));
    }

    /// Closes it; a drawing that is not kept stays until somebody erases it.
    fn close(self) {
        if self.busy.get_untracked() {
            return;
        }
        if self.canvas.get_untracked().is_some_and(|canvas| !pad::is_blank(&canvas)) {
            let why = "Touchez « Enregistrer la signature », ou « Effacer » avant de fermer.";
            self.form.problem.set(why.to_owned());
        } else {
            self.asked.set(None);
        }
    }

    fn erase(self) {
        if let Some(canvas) = self.canvas.get_untracked() {
            pad::clear(&canvas);
        }
        self.form.problem.set(String::new());
    }

    fn keep(self, records: Records) {
        let (Some(shown), Some(canvas)) = (self.asked.get_untracked(), self.canvas.get_untracked()) else { return };
        let (name, quality) = (self.form.read(NAME, &shown.client), self.form.read(QUALITY, QUALITES[0]));
        let wrong = if name.is_empty() {
            "Écrivez le nom de la personne qui signe."
        } else if !pad::is_signed(&canvas) {
            "La personne signe dans le cadre, avec le doigt. Puis touchez « Enregistrer la signature »."
        } else {
            ""
        };
        self.form.problem.set(wrong.to_owned());
        if !wrong.is_empty() || self.busy.get_untracked() {
            return;
        }
        // What is signed is what was read: not what arrived meanwhile.
        let at = clock::now();
        let now = untrack(|| in_context(records, at, |context| signed_text(context, shown.piece)));
        if now.as_ref() != Some(&shown.text) {
            pad::clear(&canvas);
            self.asked.set(asked(records, shown.piece));
            let why = "Le document vient d’être modifié, ici ou ailleurs. Le voici à jour : relisez-le, puis signez de nouveau.";
            self.form.problem.set(why.to_owned());
            return;
        }
        self.busy.set(true);
        clock::spawn(async move {
            let kept = match pad::png(&canvas).await {
                None => Err("Le navigateur n’a pas pu garder le dessin. Réessayez.".to_owned()),
                Some(picture) => {
                    let Asked { piece, status, text, .. } = shown;
                    let who = name.clone();
                    records.dossier.sign(Given { piece, status, text, name: who, quality, at, picture }).await
                }
            };
            let _gone = self.busy.try_set(false);
            match kept {
                Ok(()) => {
                    let _gone = self.asked.try_set(None);
                    records.toasts.say(Tone::Done, format!("La signature de {name} est enregistrée."));
                }
                Err(sentence) => {
                    let _gone = self.form.problem.try_set(sentence);
                }
            }
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
    let Signer { asked, form, canvas, busy } = signer;
    Effect::new(move || {
        if let Some(canvas) = canvas.get() {
            pad::attach(&canvas);
        }
    });
    view! {
        <Dialog
            id="signer"
            open=Signal::derive(move || asked.with(Option::is_some))
            on_close=move || signer.close()
            title=Signal::derive(move || asked.with(|it| it.as_ref().map(|it| format!("Signer : {}", it.title)).unwrap_or_default()))
            close_label="Fermer"
            full=true
            actions=move || view! {
                <Button kind=ButtonKind::Secondary on_click=move || signer.erase()>"Effacer"</Button>
                <Button kind=ButtonKind::Primary busy=busy on_click=move || signer.keep(records)>
                    "Enregistrer la signature"
                </Button>
                <div class="signer__problem">{draw(form, vec![Block::Problem("Pas encore enregistré")])}</div>
            }
        >
            <div class="stack">
                {changing(move || asked.with(|it| it.as_ref().map_or_else(|| ().into_any(), |it| told(form, it))))}
                <div class="signer__pad">
                    <canvas node_ref=canvas class="signer__canvas" aria-label="Signez ici, avec le doigt"></canvas>
                </div>
            </div>
        </Dialog>
    }
    .into_any()
}

fn told(form: Form, asked: &Asked) -> AnyView {
    let lines: Vec<AnyView> = asked.summary.iter().map(|line| view! { <li>{line.clone()}</li> }.into_any()).collect();
    let qualities = QUALITES.iter().map(|it| SelectOption::new(*it, *it)).collect();
    let blocks = vec![
        Block::Field(Field::new(NAME, "Nom de la personne qui signe", asked.client.clone())),
        Block::Select(QUALITY, "Qualité", QUALITES[0].to_owned(), qualities),
    ];
    view! {
        <ul class="signer__summary">{lines}</ul>
        <details class="signer__whole">
            <summary>"Lire en entier ce qui est signé"</summary>
            <p class="fichier__text">{asked.text.clone()}</p>
        </details>
        {draw(form, blocks)}
    }
    .into_any()
}
