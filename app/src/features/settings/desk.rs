//! What a part of the settings has at hand: what the relay said, what is typed, what is under way.

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use crate::platform::clock;
use crate::state::{Place, Toasts, Trouble, Workspace};
use crate::ui::Tone;
use crate::ui::sheet::{Act, Block, Deed, Form, Nothing};
use crate::ui::{ButtonKind, IconName};

/// Something asked of the relay.
struct Asked {
    name: &'static str,
    path: String,
    came: Option<Arc<Value>>,
}

/// Copies are the same desk.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The person's work.
    pub workspace: Workspace,
    /// Short messages.
    pub toasts: Toasts,
    /// What is typed.
    pub form: Form,
    /// What is open in the part: what comes after it in the address.
    pub inside: Memo<String>,
    /// What the relay answered to what the dialog asked; `null` before.
    pub answer: RwSignal<Arc<Value>>,
    home: StoredValue<String>,
    place: Place,
    /// What was asked for, where, and what came.
    data: RwSignal<Vec<Asked>>,
    trouble: RwSignal<Option<Trouble>>,
}

impl Desk {
    /// A desk for the part at this address.
    #[must_use]
    pub fn open(home: String, inside: Memo<String>) -> Self {
        let desk = Self {
            workspace: expect_context(),
            toasts: expect_context(),
            form: Form::default(),
            inside,
            answer: RwSignal::new(Arc::default()),
            home: StoredValue::new(home),
            place: expect_context(),
            data: RwSignal::new(Vec::new()),
            trouble: RwSignal::new(None),
        };
        Effect::new(move || {
            // Another thing is open: what was typed for the one before is not for this one.
            desk.inside.track();
            desk.form.clear();
            desk.answer.set(Arc::default());
        });
        Effect::new(move || {
            if desk.workspace.online() && desk.trouble.with_untracked(|it| it.as_ref().is_some_and(|it| it.offline)) {
                desk.reload();
            }
        });
        desk
    }

    /// Asks for something, to be kept under a name.
    pub fn load(self, name: &'static str, path: String) {
        self.data.update(|data| match data.iter_mut().find(|asked| asked.name == name) {
            Some(asked) => asked.path = path.clone(),
            None => data.push(Asked { name, path: path.clone(), came: None }),
        });
        clock::spawn(async move {
            let answer = self.workspace.ask("GET", &path, None).await;
            // The page is gone, or asks something else by now.
            let still = |data: &Vec<Asked>| data.iter().any(|asked| asked.name == name && asked.path == path);
            if self.data.try_with_untracked(still) != Some(true) {
                return;
            }
            match answer {
                Ok(value) => {
                    self.trouble.set(None);
                    self.put(name, value);
                }
                Err(trouble) => self.trouble.set(Some(trouble)),
            }
        });
    }

    /// Keeps something under a name that was asked for.
    pub fn put(self, name: &str, value: Value) {
        let value = Arc::new(value);
        self.data.update(|data| {
            data.iter_mut().filter(|asked| asked.name == name).for_each(|asked| asked.came = Some(Arc::clone(&value)));
        });
    }

    /// Asks again for everything.
    pub fn reload(self) {
        let asked =
            self.data.with_untracked(|data| data.iter().map(|it| (it.name, it.path.clone())).collect::<Vec<_>>());
        for (name, path) in asked {
            self.load(name, path);
        }
    }

    /// What came under a name; `null` before. Tracks it.
    #[must_use]
    pub fn get(self, name: &str) -> Arc<Value> {
        self.data
            .with(|data| data.iter().find(|asked| asked.name == name).and_then(|it| it.came.clone()))
            .unwrap_or_default()
    }

    /// Does something at the relay, unless it cannot: then the form says why, or a message for a button of a row. `done` gets the answer.
    pub fn send(self, method: &'static str, path: String, body: Option<Value>, done: impl FnOnce(Value) + 'static) {
        self.send_boxed(method, path, body, Box::new(done));
    }

    fn send_boxed(self, method: &'static str, path: String, body: Option<Value>, done: Box<dyn FnOnce(Value)>) {
        self.form.begin();
        clock::spawn(async move {
            let answer = self.workspace.ask(method, &path, body).await;
            if !self.form.end() {
                // Nobody is there to be told; the next page asks the relay anyway.
                return;
            }
            match answer {
                Ok(answer) => done(answer),
                Err(trouble) if self.form.used_in_a_row() => self.toasts.say(Tone::Danger, trouble.sentence),
                Err(trouble) => self.form.problem.set(trouble.sentence),
            }
        });
    }

    /// Something was done: says so, closes what is open, and asks the relay how things stand now.
    pub fn done(self, said: &str) {
        self.toasts.say(Tone::Done, said);
        self.reload();
        if self.inside.with_untracked(|inside| !inside.is_empty()) {
            self.go("");
        }
    }

    /// Where something in this part is.
    #[must_use]
    pub fn href(self, inside: &str) -> String {
        self.home.with_value(|home| format!("{home}/{inside}"))
    }

    /// Opens something in this part; nothing closes what is open.
    pub fn go(self, inside: &str) {
        let to = self.href(inside);
        self.place.go(to.trim_end_matches('/'));
    }

    /// A button that opens something in this part.
    #[must_use]
    pub fn link(self, kind: ButtonKind, label: &str, inside: String) -> Act {
        Act::new(kind, label, move || self.go(&inside))
    }

    /// What the page shows instead of itself, or before: why the relay said nothing. `None` while it is being asked.
    #[must_use]
    pub fn standing(self) -> Option<(bool, Vec<Block>)> {
        let there = self.data.with(|data| data.iter().all(|asked| asked.came.is_some()));
        match (self.trouble.get(), there) {
            (None, false) => None,
            (None, true) => Some((true, Vec::new())),
            (Some(_), true) => {
                let text = "Le relais ne répond pas pour l’instant. La page se mettra à jour avec le réseau.";
                let title = "Affiché comme au dernier contact";
                Some((true, vec![Block::Notice(Tone::Information, title.to_owned(), text.to_owned())]))
            }
            (Some(trouble), false) => {
                let nothing = if trouble.offline {
                    let text = "Elle s’affichera dès que le relais sera joignable. Les dossiers, eux, restent ouverts \
                                sur cet appareil.";
                    Nothing::new(IconName::CloudOff, "Cette page a besoin du réseau", text)
                } else {
                    Nothing::new(IconName::Warning, "Le relais n’a pas donné cette page", trouble.sentence)
                };
                let retry: Deed = Arc::new(move || self.reload());
                let act = Act { deed: retry, ..Act::new(ButtonKind::Secondary, "Réessayer", || ()) };
                Some((false, vec![Block::Nothing(nothing), Block::Act(act)]))
            }
        }
    }
}
