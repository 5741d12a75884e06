//! Printed papers: the same sheet on the screen and on A4, made on the device, with or without network.

use leptos::prelude::*;
use liaison_shared::papers::{Context, Paper, PaperBlock, PaperKind, paper};

use super::records::Records;
use crate::platform::{clock, page};
use crate::ui::sheet::changing;
use crate::ui::{Button, ButtonKind, ButtonLink, EmptyState, IconName};

/// The page of a paper: the address ends with its kind's word and the record it is about.
pub fn imprimer() -> AnyView {
    let records = Records::of_dossier();
    let (kind, piece) = (records.place.part(3), records.place.part(4));
    changing(move || {
        let (kind, piece) = (PaperKind::from_name(&kind.get()), piece.get().parse().ok());
        let made = kind.and_then(|kind| {
            let name = |user| records.workspace.name_of(user);
            let agency = records.workspace.session.with_value(|session| session.agency.clone());
            records.dossier.view.with(|view| {
                records.workspace.agence.with(|agence| {
                    let context = Context {
                        id: records.dossier.id,
                        dossier: view,
                        agence: &agence.fields,
                        agency_name: &agency,
                        names: &name,
                        now: clock::now(),
                    };
                    paper(kind, &context, piece)
                })
            })
        });
        match made {
            Some(paper) => sheet(records, paper),
            None => view! {
                <EmptyState icon=IconName::File title="Ce document ne peut pas être fait"
                    text="La pièce dont il s’agit n’est pas dans le dossier." tall=true/>
            }
            .into_any(),
        }
    })
}

/// The papers that any dossier can give.
pub fn papiers() -> AnyView {
    let base = Records::of_dossier().base.get_value();
    let link = |kind: PaperKind| {
        let href = format!("{base}/imprimer/{}", kind.name());
        view! { <ButtonLink href=href icon=IconName::File>{kind.label()}</ButtonLink> }.into_any()
    };
    let links: Vec<AnyView> = [PaperKind::FicheContact, PaperKind::Recueil, PaperKind::Extrait].map(link).into();
    view! { <div class="sheet__acts">{links}</div> }.into_any()
}

fn sheet(records: Records, paper: Paper) -> AnyView {
    let Paper { title, reference, from, to, blocks, foot } = paper;
    let lines = |lines: Vec<String>| -> Vec<AnyView> {
        lines.into_iter().map(|line| view! { <p>{line}</p> }.into_any()).collect()
    };
    let blocks: Vec<AnyView> = blocks.into_iter().map(block).collect();
    view! {
        <div class="page stack paper__around">
            <div class="sheet__acts no-print">
                <ButtonLink href=records.base.get_value() kind=ButtonKind::Quiet icon=IconName::ArrowLeft>"Le dossier"</ButtonLink>
                <Button kind=ButtonKind::Primary on_click=move || page::print()>"Imprimer"</Button>
            </div>
            <article class="paper">
                <header class="paper__head">
                    <div class="paper__from">{lines(from)}</div>
                    <div class="paper__to">{lines(to)}</div>
                </header>
                <h1 class="paper__title">{title}</h1>
                <p class="paper__reference">{reference}</p>
                {blocks}
                <footer class="paper__foot">{foot}</footer>
            </article>
        </div>
    }
    .into_any()
}

fn block(block: PaperBlock) -> AnyView {
    match block {
        PaperBlock::Heading(text) => view! { <h2 class="paper__heading">{text}</h2> }.into_any(),
        PaperBlock::Text(text) => view! { <p class="paper__text">{text}</p> }.into_any(),
        PaperBlock::Mention(text) => view! { <p class="paper__mention">{text}</p> }.into_any(),
        PaperBlock::Facts(facts) => {
            let facts = facts.into_iter().filter(|(_, value)| !value.trim().is_empty());
            let line = |(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any();
            let lines: Vec<AnyView> = facts.map(line).collect();
            view! { <dl class="paper__facts">{lines}</dl> }.into_any()
        }
        PaperBlock::Table(head, rows) => {
            let head: Vec<AnyView> =
                head.into_iter().map(|text| view! { <th scope="col">{text}</th> }.into_any()).collect();
            let cells = |row: Vec<String>| -> AnyView {
                let cells: Vec<AnyView> = row.into_iter().map(|text| view! { <td>{text}</td> }.into_any()).collect();
                view! { <tr>{cells}</tr> }.into_any()
            };
            let rows: Vec<AnyView> = rows.into_iter().map(cells).collect();
            view! {
                <div class="paper__scroll">
                    <table class="paper__table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
                </div>
            }
            .into_any()
        }
        PaperBlock::Signatures(places) => {
            let places: Vec<AnyView> =
                places.into_iter().map(|text| view! { <div><p>{text}</p></div> }.into_any()).collect();
            view! { <div class="paper__signatures">{places}</div> }.into_any()
        }
    }
}
