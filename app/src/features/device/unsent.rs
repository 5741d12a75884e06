//! What has not left the device, item by item, by name.

use std::collections::BTreeMap;

use leptos::prelude::*;
use liaison_shared::documents::{Deed, describe};
use liaison_shared::{DocumentId, DossierId};

use crate::platform::clock;
use crate::replica::Replica;
use crate::state::{Workspace, here};
use crate::ui::{EmptyState, IconName, RowLink, RowList, Section};

/// One row: a dossier, and what was written in it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Unsent {
    dossier: Option<DossierId>,
    deeds: Vec<String>,
}

/// The section.
#[component]
pub fn UnsentChanges() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let unsent = RwSignal::new(Vec::<Unsent>::new());
    // Reading takes a while: what an earlier reading finds does not stand in for a later one.
    let turn = StoredValue::new(0_u64);
    Effect::new(move || {
        workspace.receipts.track();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        clock::spawn(async move {
            let Some(replica) = workspace.replica() else { return };
            let rows = read(&replica).await;
            if turn.try_get_value() == Some(mine) {
                let _gone = unsent.try_set(rows);
            }
        });
    });
    let title = Signal::derive(move || match workspace.pending.get() {
        0 => format!("Rien n’est {} seulement", here()),
        1 => format!("1 élément {} seulement", here()),
        n => format!("{n} éléments {} seulement", here()),
    });
    let some = Memo::new(move |_| workspace.pending.get() > 0 && !unsent.with(Vec::is_empty));
    view! {
        <Section title=title flush=true>
            <Show
                when=move || some.get()
                fallback=|| view! {
                    <EmptyState
                        icon=IconName::CloudCheck
                        title="Rien n’attend son départ"
                        text="Ce que vous écrivez sans réseau apparaîtra ici, par nom, jusqu’à son départ."
                    />
                }
            >
                <RowList label="Éléments sur cet appareil seulement">
                    <For each=move || unsent.get() key=Clone::clone let:row>
                        <Row row=row/>
                    </For>
                </RowList>
            </Show>
        </Section>
    }
}

#[component]
fn Row(row: Unsent) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let name = row.dossier.and_then(|id| workspace.dossier_name(id));
    let href = row.dossier.map_or_else(|| "/dossiers".to_owned(), |id| format!("/dossiers/{id}"));
    view! {
        <RowLink
            href=href
            title=name.unwrap_or_else(|| "Dossier".to_owned())
            subtitle=row.deeds.join(", ")
            icon=IconName::Device
        />
    }
}

/// What the outbox holds, by dossier.
async fn read(replica: &Replica) -> Vec<Unsent> {
    let Ok(keys) = replica.store().outbox_keys().await else { return Vec::new() };
    let Ok(changes) = replica.store().outgoing(&keys).await else { return Vec::new() };
    let mut rows: BTreeMap<Option<DossierId>, Vec<String>> = BTreeMap::new();
    for change in changes {
        let deeds = deeds_of(change.document, &change.bytes);
        let row = rows.entry(change.document.dossier()).or_default();
        for deed in deeds {
            let label = deed.label.to_owned();
            if !row.contains(&label) {
                row.push(label);
            }
        }
    }
    let all = rows.into_iter().map(|(dossier, deeds)| Unsent { dossier, deeds });
    all.filter(|row| !row.deeds.is_empty()).collect()
}

/// What a change did, in the agency's words.
pub fn deeds_of(document: DocumentId, bytes: &[u8]) -> Vec<Deed> {
    describe(&liaison_shared::documents::Document::new(document), bytes).unwrap_or_default()
}
