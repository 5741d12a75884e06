//! What runs the agency: people, devices, what arrived late, the access log, its numbers. All of it needs the network.
//!
//! Each part is three pure functions in the table below: what it asks of the relay, what its page shows, and what its
//! dialog asks. `ui::sheet` draws them.

mod agency;
mod desk;
mod link;
mod nav;
mod parts;
mod words;

use std::sync::Arc;

use crate::state::{Place, Workspace};
use crate::ui::sheet::{Block, SheetDialog, changing, draw};
use crate::ui::{ButtonKind, ButtonLink, EmptyState, IconName, PageHeader, RowLink, RowList, Skeleton, SplitView};
use leptos::prelude::*;

pub use desk::Desk;
pub use link::link_to_scan;
use nav::decides;
pub use nav::nav_item;
use parts::{PARTS, Part};
pub use words::{ago, dossier_words, initials, when};

/// What a dialog shows: its title and its blocks.
pub type Dialog = (String, Vec<Block>);

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
