//! A first call becomes a dossier: who, how to reach them, what they ask, where they live.

mod create;

use std::collections::BTreeMap;

use leptos::prelude::*;
use liaison_shared::documents::client;
use liaison_shared::documents::relation::CANAUX;
use liaison_shared::documents::schema::{Field, FieldKind};
use liaison_shared::dossier::{Known, Portrait, alike};

use crate::features::dossier::{canaux, problem_of, text_kind};
use crate::platform::page;
use crate::state::{Draft, Place, Toasts, Workspace};
use crate::ui::{
    Banner, Button, ButtonKind, PageHeader, RowLink, RowList, Section, SelectField, SelectOption, TextArea, TextField,
    Tone,
};
use create::{SECTEUR, create, sectors};

/// The draft's name in the store: what one has begun to type survives a closed tab.
const DRAFT: &str = "nouveau-dossier";

static PERSON: [&Field; 3] = [&client::CIVILITE, &client::PRENOM, &client::NOM];
static CONTACT: [&Field; 2] = [&client::TELEPHONE, &client::EMAIL];
static HOME: [&Field; 3] = [&client::ADRESSE, &client::CODE_POSTAL, &client::VILLE];
const CANAL: &str = "canal";

/// What has been typed so far, by field key: a draft, so that a closed tab loses nothing.
#[derive(Clone, Copy)]
struct Typed {
    draft: Draft,
    values: Memo<BTreeMap<String, String>>,
}

impl Typed {
    fn open(workspace: Workspace) -> Self {
        let draft = Draft::open(workspace, DRAFT);
        let values = Memo::new(move |_| draft.text.with(|text| serde_json::from_str(text).unwrap_or_default()));
        Self { draft, values }
    }

    fn with<T>(&self, read: impl FnOnce(&BTreeMap<String, String>) -> T) -> T {
        self.values.with(read)
    }

    fn put(&self, key: &'static str, text: String) {
        let mut values = self.values.get_untracked();
        values.insert(key.to_owned(), text);
        // A map of texts is always JSON.
        if let Ok(json) = serde_json::to_string(&values) {
            self.draft.text.set(json);
        }
    }
}

fn typed(values: Typed, key: &'static str) -> Signal<String> {
    Signal::derive(move || values.with(|values| values.get(key).cloned().unwrap_or_default()))
}

/// The form of the first call.
#[component]
pub fn NewDossierPage() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let toasts = expect_context::<Toasts>();
    let place = expect_context::<Place>();
    let values = Typed::open(workspace);
    let missing = RwSignal::new(Vec::<&'static str>::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let lacks = what_is_missing(&values.values.get_untracked());
        missing.set(lacks.clone());
        if !lacks.is_empty() {
            page::focus("manque");
            return;
        }
        match create(workspace, &values.values.get_untracked(), values.draft.name()) {
            Ok(dossier) => {
                values.draft.spend();
                toasts.say(Tone::Done, "Dossier ouvert.");
                place.go(&format!("/dossiers/{dossier}"));
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
            <Missing missing=missing/>
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
                    on_change=move |canal| values.put(CANAL, canal)
                />
                <TextArea
                    id="demande"
                    label="Ce que la personne demande"
                    value=typed(values, client::DEMANDE.key)
                    on_input=move |text| values.put(client::DEMANDE.key, text)
                    rows=4
                />
            </Section>
            <Section title="Son logement">
                {HOME.into_iter().map(|field| view! { <Entry field=field values=values/> }).collect_view()}
            </Section>
            <OfSector values=values/>
            <Button kind=ButtonKind::Primary submit=true wide=true>"Ouvrir le dossier"</Button>
        </form>
    }
}

/// Which sector the dossier is for; asked only of those who answer for several.
#[component]
fn OfSector(values: Typed) -> impl IntoView {
    let sectors = sectors(expect_context::<Workspace>());
    (sectors.len() > 1).then(|| {
        let first = sectors[0].clone();
        let value =
            Signal::derive(move || values.with(|values| values.get(SECTEUR).cloned().unwrap_or_else(|| first.clone())));
        let options: Vec<SelectOption> = sectors.iter().map(|name| SelectOption::new(name, name)).collect();
        view! {
            <Section title="Son secteur">
                <SelectField id="nouveau-secteur" label="Secteur" value=value options=options
                    on_change=move |chosen| values.put(SECTEUR, chosen)/>
            </Section>
        }
    })
}

/// What the dossier cannot be opened without.
#[component]
fn Missing(missing: RwSignal<Vec<&'static str>>) -> impl IntoView {
    view! {
        <div id="manque" tabindex="-1">
            {move || (!missing.get().is_empty()).then(|| view! {
                <Banner tone=Tone::Warning title="Il manque encore" text=missing.get().join(", ") announce=true/>
            })}
        </div>
    }
}

#[component]
fn Entry(field: &'static Field, values: Typed) -> impl IntoView {
    let id = format!("nouveau-{}", field.key.replace('.', "-"));
    let value = typed(values, field.key);
    if let FieldKind::Choice(words) = field.kind {
        let options = SelectOption::words_or("—", words);
        return view! {
            <SelectField id=id label=field.label value=value options=options
                on_change=move |text| values.put(field.key, text)/>
        }
        .into_any();
    }
    view! {
        <TextField
            id=id
            label=field.label
            kind=text_kind(field)
            value=value
            on_input=move |text| values.put(field.key, text)
            problem=Signal::derive(move || problem_of(field, &value.get()))
        />
    }
    .into_any()
}

/// Dossiers with the same name: perhaps there is nothing to open.
#[component]
fn Alike(values: Typed) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    // Those that were there when the form was opened: prepared once, however many there are.
    let others = workspace.summaries.with_untracked(|all| all.values().cloned().collect::<Vec<_>>());
    let portraits: Vec<Portrait> = others.iter().map(|summary| summary.with_known(Portrait::of)).collect();
    let known = StoredValue::new((others, portraits));
    let alike = Memo::new(move |_| {
        let one = values.with(|values| {
            let part = |field: &Field| values.get(field.key).map(|text| text.trim()).unwrap_or_default();
            let telephones = [part(&client::TELEPHONE)];
            (part(&client::NOM).chars().count() >= 2).then(|| {
                Portrait::of(&Known {
                    nom: part(&client::NOM),
                    prenom: part(&client::PRENOM),
                    ville: part(&client::VILLE),
                    telephones: &telephones,
                    ..Known::default()
                })
            })
        });
        let Some(one) = one else { return Vec::new() };
        known.with_value(|(others, portraits)| {
            let found = alike(&one, portraits).into_iter().take(3);
            found.map(|(place, likeness)| (others[place].clone(), likeness.sentence())).collect::<Vec<_>>()
        })
    });
    move || {
        (!alike.get().is_empty()).then(|| {
            view! {
                <Banner tone=Tone::Information title="Un dossier existe peut-être déjà">
                    <RowList label="Dossiers de même nom">
                        {alike.get().into_iter().map(|(summary, why)| view! {
                            <RowLink
                                href=format!("/dossiers/{}", summary.dossier)
                                title=summary.name()
                                subtitle=format!("{} · {why}", summary.ville)
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
