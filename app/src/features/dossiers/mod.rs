//! Every dossier this device holds: the list, found by what one remembers.

mod filters;

use std::sync::Arc;

use leptos::html::Input;
use leptos::prelude::*;
use liaison_shared::dossier::{Etape, Summary};

use crate::platform::{clock, page};
use crate::state::{Place, Workspace};
use crate::ui::{
    Badge, ButtonKind, ButtonLink, EmptyState, IconName, PageHeader, RowLink, RowPlace, SearchBox, Skeleton, SplitView,
    Tone, long_list,
};
use filters::{Filters, Found, filters};
use liaison_shared::DocumentKind;

/// The list beside the dossier (office), or one of the two (phone).
#[component]
pub fn DossiersPage(#[prop(into)] detail: ViewFn) -> impl IntoView {
    let path = expect_context::<Place>().path;
    let detail_open = Signal::derive(move || path.with(|path| path != "/dossiers"));
    view! {
        <SplitView detail_open=detail_open list=move || view! { <DossierList/> }>
            {detail.run()}
        </SplitView>
    }
}

/// What the right-hand side says while no dossier is chosen.
#[component]
pub fn NoDossierChosen() -> impl IntoView {
    view! {
        <EmptyState
            icon=IconName::Folder
            title="Choisissez un dossier"
            text="Cherchez par nom, prénom, ville ou téléphone. La touche / mène à la recherche, n ouvre un dossier."
            tall=true
        />
    }
}

#[component]
fn DossierList() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let office = workspace.writes(DocumentKind::Client);
    let query = RwSignal::new(String::new());
    let chosen = Filters::default();
    let found = Memo::new(move |_| {
        let (query, wanted) = (query.get(), chosen.chosen());
        workspace.reach.judge(|locked| {
            workspace
                .find(&query, |summary| summary.repris_dans.is_none() && wanted(summary) && !locked(summary.dossier))
        })
    });
    let place = expect_context::<Place>();
    let open_first = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter"
            && let Some(first) = found.with(|found| found.first().map(|summary| summary.dossier))
        {
            place.go(&format!("/dossiers/{first}"));
        }
    };
    let input = NodeRef::<Input>::new();
    // The list stands while letters are typed: only rows that come or go are drawn.
    let nothing = Memo::new(move |_| found.with(Vec::is_empty));
    view! {
        <PageHeader
            title="Dossiers"
            pane=true
            subtitle=Signal::derive(move || counted(found.with(Vec::len)))
            actions=move || office.then(|| view! {
                <ButtonLink href="/dossiers/nouveau" kind=ButtonKind::Primary icon=IconName::Plus>
                    "Nouveau dossier"
                </ButtonLink>
            })
        >
            <div class="page-header__row">
                <SearchBox
                    id="recherche"
                    label="Chercher un dossier"
                    placeholder="Nom, ville, téléphone"
                    value=query
                    on_input=move |text: String| {
                        // The best answers are the first.
                        page::scroll_to_top(&[".split__list"]);
                        query.set(text);
                    }
                    on_key=open_first
                    clear_label="Effacer la recherche"
                    key_hint="/"
                    node_ref=input
                />
            </div>
        </PageHeader>
        {filters(workspace, chosen, found)}
        {move || match (workspace.listed.get(), nothing.get()) {
            (false, _) => view! { <Skeleton rows=true lines=6 label="Lecture des dossiers…"/> }.into_any(),
            (true, true) => view! { <NothingFound query=query/> }.into_any(),
            (true, false) => rows(found),
        }}
    }
}

fn counted(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 dossier".to_owned(),
        n => format!("{n} dossiers"),
    }
}

#[component]
fn NothingFound(query: RwSignal<String>) -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    if query.with(|query| !query.trim().is_empty()) {
        return view! {
            <EmptyState
                icon=IconName::Search
                title="Aucun dossier ne correspond"
                text="Essayez le début du nom, la ville, ou quelques chiffres du téléphone."
            />
        }
        .into_any();
    }
    let waiting = workspace.arriving.get().is_some()
        || workspace.status.get().is_none_or(|status| status.last_contact.is_none() || status.behind.is_some());
    if waiting {
        return view! {
            <EmptyState
                icon=IconName::CloudCheck
                title="Les dossiers arrivent"
                text="Ils s’affichent ici dès que le relais les a envoyés. La première fois demande du réseau."
            />
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=IconName::Folder
            title="Aucun dossier pour l’instant"
            text="Un dossier s’ouvre au premier contact : le nom, comment joindre la personne, sa demande, son logement."
        />
    }
    .into_any()
}

fn rows(found: Found) -> AnyView {
    let path = expect_context::<Place>().path;
    // A row is drawn anew when anything of its summary changes.
    long_list("Dossiers", found, move |summary, place| {
        view! { <Row summary=summary place=place path=path/> }.into_any()
    })
}

#[component]
fn Row(summary: Arc<Summary>, place: RowPlace, path: Memo<String>) -> impl IntoView {
    let href = format!("/dossiers/{}", summary.dossier);
    let here = href.clone();
    let current = Signal::derive(move || path.with(|path| path.starts_with(&here)));
    let initials = summary.initials();
    let meta = summary.last_transmission.as_ref().map(|last| last.at.french_short(clock::now())).unwrap_or_default();
    let workspace = expect_context::<Workspace>();
    let stage = (summary.etape() != Etape::Actif).then(|| summary.etape().label().to_owned());
    let conformite = workspace.reads(DocumentKind::Administratif) && summary.etape() <= Etape::Actif;
    let parts = [
        Some(summary.ville.clone()),
        stage.filter(|_| workspace.reads(DocumentKind::Relation)),
        conformite.then(|| format!("{}\u{a0}%", summary.conformite)),
        summary.last_transmission.as_ref().map(|last| last.excerpt.clone()),
    ];
    let subtitle = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let contested = summary.contested;
    view! {
        <RowLink
            href=href
            title=summary.name()
            subtitle=subtitle
            initials=initials
            meta=meta
            current=current
            place=place
            trailing=move || (contested > 0).then(|| view! {
                <Badge tone=Tone::Warning icon=IconName::Warning>"À choisir"</Badge>
            })
        />
    }
}
