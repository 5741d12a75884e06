//! One visit: what to know, arrive, what was done, what was seen, who is told what, the signature, leave.

use leptos::prelude::*;
use liaison_shared::EntryId;
use liaison_shared::planning::{Agenda, Deroulement, Ecart, Etat, Planifiee, Pointage, Suivi, suivi};
use liaison_shared::time::french_day;

use super::clocks::compare_clocks;
use super::compte_rendu::CompteRendu;
use super::jour::badge;
use super::pointer::{Pointing, pointing_dialog};
use super::signature::Presence;
use super::{mission, signature};
use crate::features::dossier::Records;
use crate::platform::clock;
use crate::ui::sheet::{Act, Block, Form, Nothing, Row, changing, draw};
use crate::ui::{ButtonKind, IconName, Tone};

/// A visit that is open. Copies are the same.
#[derive(Clone, Copy)]
pub struct Visit {
    /// The dossier, and what pages have at hand.
    pub records: Records,
    /// Which.
    pub id: EntryId,
    /// As it is planned; `None` when the planning does not have it (any more).
    pub planned: Memo<Option<Planifiee>>,
    /// The clock-ins of the dossier.
    pub pointages: Memo<Vec<Pointage>>,
}

impl Visit {
    fn open(records: Records, id: EntryId) -> Self {
        let agenda = Memo::new(move |_| records.dossier.view.with(|view| Agenda::project(view, clock::now().date())));
        let planned = Memo::new(move |_| {
            let today = clock::now().date();
            let (from, to) = (today - chrono::Days::new(40), today + chrono::Days::new(120));
            agenda.with(|agenda| agenda.between(records.dossier.id, from, to).into_iter().find(|it| it.visite.id == id))
        });
        Self { records, id, planned, pointages: Memo::new(move |_| agenda.with(|agenda| agenda.pointages.clone())) }
    }

    /// How it goes. Tracks the visit.
    #[must_use]
    pub fn suivi(self) -> Option<Suivi> {
        let planned = self.planned.get()?;
        Some(self.pointages.with(|pointages| suivi(&planned, pointages, clock::now())))
    }

    /// Whether somebody has arrived, and whether somebody has left.
    #[must_use]
    pub fn stage(self) -> (bool, bool) {
        self.pointages.with(|all| {
            let of = |arrivee| all.iter().any(|it| it.visite == self.id && it.arrivee == arrivee);
            (of(true), of(false))
        })
    }
}

/// The page of the volet; the address ends with the visit.
pub fn visite() -> AnyView {
    let records = Records::of_dossier();
    compare_clocks(records.workspace);
    let id = records.place.part(3);
    changing(move || match id.get().parse() {
        Ok(id) => page(Visit::open(records, id)),
        Err(_) => unknown(),
    })
}

fn unknown() -> AnyView {
    let text = "Le bureau l’a peut-être déplacée. Vos visites sont dans « Aujourd’hui » et « Planning ».";
    draw(
        Form::default(),
        vec![Block::Nothing(Nothing::new(IconName::Calendar, "Cette visite n’est pas au planning", text))],
    )
}

fn page(visit: Visit) -> AnyView {
    let (head, foot) = (Form::default(), Form::default());
    let (pointing, report, presence) = (Pointing::new(), CompteRendu::open(visit), Presence::new());
    let begun = Memo::new(move |_| visit.stage().0);
    view! {
        <div class="page page--narrow stack stack--loose">
            {changing(move || draw(head, top(visit)))}
            {changing(move || if begun.get() {
                view! { {report.draw()}{signature::part(visit, presence)} }.into_any()
            } else {
                ().into_any()
            })}
            {changing(move || draw(foot, bottom(visit, pointing, report)))}
            {pointing_dialog(visit, pointing)}
        </div>
    }
    .into_any()
}

/// Before anything: when, what is different, what to know.
fn top(visit: Visit) -> Vec<Block> {
    let mut blocks = Vec::new();
    let Some(planned) = visit.planned.get() else {
        let text = "Le bureau l’a retirée du planning. Ce que vous écrivez ici est gardé et lui parvient.".to_owned();
        blocks.push(Block::Notice(Tone::Warning, "Cette visite n’est plus au planning".to_owned(), text));
        blocks.extend(mission::mission(visit));
        return blocks;
    };
    if let Some(suivi) = visit.suivi() {
        let mut row = Row::new(format!(
            "{}, {} – {}",
            french_day(planned.jour, clock::now()),
            planned.visite.debut.hours(),
            planned.visite.fin.hours()
        ));
        row.badge = Some(badge(&planned, &suivi));
        row.details.extend((!planned.activite.is_empty()).then(|| planned.activite.clone()));
        let names = |user| visit.records.workspace.name_of(user);
        row.details.extend(suivi.ecarts.iter().filter(|it| !matches!(it, Ecart::Annulee)).map(|it| it.words(&names)));
        blocks.push(Block::Card("La visite".to_owned(), vec![row], None));
    }
    if planned.etat == Etat::Annulee {
        let why = if planned.motif.is_empty() { String::new() } else { format!(" ({})", planned.motif) };
        let text = "Si vous y êtes quand même, pointez : votre passage compte et le bureau le verra.".to_owned();
        blocks.push(Block::Notice(Tone::Warning, format!("Le bureau a annulé cette visite{why}"), text));
    }
    if planned.conteste {
        let text = "Le bureau a écrit deux versions de cette visite : c’est la dernière qui est montrée.".to_owned();
        blocks.push(Block::Notice(Tone::Warning, "Deux versions du planning".to_owned(), text));
    }
    blocks.extend(mission::mission(visit));
    blocks
}

/// What comes next, at thumb height.
fn bottom(visit: Visit, pointing: Pointing, report: CompteRendu) -> Vec<Block> {
    let (arrived, left) = visit.stage();
    let ended = visit.suivi().is_some_and(|suivi| suivi.deroulement == Deroulement::Faite);
    if !arrived {
        let act = Act::new(ButtonKind::Primary, "Enregistrer l’arrivée", move || pointing.begin(true));
        return vec![Block::Act(act)];
    }
    if !left {
        let leave = move || {
            report.keep_all();
            pointing.begin(false);
        };
        return vec![Block::Act(Act::new(ButtonKind::Primary, "Enregistrer le départ", leave))];
    }
    let text = "Vous pouvez encore compléter ce que vous avez écrit. Ce qui n’est pas parti est dans « Aujourd’hui »"
        .to_owned();
    let mut blocks = vec![Block::Notice(Tone::Done, "Visite terminée".to_owned(), format!("{text}."))];
    if ended {
        let place = visit.records.place;
        let act = Act::new(ButtonKind::Secondary, "Retour à la journée", move || place.go("/aujourdhui"));
        blocks.push(Block::Act(act));
    }
    blocks
}
