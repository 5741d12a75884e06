//! One field of the dossier, bound to its document: what is typed is on the device after a pause,
//! without a button, and says where it is.

use leptos::prelude::*;
use liaison_shared::documents::Heads;
use liaison_shared::documents::Register;
use liaison_shared::documents::client::{Field, FieldKind};

use crate::platform::clock;
use crate::state::{OpenDossier, Toasts, Workspace};
use crate::ui::{
    Candidate, IconButton, IconName, Problem, Receipt, SelectField, SelectOption, TextArea, TextField, TextKind, Tone,
    TwoValues,
};

/// A pause in typing, in milliseconds: what has been typed becomes one change.
const PAUSE: u32 = 500;

/// What a person is typing, and the state of the document they are looking at.
#[derive(Clone, Copy)]
struct Typing {
    field: &'static Field,
    dossier: OpenDossier,
    toasts: Toasts,
    text: RwSignal<Option<String>>,
    base: StoredValue<Heads>,
    turn: StoredValue<u64>,
}

impl Typing {
    fn shown(&self) -> String {
        self.text.get().unwrap_or_else(|| self.dossier.client.with(|view| view.value(self.field).to_owned()))
    }

    fn input(self, text: String) {
        if self.text.with_untracked(Option::is_none) {
            self.base.set_value(self.dossier.heads());
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
        match self.dossier.set(self.field, text, &base) {
            Ok(()) => {
                let _gone = self.text.try_set(None);
            }
            Err(error) => self.toasts.say(Tone::Danger, format!("Ce champ n’a pas pu être enregistré : {error}")),
        }
    }
}

/// The field: label, value, where it is, what is wrong with it, and both values when people wrote apart.
#[component]
pub fn ClientField(field: &'static Field, read_only: bool, #[prop(into)] on_history: Callback<((),)>) -> impl IntoView {
    let dossier = expect_context::<OpenDossier>();
    let workspace = expect_context::<Workspace>();
    let typing = Typing {
        field,
        dossier,
        toasts: expect_context::<Toasts>(),
        text: RwSignal::new(None),
        base: StoredValue::new(Heads::default()),
        turn: StoredValue::new(0),
    };
    commit_before_leaving(typing, workspace);
    let register = Memo::new(move |_| dossier.client.with(|view| view.register(field)));
    let receipt = Signal::derive(move || {
        if read_only {
            // What one cannot write is not on this device only.
            return None;
        }
        if typing.text.with(Option::is_some) {
            return Some(Receipt::Writing("en cours de saisie".to_owned()));
        }
        dossier.receipt(field)
    });
    let problem = Signal::derive(move || problem_of(field, &typing.shown()));
    let value = Signal::derive(move || {
        let text = typing.shown();
        if typing.text.with(Option::is_some) { text } else { field.display(&text) }
    });
    let history = move || {
        view! {
            <IconButton
                icon=IconName::History
                label=format!("Historique du champ {}", field.label)
                on_click=move || on_history.run(((),))
            />
        }
    };
    let id = field.key.replace('.', "-");
    let placeholder = if read_only { "" } else { "Ajouter" };
    let conflict = move || view! { <Conflict field=field register=register read_only=read_only/> };
    match field.kind {
        FieldKind::Text => view! {
            <TextArea id=id label=field.label value=value receipt=receipt problem=problem action=history
                in_place=true rows=1 read_only=read_only placeholder=placeholder
                on_input=move |text| typing.input(text) on_commit=move || typing.commit()/>
        }
        .into_any(),
        FieldKind::Choice(words) => {
            let mut options = vec![SelectOption::new("", "—")];
            options.extend(words.iter().map(|word| SelectOption::new(*word, *word)));
            view! {
                <SelectField id=id label=field.label value=value options=options receipt=receipt action=history
                    in_place=true disabled=read_only
                    on_change=move |text: String| { typing.input(text); typing.commit(); }>
                    {conflict}
                </SelectField>
            }
            .into_any()
        }
        _ => view! {
            <TextField id=id label=field.label kind=text_kind(field) value=value receipt=receipt problem=problem
                action=history in_place=true read_only=read_only placeholder=placeholder
                on_input=move |text| typing.input(text) on_commit=move || typing.commit()>
                {conflict}
            </TextField>
        }
        .into_any(),
    }
}

/// What has been typed is stored when the field goes, and when the page is hidden.
fn commit_before_leaving(typing: Typing, workspace: Workspace) {
    on_cleanup(move || typing.commit());
    Effect::new(move || {
        workspace.hidden.track();
        typing.commit();
    });
}

/// Both values, who and when; one tap chooses.
#[component]
fn Conflict(field: &'static Field, register: Memo<Register>, read_only: bool) -> impl IntoView {
    let dossier = expect_context::<OpenDossier>();
    let workspace = expect_context::<Workspace>();
    let toasts = expect_context::<Toasts>();
    let candidates = Signal::derive(move || {
        register.with(|register| {
            let candidate = |candidate: &liaison_shared::documents::Candidate| Candidate {
                id: candidate.value.clone(),
                value: if candidate.value.is_empty() {
                    "(effacé)".to_owned()
                } else {
                    field.display(&candidate.value)
                },
                who: workspace.who(&candidate.signature),
                when: candidate.signature.at.french(clock::now()),
            };
            register.candidates.iter().map(candidate).collect::<Vec<_>>()
        })
    });
    let write = move |value: String| match dossier.set(field, value, &dossier.heads()) {
        Ok(()) => true,
        Err(error) => {
            toasts.say(Tone::Danger, format!("Le choix n’a pas pu être enregistré : {error}"));
            false
        }
    };
    let keep = move |value: String| {
        let other = candidates.with_untracked(|all| {
            all.iter().find(|candidate| candidate.id != value).map(|candidate| candidate.id.clone())
        });
        if read_only || !write(value) {
            return;
        }
        let said = "Valeur gardée. L’autre reste dans l’historique du champ.";
        match other {
            Some(other) => {
                let swap = move || {
                    write(other.clone());
                };
                toasts.offer(Tone::Done, said, "Garder l’autre", swap);
            }
            None => toasts.say(Tone::Done, said),
        }
    };
    move || {
        (candidates.with(Vec::len) > 1).then(|| {
            view! {
                <TwoValues
                    heading="Deux valeurs ont été écrites séparément"
                    text="Gardez la bonne ; en cas de doute, appelez la personne."
                    candidates=candidates
                    keep_label="Garder celui-ci"
                    on_keep=keep
                />
            }
        })
    }
}

/// The flag under a value, if anything is wrong with it.
#[must_use]
pub fn problem_of(field: &Field, value: &str) -> Option<Problem> {
    field.check(value).map(|finding| Problem {
        what: format!("{} ({})", finding.what, finding.rule),
        why: finding.why.to_owned(),
        example: format!("Exemple : {}", finding.example),
    })
}

/// The keyboard of a field.
#[must_use]
pub fn text_kind(field: &Field) -> TextKind {
    match field.kind {
        FieldKind::Phone => TextKind::Tel,
        FieldKind::Email => TextKind::Email,
        FieldKind::Postcode => TextKind::Digits,
        FieldKind::Date => TextKind::Date,
        FieldKind::Line | FieldKind::Choice(_) | FieldKind::Text => TextKind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liaison_shared::documents::client::TELEPHONE;

    #[test]
    fn a_wrong_number_is_flagged_with_its_rule() {
        let problem = problem_of(&TELEPHONE, "06 12").unwrap();
        assert!(problem.what.contains("TEL-1"), "{}", problem.what);
        assert_eq!(problem_of(&TELEPHONE, "06 12 34 56 78"), None);
    }
}
