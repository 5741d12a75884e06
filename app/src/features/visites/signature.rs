//! The client signs that somebody was there, when the mission asks for it.

use leptos::html::Canvas;
use leptos::prelude::*;
use liaison_shared::documents::schema::QUALITES;
use liaison_shared::documents::schema::client::{NOM, PRENOM};
use liaison_shared::documents::schema::journal as jou;
use liaison_shared::planning::presence;

use super::visite::Visit;
use crate::platform::{clock, signature_pad as pad};
use crate::ui::sheet::{Block, Field, Form, changing, draw};
use crate::ui::{Button, ButtonKind, Dialog, Section, SelectOption, Tone};

const NAME: &str = "presence-nom";
const QUALITY: &str = "presence-qualite";

/// The dialog in which somebody signs. Copies are the same.
#[derive(Clone, Copy)]
pub struct Presence {
    open: RwSignal<bool>,
    form: Form,
    canvas: NodeRef<Canvas>,
    busy: RwSignal<bool>,
}

impl Presence {
    /// Nobody signs.
    pub fn new() -> Self {
        Self { open: RwSignal::new(false), form: Form::default(), canvas: NodeRef::new(), busy: RwSignal::new(false) }
    }

    fn close(self) {
        if self.busy.get_untracked() {
            return;
        }
        if self.canvas.get_untracked().is_some_and(|canvas| !pad::is_blank(&canvas)) {
            self.form.problem.set("Touchez « Enregistrer la signature », ou « Effacer » avant de fermer.".to_owned());
        } else {
            self.open.set(false);
        }
    }

    fn erase(self) {
        if let Some(canvas) = self.canvas.get_untracked() {
            pad::clear(&canvas);
        }
        self.form.problem.set(String::new());
    }

    fn keep(self, visit: Visit) {
        let Some(canvas) = self.canvas.get_untracked() else { return };
        let (name, quality) = (self.form.read(NAME, &client(visit)), self.form.read(QUALITY, QUALITES[0]));
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
        self.busy.set(true);
        let (text, at) = (untrack(|| told(visit)), clock::now());
        clock::spawn(async move {
            let records = visit.records;
            let kept = match pad::png(&canvas).await {
                None => Err("Le navigateur n’a pas pu garder le dessin. Réessayez.".to_owned()),
                Some(picture) => {
                    let who = (name.clone(), quality);
                    records.dossier.sign_visit(visit.id, text, who, at, picture).await
                }
            };
            let _gone = self.busy.try_set(false);
            match kept {
                Ok(()) => {
                    let _gone = self.open.try_set(false);
                    records.toasts.say(Tone::Done, format!("La signature de {name} est enregistrée."));
                }
                Err(sentence) => {
                    let _gone = self.form.problem.try_set(sentence);
                }
            }
        });
    }
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
            let of_visit = |it: &&liaison_shared::documents::Record| {
                it.value(&jou::FICHIER_PIECE) == piece && !it.value(&jou::FICHIER_SIGNE).is_empty()
            };
            view.records.of(&jou::FICHIERS).rfind(of_visit).map(|it| it.value(&jou::FICHIER_SIGNATAIRE).to_owned())
        })
    });
    let asked = Memo::new(move |_| visit.planned.with(|planned| planned.as_ref().is_some_and(|it| it.signature)));
    Effect::new(move || {
        if let Some(canvas) = presence.canvas.get() {
            pad::attach(&canvas);
        }
    });
    changing(move || {
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
                    <Button kind=ButtonKind::Secondary wide=true on_click=move || presence.open.set(true)>{again}</Button>
                </div>
            </Section>
            {dialog(visit, presence)}
        }
        .into_any()
    })
}

fn dialog(visit: Visit, presence: Presence) -> AnyView {
    let qualities = move || QUALITES[..3].iter().map(|it| SelectOption::new(*it, *it)).collect();
    view! {
        <Dialog
            id="presence"
            open=presence.open
            on_close=move || presence.close()
            title="Signer la visite"
            close_label="Fermer"
            full=true
            actions=move || view! {
                <Button kind=ButtonKind::Secondary on_click=move || presence.erase()>"Effacer"</Button>
                <Button kind=ButtonKind::Primary busy=presence.busy on_click=move || presence.keep(visit)>
                    "Enregistrer la signature"
                </Button>
                <div class="signer__problem">{draw(presence.form, vec![Block::Problem("Pas encore enregistré")])}</div>
            }
        >
            <div class="stack">
                <p class="fichier__text">{move || told(visit)}</p>
                <div class="signer__pad">
                    <canvas node_ref=presence.canvas class="signer__canvas" aria-label="Signez ici, avec le doigt"></canvas>
                </div>
                {draw(presence.form, vec![
                    Block::Field(Field::new(NAME, "Nom de la personne qui signe", client(visit))),
                    Block::Select(QUALITY, "Qualité", QUALITES[0].to_owned(), qualities()),
                ])}
            </div>
        </Dialog>
    }
    .into_any()
}
