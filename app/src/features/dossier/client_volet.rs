//! The volet « Le client »: every field in its section, edited in place, with its history one tap away.

use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::documents::client::{FIELDS, Field, Section as FieldSection};

use super::field::ClientField;
use crate::platform::clock;
use crate::state::{OpenDossier, Workspace};
use crate::ui::{Dialog, HistoryEntry, HistoryList, Section};

/// The page of the volet.
#[component]
pub fn ClientVolet() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let read_only = !workspace.writes(DocumentKind::Client);
    let shown = RwSignal::new(None::<&'static Field>);
    view! {
        <div class="page stack stack--loose">
            {FieldSection::ALL.into_iter().map(|section| view! {
                <Fields section=section read_only=read_only shown=shown/>
            }).collect_view()}
        </div>
        <HistoryDialog shown=shown/>
    }
}

/// One section. Who only reads sees what is filled and nothing else: a phone has little room.
#[component]
fn Fields(section: FieldSection, read_only: bool, shown: RwSignal<Option<&'static Field>>) -> impl IntoView {
    let dossier = expect_context::<OpenDossier>();
    let filled = move |field: &Field| dossier.client.with(|view| !view.value(field).is_empty());
    let fields = move || FIELDS.into_iter().filter(move |field| field.section == section);
    let visible = Memo::new(move |_| !read_only || fields().any(filled));
    view! {
        <Show when=move || visible.get()>
            <Section title=section.title()>
                {fields().map(|field| view! {
                    <Show when=move || !read_only || filled(field)>
                        <ClientField field=field read_only=read_only on_history=move |()| shown.set(Some(field))/>
                    </Show>
                }).collect_view()}
            </Section>
        </Show>
    }
}

#[component]
fn HistoryDialog(shown: RwSignal<Option<&'static Field>>) -> impl IntoView {
    let dossier = expect_context::<OpenDossier>();
    let workspace = expect_context::<Workspace>();
    let entries = Signal::derive(move || {
        let Some(field) = shown.get() else { return Vec::new() };
        // Read again whenever the dossier changes.
        dossier.client.track();
        dossier.history(field).into_iter().map(|step| entry(workspace, field, &step)).collect()
    });
    let title =
        Signal::derive(move || shown.get().map(|field| format!("Historique · {}", field.label)).unwrap_or_default());
    view! {
        <Dialog
            id="historique"
            open=Signal::derive(move || shown.get().is_some())
            on_close=move || shown.set(None)
            title=title
            close_label="Fermer"
            broad=true
        >
            {move || if entries.with(Vec::is_empty) {
                view! { <p class="muted">"Rien n’a encore été écrit ici."</p> }.into_any()
            } else {
                view! { <HistoryList entries=entries/> }.into_any()
            }}
        </Dialog>
    }
}

fn entry(workspace: Workspace, field: &Field, step: &liaison_shared::documents::Revision) -> HistoryEntry {
    let from: Vec<String> = step.from.iter().map(|value| field.display(value)).collect();
    HistoryEntry {
        who: workspace.who(&step.signature),
        when: step.signature.at.french(clock::now()),
        what: None,
        from: (!from.is_empty()).then(|| from.join(" ou ")),
        to: (!step.to.is_empty()).then(|| field.display(&step.to)),
        note: None,
    }
}
