//! Where each column of the file goes.

use leptos::prelude::*;
use liaison_shared::documents::schema::importable;

use super::Page;
use crate::state::Record;
use crate::ui::sheet::{Act, Block, Row};
use crate::ui::{ButtonKind, SelectOption, Tone};

const FIELD: &str = "import-champ";

/// What the file is.
pub fn words(page: Page) -> Block {
    let read = page.read.get();
    let name = page.file.with_value(|file| file.as_ref().map(|it| it.name.clone()).unwrap_or_default());
    Block::Text(format!("« {name} » : {} lignes.", Record(&read).number("rows").unwrap_or_default()))
}

/// The columns, and the button that looks at every row.
pub fn blocks(page: Page, asking: RwSignal<Option<usize>>) -> Vec<Block> {
    let read = page.read.get();
    let columns: Vec<String> =
        Record(&read).list("columns").filter_map(|it| it.0.as_str().map(str::to_owned)).collect();
    let rows = columns.iter().enumerate().map(|(at, column)| row(page, asking, at, column)).collect();
    vec![
        Block::Card("Ce que contient chaque colonne".to_owned(), rows, None),
        Block::Problem("Le fichier n’a pas été vérifié"),
        Block::Act(Act::new(ButtonKind::Primary, "Vérifier les lignes, sans rien écrire", move || page.check())),
    ]
}

fn row(page: Page, asking: RwSignal<Option<usize>>, at: usize, column: &str) -> Row {
    let mut row = Row::new(if column.is_empty() { format!("Colonne {}", at + 1) } else { column.to_owned() });
    let examples = examples(page, at);
    row.texts.extend((!examples.is_empty()).then(|| examples.join(" · ")));
    let field = page.mapping.with(|mapping| mapping.get(at).cloned().unwrap_or_default());
    row.badge = Some(match label(&field) {
        Some(label) => (Tone::Done, label.to_owned()),
        None => (Tone::Neutral, "non importée".to_owned()),
    });
    row.acts.push(Act::new(ButtonKind::Secondary, "Changer", move || asking.set(Some(at))).about(column));
    row
}

/// Some values of a column.
fn examples(page: Page, at: usize) -> Vec<String> {
    let read = page.read.get();
    let rows = Record(&read).list("sample");
    let cell = |row: Record| row.0.get(at).and_then(|it| it.as_str()).unwrap_or_default().to_owned();
    rows.map(cell).filter(|it| !it.trim().is_empty()).take(3).collect()
}

fn label(key: &str) -> Option<&'static str> {
    importable().find(|field| field.key == key).map(|field| field.label)
}

/// The choice of a field for a column. A field that another column had goes to this one.
pub fn dialog(page: Page, asking: RwSignal<Option<usize>>) -> Option<(String, Vec<Block>)> {
    let at = asking.get()?;
    let here = page.mapping.with_untracked(|mapping| mapping.get(at).cloned().unwrap_or_default());
    let mut options = vec![SelectOption::new("", "Ne pas importer")];
    options.extend(importable().map(|field| SelectOption::new(field.key, field.label)));
    let kept = here.clone();
    let choose = move || {
        let chosen = page.form.read(FIELD, &kept);
        page.mapping.update(|mapping| {
            for (column, field) in mapping.iter_mut().enumerate() {
                if column == at {
                    field.clone_from(&chosen);
                } else if *field == chosen {
                    field.clear();
                }
            }
        });
        page.form.clear();
        asking.set(None);
    };
    let blocks = vec![
        Block::Text(examples(page, at).join(" · ")),
        Block::Select(FIELD, "Cette colonne contient", here, options),
        Block::Act(Act::new(ButtonKind::Primary, "Choisir", choose)),
    ];
    Some(("Une colonne du fichier".to_owned(), blocks))
}
