//! A client file that the agency brings along becomes dossiers: read at the relay, its columns named, looked at row by row,
//! then written all at once or not at all. Only online: nothing of the file is kept on the device.

mod columns;
mod findings;

use std::collections::BTreeSet;
use std::sync::Arc;

use base64ct::{Base64, Encoding as _};
use leptos::prelude::*;
use liaison_shared::EntryId;
use serde_json::{Value, json};

use crate::platform::images::{self, Picked};
use crate::platform::{clock, http, random};
use crate::replica::MOST;
use crate::state::{Record, Trouble, Workspace, unfit_sentence};
use crate::ui::sheet::{Act, Block, Form, Row, SheetDialog, changing, draw};
use crate::ui::{ButtonKind, Tone};

const TAKEN: &str = ".csv,.txt,.xlsx,text/csv";
/// Dossiers that are named when it is done.
const SHOWN: usize = 50;

/// How far one is. Copies are the same page.
#[derive(Clone, Copy)]
struct Page {
    workspace: Workspace,
    form: Form,
    file: StoredValue<Option<Picked>>,
    /// What the relay read in the file; `null` before.
    read: RwSignal<Arc<Value>>,
    /// Where each column goes: a field's key, or nothing.
    mapping: RwSignal<Vec<String>>,
    /// What would become of it; `null` before, and after another column was named.
    checked: RwSignal<Arc<Value>>,
    /// Rows that are left out.
    skipped: RwSignal<BTreeSet<i64>>,
    /// What was made; `null` before.
    made: RwSignal<Arc<Value>>,
    /// Of this import and no other: asked twice, it is done once.
    id: StoredValue<EntryId>,
}

/// The page.
pub fn import_page(_: Memo<String>) -> AnyView {
    let page = Page {
        workspace: expect_context(),
        form: Form::default(),
        file: StoredValue::new(None),
        read: RwSignal::default(),
        mapping: RwSignal::default(),
        checked: RwSignal::default(),
        skipped: RwSignal::default(),
        made: RwSignal::default(),
        id: StoredValue::new(EntryId([0; 16])),
    };
    // The column that is being named; none while the dialog is closed.
    let asking = RwSignal::new(None::<usize>);
    view! {
        {changing(move || draw(page.form, blocks(page, asking)))}
        <SheetDialog form=page.form asked=Arc::new(move || columns::dialog(page, asking))
            on_close=move || asking.set(None)/>
    }
    .into_any()
}

fn blocks(page: Page, asking: RwSignal<Option<usize>>) -> Vec<Block> {
    if !page.made.get().is_null() {
        return done(page);
    }
    if page.read.get().is_null() {
        return beginning(page);
    }
    let mut blocks = vec![columns::words(page)];
    if page.checked.get().is_null() {
        blocks.extend(columns::blocks(page, asking));
    } else {
        blocks.extend(findings::blocks(page));
    }
    blocks.push(Block::Act(Act::new(ButtonKind::Quiet, "Choisir un autre fichier", move || page.begin_again())));
    blocks
}

fn beginning(page: Page) -> Vec<Block> {
    vec![
        Block::Text(
            "Un fichier CSV ou Excel (.xlsx) : une ligne par personne, une première ligne qui nomme les colonnes. \
             Rien n’est écrit avant que vous ayez vu ce que chaque ligne deviendra."
                .to_owned(),
        ),
        Block::Problem("Ce fichier ne peut pas être lu"),
        Block::Act(Act::new(ButtonKind::Primary, "Choisir un fichier", move || page.choose())),
    ]
}

fn done(page: Page) -> Vec<Block> {
    let made = page.made.get();
    let created: Vec<Record> = Record(&made).list("created").collect();
    let row = |it: &Record| {
        let mut row = Row::new(it.text("name"));
        row.href = format!("/dossiers/{}", it.text("dossier"));
        row.details.push(format!("ligne {}", it.number("row").unwrap_or_default()));
        row
    };
    let text = "Ce qui a été signalé le reste dans chaque dossier, à côté du champ.".to_owned();
    let mut blocks = vec![
        Block::Notice(Tone::Done, made_words(created.len()), text),
        Block::Card(String::new(), created.iter().take(SHOWN).map(row).collect(), None),
    ];
    if created.len() > SHOWN {
        blocks.push(Block::Text(format!("Et {} autres, dans la liste des dossiers.", created.len() - SHOWN)));
    }
    blocks.push(Block::Act(Act::new(ButtonKind::Secondary, "Importer un autre fichier", move || page.begin_again())));
    blocks
}

fn made_words(count: usize) -> String {
    if count == 1 { "Un dossier a été créé".to_owned() } else { format!("{count} dossiers ont été créés") }
}

impl Page {
    fn begin_again(self) {
        self.file.set_value(None);
        self.mapping.set(Vec::new());
        self.skipped.set(BTreeSet::new());
        self.form.clear();
        for answer in [self.checked, self.made, self.read] {
            answer.set(Arc::default());
        }
    }

    fn choose(self) {
        self.form.problem.set(String::new());
        clock::spawn(async move {
            match images::choose(TAKEN, MOST).await.into_iter().next() {
                None => {}
                Some(Err(unfit)) => self.form.problem.set(unfit_sentence(&unfit)),
                Some(Ok(picked)) => {
                    self.form.begin();
                    let token = self.workspace.session.with_value(|session| session.token.clone());
                    let answer = http::carry("POST", "/api/import/read", &token, Some(&picked.bytes)).await;
                    if self.form.end() {
                        self.was_read(picked, answer.map_err(Trouble::from));
                    }
                }
            }
        });
    }

    fn was_read(self, picked: Picked, answer: Result<Vec<u8>, Trouble>) {
        let value = answer.map(|bytes| serde_json::from_slice::<Value>(&bytes).unwrap_or_default());
        match value {
            Ok(value) => {
                let field = |it: Record| it.text("field").to_owned();
                self.file.set_value(Some(picked));
                self.mapping.set(Record(&value).list("mapping").map(field).collect());
                self.read.set(Arc::new(value));
            }
            Err(trouble) => self.form.problem.set(trouble.sentence),
        }
    }

    /// Looks at every row. Writes nothing.
    fn check(self) {
        self.skipped.set(BTreeSet::new());
        self.ask("/api/import/check", self.order(), move |answer| self.checked.set(Arc::new(answer)));
        self.id.set_value(EntryId(random::sixteen_bytes()));
    }

    fn commit(self) {
        let mut order = self.order();
        order["import"] = json!(self.id.get_value().to_string());
        self.ask("/api/import/commit", order, move |answer| self.made.set(Arc::new(answer)));
    }

    fn order(self) -> Value {
        let (file, name) = self.file.with_value(|file| {
            file.as_ref().map(|it| (Base64::encode_string(&it.bytes), it.name.clone())).unwrap_or_default()
        });
        let mapping: Vec<Value> = self.mapping.with_untracked(|mapping| {
            mapping.iter().enumerate().map(|(column, field)| json!({ "column": column, "field": field })).collect()
        });
        let skip: Vec<i64> = self.skipped.with_untracked(|rows| rows.iter().copied().collect());
        json!({ "file": file, "name": name, "mapping": mapping, "skip": skip })
    }

    fn ask(self, path: &'static str, body: Value, then: impl FnOnce(Value) + 'static) {
        self.form.problem.set(String::new());
        self.form.begin();
        clock::spawn(async move {
            let answer = self.workspace.ask("POST", path, Some(body)).await;
            if !self.form.end() {
                return;
            }
            match answer {
                Ok(answer) => then(answer),
                Err(trouble) => self.form.problem.set(trouble.sentence),
            }
        });
    }
}
