//! Somebody signs with a finger: who they are, a place to draw, and what is kept of it. Closing does not throw a drawing away.

use leptos::html::Canvas;
use leptos::prelude::*;

use crate::platform::{clock, signature_pad as pad};
use crate::state::Toasts;
use crate::ui::sheet::{Block, Field, Form, draw};
use crate::ui::{Button, ButtonKind, Dialog, SelectOption, Tone};

/// Keys of the form.
const NAME: &str = "signataire";
const QUALITY: &str = "qualite";

/// The dialog in which somebody signs. Copies are the same.
#[derive(Clone, Copy)]
pub struct Hand {
    form: Form,
    canvas: NodeRef<Canvas>,
    busy: RwSignal<bool>,
}

/// Who has signed.
pub struct Signed {
    /// Their name.
    pub name: String,
    /// In whose name.
    pub quality: String,
}

impl Hand {
    /// Nobody signs.
    pub fn new() -> Self {
        Self { form: Form::default(), canvas: NodeRef::new(), busy: RwSignal::new(false) }
    }

    /// Somebody else is about to sign.
    pub fn begin(self) {
        self.form.clear();
    }

    /// Whether the dialog may close: a drawing that is not kept stays until somebody erases it.
    pub fn may_close(self) -> bool {
        if self.busy.get_untracked() {
            return false;
        }
        let drawn = self.canvas.get_untracked().is_some_and(|canvas| !pad::is_blank(&canvas));
        if drawn {
            self.refuse("Touchez « Enregistrer la signature », ou « Effacer » avant de fermer.");
        }
        !drawn
    }

    /// Forgets what was drawn.
    pub fn erase(self) {
        if let Some(canvas) = self.canvas.get_untracked() {
            pad::clear(&canvas);
        }
        self.form.problem.set(String::new());
    }

    /// Says why it is not signed.
    pub fn refuse(self, why: &str) {
        self.form.problem.set(why.to_owned());
    }

    /// Who has signed; `None`, and why, while something is missing. `client` is the name that stands there at first.
    pub fn signed(self, client: &str, qualities: &[&str]) -> Option<Signed> {
        let canvas = self.canvas.get_untracked()?;
        let first = qualities.first().copied().unwrap_or_default();
        let (name, quality) = (self.form.read(NAME, client), self.form.read(QUALITY, first));
        let wrong = if name.is_empty() {
            "Écrivez le nom de la personne qui signe."
        } else if !pad::is_signed(&canvas) {
            "La personne signe dans le cadre, avec le doigt. Puis touchez « Enregistrer la signature »."
        } else {
            ""
        };
        self.refuse(wrong);
        (wrong.is_empty() && !self.busy.get_untracked()).then_some(Signed { name, quality })
    }

    /// Keeps what was drawn by somebody, then says so and closes.
    pub fn keep<F>(
        self,
        toasts: Toasts,
        name: String,
        keep: impl FnOnce(Vec<u8>) -> F + 'static,
        close: impl FnOnce() + 'static,
    ) where
        F: Future<Output = Result<(), String>> + 'static,
    {
        let Some(canvas) = self.canvas.get_untracked() else { return };
        self.busy.set(true);
        clock::spawn(async move {
            let kept = match pad::png(&canvas).await {
                None => Err("Le navigateur n’a pas pu garder le dessin. Réessayez.".to_owned()),
                Some(picture) => keep(picture).await,
            };
            let _gone = self.busy.try_set(false);
            match kept {
                Ok(()) => {
                    close();
                    toasts.say(Tone::Done, format!("La signature de {name} est enregistrée."));
                }
                Err(sentence) => {
                    let _gone = self.form.problem.try_set(sentence);
                }
            }
        });
    }

    /// The name of who signs, and in whose name.
    pub fn who(self, client: String, qualities: &[&str]) -> AnyView {
        let first = qualities.first().copied().unwrap_or_default();
        let blocks = vec![
            Block::Field(Field::new(NAME, "Nom de la personne qui signe", client)),
            Block::Select(QUALITY, "Qualité", first.to_owned(), SelectOption::words(qualities)),
        ];
        draw(self.form, blocks)
    }
}

/// The dialog: what is signed stands above the place to draw.
pub fn hand_dialog(
    hand: Hand,
    (id, open, title): (&'static str, Signal<bool>, Signal<String>),
    told: impl Fn() -> AnyView + Send + Sync + 'static,
    keep: impl Fn() + Copy + Send + Sync + 'static,
    close: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let Hand { form, canvas, busy } = hand;
    Effect::new(move || {
        if let Some(canvas) = canvas.get() {
            pad::attach(&canvas);
        }
    });
    view! {
        <Dialog
            id=id
            open=open
            on_close=move || if hand.may_close() { close() }
            title=title
            close_label="Fermer"
            full=true
            actions=move || view! {
                <Button kind=ButtonKind::Secondary on_click=move || hand.erase()>"Effacer"</Button>
                <Button kind=ButtonKind::Primary busy=busy on_click=move || keep()>"Enregistrer la signature"</Button>
                <div class="signer__problem">{draw(form, vec![Block::Problem("Pas encore enregistré")])}</div>
            }
        >
            <div class="stack">
                {told()}
                <div class="signer__pad">
                    <canvas node_ref=canvas class="signer__canvas" aria-label="Signez ici, avec le doigt"></canvas>
                </div>
            </div>
        </Dialog>
    }
    .into_any()
}
