//! The audit of dossiers (domain.md §1): one in ten is drawn, looked at, and what has to be mended is followed to its end.

use std::sync::Arc;

use leptos::prelude::*;
use liaison_shared::documents::schema::qualite::{
    ACTION_DOSSIER, ACTIONS, EVALUATION_ACTUALITE, EVALUATION_COMPLETUDE, EVALUATION_CONTENU, EVALUATION_DOSSIER,
    EVALUATION_TIRAGE, EVALUATIONS, RESULTATS, TIRAGE_DATE, TIRAGE_DOSSIERS, TIRAGE_GRAINE, TIRAGE_SUR, TIRAGES,
};
use liaison_shared::documents::{Record, SetField};
use liaison_shared::dossier::{Etape, Summary};
use liaison_shared::rules::tirage::{PERCENT, draw};
use liaison_shared::time::french_day;
use liaison_shared::validate::calendar_date;
use liaison_shared::{DocumentId, DocumentKind, DossierId};

use crate::features::agency_documents::with_open;
use crate::features::dossier::{Records, card, page_of, row};
use crate::platform::{clock, random};
use crate::ui::sheet::{Act, Block, Form, Nothing, Row, changing, draw as draw_blocks};
use crate::ui::{ButtonKind, IconName, Tone};

/// The page, and that of one of its records at `fiche/<id>`.
pub fn audit_page(inside: Memo<String>) -> AnyView {
    let year = clock::now().year();
    with_open(vec![DocumentId::Qualite(year)], move || {
        let records = Records::here("/reglages/audit".to_owned());
        let form = Form::default();
        let record = Memo::new(move |_| inside.with(|inside| inside.strip_prefix("fiche/").map(str::to_owned)));
        changing(move || match record.get() {
            Some(id) => page_of(records, &id),
            None => changing(move || draw_blocks(form, page(records))),
        })
    })
}

fn page(records: Records) -> Vec<Block> {
    let draws: Vec<Record> = records.dossier.view.with(|view| view.records.of(&TIRAGES).cloned().collect());
    let mut blocks = Vec::new();
    if records.workspace.writes(DocumentKind::Qualite { year: 0 }) {
        let words = format!("Tirer {PERCENT}\u{a0}% des dossiers au sort");
        blocks.push(Block::Act(Act::new(ButtonKind::Primary, words, move || make_draw(records))));
    }
    let nothing =
        Nothing::new(IconName::Quality, "Aucun tirage cette année", "Chaque année, un dossier sur dix est relu.");
    let rows = draws.iter().rev().map(draw_row).collect();
    blocks.push(Block::Card("Tirages".to_owned(), rows, Some(nothing)));
    let Some(last) = draws.last() else { return blocks };
    blocks.push(report(records));
    blocks.push(Block::Card("Dossiers à relire".to_owned(), evaluations(records, last), None));
    blocks.extend(card(records, &ACTIONS, IconName::Check, "Ce qu’il faut améliorer, jusqu’à ce que ce soit fait."));
    blocks
}

fn draw_row(tirage: &Record) -> Row {
    let day = calendar_date(tirage.value(&TIRAGE_DATE)).map(|day| french_day(day, clock::now())).unwrap_or_default();
    let mut row = Row::new(format!("Tirage du {day}"));
    row.details.push(format!(
        "{} dossiers sur {} · graine {}",
        tirage.value(&TIRAGE_DOSSIERS),
        tirage.value(&TIRAGE_SUR),
        tirage.value(&TIRAGE_GRAINE)
    ));
    row
}

/// The dossiers that an audit looks at: those of people who are, or were, clients.
fn eligible(records: Records) -> Vec<Arc<Summary>> {
    let looked_at = |summary: &&Arc<Summary>| {
        summary.repris_dans.is_none()
            && matches!(summary.etape(), Etape::Contrat | Etape::Actif | Etape::Suspendu | Etape::Termine)
    };
    records.workspace.summaries.with_untracked(|all| all.values().filter(looked_at).cloned().collect())
}

fn make_draw(records: Records) {
    let all = eligible(records);
    let ids: Vec<DossierId> = all.iter().map(|summary| summary.dossier).collect();
    let seed = format!("{:08x}", u32::try_from(random::seed() & 0xffff_ffff).unwrap_or_default());
    let drawn = draw(&seed, &ids);
    let value = |field, value: String| SetField { field, value };
    let tirage = [
        value(&TIRAGE_DATE, clock::now().date().to_string()),
        value(&TIRAGE_GRAINE, seed),
        value(&TIRAGE_SUR, ids.len().to_string()),
        value(&TIRAGE_DOSSIERS, drawn.len().to_string()),
    ];
    let made = records.dossier.add(&TIRAGES, &tirage).and_then(|tirage| {
        for dossier in &drawn {
            let percent = all.iter().find(|it| it.dossier == *dossier).map_or(0, |it| it.conformite);
            let values = [
                value(&EVALUATION_DOSSIER, dossier.to_string()),
                value(&EVALUATION_TIRAGE, tirage.to_string()),
                value(&EVALUATION_COMPLETUDE, completeness(percent).to_owned()),
            ];
            records.dossier.add(&EVALUATIONS, &values)?;
        }
        Ok(())
    });
    match made {
        Ok(()) if drawn.is_empty() => records.toasts.say(Tone::Warning, "Aucun dossier sous contrat à relire."),
        Ok(()) => records.toasts.say(Tone::Done, format!("{} dossiers tirés au sort.", drawn.len())),
        Err(error) => records.toasts.say(Tone::Danger, format!("Le tirage n’est pas complet : {error}")),
    }
}

/// What the checklist says of completeness, to begin with.
fn completeness(percent: u32) -> &'static str {
    match percent {
        90.. => RESULTATS[0],
        60..90 => RESULTATS[1],
        _ => RESULTATS[2],
    }
}

/// How many of each result, by criterion.
fn report(records: Records) -> Block {
    let line = |(title, field)| {
        let mut row = Row::new(title);
        records.dossier.view.with(|view| {
            let count = |result: &str| view.records.of(&EVALUATIONS).filter(|it| it.value(field) == result).count();
            let counts = RESULTATS.iter().map(|result| format!("{result} : {}", count(result)));
            row.texts.push(counts.chain([format!("à évaluer : {}", count(""))]).collect::<Vec<_>>().join(" · "));
        });
        row
    };
    let criteria = [
        ("Contenu type", &EVALUATION_CONTENU),
        ("Complétude", &EVALUATION_COMPLETUDE),
        ("Mise à jour", &EVALUATION_ACTUALITE),
    ];
    Block::Card("Bilan de l’année".to_owned(), criteria.map(line).into(), None)
}

fn evaluations(records: Records, tirage: &Record) -> Vec<Row> {
    let id = tirage.id.to_string();
    let of_draw: Vec<Record> = records
        .dossier
        .view
        .with(|view| view.records.of(&EVALUATIONS).filter(|it| it.value(&EVALUATION_TIRAGE) == id).cloned().collect());
    let line = |evaluation: &Record| {
        let mut row = row(records, evaluation);
        let results = [&EVALUATION_CONTENU, &EVALUATION_COMPLETUDE, &EVALUATION_ACTUALITE];
        let open = results.iter().filter(|field| evaluation.value(field).is_empty()).count();
        let (tone, words) =
            if open == 0 { (Tone::Done, "relu".to_owned()) } else { (Tone::Neutral, format!("{open} à évaluer")) };
        row.badge = Some((tone, words));
        let dossier = evaluation.value(&EVALUATION_DOSSIER).to_owned();
        let there = format!("/dossiers/{dossier}/suivi");
        row.acts.push(
            Act::new(ButtonKind::Secondary, "Ouvrir le dossier", move || records.place.go(&there)).about(&row.title),
        );
        let name = row.title.clone();
        let improve = move || {
            let values = [SetField { field: &ACTION_DOSSIER, value: name.clone() }];
            match records.dossier.add(&ACTIONS, &values) {
                Ok(id) => records.place.go(&records.href(id)),
                Err(error) => records.toasts.say(Tone::Danger, format!("L’action n’a pas été notée : {error}")),
            }
        };
        row.acts.push(Act::new(ButtonKind::Secondary, "Noter une action", improve).about(&row.title));
        row
    };
    of_draw.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checklist_gives_a_first_idea_of_completeness() {
        assert_eq!(
            [100, 90, 89, 60, 59, 0].map(completeness),
            ["Conforme", "Conforme", "À améliorer", "À améliorer", "Non conforme", "Non conforme"]
        );
    }
}
