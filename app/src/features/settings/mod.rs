//! What runs the agency: people, devices, what arrived late, the access log, its numbers. All of it needs the network.
//!
//! Each part is three pure functions in the table below: what it asks of the relay, what its page shows, and what its
//! dialog asks. `ui::sheet` draws them.

mod agency;
mod desk;
mod link;
mod nav;
mod words;

use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::DocumentKind;
use liaison_shared::access::{Access, Power};

use crate::features::{access_log, agency_documents, devices, people, quality, reviews};
use crate::state::{Place, Workspace};
use crate::ui::sheet::{Block, SheetDialog, changing, draw};
use crate::ui::{ButtonKind, ButtonLink, EmptyState, IconName, PageHeader, RowLink, RowList, Skeleton, SplitView};

pub use desk::Desk;
pub use link::link_to_scan;
pub use nav::nav_item;
use nav::{decides, may_with};
pub use words::{ago, dossier_words, initials, when};

/// What a dialog shows: its title and its blocks.
pub type Dialog = (String, Vec<Block>);

/// One part of the settings.
struct Part {
    slug: &'static str,
    title: &'static str,
    text: &'static str,
    icon: IconName,
    /// Who sees it; one's own devices need no power.
    power: Option<Power>,
    /// Which documents it is made of, and what one must be able to do with them to see it.
    documents: Option<(DocumentKind, Access)>,
    /// What it asks of the relay.
    open: fn(Desk),
    page: fn(Desk) -> Vec<Block>,
    dialog: fn(Desk) -> Option<Dialog>,
    /// A page of documents that are on the device, instead of what the relay answers: given what is open in it.
    body: Option<fn(Memo<String>) -> AnyView>,
    /// The button at the head of the page: its words, what it opens, who may.
    first: Option<(&'static str, &'static str, Option<Power>)>,
}

impl Part {
    fn is_for(&self, workspace: Workspace) -> bool {
        let may = |documents| may_with(workspace, documents);
        self.power.is_none_or(|power| workspace.may(power)) && self.documents.is_none_or(may)
    }

    /// Whether everybody has it.
    fn is_everybody_s(&self) -> bool {
        self.power.is_none() && self.documents.is_none()
    }
}

const NO_DIALOG: fn(Desk) -> Option<Dialog> = |_| None;

/// The sitemap of the settings, and who sees what of it.
static PARTS: [Part; 10] = [
    Part {
        slug: "personnes",
        title: "Personnes",
        text: "Comptes, rôles, invitations",
        icon: IconName::Team,
        power: Some(Power::SeePeople),
        documents: None,
        open: people::open,
        page: people::page,
        dialog: people::dialog,
        body: None,
        first: Some(("Inviter quelqu’un", "inviter", Some(Power::ManagePeople))),
    },
    Part {
        slug: "appareils",
        title: "Appareils",
        text: "Téléphones et ordinateurs",
        icon: IconName::Device,
        power: Some(Power::SeeDevices),
        documents: None,
        open: devices::open_all,
        page: devices::page,
        dialog: devices::dialog,
        body: None,
        first: None,
    },
    Part {
        slug: "relire",
        title: "Relire",
        text: "Ce qui est arrivé trop tard",
        icon: IconName::Inbox,
        power: Some(Power::Review),
        documents: None,
        open: reviews::open,
        page: reviews::page,
        dialog: NO_DIALOG,
        body: None,
        first: None,
    },
    Part {
        slug: "journal",
        title: "Journal d’accès",
        text: "Qui a ouvert quoi, et quand",
        icon: IconName::History,
        power: Some(Power::ReadAccessLog),
        documents: None,
        open: access_log::open,
        page: access_log::page,
        dialog: NO_DIALOG,
        body: None,
        first: None,
    },
    Part {
        slug: "agence",
        title: "Réglages de l’agence",
        text: "Durées et délais",
        icon: IconName::Settings,
        power: Some(Power::ChangeSettings),
        documents: None,
        open: agency::open,
        page: agency::page,
        dialog: NO_DIALOG,
        body: None,
        first: None,
    },
    Part {
        slug: "audit",
        title: "Audit des dossiers",
        text: "Un dossier sur dix, relu chaque année",
        icon: IconName::Quality,
        power: None,
        documents: Some((DocumentKind::Qualite { year: 0 }, Access::Read)),
        open: |_| (),
        page: |_| Vec::new(),
        dialog: NO_DIALOG,
        body: Some(quality::audit_page),
        first: None,
    },
    Part {
        slug: "doublons",
        title: "Doublons",
        text: "Deux dossiers pour une personne",
        icon: IconName::Team,
        power: None,
        documents: Some((DocumentKind::Administratif, Access::Write)),
        open: |_| (),
        page: |_| Vec::new(),
        dialog: NO_DIALOG,
        body: Some(quality::doublons_page),
        first: None,
    },
    Part {
        slug: "etablissement",
        title: "L’agence sur ses papiers",
        text: "Adresse, numéros, modèles",
        icon: IconName::Home,
        power: None,
        documents: Some((DocumentKind::Agence, Access::Write)),
        open: |_| (),
        page: |_| Vec::new(),
        dialog: NO_DIALOG,
        body: Some(agency_documents::agency_page),
        first: None,
    },
    Part {
        slug: "personnel",
        title: "Dossiers du personnel",
        text: "Identité, contrat, conformité",
        icon: IconName::Person,
        power: None,
        documents: Some((DocumentKind::Personnel, Access::Read)),
        open: |_| (),
        page: |_| Vec::new(),
        dialog: NO_DIALOG,
        body: Some(agency_documents::personnel_page),
        first: None,
    },
    Part {
        slug: "mes-appareils",
        title: "Vos appareils",
        text: "Ceux de votre compte",
        icon: IconName::Device,
        power: None,
        documents: None,
        open: devices::open_own,
        page: devices::page,
        dialog: devices::own_dialog,
        body: None,
        first: Some(("Relier un autre appareil", "relier", None)),
    },
];

fn part_href(slug: &str) -> String {
    format!("/reglages/{slug}")
}

/// The parts of those who decide something; none for those who decide nothing.
fn parts_of(workspace: Workspace) -> Vec<&'static Part> {
    if decides(workspace) { PARTS.iter().filter(|part| part.is_for(workspace)).collect() } else { Vec::new() }
}

/// The parts beside the one that is open. The address is `/reglages/<part>/<what is open in it>`.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let workspace = expect_context::<Workspace>();
    let place = expect_context::<Place>();
    let slug = place.part(1);
    let inside = Memo::new(move |_| place.path.with(|path| path.splitn(4, '/').nth(3).unwrap_or_default().to_owned()));
    let is_here = move |part: &&Part| slug.with(|slug| slug == part.slug) && part.is_for(workspace);
    let shown = move || {
        changing(move || match PARTS.iter().find(is_here) {
            Some(part) => opened(part, inside),
            None => view! {
                <EmptyState icon=IconName::Settings title="Choisissez une rubrique"
                    text="Ces pages se lisent au relais : elles demandent du réseau." tall=true/>
            }
            .into_any(),
        })
    };
    if !decides(workspace) {
        return shown();
    }
    view! {
        <SplitView detail_open=Signal::derive(move || slug.with(|slug| !slug.is_empty())) list=move || list(workspace)>
            {shown()}
        </SplitView>
    }
    .into_any()
}

/// The list of the parts.
fn list(workspace: Workspace) -> AnyView {
    let path = expect_context::<Place>().path;
    let row = move |part: &Part| {
        let href = part_href(part.slug);
        let here = href.clone();
        let current = Signal::derive(move || path.with(|path| path.starts_with(&here)));
        view! { <RowLink href=href title=part.title subtitle=part.text icon=part.icon current=current/> }.into_any()
    };
    let rows: Vec<AnyView> = parts_of(workspace).into_iter().map(row).collect();
    view! {
        <PageHeader title="Réglages" pane=true/>
        <RowList label="Réglages">{rows}</RowList>
    }
    .into_any()
}

/// One part: its head, what it shows, its dialog.
fn opened(part: &'static Part, inside: Memo<String>) -> AnyView {
    if let Some(body) = part.body {
        return view! {
            <PageHeader title=part.title back_href="/reglages" back_label="Réglages"/>
            <div class="page page--narrow">{body(inside)}</div>
        }
        .into_any();
    }
    let desk = Desk::open(part_href(part.slug), inside);
    (part.open)(desk);
    let page = changing(move || match desk.standing() {
        None => view! { <Skeleton rows=true lines=4 label="Lecture au relais…"/> }.into_any(),
        Some((there, mut blocks)) => {
            if there {
                blocks.extend((part.page)(desk));
            }
            draw(desk.form, blocks)
        }
    });
    let first = part.first.filter(|(_, _, power)| power.is_none_or(|power| desk.workspace.may(power)));
    let action = move || {
        first.map(|(words, inside, _)| {
            view! { <ButtonLink href=desk.href(inside) kind=ButtonKind::Primary icon=IconName::Plus>{words}</ButtonLink> }
        })
    };
    let (back, back_label) =
        if part.is_everybody_s() { ("/appareil", "Cet appareil") } else { ("/reglages", "Réglages") };
    view! {
        <PageHeader title=part.title back_href=back back_label=back_label actions=action/>
        <div class="page page--narrow">{page}</div>
        <SheetDialog form=desk.form asked=Arc::new(move || (part.dialog)(desk)) on_close=move || desk.go("")/>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_open_a_part_finds_the_way_to_it() {
        let powers: Vec<Power> = PARTS.iter().filter_map(|part| part.power).collect();
        assert_eq!(powers, nav::POWERS);
        let documents: Vec<(DocumentKind, Access)> = PARTS.iter().filter_map(|part| part.documents).collect();
        assert_eq!(documents, nav::DOCUMENTS);
    }
}
