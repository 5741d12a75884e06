//! Printed papers: the same sheet on the screen and on A4, made on the device, with or without network.

use leptos::prelude::*;
use liaison_shared::Timestamp;
use liaison_shared::papers::{Context, Drawn, Paper, PaperBlock, PaperKind, paper};

use super::records::Records;
use super::sortie::pdf_act;
use crate::platform::{clock, files, page};
use crate::state::file_of;
use crate::ui::sheet::changing;
use crate::ui::{Button, ButtonKind, ButtonLink, EmptyState, IconName};

/// The page of a paper: the address ends with its kind's word and the record it is about.
pub fn imprimer() -> AnyView {
    let records = Records::of_dossier();
    let (kind, piece) = (records.place.part(3), records.place.part(4));
    changing(move || {
        let (kind, piece) = (PaperKind::from_name(&kind.get()), piece.get().parse().ok());
        let made = kind.and_then(|kind| in_context(records, clock::now(), |context| paper(kind, context, piece)));
        match made {
            Some(paper) => sheet(records, paper, kind.and_then(|kind| pdf_act(records, kind, piece))),
            None => view! {
                <EmptyState icon=IconName::File title="Ce document ne peut pas être fait"
                    text="La pièce dont il s’agit n’est pas dans le dossier." tall=true/>
            }
            .into_any(),
        }
    })
}

/// What papers are made from, at a moment. Tracks the dossier, the agency and the names.
pub fn in_context<T>(records: Records, now: Timestamp, read: impl FnOnce(&Context<'_>) -> T) -> T {
    let names = |user| records.workspace.name_of(user);
    let agency = records.workspace.session.with_value(|session| session.agency.clone());
    records.dossier.view.with(|dossier| {
        records.workspace.agence.with(|agence| {
            let (id, agence) = (records.dossier.id, &agence.fields);
            read(&Context { id, dossier, agence, agency_name: &agency, names: &names, now })
        })
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

fn sheet(records: Records, paper: Paper, pdf: Option<AnyView>) -> AnyView {
    let Paper { title, reference, from, to, blocks, foot } = paper;
    let lines = |lines: Vec<String>| -> Vec<AnyView> {
        lines.into_iter().map(|line| view! { <p>{line}</p> }.into_any()).collect()
    };
    let blocks: Vec<AnyView> = blocks.into_iter().map(|it| block(records, it)).collect();
    view! {
        <div class="page stack paper__around">
            <div class="sheet__acts no-print">
                <ButtonLink href=records.base.get_value() kind=ButtonKind::Quiet icon=IconName::ArrowLeft>"Le dossier"</ButtonLink>
                <Button kind=ButtonKind::Primary on_click=move || page::print()>"Imprimer"</Button>
            </div>
            <div class="no-print">{pdf}</div>
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

fn block(records: Records, block: PaperBlock) -> AnyView {
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
        PaperBlock::Signed(drawn) => {
            let drawn: Vec<AnyView> = drawn.iter().map(|it| signature(records, it)).collect();
            view! { <div class="paper__signatures">{drawn}</div> }.into_any()
        }
    }
}

/// A signature as it was drawn, with what proves it. Its picture may have to come first.
fn signature(records: Records, drawn: &Drawn) -> AnyView {
    let address = RwSignal::new(None::<Result<String, String>>);
    let record = records.dossier.view.with_untracked(|view| view.records.get(drawn.file).cloned());
    clock::spawn(async move {
        let Some(file) = record.and_then(|record| file_of(records.dossier.id, &record)) else { return };
        let picture = records.dossier.read_file(file, |_, _| ()).await.map(|bytes| files::address("image/png", &bytes));
        let picture = picture.map(Option::unwrap_or_default);
        if let Some(Ok(unseen)) = address.try_set(Some(picture)).flatten() {
            files::forget(&unseen);
        }
    });
    on_cleanup(move || {
        if let Some(Ok(address)) = address.try_get_untracked().flatten() {
            files::forget(&address);
        }
    });
    let (who, alt) = (drawn.who(), format!("Signature de {}", drawn.name));
    let picture = changing(move || match address.get() {
        None => view! { <p>"La signature arrive…"</p> }.into_any(),
        Some(Err(why)) => view! { <p>{why}</p> }.into_any(),
        Some(Ok(address)) => view! { <img class="paper__signature" src=address alt=alt.clone()/> }.into_any(),
    });
    let changed = (!drawn.unchanged).then_some("Ce document n’est plus exactement ce qui a été signé.");
    view! {
        <div class="paper__signed">
            <p>{who}</p>
            {picture}
            <p class="paper__proof">{drawn.proof()}</p>
            {changed.map(|words| view! { <p class="paper__mention">{words}</p> }.into_any())}
        </div>
    }
    .into_any()
}
