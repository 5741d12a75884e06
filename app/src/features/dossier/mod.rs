//! One dossier: a header that never scrolls away, and its volets as tabs that are links.

mod client_volet;
mod demandes;
mod field;
mod transmissions;
mod written;

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_params_map};
use liaison_shared::DossierId;
use liaison_shared::access::Role;
use liaison_shared::documents::client;
use liaison_shared::dossier::Summary;
use liaison_shared::validate::phone_display;

use crate::platform::clock;
use crate::state::{OpenDossier, Workspace};
use crate::ui::{Avatar, Badge, EmptyState, IconName, PageHeader, PhoneLink, Skeleton, Tab, Tabs, Tone};

pub use client_volet::ClientVolet;
pub use demandes::{DemandesVolet, canaux};
pub use field::{problem_of, text_kind};
pub use transmissions::TransmissionsVolet;

/// Opens the dossier that the address names.
#[component]
pub fn DossierPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<DossierId>().ok())));
    move || match id.get() {
        Some(id) => view! { <Loader id=id/> }.into_any(),
        None => view! { <Unknown/> }.into_any(),
    }
}

#[component]
fn Unknown() -> impl IntoView {
    view! {
        <EmptyState
            icon=IconName::Folder
            title="Ce dossier n’est pas sur cet appareil"
            text="Vérifiez l’adresse, ou cherchez la personne dans la liste. S’il vient d’être ouvert ailleurs, il \
                  arrivera avec le réseau."
            tall=true
        />
    }
}

#[component]
fn Loader(id: DossierId) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let opened = RwSignal::new_local(None::<Result<OpenDossier, String>>);
    // The signals of the dossier belong to this page, not to the task that waits for the database.
    let open = ScopedFuture::new_untracked(OpenDossier::open(workspace, id));
    clock::spawn(async move {
        let result = open.await.map_err(|error| error.to_string());
        let _gone = opened.try_set(Some(result));
    });
    on_cleanup(move || {
        if let Some(replica) = workspace.replica() {
            replica.close_dossier(id);
        }
    });
    move || {
        match opened.get() {
        None => view! { <Skeleton lines=6 label="Ouverture du dossier…"/> }.into_any(),
        Some(Ok(dossier)) => view! { <Opened dossier=dossier/> }.into_any(),
        Some(Err(error)) => view! {
            <EmptyState
                icon=IconName::Warning
                title="Ce dossier ne peut pas être lu maintenant"
                text=format!("Rien n’est perdu. Fermez les autres onglets de Liaison, puis rechargez la page. ({error})")
                tall=true
            />
        }
        .into_any(),
    }
    }
}

#[component]
fn Opened(dossier: OpenDossier) -> impl IntoView {
    dossier.follow();
    provide_context(dossier);
    let workspace = expect_context::<Workspace>();
    let office = workspace.session.with_value(|session| session.role == Role::Bureau);
    let summary = Memo::new(move |_| dossier.client.with(|view| Summary::project(dossier.id, view, &[])));
    let phone = Signal::derive(move || {
        let number = summary.with(|summary| phone_display(&summary.telephone));
        (!number.is_empty()).then(|| PhoneLink {
            href: format!("tel:{}", number.replace(' ', "")),
            label: format!("Appeler {}", summary.with(Summary::name)),
            number,
        })
    });
    view! {
        <Show when=move || dossier.known.get() fallback=|| view! { <Unknown/> }>
            <PageHeader
                title=Signal::derive(move || summary.with(Summary::name))
                subtitle=Signal::derive(move || summary.with(under_the_name))
                back_href="/dossiers"
                back_label="Dossiers"
                leading=move || view! {
                    {move || view! {
                        <Avatar initials=summary.with(Summary::initials) seed=dossier.id.to_string() large=true/>
                    }}
                }
                badges=move || view! { <ToChoose summary=summary/> }
                phone=phone
            >
                <Volets dossier=dossier office=office/>
            </PageHeader>
            <Outlet/>
        </Show>
    }
}

/// Says, wherever one is in the dossier, that a field waits for somebody's choice.
#[component]
fn ToChoose(summary: Memo<Summary>) -> impl IntoView {
    move || {
        (summary.with(|summary| summary.contested) > 0).then(|| {
            view! { <Badge tone=Tone::Warning icon=IconName::Warning>"Valeurs à choisir"</Badge> }
        })
    }
}

/// Age and town.
fn under_the_name(summary: &Summary) -> String {
    let age = summary.age(clock::now()).map(|years| format!("{years} ans"));
    let town = (!summary.ville.is_empty()).then(|| summary.ville.clone());
    age.into_iter().chain(town).collect::<Vec<_>>().join(" · ")
}

#[component]
fn Volets(dossier: OpenDossier, office: bool) -> impl IntoView {
    let path = use_location().pathname;
    let base = format!("/dossiers/{}", dossier.id);
    let tab = |label: &str, end: &'static str, count: Signal<usize>| {
        let href = format!("{base}{end}");
        let there = href.clone();
        Tab {
            href: Signal::derive(move || href.clone()),
            label: label.to_owned(),
            active: Signal::derive(move || path.with(|path| path.trim_end_matches('/') == there)),
            count,
        }
    };
    let contested = Signal::derive(move || dossier.client.with(client::ClientView::contested));
    let mut tabs = vec![tab("Le client", "", contested), tab("Transmissions", "/transmissions", Signal::derive(|| 0))];
    if office {
        tabs.push(tab("Demandes", "/demandes", Signal::derive(|| 0)));
    }
    view! { <Tabs label="Volets du dossier" tabs=tabs count_label="à choisir"/> }
}
