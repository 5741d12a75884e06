//! Draws blocks. Every reactive part of a sheet is in this file.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Act, Block, Blocks, Field, Form, Nothing, Row};
use crate::ui::avatar::Avatar;
use crate::ui::badge::Badge;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::checkbox::Checkbox;
use crate::ui::dialog::Dialog;
use crate::ui::empty::EmptyState;
use crate::ui::icon::{Icon, IconName};
use crate::ui::radio::RadioList;
use crate::ui::receipt::ReceiptMark;
use crate::ui::section::Section;
use crate::ui::select_field::SelectField;
use crate::ui::text_field::{TextField, TextKind};
use crate::ui::tone::Tone;

/// The blocks, as one form: Enter does what the first primary button does.
pub fn draw(form: Form, blocks: Vec<Block>) -> AnyView {
    let first = blocks.iter().find_map(|block| match block {
        Block::Act(act) if act.kind == ButtonKind::Primary => Some(act.clone()),
        _ => None,
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(act) = &first {
            run(form, act, false);
        }
    };
    let views: Vec<AnyView> = blocks.into_iter().map(|block| one(form, block)).collect();
    view! { <form class="stack" on:submit=submit novalidate=true>{views}</form> }.into_any()
}

/// Runs a button, unless one is at work already.
fn run(form: Form, act: &Act, in_a_row: bool) {
    if form.busy.with_untracked(String::is_empty) {
        form.problem.set(String::new());
        form.used.set_value((act.key(), in_a_row));
        (act.deed)();
    }
}

fn one(form: Form, block: Block) -> AnyView {
    match block {
        Block::Text(text) => view! { <p class="muted">{text}</p> }.into_any(),
        Block::Notice(tone, title, text) => {
            view! { <Banner tone=tone title=title text=text announce=tone == Tone::Danger/> }.into_any()
        }
        Block::Card(title, rows, nothing) => card(form, title, rows, nothing),
        Block::Field(field) => text_field(form, field),
        Block::Radio(key, legend, value, choices) => view! {
            <RadioList id=key legend=legend choices=choices value=value_of(form, key, value)
                on_change=move |chosen: String| form.put(key, chosen)/>
        }
        .into_any(),
        Block::Select(key, label, value, options) => view! {
            <SelectField id=key label=label options=Signal::stored(options) value=value_of(form, key, value)
                on_change=move |chosen: String| form.put(key, chosen)/>
        }
        .into_any(),
        Block::When((key, initial), wanted, blocks) => {
            let shown = Memo::new(move |_| form.value(key, &initial) == wanted);
            live(form, Arc::new(move || if shown.get() { blocks() } else { Vec::new() }))
        }
        Block::Picture(address, words) => view! { <img class="sheet__picture" src=address alt=words/> }.into_any(),
        Block::Live(blocks) => live(form, blocks),
        Block::Problem(title) => {
            let why = move || form.problem.get();
            let notice = move |why: String| Block::Notice(Tone::Danger, title.to_owned(), why);
            live(form, Arc::new(move || Some(why()).filter(|why| !why.is_empty()).map(notice).into_iter().collect()))
        }
        Block::Acts(acts) => {
            let buttons: Vec<AnyView> = acts.into_iter().map(|act| button(form, act, false)).collect();
            view! { <div class="sheet__acts">{buttons}</div> }.into_any()
        }
        Block::Act(act) => button(form, act, true),
        Block::Nothing(nothing) => empty(nothing),
    }
}

/// A part of a page that follows what it reads, behind one type for all such parts.
pub fn changing(content: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let content: Box<dyn Fn() -> AnyView + Send> = Box::new(content);
    content.into_any()
}

/// Blocks that are drawn anew whenever what they read changes.
fn live(form: Form, blocks: Blocks) -> AnyView {
    changing(move || blocks().into_iter().map(|block| one(form, block)).collect::<Vec<_>>().into_any())
}

fn value_of(form: Form, key: &'static str, initial: String) -> Signal<String> {
    Signal::derive(move || form.value(key, &initial))
}

fn empty(nothing: Nothing) -> AnyView {
    let Nothing { icon, title, text } = nothing;
    view! { <EmptyState icon=icon title=title text=text/> }.into_any()
}

fn button(form: Form, act: Act, wide: bool) -> AnyView {
    let key = act.key();
    let busy = Signal::derive(move || form.busy.with(|busy| *busy == key));
    let (kind, label, about) = (act.kind, act.label.clone(), act.about.clone());
    let submit = wide && kind == ButtonKind::Primary;
    let click = move || {
        if !submit {
            run(form, &act, !wide);
        }
    };
    view! {
        <Button kind=kind wide=wide submit=submit busy=busy on_click=click>
            {label}
            {(!about.is_empty()).then(|| view! { <span class="visually-hidden">{about}</span> }.into_any())}
        </Button>
    }
    .into_any()
}

fn text_field(form: Form, field: Field) -> AnyView {
    let Field { key, label, hint, kind, value, read_only } = field;
    let value = value_of(form, key, value);
    let line = move |kind: TextKind, autocomplete: &'static str| {
        let typed = move |text: String| form.put(key, text);
        view! {
            <TextField id=key label=label hint=hint.clone() kind=kind autocomplete=autocomplete value=value
                read_only=read_only on_input=typed/>
        }
        .into_any()
    };
    if kind != TextKind::Password {
        return line(kind, "off");
    }
    let shown = RwSignal::new(false);
    let kind = move || if shown.get() { TextKind::Text } else { TextKind::Password };
    let field = changing(move || line(kind(), "new-password"));
    view! {
        {field}
        <Checkbox id="montrer" label="Afficher le mot de passe" checked=shown on_change=move |on| shown.set(on)/>
    }
    .into_any()
}

fn card(form: Form, title: String, rows: Vec<Row>, nothing: Option<Nothing>) -> AnyView {
    let inside = match nothing {
        Some(nothing) if rows.is_empty() => empty(nothing),
        None if rows.is_empty() => return ().into_any(),
        _ => {
            let rows: Vec<AnyView> = rows.into_iter().map(|row| line(form, row)).collect();
            view! { <ul class="sheet__rows" role="list">{rows}</ul> }.into_any()
        }
    };
    view! { <Section title=title flush=true>{inside}</Section> }.into_any()
}

fn line(form: Form, row: Row) -> AnyView {
    let Row { title, href, initials, texts, details, badge, receipt, acts } = row;
    let lines = |class: &'static str, lines: Vec<String>| -> Vec<AnyView> {
        lines.into_iter().map(|text| view! { <p class=class>{text}</p> }.into_any()).collect()
    };
    let leads = !href.is_empty();
    let avatar = (!initials.is_empty()).then(|| view! { <Avatar initials=initials seed=title.clone()/> }.into_any());
    let title = if title.is_empty() {
        ().into_any()
    } else if leads {
        view! { <a class="sheet__title sheet__title--link" href=href>{title}</a> }.into_any()
    } else {
        view! { <p class="sheet__title">{title}</p> }.into_any()
    };
    let badge = badge.map(|(tone, words)| view! { <Badge tone=tone>{words}</Badge> }.into_any());
    let receipt = receipt.map(|receipt| view! { <ReceiptMark receipt=receipt/> }.into_any());
    let acts = (!acts.is_empty()).then(|| one(form, Block::Acts(acts)));
    let chevron = leads.then(|| view! { <Icon name=IconName::ChevronRight/> }.into_any());
    view! {
        <li class="sheet__row">
            {avatar}
            <div class="sheet__words">
                <div class="sheet__head">{title}{badge}</div>
                {lines("sheet__text", texts)}
                {lines("sheet__detail", details)}
                {receipt}
                {acts}
            </div>
            {chevron}
        </li>
    }
    .into_any()
}

/// What a dialog shows: its title and its blocks; nothing while it is closed.
pub type Asked = Arc<dyn Fn() -> Option<(String, Vec<Block>)> + Send + Sync>;

/// The dialog of a sheet, open while `asked` has something to ask.
#[component]
pub fn SheetDialog(form: Form, asked: Asked, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let for_title = Arc::clone(&asked);
    let title = Memo::new(move |_| for_title().map(|(title, _)| title).unwrap_or_default());
    let inside = move || {
        let asked = Arc::clone(&asked);
        changing(move || asked().map_or_else(|| ().into_any(), |(_, blocks)| draw(form, blocks)))
    };
    view! {
        <Dialog
            id="dialogue"
            open=Signal::derive(move || title.with(|title| !title.is_empty()))
            on_close=on_close
            title=title
            close_label="Fermer"
            broad=true
        >
            {inside()}
        </Dialog>
    }
}
