//! The one form of the pages before the work: a title, a sentence, fields, a button within reach of a thumb.
//! Plain functions over erased views: each would otherwise be compiled, and downloaded, once per page.

use std::pin::Pin;
use std::rc::Rc;

use leptos::prelude::*;

use crate::platform::{clock, page};
use crate::ui::{Banner, Button, ButtonKind, TextField, TextKind, Tone};

/// `autocomplete` of a code: what a browser does not offer to keep among its passwords.
pub const NOT_A_PASSWORD: &str = "one-time-code";

/// What differs between the forms.
pub struct Form {
    pub title: &'static str,
    pub text: String,
    pub fields: AnyView,
    /// The id of the field that takes the keyboard.
    pub first: &'static str,
    /// The main button's words.
    pub button: &'static str,
    /// Under the main button.
    pub more: AnyView,
    pub state: FormState,
    /// Gives a sentence when it did not work.
    pub submit: Rc<dyn Fn() -> Answer>,
}

/// What a submitted form answers, later.
pub type Answer = Pin<Box<dyn Future<Output = Option<String>>>>;

/// What a form shows while and after it is submitted.
#[derive(Clone, Copy)]
pub struct FormState {
    pub busy: RwSignal<bool>,
    pub problem: RwSignal<Option<String>>,
}

impl FormState {
    /// A form that says this before anything was tried.
    pub fn saying(problem: Option<String>) -> Self {
        Self { busy: RwSignal::new(false), problem: RwSignal::new(problem) }
    }

    /// Waits for an answer and shows it; does nothing while another is waited for.
    pub fn wait_for(self, answer: Answer) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        clock::spawn(async move {
            let problem = answer.await;
            let _gone = self.busy.try_set(false);
            let _gone = self.problem.try_set(problem);
        });
    }
}

/// A part of a page that follows signals, behind one type for all of them.
pub fn changing(content: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let content: Box<dyn Fn() -> AnyView + Send> = Box::new(content);
    (move || content()).into_any()
}

/// The form.
pub fn form(form: Form) -> AnyView {
    let Form { title, text, fields, first, button, more, state, submit } = form;
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        state.wait_for(submit());
    };
    // The browser looks at `autofocus` once per page; these forms follow one another.
    clock::spawn(async move {
        clock::sleep(0).await;
        let _gone = page::focus(first);
    });
    view! {
        <form class="lock__form" on:submit=on_submit>
            <div class="lock__words">
                <h1 class="lock__title">{title}</h1>
                <p>{text}</p>
            </div>
            {changing(move || match state.problem.get() {
                Some(text) => view! { <Banner tone=Tone::Warning title=text announce=true/> }.into_any(),
                None => ().into_any(),
            })}
            {fields}
            <div class="lock__actions">
                <Button kind=ButtonKind::Primary submit=true wide=true busy=state.busy>{button}</Button>
                {more}
            </div>
        </form>
    }
    .into_any()
}

/// A field of such a form.
pub fn field(
    id: &'static str,
    label: &'static str,
    kind: TextKind,
    autocomplete: &'static str,
    value: RwSignal<String>,
) -> AnyView {
    let on_input = move |text| value.set(text);
    view! { <TextField id label kind autocomplete value on_input/> }.into_any()
}

/// Another way, seen when it is looked for.
pub fn quiet(words: &'static str, act: impl Fn() + Send + Sync + 'static) -> AnyView {
    button(ButtonKind::Quiet, words, Box::new(act))
}

/// Any button but the main one.
pub fn button(kind: ButtonKind, words: &'static str, act: Box<dyn Fn() + Send + Sync>) -> AnyView {
    view! { <Button kind=kind wide=true on_click=move || act()>{words}</Button> }.into_any()
}

/// The page around a form.
pub fn around(content: AnyView) -> AnyView {
    view! {
        <main class="lock" id="contenu">
            <div class="lock__card">
                <img class="lock__mark" src="/icons/icon.svg" width="56" height="56" alt=""/>
                {content}
            </div>
        </main>
    }
    .into_any()
}
