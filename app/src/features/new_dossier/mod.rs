//! A first call becomes a dossier: who, how to reach them, what they ask, where they live.

mod create;

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use liaison_shared::documents::client::{self, Field, FieldKind};
use liaison_shared::documents::relation::CANAUX;
use liaison_shared::dossier::{Summary, matches};

use crate::features::dossier::{canaux, problem_of, text_kind};
use crate::platform::{clock, page};
use crate::state::{Toasts, Workspace};
use crate::ui::{
    Banner, Button, ButtonKind, PageHeader, RowLink, RowList, Section, SelectField, SelectOption, TextArea, TextField,
    Tone,
};
use create::create;

/// The draft's name in the store: what one has begun to type survives a closed tab.
const DRAFT: &str = "nouveau-dossier";

static PERSON: [&Field; 3] = [&client::CIVILITE, &client::PRENOM, &client::NOM];
static CONTACT: [&Field; 2] = [&client::TELEPHONE, &client::EMAIL];
static HOME: [&Field; 3] = [&client::ADRESSE, &client::CODE_POSTAL, &client::VILLE];
const CANAL: &str = "canal";

/// What has been typed so far, by field key.
type Typed = RwSignal<BTreeMap<String, String>>;

fn typed(values: Typed, key: &'static str) -> Signal<String> {
    Signal::derive(move || values.with(|values| values.get(key).cloned().unwrap_or_default()))
}

/// The form of the first call.
#[component]
pub fn NewDossierPage() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let toasts = expect_context::<Toasts>();
    let navigate = use_navigate();
    let values: Typed = RwSignal::new(BTreeMap::new());
    let missing = RwSignal::new(Vec::<&'static str>::new());
    keep_draft(workspace, values);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let lacks = values.with_untracked(what_is_missing);
        missing.set(lacks.clone());
        if !lacks.is_empty() {
            page::focus("manque");
            return;
        }
        match values.with_untracked(|values| create(workspace, values)) {
            Ok(dossier) => {
                values.set(BTreeMap::new());
                toasts.say(Tone::Done, "Dossier ouvert.");
                navigate(&format!("/dossiers/{dossier}"), leptos_router::NavigateOptions::default());
            }
            Err(error) => toasts.say(Tone::Danger, format!("Le dossier n’a pas pu être ouvert : {error}")),
        }
    };
    view! {
        <PageHeader
            title="Nouveau dossier"
            subtitle="Premier contact : quatre choses suffisent pour l’ouvrir."
            back_href="/dossiers"
            back_label="Dossiers"
        />
        <form class="page page--narrow stack--loose stack" on:submit=submit novalidate=true>
            <div id="manque" tabindex="-1">
                {move || (!missing.get().is_empty()).then(|| view! {
                    <Banner
                        tone=Tone::Warning
                        title="Il manque encore"
                        text=missing.get().join(", ")
                        announce=true
                    />
                })}
            </div>
            <Section title="La personne">
                {PERSON.into_iter().map(|field| view! { <Entry field=field values=values/> }).collect_view()}
                <Alike values=values/>
            </Section>
            <Section title="La joindre">
                {CONTACT.into_iter().map(|field| view! { <Entry field=field values=values/> }).collect_view()}
            </Section>
            <Section title="Sa demande">
                <SelectField
                    id="canal"
                    label="Reçue par"
                    value=Signal::derive(move || {
                        values.with(|values| values.get(CANAL).cloned().unwrap_or_else(|| CANAUX[0].to_owned()))
                    })
                    options=canaux()
                    on_change=move |canal| put(values, CANAL, canal)
                />
                <TextArea
                    id="demande"
                    label="Ce que la personne demande"
                    value=typed(values, client::DEMANDE.key)
                    on_input=move |text| put(values, client::DEMANDE.key, text)
                    rows=4
                />
            </Section>
            <Section title="Son logement">
                {HOME.into_iter().map(|field| view! { <Entry field=field values=values/> }).collect_view()}
            </Section>
            <Button kind=ButtonKind::Primary submit=true wide=true>"Ouvrir le dossier"</Button>
        </form>
    }
}

fn put(values: Typed, key: &'static str, text: String) {
    values.update(|values| {
        values.insert(key.to_owned(), text);
    });
}

#[component]
fn Entry(field: &'static Field, values: Typed) -> impl IntoView {
    let id = format!("nouveau-{}", field.key.replace('.', "-"));
    let value = typed(values, field.key);
    if let FieldKind::Choice(words) = field.kind {
        let mut options = vec![SelectOption::new("", "—")];
        options.extend(words.iter().map(|word| SelectOption::new(*word, *word)));
        return view! {
            <SelectField id=id label=field.label value=value options=options
                on_change=move |text| put(values, field.key, text)/>
        }
        .into_any();
    }
    view! {
        <TextField
            id=id
            label=field.label
            kind=text_kind(field)
            value=value
            on_input=move |text| put(values, field.key, text)
            problem=Signal::derive(move || problem_of(field, &value.get()))
        />
    }
    .into_any()
}

/// Dossiers with the same name: perhaps there is nothing to open.
#[component]
fn Alike(values: Typed) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let alike = Memo::new(move |_| {
        let name = values.with(|values| {
            let part = |field: &Field| values.get(field.key).map(|text| text.trim().to_owned()).unwrap_or_default();
            format!("{} {}", part(&client::PRENOM), part(&client::NOM))
        });
        if name.trim().chars().count() < 4 {
            return Vec::new();
        }
        workspace.summaries.with(|summaries| {
            summaries
                .values()
                .filter(|summary| matches(summary, name.trim()))
                .take(3)
                .cloned()
                .collect::<Vec<Summary>>()
        })
    });
    move || {
        (!alike.get().is_empty()).then(|| {
            view! {
                <Banner tone=Tone::Information title="Un dossier existe peut-être déjà">
                    <RowList label="Dossiers de même nom">
                        {alike.get().into_iter().map(|summary| view! {
                            <RowLink
                                href=format!("/dossiers/{}", summary.dossier)
                                title=summary.name()
                                subtitle=summary.ville.clone()
                            />
                        }).collect_view()}
                    </RowList>
                </Banner>
            }
        })
    }
}

/// What domain.md §1 asks before a dossier is opened.
fn what_is_missing(values: &BTreeMap<String, String>) -> Vec<&'static str> {
    let filled = |field: &Field| values.get(field.key).is_some_and(|text| !text.trim().is_empty());
    let mut missing = Vec::new();
    if !filled(&client::NOM) {
        missing.push("le nom");
    }
    if !filled(&client::TELEPHONE) && !filled(&client::EMAIL) {
        missing.push("un téléphone ou une adresse électronique");
    }
    if !filled(&client::DEMANDE) {
        missing.push("la demande");
    }
    if !filled(&client::ADRESSE) && !filled(&client::VILLE) {
        missing.push("l’adresse ou la ville du logement");
    }
    missing
}

/// Reads the draft once, then keeps it at each pause.
fn keep_draft(workspace: Workspace, values: Typed) {
    let ready = RwSignal::new(false);
    clock::spawn(async move {
        if let Some(replica) = workspace.replica()
            && let Ok(text) = replica.store().draft(DRAFT).await
            && let Ok(kept) = serde_json::from_str::<BTreeMap<String, String>>(&text)
        {
            let _gone = values.try_update(|values| {
                for (key, text) in kept {
                    values.entry(key).or_insert(text);
                }
            });
        }
        let _gone = ready.try_set(true);
    });
    let turn = StoredValue::new(0_u64);
    Effect::new(move || {
        let kept = values.get();
        if !ready.get() {
            return;
        }
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        clock::spawn(async move {
            clock::sleep(400).await;
            if turn.try_get_value().is_some_and(|turn| turn != mine) {
                return;
            }
            let text = if kept.is_empty() { String::new() } else { serde_json::to_string(&kept).unwrap_or_default() };
            if let Some(replica) = workspace.replica() {
                // A draft that cannot be kept is still on screen; the storage banner says why.
                let _kept = replica.store().keep_draft(DRAFT, &text).await.is_ok();
            }
        });
    });
}
