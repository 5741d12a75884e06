//! The fields of a volet: every section of a kind of document, edited in place, with the history of each one tap away.

use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::documents::Revision;
use liaison_shared::documents::schema::{Field, Section as FieldSection, fields_of};

use super::field::{FieldEntry, id_of};
use super::value::shown_value;
use crate::features::signaler::signaler_champ;
use crate::platform::{clock, page};
use crate::state::{OpenDossier, Place, Slot, Workspace};
use crate::ui::sheet::changing;
use crate::ui::{Dialog, HistoryEntry, HistoryList, Section};

/// Whose history is shown.
pub type Shown = RwSignal<Option<(Slot, &'static Field)>>;

/// Puts the keyboard into the field that the address ends with (`…/champ/<id>`), once the page is there.
fn land() {
    let path = expect_context::<Place>().path.get_untracked();
    let Some((_, id)) = path.split_once("/champ/") else { return };
    let id = id.to_owned();
    clock::spawn(async move {
        clock::sleep(60).await;
        page::focus(&id);
    });
}

/// Every section of a kind of document. Who only reads sees what is filled and nothing else: a phone has little room.
pub fn sections(kind: DocumentKind, shown: Shown) -> AnyView {
    let read_only = !expect_context::<Workspace>().writes(kind);
    let dossier = expect_context::<OpenDossier>();
    land();
    let section = move |section: &'static FieldSection| {
        let fields = move || fields_of(kind).filter(move |field| field.section == *section);
        let filled = move || dossier.view.with(|view| fields().any(|field| view.fields.is_filled(field)));
        let visible = Memo::new(move |_| !read_only || filled());
        changing(move || {
            if !visible.get() {
                return ().into_any();
            }
            let entries = entries(None, fields().collect(), read_only, shown);
            view! { <Section title=section.title()>{entries}</Section> }.into_any()
        })
    };
    FieldSection::of(kind).iter().map(section).collect::<Vec<_>>().into_any()
}

/// Fields, one under the other.
pub fn entries(slot: Slot, fields: Vec<&'static Field>, read_only: bool, shown: Shown) -> Vec<AnyView> {
    let dossier = expect_context::<OpenDossier>();
    let entry = move |field: &'static Field| {
        let filled = Memo::new(move |_| !dossier.register(slot, field).value().is_empty());
        changing(move || {
            if read_only && !filled.get() {
                return ().into_any();
            }
            let history = move |()| shown.set(Some((slot, field)));
            view! { <FieldEntry field=field of=slot read_only=read_only on_history=history/> }.into_any()
        })
    };
    fields.into_iter().map(entry).collect()
}

/// The history of the field that was asked for.
pub fn history_dialog(shown: Shown) -> AnyView {
    let dossier = expect_context::<OpenDossier>();
    let workspace = expect_context::<Workspace>();
    provide_context(shown);
    let entries = Signal::derive(move || {
        let Some((slot, field)) = shown.get() else { return Vec::new() };
        // Read again whenever the dossier changes.
        dossier.view.track();
        dossier.history(slot, field).into_iter().map(|step| entry(workspace, field, &step)).collect()
    });
    let title = Signal::derive(move || {
        shown.get().map(|(_, field)| format!("Historique · {}", field.label)).unwrap_or_default()
    });
    view! {
        <Dialog
            id="historique"
            open=Signal::derive(move || shown.get().is_some())
            on_close=move || shown.set(None)
            title=title
            close_label="Fermer"
            broad=true
        >
            {changing(move || if entries.with(Vec::is_empty) {
                view! { <p class="muted">"Rien n’a encore été écrit ici."</p> }.into_any()
            } else {
                view! { <HistoryList entries=entries/> }.into_any()
            })}
            {signaler_champ()}
        </Dialog>
    }
    .into_any()
}

fn entry(workspace: Workspace, field: &Field, step: &Revision) -> HistoryEntry {
    let from: Vec<String> = step.from.iter().map(|value| shown_value(workspace, field, value)).collect();
    HistoryEntry {
        who: workspace.who(&step.signature),
        when: step.signature.at.french(clock::now()),
        what: None,
        from: (!from.is_empty()).then(|| from.join(" ou ")),
        to: (!step.to.is_empty()).then(|| shown_value(workspace, field, &step.to)),
        note: None,
    }
}

/// The address of a field in the dossier whose addresses begin so, on whichever volet it is.
pub fn address_of(base: &str, field: &Field) -> String {
    let volet = match volet_of(field.document) {
        "" if field.document == DocumentKind::Client => "/client",
        volet => volet,
    };
    format!("{base}{volet}/champ/{}", id_of(field))
}

/// The end of a volet's address, by the kind of document that it shows.
#[must_use]
pub fn volet_of(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Administratif => "/administratif",
        DocumentKind::Prestation => "/prestation",
        DocumentKind::Relation => "/demandes",
        DocumentKind::Journal { .. } => "/transmissions",
        _ => "",
    }
}
