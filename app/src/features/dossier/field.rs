//! One field of the dossier, bound to its document: what is typed is on the device after a pause,
//! without a button, and says where it is.

use leptos::prelude::*;
use liaison_shared::documents::Heads;
use liaison_shared::documents::Register;
use liaison_shared::documents::schema::{Field, FieldKind};
use liaison_shared::protocol::UNMASKED;
use liaison_shared::validate::nir_masked;

use super::conflict::Conflict;
use super::value::{problem_of, shown_value, text_kind};
use crate::platform::clock;
use crate::state::{OpenDossier, Slot, Toasts, Workspace};
use crate::ui::{IconButton, IconName, Receipt, SelectField, SelectOption, TextArea, TextField, Tone};

/// A pause in typing, in milliseconds: what has been typed becomes one change.
const PAUSE: u32 = 500;

/// What a person is typing, and the state of the document they are looking at.
#[derive(Clone, Copy)]
struct Typing {
    field: &'static Field,
    slot: Slot,
    dossier: OpenDossier,
    toasts: Toasts,
    text: RwSignal<Option<String>>,
    base: StoredValue<Heads>,
    turn: StoredValue<u64>,
}

impl Typing {
    fn shown(&self) -> String {
        self.text.get().unwrap_or_else(|| self.dossier.register(self.slot, self.field).value().to_owned())
    }

    fn input(self, text: String) {
        if self.text.with_untracked(Option::is_none) {
            self.base.set_value(self.dossier.heads(self.field.document));
        }
        self.text.set(Some(text));
        self.turn.update_value(|turn| *turn += 1);
        let mine = self.turn.get_value();
        clock::spawn(async move {
            clock::sleep(PAUSE).await;
            if self.turn.try_get_value() == Some(mine) {
                self.commit();
            }
        });
    }

    /// Makes one change of what has been typed. Safe to call when nothing has, or after the page is gone.
    fn commit(self) {
        let Some(Some(text)) = self.text.try_get_untracked() else { return };
        let base = self.base.try_get_value().unwrap_or_default();
        match self.dossier.set(self.slot, self.field, text, &base) {
            Ok(()) => {
                let _gone = self.text.try_set(None);
            }
            Err(error) => self.toasts.say(Tone::Danger, format!("Ce champ n’a pas pu être enregistré : {error}")),
        }
    }
}

/// The field: label, value, where it is, what is wrong with it, and both values when people wrote apart.
#[component]
pub fn FieldEntry(
    field: &'static Field,
    of: Slot,
    read_only: bool,
    #[prop(into)] on_history: Callback<((),)>,
) -> impl IntoView {
    let dossier = expect_context::<OpenDossier>();
    let workspace = expect_context::<Workspace>();
    let slot = of;
    let typing = Typing {
        field,
        slot,
        dossier,
        toasts: expect_context::<Toasts>(),
        text: RwSignal::new(None),
        base: StoredValue::new(Heads::default()),
        turn: StoredValue::new(0),
    };
    commit_before_leaving(typing, workspace);
    let register = Memo::new(move |_| dossier.register(slot, field));
    let receipt = Signal::derive(move || {
        if read_only {
            // What one cannot write is not on this device only.
            return None;
        }
        if typing.text.with(Option::is_some) {
            return Some(Receipt::Writing("en cours de saisie".to_owned()));
        }
        dossier.receipt(slot, field)
    });
    let unmasked = RwSignal::new(false);
    let masked = Memo::new(move |_| {
        let there = register.with(|register| !register.value().is_empty());
        field.kind == FieldKind::Nir && there && !unmasked.get() && typing.text.with(Option::is_none)
    });
    let unmask = move || {
        workspace.has_read(dossier.id, UNMASKED);
        unmasked.set(true);
    };
    let actions = move || {
        view! {
            {move || masked.get().then(|| view! {
                <IconButton icon=IconName::Eye label=format!("Afficher : {}", field.label) on_click=unmask/>
            })}
            <IconButton
                icon=IconName::History
                label=format!("Historique du champ {}", field.label)
                on_click=move || on_history.run(((),))
            />
        }
    };
    control(workspace, typing, Control { register, receipt, masked, read_only }, ViewFn::from(actions))
}

/// What the control of a field shows and follows.
#[derive(Clone, Copy)]
struct Control {
    register: Memo<Register>,
    receipt: Signal<Option<Receipt>>,
    masked: Memo<bool>,
    read_only: bool,
}

/// The control that suits what the field takes.
fn control(workspace: Workspace, typing: Typing, control: Control, action: ViewFn) -> AnyView {
    let Control { register, receipt, masked, read_only } = control;
    let (field, id, label) = (typing.field, id_of(typing.field), typing.field.label);
    let problem = Signal::derive(move || problem_of(field, &typing.shown()));
    let value = Signal::derive(move || match typing.shown() {
        text if typing.text.with(Option::is_some) => text,
        text if masked.get() => nir_masked(&text),
        text if matches!(field.kind, FieldKind::Dossier | FieldKind::Person) => shown_value(workspace, field, &text),
        text => field.display(&text),
    });
    let hint = if read_only { String::new() } else { field.hint.to_owned() };
    let placeholder = if read_only { "" } else { "Ajouter" };
    let conflict = move || view! { <Conflict field=field of=typing.slot register=register read_only=read_only/> };
    match field.kind {
        FieldKind::Text | FieldKind::Note => view! {
            <TextArea id=id label=label value=value receipt=receipt problem=problem action=action
                in_place=true rows=1 read_only=read_only placeholder=placeholder hint=hint
                on_input=move |text| typing.input(text) on_commit=move || typing.commit()/>
            {(field.kind == FieldKind::Note).then_some(conflict)}
        }
        .into_any(),
        FieldKind::Choice(_) | FieldKind::Person if !read_only => {
            let options = Signal::derive(move || options(workspace, field, register.with(|it| it.value().to_owned())));
            view! {
                <SelectField id=id label=label value=value options=options receipt=receipt action=action
                    in_place=true disabled=read_only hint=hint
                    on_change=move |text: String| { typing.input(text); typing.commit(); }>
                    {conflict}
                </SelectField>
            }
            .into_any()
        }
        _ => view! {
            <TextField id=id label=label kind=text_kind(field) value=value receipt=receipt problem=problem
                action=action in_place=true placeholder=placeholder hint=hint
                read_only=Signal::derive(move || read_only || masked.get() || field.kind == FieldKind::Dossier)
                on_input=move |text| typing.input(text) on_commit=move || typing.commit()>
                {conflict}
            </TextField>
        }
        .into_any(),
    }
}

/// The id of a field in the page: a link to it lands there.
#[must_use]
pub fn id_of(field: &Field) -> String {
    field.key.replace('.', "-")
}

/// What can be chosen; what was written stays a choice even when it is none any more.
fn options(workspace: Workspace, field: &Field, written: String) -> Vec<SelectOption> {
    let mut options = vec![SelectOption::new("", "—")];
    match field.kind {
        FieldKind::Choice(words) => options.extend(SelectOption::words(words)),
        _ => {
            let people = workspace.everybody().into_iter();
            options.extend(people.map(|person| SelectOption::new(person.user.to_string(), person.nom)));
        }
    }
    if options.iter().all(|option| option.value != written) {
        let known = written.parse().map_or_else(|_| written.clone(), |user| workspace.name_of(user));
        options.push(SelectOption::new(written, known));
    }
    options
}

/// What has been typed is stored when the field goes, and when the page is hidden.
fn commit_before_leaving(typing: Typing, workspace: Workspace) {
    on_cleanup(move || typing.commit());
    Effect::new(move || {
        workspace.hidden.track();
        typing.commit();
    });
}
