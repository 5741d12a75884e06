//! The page behind a link that lets somebody in: a new account, or another device of one's own.

use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::access::Role;
use serde_json::Value;

use crate::platform::{address, clock};
use crate::state::{Phase, Record, SessionState, Trouble};
use crate::ui::sheet::{Act, Block, Field, Form, changing, draw};
use crate::ui::{ButtonKind, Skeleton, TextKind, Tone};

/// The relay's word for a link that is unknown, used, expired or withdrawn.
const INVALID: &str = "invitation_invalid";
/// Fewest characters of a password.
const SHORTEST: usize = 12;
const PASSWORD: &str = "mot-de-passe";

/// The link this page was opened with, as a context; empty once it was used or left.
#[derive(Clone, Copy)]
pub struct OpenedLink(RwSignal<String>);

impl OpenedLink {
    /// Takes the link out of the address bar.
    #[must_use]
    pub fn take() -> Self {
        Self(RwSignal::new(address::take_fragment("/invitation").unwrap_or_default()))
    }

    /// Whether there is one. Tracks it.
    #[must_use]
    pub fn is_there(self) -> bool {
        self.0.with(|token| !token.is_empty())
    }

    /// The page goes on without it.
    fn leave(self) {
        self.0.set(String::new());
    }
}

/// What this page has at hand. Copies are the same page.
#[derive(Clone, Copy)]
struct Door {
    session: SessionState,
    link: OpenedLink,
    form: Form,
    /// What the relay said of the link.
    said: RwSignal<Arc<Value>>,
    /// Why it said nothing.
    trouble: RwSignal<Option<Trouble>>,
}

impl Door {
    fn token(self) -> String {
        self.link.0.get_untracked()
    }

    /// Asks the relay what the link is for.
    fn ask(self) {
        self.trouble.set(None);
        clock::spawn(async move {
            let _gone = match self.session.open_invitation(&self.token()).await {
                Ok(said) => self.said.try_set(Arc::new(said)).is_some(),
                Err(trouble) => self.trouble.try_set(Some(trouble)).is_some(),
            };
        });
    }

    /// Goes in, unless the password is too short.
    fn accept(self, email: String, is_account: bool) {
        let password = is_account.then(|| untrack(|| self.form.value(PASSWORD, "")));
        if password.as_ref().is_some_and(|password| password.chars().count() < SHORTEST) {
            self.form.problem.set("Le mot de passe doit avoir 12 caractères ou plus.".to_owned());
            return;
        }
        self.form.begin();
        clock::spawn(async move {
            let answer = self.session.accept_invitation(&self.token(), &email, password.as_deref()).await;
            match answer {
                Ok(()) => self.link.leave(),
                Err(sentence) => {
                    self.form.end();
                    self.form.problem.set(sentence);
                }
            }
        });
    }

    fn leaving(self, words: &str) -> Block {
        Block::Act(Act::new(ButtonKind::Secondary, words, move || self.link.leave()))
    }
}

/// Opens the link, then says whom it is for.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let door = Door {
        session: expect_context(),
        link: expect_context(),
        form: Form::default(),
        said: RwSignal::new(Arc::default()),
        trouble: RwSignal::new(None),
    };
    door.ask();
    let inside = changing(move || {
        let said = door.said.get();
        let (title, blocks) = match door.trouble.get() {
            Some(trouble) => no_offer(door, trouble),
            None if said.is_null() => return view! { <Skeleton lines=4 label="Lecture de l’invitation…"/> }.into_any(),
            None => offer(door, Record(&said)),
        };
        view! { <h1>{title}</h1>{draw(door.form, blocks)} }.into_any()
    });
    view! {
        <main class="door" id="contenu">
            <div class="door__card">
                <p class="door__brand">
                    <img src="/icons/icon.svg" width="44" height="44" alt=""/>
                    "Liaison"
                </p>
                {inside}
            </div>
        </main>
    }
}

/// Why there is nothing to accept, and whom to ask.
fn no_offer(door: Door, trouble: Trouble) -> (String, Vec<Block>) {
    if trouble.code == INVALID {
        let text = "Il a déjà servi, il a été retiré, ou il est trop ancien. Demandez-en un autre à la personne qui vous \
                    l’a envoyé, ou, pour un appareil, refaites-en un sur votre premier appareil.";
        let blocks = vec![Block::Text(text.to_owned()), door.leaving("Continuer sans ce lien")];
        return ("Ce lien ne sert plus".to_owned(), blocks);
    }
    let text = if trouble.offline {
        "Le lien reste valable. Vérifiez le réseau, puis réessayez.".to_owned()
    } else {
        trouble.sentence
    };
    let blocks = vec![
        Block::Notice(Tone::Warning, "L’invitation n’a pas pu être lue".to_owned(), text),
        Block::Act(Act::new(ButtonKind::Primary, "Réessayer", move || door.ask())),
    ];
    ("Invitation".to_owned(), blocks)
}

/// Who is invited where, as what; and the way in.
fn offer(door: Door, invitation: Record<'_>) -> (String, Vec<Block>) {
    let is_account = invitation.text("kind") == "account";
    let (agency, email) = (invitation.text("agency"), invitation.text("email").to_owned());
    let role = Role::from_name(invitation.text("role")).map(Role::label).unwrap_or_default();
    let text = if is_account {
        format!("{agency} vous ouvre un compte. Votre rôle : {role}. Votre adresse pour vous connecter : {email}.")
    } else {
        format!("Vous reliez cet appareil à votre compte : {agency}, {email}. Aucun mot de passe n’est demandé.")
    };
    let mut blocks = vec![Block::Text(text)];
    let there = somebody_else(door, invitation);
    let staying = there.map(|(notice, staying)| {
        blocks.push(notice);
        staying
    });
    if is_account {
        let field = Field::new(PASSWORD, "Choisissez un mot de passe", "").kind(TextKind::Password);
        blocks.push(Block::Field(field.hint("12 caractères ou plus ; une phrase convient très bien.")));
    }
    let words = if is_account { "Ouvrir mon compte" } else { "Relier cet appareil" };
    blocks.push(Block::Problem("Ce n’est pas encore fait"));
    blocks.push(Block::Act(Act::new(ButtonKind::Primary, words, move || door.accept(email.clone(), is_account))));
    blocks.extend(staying);
    (format!("Bonjour {}", invitation.text("name")), blocks)
}

/// Said when this browser is already somebody's; and the button to leave it at that.
fn somebody_else(door: Door, invitation: Record<'_>) -> Option<(Block, Block)> {
    let there = door.session.phase.with_untracked(|phase| match phase {
        Phase::SignedIn(there) => Some((there.name.clone(), there.email.clone())),
        _ => None,
    });
    let (name, email) = there?;
    let (title, text) = if email == invitation.text("email") {
        ("Vous êtes déjà connecté ici".to_owned(), "Vous pouvez continuer sans ce lien.".to_owned())
    } else {
        let text = format!(
            "Si vous continuez, ce navigateur passe à {}. Ce que {name} y a écrit et qui n’est pas parti y reste, et \
             partira à sa prochaine connexion ici.",
            invitation.text("name"),
        );
        (format!("{name} est déjà connecté ici"), text)
    };
    Some((Block::Notice(Tone::Information, title, text), door.leaving(&format!("Rester avec {name}"))))
}
